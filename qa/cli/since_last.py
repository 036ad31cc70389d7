"""`--since-last`: only the releases that are new since the same was last asked with this option."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from index.filters import FILTERS, NO_FILTERS, Filters
from qa.batch.checkpoint import (
    SavedCheckpoint,
    checkpoint_path,
    new_releases,
    read_checkpoint,
    write_checkpoint,
)
from qa.cli.context import Context
from qa.cli.options import option
from qa.errors import OutputError
from qa.filter_syntax import filter_text
from qa.paths import data_folder
from qa.presentation import counted

if TYPE_CHECKING:
    from qa.collection import Collection

SinceLast = Annotated[
    bool,
    option(
        "--since-last",
        text="Only releases added or changed since the last run of the same command with this "
        "option. The first run covers all releases.",
    ),
]


@dataclass(frozen=True, slots=True)
class SinceLastRun:
    """What a run searches, and how to record that it is done.

    Attributes:
        filters: The filters of the run and, with `--since-last`, those that select what is new.
        path: The file of the checkpoint; None without the option.
        checkpoint: What to record there.
    """

    filters: Filters
    path: Path | None = None
    checkpoint: SavedCheckpoint | None = None

    def done(self) -> None:
        """Record that everything so far was shown, once the output is written.

        Raises:
            OutputError: The checkpoint cannot be written.
        """
        if self.path is None or self.checkpoint is None:
            return
        sys.stdout.flush()  # a reader that went away has not seen it
        try:
            write_checkpoint(self.path, self.checkpoint)
        except OSError as error:
            raise OutputError(
                f"the checkpoint for --since-last cannot be written to {self.path}: "
                f"{error.strerror or error}."
            ) from error


def since_last_run(
    context: Context,
    collection: "Collection",
    filters: Filters,
    asked: Sequence[str],
    *,
    name: str,
    wanted: bool,
) -> SinceLastRun:
    """Select the releases that are new since the last run, and say how many there are.

    Args:
        context: Of the command.
        collection: The collection.
        filters: The filters of the run.
        asked: What tells this run from others, see `checkpoint_path`.
        name: What users call it, at the beginning of a sentence.
        wanted: Whether `--since-last` was given; without it, the filters stay as they are.
    """
    if not wanted:
        return SinceLastRun(filters)
    path = checkpoint_path(collection.place, data_folder(), *asked)
    try:
        last = read_checkpoint(path).checkpoint
    except (OSError, ValueError):
        last = None
    new = new_releases(collection, last, filters)
    if new.count is None:
        why = "has no earlier run" if last is None else "was last run on another collection"
        context.say(f"{name} {why}; searching all releases.")
    else:
        context.say(f"{counted(new.count, 'new or changed release')} since the last run.")
    place = collection.place.resolve() if isinstance(collection.place, Path) else collection.place
    names = {"collection": str(place), "asked": "\n".join(asked)}
    readable = {
        key: value.encode("utf-8", "replace").decode("utf-8") for key, value in names.items()
    }
    return SinceLastRun(new.filters, path, SavedCheckpoint(new.checkpoint, readable))


def same_search(command: str, filters: Filters, *words: str) -> list[str]:
    """Return what tells a search from others: the command, its words and its filters.

    Dates are left out: `--since 7d` is another day tomorrow, but the same search.
    """
    dates = [spec.field or spec.name for spec in FILTERS if spec.edge is not None]
    lasting = replace(filters, **{name: getattr(NO_FILTERS, name) for name in dates})
    given = [f"{spec.option} {filter_text(lasting, spec)}" for spec in FILTERS]
    return [command, *words, *(text for text in given if not text.endswith(" "))]
