"""What `batch --since-last` asks of, and when the mark of a file of questions moves."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from qa.batch import BatchOptions
from qa.cli.session import Session
from qa.filter_values import merge_filters
from qa.marks import mark_of
from qa.sessions.place import data_folder

if TYPE_CHECKING:
    from qa.collection import Collection


def since_last_run(
    session: Session, collection: "Collection", questions: Path, options: BatchOptions
) -> tuple[BatchOptions, Callable[[], None]]:
    """Return options that admit only what came in, and what to call when all is written.

    The mark moves to where the collection stood before the first question: what comes in while
    they are asked is new the next time.
    """
    mark = mark_of(collection.folder, questions, data_folder())
    now, last = collection.point(), mark.read()
    found = None if last is None else collection.came_after(last)
    if last is None or found is None:
        why = "is asked for the first time" if last is None else "was asked of another collection"
        session.say(f"{questions} {why}: answers come from everything.")
        return options, lambda: mark.write(now)
    new, count = found
    session.say(f"{count} {'release' if count == 1 else 'releases'} came in since the last run.")
    later = replace(now, release=max(now.release, last.release))
    admitted = replace(options, filters=merge_filters(options.filters, new))
    return admitted, lambda: mark.write(later)
