"""Renews the example questions of a collection after it was indexed.

This takes a few seconds at most and can be stopped at any moment: the examples are never needed.
They are kept while the collection is much as it was when they were chosen.
"""

from collections.abc import Callable
from pathlib import Path
from time import thread_time

from index.store.examples import ExampleQuestion, ExampleQuestions, load_examples, save_examples
from index.store.reader import FINGERPRINT_META, Store
from qa.collection import Collection
from qa.examples.choose import choose
from qa.version import program_version

_GROWTH = 0.1
"""Share of new passages after which examples are chosen again."""
_SECONDS = 5.0
"""Of computing by this thread, so that a busy machine gives the same examples."""


def renew_examples(folder: Path, stopped: Callable[[], bool] = lambda: False) -> bool:
    """Choose example questions and record them, unless those that are there still hold.

    Args:
        folder: The collection's; it is written to.
        stopped: Asked often; once it is true, nothing is changed.

    Returns:
        Whether they were renewed.

    Raises:
        ReleaseIndexError: When the collection cannot be read or written.
    """
    with Store(folder) as store:
        passages, generation = store.count("passages"), store.generation
        made_by = f"{program_version()} {store.meta(FINGERPRINT_META)}"
        if not passages or store.pending():
            return False
        if _hold(load_examples(store), made_by, passages):
            return False
        end = thread_time() + _SECONDS
        with Collection(folder) as collection:
            found = choose(
                collection.releases(),
                collection.document,
                collection.ask,
                lambda: stopped() or thread_time() > end,
            )
        questions = tuple(
            ExampleQuestion(made.candidate.question, store.release(made.release.id).key)
            for made in found
        )
        if stopped() or store.generation != generation:
            return False
    save_examples(folder, ExampleQuestions(questions, made_by, passages))
    return True


def _hold(before: ExampleQuestions | None, made_by: str, passages: int) -> bool:
    """Whether examples need no renewal."""
    return (
        before is not None
        and before.made_by == made_by
        and not before.lost
        and abs(passages - before.passages) <= _GROWTH * before.passages
    )
