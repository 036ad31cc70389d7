"""Sources in UTF-16 or UTF-32, such as tables and pages that office programs save as "Unicode".

The readers recognize their formats by ASCII bytes, so such a source is turned into UTF-8 first, for
the choice of the reader and for reading. Plain text needs that not: `index.readers.charset` decodes
it, and notes a guess.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import BinaryIO

from index.readers.base import BadRecord, Draft, Reader, read_limited

_STARTS = (
    (b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
    *((bytes([character]) + b"\0\0\0", "utf-32-le") for character in b"<{"),
    *((b"\0\0\0" + bytes([character]), "utf-32-be") for character in b"<{"),
    *((bytes([character]) + b"\0", "utf-16-le") for character in b"<{"),
    *((b"\0" + bytes([character]), "utf-16-be") for character in b"<{"),
)  # fmt: skip
"""Byte-order marks, and without one the first character of markup and of JSON."""
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*\?>")
"""A declaration of XML, which may name the encoding that the source no longer has."""


class WideReader:
    """Reads a source in UTF-16 or UTF-32 by the reader of its format.

    Attributes:
        reader: That reader.
    """

    def __init__(self, reader: Reader) -> None:
        """Read what is UTF-8 by `reader`."""
        self.reader = reader

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether the reader of the format takes the source."""
        return self.reader.matches(as_utf8(head), extension)

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield the releases of the source, with a note where characters were replaced."""
        data = as_utf8(read_limited(stream, max_bytes))
        for found in self.reader.read(BytesIO(data), max(max_bytes, len(data))):
            if isinstance(found, Draft) and "\ufffd" in found.text:
                yield replace(found, note=found.note or "damaged characters replaced")
            else:
                yield found


def as_utf8(data: bytes) -> bytes:
    """Return the bytes of a source in UTF-16 or UTF-32 as UTF-8; others as they are."""
    encoding = next((name for start, name in _STARTS if data.startswith(start)), None)
    if encoding is None:
        return data
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    return _DECLARATION.sub("", text, count=1).encode("utf-8")
