"""Processes of our own that work for this one, each at the other end of a line.

They are started anew, not forked: FAISS and onnxruntime do not survive a fork.
"""

import multiprocessing
import pickle
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Concatenate, ParamSpec

P = ParamSpec("P")

_PATIENCE_S = 5.0
"""How long a process that was told to end may take."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A process, and our end of the line to it."""

    process: BaseProcess
    line: Connection

    def end(self) -> None:
        """End it, in the middle of its work too: it only reads."""
        self.process.terminate()
        self.process.join(_PATIENCE_S)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.line.close()


def start(
    work: Callable[Concatenate[Connection, P], None], *args: P.args, **kwargs: P.kwargs
) -> Worker:
    """Start a process that never sees Ctrl+C: that is for who started it.

    Args:
        work: A function of a module, called there with its end of the line. It ends when nobody is
            at the other end any more, which `recv` tells by EOFError.
        args: Passed on to it.
        kwargs: The same.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_begin, args=(work, theirs, args, kwargs), daemon=True)
    with _ctrl_c_held_back():
        process.start()
    theirs.close()  # so that its end is seen here when the process is gone
    return Worker(process, ours)


def prepare() -> None:
    """Start what all processes share (a tracker of what they leave behind).

    To be called before a terminal UI takes over standard error, which the tracker inherits.
    """
    if hasattr(signal, "pthread_sigmask"):  # Windows has no such tracker
        resource_tracker.ensure_running()


def portable(error: Exception) -> Exception:
    """Return an error as it can be sent to another process."""
    try:
        again = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
    except Exception:  # noqa: BLE001 - whatever refuses to be packed
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error if type(again) is type(error) else RuntimeError(str(error))


def _begin(
    work: Callable[..., None], line: Connection, args: tuple[object, ...], kwargs: dict[str, object]
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work(line, *args, **kwargs)


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Have a process that is started here never see Ctrl+C; our own comes when it has begun.

    What is held back is inherited. A signal to the whole group would else end a process that is
    still importing, and an end from outside is another message than an interruption.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows, whose processes ignore it soon enough
        yield
        return
    prepare()  # with the first process it would let signals through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
