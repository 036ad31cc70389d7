"""JSON Lines and tables of releases."""

from json import dumps

from hostile_documents import deep_json
from index_parts import RELEASE

from fuzzing.core import Harness
from fuzzing.documents import read
from index.readers.jsonl import JsonlReader
from index.readers.table import TableReader


def run(data: bytes) -> None:
    """Read the bytes as records in each form."""
    for reader in (JsonlReader(), TableReader()):
        if reader.matches(data, ""):
            read(reader, data)


def seeds() -> list[bytes]:
    """Records with all fields, with odd ones, and tables."""
    fields = {"id": "a", "text": RELEASE, "date": "2021-03-03", "lang": "fr", "url": "https://a.b"}
    odd = {"id": 1, "body": "A bridge.", "title": None, "author": ["x"], "more": {"\ud800": 1e999}}
    lines = "\n".join(map(dumps, (fields, odd)))
    table = 'id,title,text\n1,"A ""bridge""","It is\nopen."\n2,b,c,d\n'
    tabs = "title\tbody\nA bridge\tIt is open.\n"
    return [lines.encode(), deep_json(5), table.encode(), tabs.encode()]


HARNESS = Harness(
    run,
    seeds,
    words=(
        b'{"',
        b'"text":',
        b'"id":',
        b'"date":',
        b'"title":',
        b'"issuer":',
        b'"lang":',
        b'"url":',
        b'"body":',
        b'"content":',
        b'"source":',
        b"\\ud800",
        b"\\u0000",
        b"NaN",
        b"1e999",
        b"null",
        b"\xef\xbb\xbf",
        b"id,title,text\n",
        b"text;id\n",
        b'""',
        b'",\n"',
        b"[[[[[[",
        b"{}",
        b"true",
    ),
)
