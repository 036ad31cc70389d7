"""Plain text and Markdown in every encoding, and the choice of the reader by content."""

from io import BytesIO

from index_parts import RELEASE, check_offsets

from fuzzing.core import Harness, declared
from fuzzing.documents import WINDOW, letterheads, read
from index.errors import SourceError
from index.ingest.parse import read_stream
from index.readers.markdown import MarkdownReader

_NAMES = ("a.txt", "a.md", "a.csv", "a.txt.gz")
_MARKDOWN = """---
title: "A bridge"
date: 2023-04-17
---
# A bridge

* one
  1. two

> said **Ann**

| a | b |
|---|---|
| [c](d) | `e` |
"""


def run(data: bytes) -> None:
    """Read the bytes as Markdown, and as a file with the extension that the first byte chooses."""
    read(MarkdownReader(), data)
    if data:
        name = _NAMES[data[0] % len(_NAMES)]
        with declared(SourceError):
            for found in read_stream(BytesIO(data[1:]), name, WINDOW, 1_000_000):
                if hasattr(found, "passages"):
                    check_offsets(found, WINDOW)


def seeds() -> list[bytes]:
    """Texts in some encodings."""
    french = RELEASE.replace("footbridge", "“passerelle” été 2021 €")
    encoded = [french.encode(name) for name in ("utf-8", "utf-16", "utf-16-le", "cp1252", "utf-32")]
    asian = ["県は十七日、新しい橋を開通した。" * 9, "该省周一在港口开通了一座新桥。" * 9]
    encodings = ("shift_jis", "euc_jp", "iso2022_jp"), ("gb18030", "big5hkscs")
    encoded += [
        t.encode(e, "ignore") for t, names in zip(asian, encodings, strict=True) for e in names
    ]
    return [_MARKDOWN.encode(), *letterheads("txt", 16), *(b"a" + data for data in encoded)]


HARNESS = Harness(
    run,
    seeds,
    words=(
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"\xff\xfe\0\0",
        b"\x1b$B",
        b"\x1b(B",
        b"~{",
        b"~}",
        b"# ",
        b"---\n",
        b"> ",
        b"* ",
        b"1. ",
        b"```",
        b"|---|",
        b"](",
        b"\0",
        b"\xc2\x85",
        b"\x0c",
        b"\xe2\x80\xa8",
        b"title: ",
        b"\x1f\x8b\x08",
        b"\xed\xa0\x80",
        b"\r",
        b"\x1b$)C\x0e",
    ),
)
