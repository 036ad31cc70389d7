"""A table of facts: what each release of a collection answers to the same questions.

A row a release, a cell a question: the exact words that answer, with their citation and how sure
they are, or nothing where the release does not answer. Rows come one by one, so that a collection
of any size is written as it is asked.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from index.filters import NO_FILTERS, Filters
from index.records import StoredRelease
from qa.facts import Cell, Column, Row, cell
from qa.filter_values import merge_filters
from qa.within import ReleaseAsker


def rows(
    asker: ReleaseAsker,
    releases: Sequence[StoredRelease],
    wanted: Sequence[Column],
    filters: Filters,
    *,
    words_only: bool = False,
    done: Callable[[int], None] = lambda _: None,
) -> Iterator[Row]:
    """Ask every release every question.

    Args:
        asker: Of the collection.
        releases: The rows, in order.
        wanted: The questions.
        filters: What is searched in each release; a question's own filters come on top.
        words_only: As for `Collection.ask`.
        done: Called with the number of rows that are done.

    Yields:
        A row for each release.
    """
    places = [number for number, column in enumerate(wanted) if column.question is not None]
    texts = [
        (column.question.text, merge_filters(filters, column.question.filters))
        for column in wanted
        if column.question is not None
    ]
    prepared = asker.prepare(texts, words_only=words_only)
    within = _releases_of(asker, filters, [question.filters for question in prepared])
    for number, release in enumerate(releases, start=1):
        asked = [
            (place, question)
            for place, question in zip(places, prepared, strict=True)
            if _admits(within.get(question.filters), release)
        ]
        answers = asker.ask(release.key, [question for _, question in asked])
        cells: list[Cell | None] = [None] * len(wanted)
        for (place, _), answer in zip(asked, answers, strict=True):
            cells[place] = cell(answer)
        yield Row(asker.ref(release), tuple(cells))
        done(number)


def _releases_of(
    asker: ReleaseAsker, outer: Filters, filters: Sequence[Filters]
) -> dict[Filters, frozenset[int]]:
    """Return the releases that questions with filters of their own may be asked of."""
    return {
        own: frozenset(stored.key for stored in asker.releases(_of_releases(own)))
        for own in set(filters)
        if _of_releases(own) != _of_releases(outer)
    }


def _of_releases(filters: Filters) -> Filters:
    return replace(filters, kinds=NO_FILTERS.kinds, speaker=NO_FILTERS.speaker)


def _admits(releases: frozenset[int] | None, release: StoredRelease) -> bool:
    return releases is None or release.key in releases
