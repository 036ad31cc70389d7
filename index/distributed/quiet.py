"""Keep what Ray prints out of the output of the program.

Ray prints what it learns of a cluster, such as the loss of a node, to standard output from threads
of its own, and has no setting against it. Standard output is for data.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

_THREADS = "ray_"
"""How the names of Ray's threads begin."""


class _OwnThreadsOnly:
    """A text stream that drops what the threads of Ray write."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text, unless Ray does."""
        if threading.current_thread().name.startswith(_THREADS):
            return len(text)
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the stream has
        return getattr(self._stream, name)


@contextmanager
def ray_silenced() -> Iterator[None]:
    """Drop what Ray prints while the block runs."""
    before = sys.stdout, sys.stderr
    own = [cast("IO[str]", _OwnThreadsOnly(stream)) for stream in before]
    sys.stdout, sys.stderr = own  # type: ignore[assignment, unused-ignore]
    try:
        yield
    finally:
        if sys.stdout is own[0]:
            sys.stdout = before[0]
        if sys.stderr is own[1]:
            sys.stderr = before[1]
