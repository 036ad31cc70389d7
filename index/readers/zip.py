"""Zip archives: a Word document, or releases packed together, told by what is in them.

Members are unpacked one at a time, in memory, under the limits of `index.readers.archive`. An
archive within an archive is not opened: releases are not handed out like that, and bombs are.
"""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO

from index.errors import SourceError
from index.readers.archive import Archive
from index.readers.base import HEAD, BadRecord, Draft, ReaderFor, read_limited
from index.readers.charset import normalize_text
from index.readers.docx import CONTENT_TYPES, DocxReader

MAX_MEMBERS = 20_000
"""Files in one archive."""

MAX_UNPACKED = 1_000_000_000
"""Bytes unpacked of one archive in all; never more than a member of them at a time."""

_OTHERS = {"META-INF/container.xml": "an e-book", "content.xml": "an OpenDocument file"}
_TOOLS = frozenset({"__MACOSX"})


class ZipReader:
    """Reads a Word document, or each release in an archive.

    `inside` when the archive lies within another source: then only a document is read.
    """

    def __init__(self, reader_for: ReaderFor, *, inside: bool = False) -> None:
        """Choose the readers of members by `reader_for`."""
        self._reader_for = reader_for
        self._inside = inside

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether it begins as zip archives do, full or empty."""
        del extension
        return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield the releases of the members, in the order of the archive's directory."""
        data = read_limited(stream, max_bytes)
        archive = Archive(data, max_members=MAX_MEMBERS, max_unpacked=MAX_UNPACKED)
        if CONTENT_TYPES in archive.names:
            yield from DocxReader().read(BytesIO(data), max_bytes)
            return
        for name, form in _OTHERS.items():
            if name in archive.names and "mimetype" in archive.names:
                raise SourceError(f"{form}, which is not supported")
        if self._inside:
            raise SourceError("an archive within another file, which is not opened")
        found = False
        for member in archive.members:
            path = PurePosixPath(member.filename)
            if path.name.startswith(".") or not _TOOLS.isdisjoint(path.parts):
                continue
            found = True
            name = " ".join(normalize_text(member.filename).split())
            try:
                yield from self._releases(archive.read(member, max_bytes), name, max_bytes)
            except SourceError as error:
                yield BadRecord(name, str(error))
        if not found:
            raise SourceError("an archive without files")

    def _releases(self, data: bytes, name: str, max_bytes: int) -> Iterator[Draft | BadRecord]:
        if not data.strip():
            raise SourceError("no text")
        reader = self._reader_for(data[:HEAD], PurePosixPath(name).suffix.lower(), inside="archive")
        for found in reader.read(BytesIO(data), max_bytes):
            if isinstance(found, BadRecord):
                yield BadRecord(f"{name}: {found.where}", found.reason)
            else:
                yield replace(found, member=f"{name}/{found.member}" if found.member else name)
