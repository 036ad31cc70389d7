"""Several processes that answer the questions of one batch.

Ranking is Python's own work, which threads of one process would do in turn. Each process opens the
collection for itself and answers whole groups of questions as one process alone would; whoever
hands them out puts the answers back in order, so that nothing depends on how many there are.
"""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from qa.errors import WorkerError
from qa.processes import Worker, portable, start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.answer_json import Outcome
    from qa.batch.run import Asked, BatchOptions


def usable_cores() -> int:
    """Return how many processes can work at once here."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


class WorkerPool:
    """Processes with a collection open in each; use it in a `with` statement."""

    def __init__(self, folder: Path, jobs: int, *, reranker: Path | None = None) -> None:
        """Start the processes.

        Args:
            folder: The collection's.
            jobs: How many, at least 1.
            reranker: As for `open_collection`.
        """
        self.jobs = jobs
        self._members: list[Worker] = []
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        self._notes: dict[str, None] = {}
        for _ in range(jobs):
            self._members.append(start(_work, folder, reranker))
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
            member.process.terminate()  # all at once, before any is waited for
        for member in self._members:
            member.end()
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
                "a worker process was killed, perhaps for lack of memory; try again with a "
                "smaller --jobs"
            ) from error
        finally:
            self._idle.put(member)
        self._notes |= dict.fromkeys(notes)
        if isinstance(found, Exception):
            raise found
        return found


def _work(line: Connection, folder: Path, reranker: Path | None) -> None:
    """Answer groups of questions until nobody is at the other end any more."""
    from qa.batch.run import answer_group
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
                reply = (portable(error), [])
            line.send(reply)
