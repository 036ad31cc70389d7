"""The words and places that the parser of PDF documents reports: lines, columns and paragraphs."""

import struct
from collections.abc import Iterator
from typing import Any

from fuzzing.core import Harness, declared
from fuzzing.documents import parse_all
from index.errors import SourceError
from index.readers.pdf.reader import draft_of

_RUN = struct.Struct(">hhBB")


def run(data: bytes) -> None:
    """Lay out pages of runs: place, size, number of bytes, and the bytes of the words of each.

    A run of no words and size 0 ends a page.
    """
    pages: list[dict[str, Any]] = [{"width": 612, "height": 792, "runs": []}]
    for x, y, size, words in _runs(data):
        if not size and not words:
            pages.append({"width": x, "height": y, "runs": []})
            continue
        end = x + 0.5 * size * len(words)
        pages[-1]["runs"].append([words, x / 8, end / 8, y / 8, size / 8])
    found = {
        "title": "A bridge",
        "author": None,
        "created": "D:20230417",
        "failed": [2],
        "pages": pages,
    }
    with declared(SourceError):
        parse_all([draft_of(found)])


def _runs(data: bytes) -> Iterator[tuple[int, int, int, str]]:
    place = 0
    while place + _RUN.size <= len(data):
        x, y, size, count = _RUN.unpack_from(data, place)
        place += _RUN.size
        yield x, y, size, data[place : place + count].decode("utf-8", errors="replace")
        place += count


def seeds() -> list[bytes]:
    """A page of two columns, and one of a heading and a list."""
    columns = b"".join(
        _run(400 + 2000 * column, 5600 - 100 * row, 80, f"Line {row} of column {column} of this.")
        for row in range(9)
        for column in range(2)
    )
    listed = b"".join(_run(400, 5000 - 100 * row, 80, f"• item {row}") for row in range(5))
    return [
        columns,
        _run(400, 5600, 160, "A bridge opens") + listed + _run(612, 792, 0, "") + listed,
    ]


def _run(x: int, y: int, size: int, words: str) -> bytes:
    written = words.encode()
    return _RUN.pack(x, y, size, len(written)) + written


HARNESS = Harness(
    run, seeds, words=(_run(0, 0, 80, "a-"), _run(0, 0, 0, ""), _run(400, 99, 80, "3"))
)
