"""Read an archive, which may come from a stranger: check all of it, then unpack files from it.

The directory and the manifest are checked first, then every hash, and only then anything is
written. No name in an archive is ever used as a path. A member is unpacked in pieces and no
further than the size it declares.
"""

import hashlib
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from index.archive.manifest import (
    MANIFEST_NAME,
    MAX_MANIFEST,
    ArchivedFile,
    Manifest,
    check_contents,
    check_members,
    parse_manifest,
)
from index.errors import ArchiveError
from index.reports import Progress, in_megabytes, no_progress

_PIECE = 1 << 20
_MAX_READ = 1 << 21
"""Bytes that are read at once, the whole directory among them, which has 50 KB at most."""
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, NotImplementedError,
    RuntimeError,
)  # fmt: skip

Report = Callable[[Progress], None]


class Archive:
    """An open archive whose directory and manifest were checked.

    Attributes:
        manifest: What it says it holds.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Check the directory and the manifest; raises as `open_archive`."""
        self._zip = archive
        members = archive.infolist()
        check_members(members)
        self._members = {member.orig_filename: member for member in members}
        self.manifest: Manifest = parse_manifest(self._read_manifest())
        check_contents(self.manifest, members)

    def check(self, progress: Report = no_progress) -> None:
        """Compare the content of every file with its size and hash; nothing is written.

        Raises:
            ArchiveError: When one differs.
        """
        report = in_megabytes(progress, "check", self.manifest.size)
        for file in self.manifest.files:
            for piece in self._pieces(file):
                report(len(piece))

    def extract(self, name: str, target: Path, progress: Report = no_progress) -> None:
        """Unpack a file to a path where there is none, and compare it again.

        Raises:
            ArchiveError: When it is not what the manifest says.
            OSError: When it cannot be written.
        """
        (file,) = (file for file in self.manifest.files if file.name == name)
        report = in_megabytes(progress, "unpack", file.size)
        with target.open("xb") as out:
            for piece in self._pieces(file):
                out.write(piece)
                report(len(piece))
            out.flush()
            os.fsync(out.fileno())

    def _read_manifest(self) -> bytes:
        if MANIFEST_NAME not in self._members:
            raise ArchiveError("it is not a backup or bundle of releaseqa")
        with _damage(MANIFEST_NAME), self._zip.open(self._members[MANIFEST_NAME]) as stream:
            data = stream.read(MAX_MANIFEST + 1)
        if len(data) > MAX_MANIFEST:
            raise ArchiveError("its manifest is too long")
        return data

    def _pieces(self, file: ArchivedFile) -> Iterator[bytes]:
        """Yield the content of a file; raises when it was not what the manifest says."""
        left, digest = file.size, hashlib.sha256()
        with _damage(file.name), self._zip.open(self._members[file.name]) as stream:
            while piece := stream.read(min(_PIECE, left + 1)):
                left -= len(piece)
                if left < 0:
                    raise ArchiveError(f"{file.name} in it is longer than it declares")
                digest.update(piece)
                yield piece
        if left or digest.hexdigest() != file.sha256:
            raise ArchiveError(f"{file.name} in it is damaged")


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open an archive, and check its directory and its manifest.

    Raises:
        ArchiveError: When it is missing, damaged, or not an archive of this program; also from
            within the block.
    """
    if not path.is_file():  # opening a pipe would wait for its writer
        what = " is not a file; give a backup or a bundle" if path.exists() else ": no such file"
        raise ArchiveError(f"{path}{what}")
    try:
        with path.open("rb") as stream:
            with _damage("its directory"):
                # zipfile asks only for the methods that are there.
                opened = zipfile.ZipFile(_ShortReads(stream))
            with opened:
                yield Archive(opened)
    except ArchiveError as error:
        raise ArchiveError(f"{path} cannot be restored: {error}") from error


class _ShortReads:
    """A file of which little is read at once, however much an archive says there is to read.

    zipfile reads a directory whole, and one of a gigabyte would fill the memory.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.seek, self.tell, self.close = stream.seek, stream.tell, stream.close
        self._stream = stream

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size > _MAX_READ:
            raise zipfile.BadZipFile
        data = self._stream.read(_MAX_READ + 1 if size < 0 else size)
        if len(data) > _MAX_READ:
            raise zipfile.BadZipFile
        return data


@contextmanager
def _damage(what: str) -> Iterator[None]:
    """Translate what zipfile raises for a damaged archive."""
    try:
        yield
    except _DAMAGE as error:
        raise ArchiveError(f"{what} is damaged, or it is not a zip archive") from error
    except OSError as error:
        raise ArchiveError(f"{what} cannot be read ({error.strerror or error})") from error
