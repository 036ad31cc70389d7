"""Several processes that answer the questions of one batch.

Ranking is Python's own work, which threads of one process would do in turn. Each process opens the
collection for itself and answers whole groups of questions as one process alone would; whoever
hands them out puts the answers back in order, so that nothing depends on how many there are.
Processes are started anew, not forked: FAISS and onnxruntime do not survive a fork.
"""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from qa.errors import WorkerError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.batch import Asked, BatchOptions
    from qa.outcomes import Outcome

_PATIENCE_S = 5.0
"""How long a process that was told to end may take."""


def usable_cores() -> int:
    """Return how many processes can work at once here."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class _Member:
    process: BaseProcess
    line: Connection


class Crew:
    """Processes with a collection open in each; use it in a `with` statement."""

    def __init__(self, folder: Path, jobs: int, *, reranker: Path | None = None) -> None:
        """Start the processes.

        Args:
            folder: The collection's.
            jobs: How many, at least 1.
            reranker: As for `open_collection`.
        """
        context = multiprocessing.get_context("spawn")
        self.jobs = jobs
        self._members: list[_Member] = []
        self._idle: SimpleQueue[_Member] = SimpleQueue()
        self._notes: dict[str, None] = {}
        for _ in range(jobs):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, folder, reranker), daemon=True)
            with _ctrl_c_held_back():
                process.start()
            theirs.close()  # so that its end is seen here when the process is gone
            self._members.append(_Member(process, ours))
            self._idle.put(self._members[-1])
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="crew")

    def submit(self, group: "Sequence[Asked]", options: "BatchOptions") -> "Future[list[Outcome]]":
        """Have a group of questions answered; the future raises what answering raised.

        Among that is WorkerError, when a process was ended from outside.
        """
        return self._threads.submit(self._answered, group, options)

    def take_notes(self) -> list[str]:
        """Return what a user should be told of the collection, each note once."""
        notes, self._notes = list(self._notes), {}
        return notes

    def close(self) -> None:
        """End the processes, those in the middle of a question too."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for member in self._members:
            member.process.terminate()  # they only read
        for member in self._members:
            member.process.join(_PATIENCE_S)
            if member.process.is_alive():
                member.process.kill()
                member.process.join()
            member.line.close()
        self._threads.shutdown()

    def __enter__(self) -> Self:
        """Return the crew itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the processes."""
        self.close()

    def _answered(self, group: "Sequence[Asked]", options: "BatchOptions") -> "list[Outcome]":
        member = self._idle.get()
        try:
            member.line.send((list(group), options))
            found: list[Outcome] | Exception
            found, notes = member.line.recv()
        except (EOFError, OSError) as error:
            raise WorkerError(
                "a process that answers questions was ended from outside, perhaps for lack of "
                "memory; run it again with a smaller --jobs"
            ) from error
        finally:
            self._idle.put(member)
        self._notes |= dict.fromkeys(notes)
        if isinstance(found, Exception):
            raise found
        return found


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Have a process that is started here never see Ctrl+C; our own comes when it has begun.

    What is held back is inherited. A signal to the whole group would else end a process that is
    still importing, and an end from outside is another message than an interruption.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows, whose processes ignore it soon enough
        yield
        return
    resource_tracker.ensure_running()  # with the first process it would let signals through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(line: Connection, folder: Path, reranker: Path | None) -> None:
    """Answer groups of questions until nobody is at the other end any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for who started this
    from qa.batch import answer_group
    from qa.collection import Collection

    collection: Collection | None = None
    with suppress(EOFError, OSError):
        while True:
            group, options = line.recv()
            try:
                collection = collection or Collection(folder, reranker)
                found: Any = answer_group(collection, group, options)
                reply = (found, collection.take_notes())
            except Exception as error:  # noqa: BLE001 - it is raised where it was asked for
                reply = (_portable(error), [])
            line.send(reply)


def _portable(error: Exception) -> Exception:
    """Return an error as it can be sent to another process."""
    import pickle

    try:
        again = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
    except Exception:  # noqa: BLE001 - whatever refuses to be packed
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error if type(again) is type(error) else RuntimeError(str(error))
