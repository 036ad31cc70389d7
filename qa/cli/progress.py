"""Progress bars on standard error: only on a terminal, never when quiet."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.reports import Progress, Stage
from qa.cli.context import Context
from qa.display import clean_line

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

_STAGES: dict[Stage, tuple[str, str]] = {
    "read": ("Reading", "releases"),
    "words": ("Indexing words", "passages"),
    "meaning": ("Encoding passages", "passages"),
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
        task = bars.add_task(title, total=total, unit=unit, item="")
        yield lambda done: bars.update(task, completed=done)


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

        def show(progress: Progress) -> None:
            title, unit = _STAGES[progress.stage]
            if progress.stage not in tasks:
                tasks[progress.stage] = bars.add_task(title, total=None, unit=unit, item="")
            bars.update(
                tasks[progress.stage],
                completed=progress.done,
                total=progress.total,
                item=_shortened(progress.item or ""),
            )

        yield show


def _shortened(item: str) -> str:
    """Return the end of an item's name, cleaned; file names differ most at their ends."""
    line = clean_line(item)
    return line if len(line) <= _ITEM_CHARACTERS else "…" + line[1 - _ITEM_CHARACTERS :]


def _bars(context: Context) -> "Bars":
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bars
    from rich.text import Text

    class RateColumn(ProgressColumn):
        """The number of items per second."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text("" if speed is None else f"{speed:,.0f}/s", style="progress.data.speed")

    return Bars(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}", markup=False),
        RateColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[item]}", markup=False),
        console=context.err(),
        transient=True,
    )
