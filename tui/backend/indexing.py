"""Indexing behind the screen: one run at a time, which can be paused and stopped.

The update runs in a thread and calls back often; a pause makes it wait there. What was stored
stays, and the next run continues from there. So the program need not wait for a run that takes long
to stop.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

from textual.message import Message

from index.errors import ReleaseIndexError
from index.reports import Progress, Stage, UpdateReport
from qa.errors import QAError
from qa.progress_rate import ProgressRate
from tui import messages
from tui.backend.protocols import Renewal, Update
from tui.backend.threads import in_thread

PROGRESS_EVERY = 0.1
"""Seconds between two reports of progress."""

_MEGABYTE = 1_000_000

Post = Callable[[Message], object]
Start = Callable[[Coroutine[Any, Any, None]], object]


class IndexingJob:
    """Indexes sources into one collection.

    Attributes:
        running: Whether something is being indexed.
        unfinished: Whether the last run has not come to its end; an error is one.
        rate: How far it is, and how fast.
        report: What the last run did; None before the first, and after one that failed.

    Args:
        folder: The collection's.
        post: Receives each message; called on the event loop.
        start: Starts a coroutine in the background.
        update: Indexes sources into the collection.
        refresh: Called when more can be searched than before, or other examples can be shown.
        renew: Renews the example questions afterwards; None to leave them.
    """

    def __init__(
        self,
        folder: Path,
        post: Post,
        start: Start,
        update: Update,
        refresh: Callable[[], Coroutine[Any, Any, None]],
        renew: Renewal | None = None,
    ) -> None:
        self.running = False
        self.unfinished = False
        self.rate = ProgressRate()
        self.report: UpdateReport | None = None
        self._folder = folder
        self._post = post
        self._start = start
        self._update = update
        self._refresh = refresh
        self._renew = renew
        self._cancel = threading.Event()
        self._unpaused = threading.Event()
        self._paused_at = 0.0
        self._closed = False
        self._writing = threading.Lock()  # held while the collection is written to

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop and has not yet."""
        return self.running and self._cancel.is_set()

    @property
    def paused(self) -> bool:
        """Whether it is paused."""
        return self.running and not self._unpaused.is_set()

    def begin(self, sources: Sequence[str]) -> None:
        """Index sources."""
        self.running = self.unfinished = True
        self.rate = ProgressRate()
        self._cancel.clear()
        self._unpaused.set()
        self._start(self._run(tuple(sources)))

    def pause(self) -> None:
        """Pause, or continue."""
        if self._unpaused.is_set():
            self._paused_at = monotonic()
            self._unpaused.clear()
        else:
            self.rate = self.rate.after_pause(monotonic() - self._paused_at)
            self._unpaused.set()

    def stop(self) -> None:
        """Stop after the current batch."""
        self._cancel.set()
        self._unpaused.set()

    def close(self) -> None:
        """Stop, and report nothing any more: there is no screen to show it."""
        self._closed = True
        self.stop()

    def ended(self, seconds: float) -> bool:
        """Wait until nothing is written any more, after `close`; return whether that is so."""
        return self._writing.acquire(timeout=seconds)

    async def _run(self, sources: tuple[str, ...]) -> None:
        loop = asyncio.get_running_loop()
        reported: tuple[Stage | None, float] = (None, 0.0)

        def progress(value: Progress) -> None:
            """Post progress from the worker's thread, ten times a second at most."""
            nonlocal reported
            stage, at = reported
            if value.stage != stage or monotonic() - at >= PROGRESS_EVERY:
                reported = value.stage, monotonic()
                with suppress(RuntimeError):  # the loop is closed: the program ends
                    loop.call_soon_threadsafe(self._progressed, value, stage)
            self._unpaused.wait()

        def update() -> UpdateReport:
            with self._writing:
                report = self._update(
                    self._folder, sources, progress=progress, cancelled=self._cancelled
                )
                self.unfinished = report.interrupted
                return report

        try:
            report = await in_thread(update)
        except (ReleaseIndexError, QAError) as error:
            self.unfinished = False
            ended = messages.UpdateEnded(None, str(error))
        else:
            ended = messages.UpdateEnded(report, None)
        self.running = False
        self.report = ended.report
        if self._closed:
            return
        self._post(ended)
        await self._refresh()
        if ended.report is not None and not ended.report.interrupted:
            await self._renew_examples()

    async def _renew_examples(self) -> None:
        """Choose example questions while nothing else is indexed."""
        if (choose := self._renew) is None:
            return

        def renew() -> bool:
            with self._writing:
                return choose(self._folder, lambda: self.running or self._cancel.is_set())

        with suppress(ReleaseIndexError, QAError):  # they are never needed
            if await in_thread(renew):
                await self._refresh()

    def _cancelled(self) -> bool:
        self._unpaused.wait()
        return self._cancel.is_set()

    def _progressed(self, value: Progress, before: Stage | None) -> None:
        """Post progress; once the words are stored, questions can be answered by them."""
        if self._closed:
            return
        self.rate = self.rate.updated(value, monotonic())
        self._post(messages.UpdateProgressed(value))
        if value.stage == "meaning" != before:
            self._start(self._refresh())


def renew_examples(folder: Path, stopped: Callable[[], bool]) -> bool:
    """Renew the example questions of a collection; see `qa.renew_examples`."""
    from qa.renew_examples import renew_examples

    return renew_examples(folder, stopped)


def update_engine(
    folder: Path,
    sources: Sequence[str | Path],
    *,
    progress: Callable[[Progress], None],
    cancelled: Callable[[], bool],
    model: str | None = None,
    max_mb: int | None = None,
) -> UpdateReport:
    """Add sources to the collection in a folder.

    The libraries that indexing needs are imported here, in the worker's thread.

    Args:
        folder: The collection's folder, created if need be.
        sources: Files and folders.
        progress: Called with how far it is.
        cancelled: Asked often; when true, it stops.
        model: Folder or name of the model for a new collection, or None for the packaged one.
        max_mb: Largest source file that is read, in megabytes, or None for the default.
    """
    from index.ingest.parse import MAX_BYTES
    from index.ingest.update import update_collection

    return update_collection(
        folder,
        sources,
        default_model=model,
        max_bytes=max_mb * _MEGABYTE if max_mb else MAX_BYTES,
        progress=progress,
        cancelled=cancelled,
    )
