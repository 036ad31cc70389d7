"""Opens zip archives under limits of members, size and compression ratio.

The sizes that an archive declares are only claims. Members are unpacked in pieces against a
budget, so one that unpacks to more than it declares takes no extra memory. Nothing is written to
disk: a name such as `../../x` is only a name.
"""

import io
import lzma
import struct
import zipfile
import zlib

from index.errors import SourceError
from index.readers.base import parser_guard

MAX_RATIO = 100
"""Ratio of unpacked to packed size; text reaches 10, a repetitive office document 40."""

_SMALL = 1_000_000
"""Bytes that may be unpacked at any ratio: short files of spaces compress very well."""

_PIECE = 65_536
_ENTRY = b"PK\x01\x02"
"""The start of a member's entry in the directory of an archive."""

_ENTRIES_PER_MEMBER = 8
"""Entries allowed in the bytes for each member: archives stored inside have entries too."""

_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, struct.error, ValueError,
    NotImplementedError, RuntimeError,
)  # fmt: skip


class Archive:
    """The members of a zip archive that is held in memory.

    Attributes:
        members: Its files, in the order of the archive's directory.
    """

    def __init__(self, data: bytes, *, max_members: int, max_unpacked: int) -> None:
        """Read the directory of `data`.

        Args:
            data: The whole archive.
            max_members: Files it may hold.
            max_unpacked: Bytes that may be unpacked from it in total.

        Raises:
            SourceError: When the archive is damaged or holds too many files.
        """
        if (
            data.count(_ENTRY) > _ENTRIES_PER_MEMBER * max_members
        ):  # the directory would fill memory
            raise SourceError(f"an archive of more than {max_members:,} files")
        with parser_guard("the archive"):
            try:
                self._zip = zipfile.ZipFile(io.BytesIO(data))
            except zipfile.BadZipFile as error:
                raise SourceError("a damaged zip archive or office document") from error
        # zipfile fails for a member without a name in is_dir() and writestr()
        named = [member for member in self._zip.infolist() if member.filename]
        self.members = [member for member in named if not member.is_dir()]
        if len(self.members) > max_members:
            raise SourceError(f"an archive of more than {max_members:,} files")
        self._packed = len(data)
        self._limit = min(max_unpacked, max(_SMALL, MAX_RATIO * len(data)))
        self._left = self._limit

    @property
    def names(self) -> frozenset[str]:
        """The members' names, as the archive has them."""
        return frozenset(member.filename for member in self.members)

    def require_space(self, members: list[zipfile.ZipInfo]) -> None:
        """Refuse members whose declared sizes already exceed the limit.

        Raises:
            SourceError: When they do.
        """
        if sum(member.file_size for member in members) > self._left:
            raise self._too_large()

    def read(self, member: zipfile.ZipInfo, max_bytes: int) -> bytes:
        """Unpack a member.

        Raises:
            SourceError: When it is encrypted, damaged, or larger than `max_bytes` or than the rest
                of the archive's limit.
        """
        if member.flag_bits & _ENCRYPTED:
            raise SourceError("encrypted")
        if member.compress_type not in _METHODS:
            raise SourceError("compressed with an unsupported method")
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
            raise SourceError("damaged inside its archive") from error
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
