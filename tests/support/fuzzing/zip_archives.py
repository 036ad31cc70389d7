"""Zip archives: their directories and their members."""

import io
import zipfile

from hostile_documents import docx_lists
from index_parts import RELEASE

from fuzzing.core import Harness
from fuzzing.documents import read
from index.readers.registry import reader_for
from index.readers.zip import ZipReader


def run(data: bytes) -> None:
    """Read an archive."""
    reader = ZipReader(reader_for)
    reader.matches(data, ".zip")
    read(reader, data)


def seeds() -> list[bytes]:
    """Archives whose members are stored and packed, a Word document, an empty one."""
    return [
        _archive(zipfile.ZIP_STORED, {"a.txt": RELEASE, "b/../c.html": "<p>A bridge.</p>"}),
        _archive(zipfile.ZIP_DEFLATED, {"a.txt": RELEASE, "é.csv": "id,text\n1,A bridge.\n"}),
        _archive(zipfile.ZIP_STORED, {}),
        docx_lists(1),
    ]


def _archive(method: int, members: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


HARNESS = Harness(
    run,
    seeds,
    words=(
        b"PK\x03\x04",
        b"PK\x01\x02",
        b"PK\x05\x06",
        b"PK\x06\x06",
        b"PK\x06\x07",
        b"\xff\xff\xff\xff",
        b"\x08\0",
        b"\x0e\0",
        b"\x01\0",
        b"[Content_Types].xml",
        b"mimetype",
        b"../",
        b"\0\0\0\0",
    ),
)
