"""Zip archives opened under limits: what every form that is packed as one goes through.

Sizes declared in an archive are claims. Members are unpacked in pieces against a budget, so
that one that unpacks to more than it says costs no more memory than one that does not. Nothing
is ever written to a disk: names such as `../../x` are names only.
"""

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO, cast

from index.errors import SourceError
from index.readers.base import parser_guard

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


MAX_RATIO = 100
"""Unpacked size over packed size; text reaches 10, a repetitive office document 40."""

_SMALL = 1_000_000
"""Bytes that may be unpacked whatever the ratio: short files of blanks pack very well."""

_PIECE = 65_536
_ENTRY = b"PK\x01\x02"
"""Begins each member's entry in an archive's directory."""

_SPARE = 8
"""Entries looked for in the bytes, a member: archives stored within it bring their own."""

_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, struct.error, ValueError,
    NotImplementedError, RuntimeError,
)  # fmt: skip


class Archive:
    """The members of a zip archive that is held in memory.

    Attributes:
        members: Files in the order of the archive's directory, folders left out.
    """

    def __init__(self, data: bytes, *, max_members: int, max_unpacked: int) -> None:
        """Read the directory of `data`.

        Args:
            data: The whole archive.
            max_members: Files it may hold.
            max_unpacked: Bytes that may be unpacked of it, in all.

        Raises:
            SourceError: When it is no sound archive, or holds more than that.
        """
        if data.count(_ENTRY) > _SPARE * max_members:  # the directory alone would fill memory
            raise SourceError(f"an archive of more than {max_members:,} files")
        with parser_guard("the archive"):
            try:
                self._zip = zipfile.ZipFile(io.BytesIO(data))
            except zipfile.BadZipFile as error:
                raise SourceError("a damaged zip archive or office document") from error
        self.members = [member for member in self._zip.infolist() if not member.is_dir()]
        if len(self.members) > max_members:
            raise SourceError(f"an archive of more than {max_members:,} files")
        self._packed = len(data)
        self._limit = min(max_unpacked, max(_SMALL, MAX_RATIO * len(data)))
        self._left = self._limit

    @property
    def names(self) -> frozenset[str]:
        """The members' names, as they stand in the archive."""
        return frozenset(member.filename for member in self.members)

    def require_space(self, members: list[zipfile.ZipInfo]) -> None:
        """Refuse early what by its own account unpacks to more than the limit.

        Raises:
            SourceError: When it does.
        """
        if sum(member.file_size for member in members) > self._left:
            raise self._too_large()

    def read(self, member: zipfile.ZipInfo, max_bytes: int) -> bytes:
        """Unpack a member.

        Raises:
            SourceError: When it is encrypted, damaged, or larger than `max_bytes` or what is
                left of the archive's limit.
        """
        if member.flag_bits & _ENCRYPTED:
            raise SourceError("encrypted")
        if member.compress_type not in _METHODS:
            raise SourceError("packed by a method that is not supported")
        limit = min(max_bytes, self._left)
        found: list[bytes] = []
        size = 0
        try:
            with self._zip.open(member) as stream:
                while piece := stream.read(_PIECE):
                    found.append(piece)
                    size += len(piece)
                    if size > limit:
                        break
        except _DAMAGE as error:
            raise SourceError("damaged in its archive") from error
        finally:
            self._left -= size
        if size > limit:
            if size > max_bytes:
                raise SourceError(f"larger than {max_bytes // 1_000_000} MB when unpacked")
            raise self._too_large()
        return b"".join(found)

    def _too_large(self) -> SourceError:
        if self._limit == max(_SMALL, MAX_RATIO * self._packed):
            return SourceError(f"unpacks to more than {MAX_RATIO} times its size")
        return SourceError(f"unpacks to more than {self._limit // 1_000_000} MB")


FREE_BYTES = 256_000_000
"""What any file may expand to, whatever its size."""
RATIO = 100
"""How much larger than its file the rest may be; text shrinks to a tenth, hardly to a fiftieth."""


def gunzipped(stream: BinaryIO) -> BinaryIO:
    """Return the unpacked bytes of a gzip stream.

    Reading raises OSError once more came out than `RATIO` times what went in, and than
    `FREE_BYTES`; else as `gzip.GzipFile` does.
    """
    return cast("BinaryIO", _Limited(stream))


class _Counted(io.RawIOBase):
    """Counts the bytes that are read through it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.count += len(data)
        return data


class _Limited(io.RawIOBase):
    def __init__(self, stream: BinaryIO) -> None:
        self._packed = _Counted(stream)
        self._unpacked = gzip.GzipFile(fileobj=cast("BinaryIO", self._packed))
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        data = self._unpacked.read(len(view))
        self._count += len(data)
        if self._count > max(FREE_BYTES, RATIO * self._packed.count):
            raise OSError(f"it expands to more than {RATIO} times its size")
        view[: len(data)] = data
        return len(data)
