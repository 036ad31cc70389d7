"""End reading when the user cancels: in the middle of a document, or while a pipe is idle."""

import io
import select
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO, TypeVar, cast

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Item = TypeVar("Item")
_PAUSE_S = 0.2
_CHUNK = 65_536


class Interrupted(BaseException):
    """Reading ended because the update was cancelled. No handler of errors catches it."""


class StopRequest:
    """A request to stop, made by the handler of a signal; true when called once it is made.

    A document can take minutes to read. The request ends that at once; storing what was read, which
    must not be torn, is left to its end.
    """

    def __init__(self) -> None:
        self._made = False
        self._reading = False

    def __call__(self) -> bool:
        """Return whether it was made."""
        return self._made

    def make(self) -> None:
        """Make the request, in the thread that reads.

        Raises:
            Interrupted: When that thread is reading.
        """
        self._made = True
        if self._reading:
            raise Interrupted

    def next_of(self, items: Iterator[Item]) -> Item:
        """Return the next item of those that are being read.

        Raises:
            Interrupted: When the request was made, or is made meanwhile.
            StopIteration: When there is none.
        """
        self._reading = True
        try:
            if self._made:
                raise Interrupted
            return next(items)
        finally:
            self._reading = False


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


def until_interrupted(
    items: Iterable[Item], cancelled: Callable[[], bool] | None = None
) -> Iterator[Item]:
    """Yield items until reading is interrupted: by `items`, or in the middle of one by a request.

    Args:
        items: What is being read.
        cancelled: A `StopRequest` that may interrupt the item in hand; others are only asked.
    """
    left = iter(items)
    following = cancelled.next_of if isinstance(cancelled, StopRequest) else next
    while True:
        try:
            item = following(left)
        except (Interrupted, StopIteration):
            return
        yield item
