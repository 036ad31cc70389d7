"""Start worker processes that Ctrl+C does not end, and send errors between processes.

The processes are spawned, not forked: FAISS and onnxruntime do not survive a fork.
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

_END_TIMEOUT_S = 5.0
"""How long a process may take to end before it is killed."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A process, and our end of the connection to it."""

    process: BaseProcess
    line: Connection

    def end(self) -> None:
        """End the process, even in the middle of its work: it only reads."""
        self.process.terminate()
        self.process.join(_END_TIMEOUT_S)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.line.close()


def start(
    work: Callable[Concatenate[Connection, P], None], *args: P.args, **kwargs: P.kwargs
) -> Worker:
    """Start a process that ignores Ctrl+C, which only its parent handles.

    Args:
        work: A module-level function. It is called in the process with its end of the connection,
            and should return when `recv` raises EOFError, because the other end was closed.
        args: Passed to `work`.
        kwargs: Passed to `work`.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_begin, args=(work, theirs, args, kwargs), daemon=True)
    with interrupts_blocked():
        process.start()
    theirs.close()  # so that `recv` raises EOFError here when the process has ended
    return Worker(process, ours)


def prepare() -> None:
    """Start the resource tracker, a process that all spawned processes share.

    Call it before a terminal UI takes over standard error, which the tracker inherits.
    """
    if hasattr(signal, "pthread_sigmask"):  # Windows has no resource tracker
        resource_tracker.ensure_running()


def portable(error: Exception) -> Exception:
    """Return an error that can be sent to another process: itself if it can be pickled."""
    try:
        again = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
    except Exception:  # noqa: BLE001 - an exception may define its own pickling
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error if type(again) is type(error) else RuntimeError(str(error))


@contextmanager
def interrupts_blocked() -> Iterator[None]:
    """Block SIGINT here and in the processes that are started in the block.

    Ctrl+C is sent to all processes of a terminal. One that is still importing modules would end
    with a traceback. A child inherits the blocked signal; in this process, it arrives when the
    block ends.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    prepare()  # starting the tracker unblocks the signal
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(
    work: Callable[..., None], line: Connection, args: tuple[object, ...], kwargs: dict[str, object]
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work(line, *args, **kwargs)
