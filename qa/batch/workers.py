"""Worker processes that answer the questions of one batch.

Ranking is Python code, which threads of one process would run in turn. Each worker opens the
collection for itself and answers whole groups of questions as one process alone would, so the
outcomes do not depend on the number of workers.
"""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing import active_children, get_context, parent_process
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Self

from index.milvus.address import MilvusAddress
from qa.batch.run import Asked, answer_group
from qa.errors import WorkerError
from qa.processes import interrupts_blocked, portable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qa.answer_json import Outcome
    from qa.collection import Collection
    from qa.types import AskOptions


def usable_cores() -> int:
    """Return how many processes can run at the same time."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


class WorkerPool:
    """Processes with a collection open in each; use it in a `with` statement."""

    def __init__(
        self, place: Path | MilvusAddress, jobs: int, *, reranker: Path | None = None
    ) -> None:
        """Prepare the pool; the processes start with the first groups.

        Args:
            place: The collection's folder, or its address.
            jobs: Number of processes, at least 1.
            reranker: As for `open_collection`.
        """
        self.jobs = jobs
        self._place, self._reranker = place, reranker
        self._notes: dict[str, None] = {}
        self._others = set(active_children())
        # Spawned, not forked: FAISS and onnxruntime do not survive a fork.
        self._executor = ProcessPoolExecutor(jobs, get_context("spawn"), _initialize)

    def submit(
        self, group: "Sequence[Asked]", options: "AskOptions"
    ) -> "Callable[[], list[Outcome]]":
        """Have a group of questions answered.

        Returns:
            A function that waits for the outcomes and raises what answering raised, or
            WorkerError if a process was killed.
        """
        with interrupts_blocked():  # this may start a process
            future = self._executor.submit(_answer, self._place, self._reranker, group, options)

        def outcomes() -> "list[Outcome]":
            try:
                found, notes = future.result()
            except BrokenProcessPool as error:
                raise WorkerError(
                    "a worker process was killed, perhaps for lack of memory; try again with a "
                    "smaller --jobs"
                ) from error
            self._notes |= dict.fromkeys(notes)
            return found

        return outcomes

    def take_notes(self) -> list[str]:
        """Return what a user should know about the collection, each note once."""
        notes, self._notes = list(self._notes), {}
        return notes

    def close(self) -> None:
        """End the processes, even in the middle of a question: they only read."""
        for process in set(active_children()) - self._others:
            process.terminate()
        self._executor.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        """Return the pool itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the processes."""
        self.close()


def _initialize() -> None:
    """Leave Ctrl+C to the main process, and end with it even if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_exit_with_parent, daemon=True).start()


def _exit_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@cache
def _open(place: Path | MilvusAddress, reranker: Path | None) -> "Collection":
    """Return the worker's own collection, opened with its first group."""
    from qa.collection import Collection

    return Collection(place, reranker)


def _answer(
    place: Path | MilvusAddress,
    reranker: Path | None,
    group: "Sequence[Asked]",
    options: "AskOptions",
) -> "tuple[list[Outcome], list[str]]":
    """Answer a group in a worker; returns the outcomes and the collection's notes."""
    try:
        collection = _open(place, reranker)
        return answer_group(collection, group, options), collection.take_notes()
    except Exception as error:  # noqa: BLE001 - raised again where it was asked for
        raise portable(error) from None
