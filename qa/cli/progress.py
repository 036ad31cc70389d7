"""Progress bars on standard error: only on a terminal, never when quiet."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from index.reports import Progress, Stage
from qa.cli.context import Context
from qa.display import clean_line
from qa.progress_rate import ProgressRate, rate_text

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

_STAGES: dict[Stage, tuple[str, str]] = {
    "read": ("Reading", "releases"),
    "words": ("Indexing words", "passages"),
    "meaning": ("Encoding passages", "passages"),
    "publish": ("Publishing", "releases"),
    "store": ("Checking the store", ""),
    "texts": ("Checking releases", "releases"),
    "vectors": ("Checking vectors", "vectors"),
    "copy": ("Copying the store", ""),
    "pack": ("Writing the archive", "MB"),
    "check": ("Checking the archive", "MB"),
    "unpack": ("Unpacking", "MB"),
    "build": ("Building the indexes", ""),
}
_ITEM_CHARACTERS = 40


@contextmanager
def progress_bar(
    context: Context, title: str, total: int | None, *, unit: str = "questions"
) -> Iterator[Callable[[int], None]]:
    """Show a progress bar.

    Yields:
        A function to call with the number of items done.
    """
    if not context.shows_progress():
        yield lambda _: None
        return
    with _bars(context) as bars:
        task = bars.add_task(title, total=total, unit=unit, item="", rate="")
        rate = ProgressRate()

        def show(done: int) -> None:
            nonlocal rate
            rate = rate.updated(Progress("read", done, total), monotonic())
            bars.update(task, completed=done, rate=rate_text(rate))

        yield show


@contextmanager
def stage_bars(context: Context) -> Iterator[Callable[[Progress], None]]:
    """Show a progress bar for each stage of updating or verifying a collection.

    Yields:
        A function that takes progress reports.
    """
    if not context.shows_progress():
        yield lambda _: None
        return
    with _bars(context) as bars:
        tasks: dict[Stage, TaskID] = {}
        rate = ProgressRate()

        def show(progress: Progress) -> None:
            nonlocal rate
            title, unit = _STAGES[progress.stage]
            if progress.stage not in tasks:
                tasks[progress.stage] = bars.add_task(
                    title, total=None, unit=unit, item="", rate=""
                )
            rate = rate.updated(progress, monotonic())
            bars.update(
                tasks[progress.stage],
                completed=progress.done,
                total=progress.total,
                rate=rate_text(rate),
                item=_shortened(progress.item or ""),
            )

        yield show


def _shortened(item: str) -> str:
    """Return the end of an item's name, cleaned; file names differ most at their ends."""
    line = clean_line(item)
    return line if len(line) <= _ITEM_CHARACTERS else "…" + line[1 - _ITEM_CHARACTERS :]


def _bars(context: Context) -> "Bars":
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bars

    return Bars(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}", markup=False),
        TextColumn("{task.fields[rate]}", markup=False, style="progress.remaining"),
        TextColumn("{task.fields[item]}", markup=False),
        console=context.err(),
        transient=True,
    )
