"""Read from a pipe that can be idle for long, and stop waiting when the user cancels."""

import io
import select
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, TypeVar, cast

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Item = TypeVar("Item")
_PAUSE_S = 0.2
_CHUNK = 65_536


class Interrupted(Exception):  # noqa: N818 - reading ends on request, which is not an error
    """Reading ended because the update was cancelled."""


def interruptible(stream: BinaryIO, cancelled: Callable[[], bool]) -> BinaryIO:
    """Return a stream of the same bytes that does not wait for more once `cancelled()` is true.

    Bytes that have arrived are still read; then reading raises `Interrupted` instead of waiting.
    A stream that `select` cannot wait for is returned unchanged.
    """
    if not isinstance(stream, io.BufferedReader):
        return stream
    try:
        select.select([stream], [], [], 0)
    except (OSError, ValueError):
        return stream
    return cast("BinaryIO", _InterruptibleStream(stream, cancelled))


class _InterruptibleStream(io.RawIOBase):
    def __init__(self, stream: io.BufferedReader, cancelled: Callable[[], bool]) -> None:
        self._stream = stream
        self._cancelled = cancelled

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes: whole lines as soon as there are any, nothing at the end."""
        found = b""
        while size < 0 or len(found) < size:
            while not self._ready(_PAUSE_S):
                if self._cancelled():
                    raise Interrupted
            data = self._stream.read1(_CHUNK if size < 0 else size - len(found))
            found += data
            if not data or (found.endswith(b"\n") and not self._ready(0)):
                break
        return found

    def _ready(self, seconds: float) -> bool:
        return bool(select.select([self._stream], [], [], seconds)[0])


def until_interrupted(items: Iterable[Item]) -> Iterator[Item]:
    """Yield items until reading is interrupted."""
    with suppress(Interrupted):
        yield from items
