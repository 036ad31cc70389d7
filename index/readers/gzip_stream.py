"""Opens the stream of a source: reads its head and decompresses gzip under a limit."""

import gzip
import io
import zlib
from typing import TYPE_CHECKING, BinaryIO, cast

from index.errors import SourceError
from index.readers.base import HEAD

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

FREE_BYTES = 256_000_000
"""Bytes that any file may decompress to, whatever its size."""

MAX_RATIO = 100
"""Ratio of decompressed to compressed size above that; text reaches 10, rarely 50."""


def open_decompressed(stream: BinaryIO) -> tuple[BinaryIO, bytes]:
    """Return the content of a source, decompressed if it is gzip, and its head.

    The head is the first `HEAD` bytes of the content, which the returned stream still has.

    Raises:
        SourceError: When it is a damaged gzip file.
    """
    head = stream.read(HEAD)
    content = io.BufferedReader(_Rewound(head, stream), HEAD)
    if not head.startswith(b"\x1f\x8b"):
        return content, head
    decompressed = cast("BinaryIO", _LimitedGzip(content))
    try:
        head = decompressed.read(HEAD)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"a damaged gzip file: {error}") from error
    return io.BufferedReader(_Rewound(head, decompressed), HEAD), head


class _Rewound(io.RawIOBase):
    """A stream from its start again after `head` was read from it; pipes cannot seek."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = io.BytesIO(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        data = self._head.read(len(view)) or self._rest.read(len(view))
        view[: len(data)] = data
        return len(data)


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


class _LimitedGzip(io.RawIOBase):
    """The decompressed content of a gzip stream.

    Reading raises OSError when the content exceeds `FREE_BYTES` and `MAX_RATIO` times the
    compressed bytes read so far.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._compressed = _Counted(stream)
        self._content = gzip.GzipFile(fileobj=cast("BinaryIO", self._compressed))
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        data = self._content.read(len(view))
        self._count += len(data)
        if self._count > max(FREE_BYTES, MAX_RATIO * self._compressed.count):
            raise OSError(f"it expands to more than {MAX_RATIO} times its size")
        view[: len(data)] = data
        return len(data)
