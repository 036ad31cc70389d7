"""Plain text: a headline, perhaps a date, then paragraphs."""

from collections.abc import Iterator
from typing import BinaryIO

from index.readers.base import BadRecord, Draft, read_limited
from index.readers.charset import decode


class PlainReader:
    """Reads any text as one release."""

    def matches(self, head: bytes, extension: str) -> bool:
        """Return True; what is not text is refused when it is decoded."""
        del head, extension
        return True

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield the text of the file; `index.structure.analyze` finds the headline in it."""
        decoded = decode(read_limited(stream, max_bytes))
        yield Draft(decoded.text, note=decoded.note)
