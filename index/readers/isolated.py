"""Chooses readers like `index.readers.registry`, and reads what needs a parser in another process.

Plain text, tables and JSON are read here: their readers are our own or the standard library's, and
records are read as they arrive. PDF documents and scans have a process of their own in any case.
"""

from collections.abc import Iterator
from typing import BinaryIO

from index.readers.base import BadRecord, Container, Draft, Reader, read_limited
from index.readers.feed import FeedReader
from index.readers.html import HtmlReader
from index.readers.mail import MailReader
from index.readers.markdown import MarkdownReader
from index.readers.reading_process import ReadingProcess
from index.readers.registry import reader_for
from index.readers.scan.process import PageProgress, no_pages
from index.readers.wide import WideReader

_PARSED = (HtmlReader, FeedReader, MailReader, MarkdownReader)


class IsolatedReaders:
    """Chooses readers, those with a parser in the process that it is given."""

    def __init__(self, process: ReadingProcess, on_page: PageProgress = no_pages) -> None:
        """Read in `process`, and tell `on_page` of each page of a scan."""
        self._process = process
        self._on_page = on_page

    def __call__(self, head: bytes, extension: str, *, inside: Container | None = None) -> Reader:
        """Return the reader for a source that begins with `head`."""
        found = reader_for(head, extension, inside=inside, members=self, on_page=self._on_page)
        narrow = found.reader if isinstance(found, WideReader) else found
        if isinstance(narrow, _PARSED):
            return _IsolatedReader(found, self._process, extension, inside)
        return found


class _IsolatedReader:
    """A reader that works in another process, where the same one is chosen again."""

    def __init__(
        self, reader: Reader, process: ReadingProcess, extension: str, inside: Container | None
    ) -> None:
        self._reader = reader
        self._process = process
        self._extension = extension
        self._inside = inside

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether the reader takes the source."""
        return self._reader.matches(head, extension)

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield the releases of the source."""
        data = read_limited(stream, max_bytes)
        yield from self._process.read(data, self._extension, self._inside, max_bytes)
