"""Tables of facts: a column for each question, a row for each release, a cell for its answer."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.filters import Filters, release_filters
from index.types import Span, StoredRelease
from qa.batch.fact_contacts import asks_for_a_contact, contact_span
from qa.batch.fact_figures import amount_in, announced_sum, asks_for_money, asks_for_the_sum
from qa.batch.question_file import BadQuestion, QuestionRecord
from qa.batch.run import Asked
from qa.errors import QuestionFileError
from qa.figures.types import Figure
from qa.filter_syntax import merge_filters
from qa.query.question import parse_question
from qa.types import Answer, ReleaseRef

if TYPE_CHECKING:
    from qa.answering.per_release import PerReleaseAsker

MAX_QUESTIONS = 500
"""Most questions of a table; spreadsheets have at most 16,384 columns."""

FACTS = ("release_id", "date", "issuer", "title", "source", "url")
"""The columns before the questions."""


@dataclass(frozen=True, slots=True)
class FactCell:
    """The answer of a release to a question.

    Attributes:
        text: The exact words that answer, or otherwise the evidence sentences.
        confidence: Calibrated probability that the passage answers; None for a sum that was taken
            from the headline or the lead.
        citation: The citation of the passage.
        passage_id: The passage.
        span: The span of `text` in the stored text of the release.
        exact: Whether `text` is the exact words.
        items: The items of the list that `text` is, if it answers with several.
        amount: The amount of money in `text`, where the question asks for one; else None.
    """

    text: str
    confidence: float | None
    citation: str
    passage_id: str
    span: Span
    exact: bool
    amount: Figure | None = None
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FactRow:
    """A release and a cell for each question, None if there is no answer."""

    release: ReleaseRef
    cells: tuple[FactCell | None, ...]


@dataclass(frozen=True, slots=True)
class FactColumn:
    """A question of the table.

    Attributes:
        name: The id of the question if its file gives one, otherwise its text.
        question: The question; None if it cannot be asked, then the column is empty.
        error: Why it cannot be asked.
        is_money: Whether it asks for an amount of money.
        is_sum: Whether it asks for the sum that a release announces, and no more.
        is_contact: Whether it asks for a contact, so that other answers leave its cells empty.
    """

    name: str
    question: QuestionRecord | None
    error: str | None = None
    is_money: bool = False
    is_sum: bool = False
    is_contact: bool = False


def columns(questions: Sequence[Asked]) -> list[FactColumn]:
    """Return the columns of a table.

    Raises:
        QuestionFileError: There are none, too many, or two with the same name.
    """
    if not questions:
        raise QuestionFileError("the question file contains no questions.")
    if len(questions) > MAX_QUESTIONS:
        raise QuestionFileError(
            f"there are too many questions; a table can have {MAX_QUESTIONS:,} columns at most."
        )
    found: dict[str, FactColumn] = {}
    for number, asked in enumerate(questions, start=1):
        name = _name(asked, number)
        if name in found or name in FACTS:
            raise QuestionFileError(
                f"two columns would be named {name!r}; give the questions different ids."
            )
        if isinstance(asked, BadQuestion):
            found[name] = FactColumn(name, None, asked.error)
        else:
            parsed = parse_question(asked.text)
            found[name] = FactColumn(
                name,
                asked,
                is_money=asks_for_money(parsed),
                is_sum=asks_for_the_sum(parsed),
                is_contact=asks_for_a_contact(parsed),
            )
    return list(found.values())


def cell(answer: Answer, *, is_contact: bool = False) -> FactCell | None:
    """Return the cell of an answer, None if it is not answered.

    Args:
        answer: The answer of a release.
        is_contact: Whether only a contact answers.
    """
    found = answer.answer or answer.evidence
    if not answer.answered or found is None:
        return None
    passage = answer.passages[found.passage]
    span: Span | None = found.span
    if is_contact:
        span = contact_span(passage.text, passage.kind, found.span)
    if span is None:
        return None
    start = passage.span[0]
    return FactCell(
        text=passage.text[slice(*span)],
        confidence=answer.confidence,
        citation=passage.citation,
        passage_id=passage.passage_id,
        span=(start + span[0], start + span[1]),
        exact=answer.answer is not None,
        items=tuple(item.text for item in answer.answer.items) if answer.answer else (),
    )


def _sum_cell(asker: "PerReleaseAsker", release: StoredRelease) -> FactCell | None:
    """Return the cell of the sum that a release announces, None if it announces none."""
    text, passages = asker.passages(release)
    announced = announced_sum(release, text, passages)
    if announced is None:
        return None
    passage, figure, citation = announced
    start, stop = (passage.span[0] + place for place in figure.span)
    return FactCell(
        text=text[start:stop],
        confidence=None,
        citation=citation,
        passage_id=f"{release.release.release_id}#{passage.ordinal}",
        span=(start, stop),
        exact=True,
    )


def _name(asked: Asked, number: int) -> str:
    """Return the name of a column: the id, or the text if the id is only a number in order."""
    own = asked.id != str(number)
    return asked.id if own or not asked.text else asked.text


def rows(
    asker: "PerReleaseAsker",
    releases: Sequence[StoredRelease],
    wanted: Sequence[FactColumn],
    filters: Filters,
    *,
    words_only: bool = False,
    done: Callable[[int], None] = lambda _: None,
) -> Iterator[FactRow]:
    """Ask every release every question.

    Args:
        asker: Asks a release of the collection.
        releases: The rows, in order.
        wanted: The questions.
        filters: What to search in each release, besides a question's own filters.
        words_only: As for `Collection.ask`.
        done: Called with the number of finished rows.

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
        cells: list[FactCell | None] = [None] * len(wanted)
        for (place, _), answer in zip(asked, answers, strict=True):
            found = cell(answer, is_contact=wanted[place].is_contact)
            if found is None and wanted[place].is_sum:
                found = _sum_cell(asker, release)
            if found is not None and wanted[place].is_money:
                found = replace(found, amount=amount_in(found.text))
            cells[place] = found
        yield FactRow(asker.ref(release), tuple(cells))
        done(number)


def _releases_of(
    asker: "PerReleaseAsker", outer: Filters, filters: Sequence[Filters]
) -> dict[Filters, frozenset[int]]:
    """Return the keys of the releases that meet each question's own filters."""
    return {
        own: frozenset(stored.key for stored in asker.releases(release_filters(own)))
        for own in set(filters)
        if release_filters(own) != release_filters(outer)
    }


def _admits(releases: frozenset[int] | None, release: StoredRelease) -> bool:
    return releases is None or release.key in releases
