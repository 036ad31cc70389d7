"""Zip archives: a Word document, or several releases, depending on the members.

Members are unpacked one at a time, in memory, under the limits of `index.readers.archive`. An
archive inside an archive is not opened: bombs are packed like that, releases are not.
"""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO

from index.errors import SourceError
from index.readers.archive import Archive
from index.readers.base import HEAD, BadRecord, Draft, ReaderFor, read_limited, single_line
from index.readers.docx import CONTENT_TYPES, DocxReader
from index.readers.litter import is_litter

MAX_MEMBERS = 20_000
"""Files in one archive."""

MAX_UNPACKED = 1_000_000_000
"""Bytes unpacked from one archive in total; only one member is in memory at a time."""

_UNSUPPORTED = {"META-INF/container.xml": "an e-book", "content.xml": "an OpenDocument file"}
_IGNORED_FOLDERS = frozenset({"__MACOSX"})


class ZipReader:
    """Reads a Word document, or each release in an archive."""

    def __init__(self, reader_for: ReaderFor, *, inside: bool = False) -> None:
        """Set up the reader.

        Args:
            reader_for: Chooses the readers of the members.
            inside: Whether the archive is inside another source; then only a document is read.
        """
        self._reader_for = reader_for
        self._inside = inside

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether the source begins like a zip archive, which may be empty."""
        del extension
        return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield the releases of the members, in the order of the archive's directory."""
        data = read_limited(stream, max_bytes)
        archive = Archive(data, max_members=MAX_MEMBERS, max_unpacked=MAX_UNPACKED)
        if CONTENT_TYPES in archive.names:
            yield from DocxReader().read(BytesIO(data), max_bytes)
            return
        for name, description in _UNSUPPORTED.items():
            if name in archive.names and "mimetype" in archive.names:
                raise SourceError(f"{description}, which is not supported")
        if self._inside:
            raise SourceError("an archive inside another file, which is not opened")
        empty = True
        for member in archive.members:
            path = PurePosixPath(member.filename)
            if is_litter(path.name) or not _IGNORED_FOLDERS.isdisjoint(path.parts):
                continue
            empty = False
            name = single_line(member.filename) or ""
            try:
                yield from self._releases(archive.read(member, max_bytes), name, max_bytes)
            except SourceError as error:
                yield BadRecord(name, str(error))
        if empty:
            raise SourceError("an archive without files")

    def _releases(self, data: bytes, name: str, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield the releases of a member."""
        if not data.strip():
            raise SourceError("no text")
        reader = self._reader_for(data[:HEAD], PurePosixPath(name).suffix.lower(), inside="archive")
        for found in reader.read(BytesIO(data), max_bytes):
            if isinstance(found, BadRecord):
                yield BadRecord(f"{name}: {found.where}", found.reason)
            else:
                yield replace(found, member=f"{name}/{found.member}" if found.member else name)
