"""Plain text: a headline, perhaps a date, then paragraphs."""

from collections.abc import Iterator
from typing import BinaryIO

from index.readers.base import BadRecord, Draft, read_limited
from index.readers.charset import decode


class PlainReader:
    """Reads anything that is text; the last resort of `reader_for`."""

    def matches(self, head: bytes, extension: str) -> bool:
        """Return True: refusing what is no text is left to decoding."""
        del head, extension
        return True

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield the one release of the file; its headline is found by `index.structure.analyze`."""
        decoded = decode(read_limited(stream, max_bytes))
        yield Draft(decoded.text, note=decoded.note)
