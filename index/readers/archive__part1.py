"""Gzip files unpacked under a limit: what expands beyond all text is a trap."""

import gzip
import io
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

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
