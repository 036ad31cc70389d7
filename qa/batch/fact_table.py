"""What a table of facts is made of: columns of questions, rows of releases, cells of words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.filters import Filters, release_filters
from index.types import Span, StoredRelease
from qa.batch.question_file import BadQuestion, QuestionRecord
from qa.batch.run import Asked
from qa.errors import QuestionFileError
from qa.filter_syntax import merge_filters
from qa.types import Answer, ReleaseRef

if TYPE_CHECKING:
    from qa.answering.per_release import PerReleaseAsker

MAX_QUESTIONS = 500
"""Columns of questions that a table may have; spreadsheets end at 16,384 columns."""

FACTS = ("release_id", "date", "issuer", "title", "source", "url")
"""What is said of each release before the questions."""


@dataclass(frozen=True, slots=True)
class FactCell:
    """What a release answers to a question.

    Attributes:
        text: The exact words that answer, or else the sentences that do; as they stand there.
        confidence: Calibrated probability that the passage answers.
        citation: Of the passage.
        passage_id: The passage.
        span: Of `text`, into the release's stored text.
        exact: Whether a reader found the words, so that they are no whole sentence.
    """

    text: str
    confidence: float
    citation: str
    passage_id: str
    span: Span
    exact: bool


@dataclass(frozen=True, slots=True)
class FactRow:
    """A release and a cell for each question, None where it has no answer."""

    release: ReleaseRef
    cells: tuple[FactCell | None, ...]


@dataclass(frozen=True, slots=True)
class FactColumn:
    """A question of the table.

    Attributes:
        name: Its id where its file gives it one, else its words.
        question: What is asked; None where it cannot be asked and the column stays empty.
        error: Why not.
    """

    name: str
    question: QuestionRecord | None
    error: str | None = None


def columns(questions: Sequence[Asked]) -> list[FactColumn]:
    """Return the columns of a table.

    Raises:
        QuestionFileError: There are none, too many, or two of a name.
    """
    if not questions:
        raise QuestionFileError("the file contains no questions.")
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
            found[name] = FactColumn(name, asked)
    return list(found.values())


def cell(answer: Answer) -> FactCell | None:
    """Return what stands in the table for an answer; None when it is none."""
    found = answer.answer or answer.evidence
    if not answer.answered or found is None:
        return None
    passage = answer.passages[found.passage]
    start = passage.span[0]
    return FactCell(
        text=found.text,
        confidence=answer.confidence,
        citation=passage.citation,
        passage_id=passage.passage_id,
        span=(start + found.span[0], start + found.span[1]),
        exact=answer.answer is not None,
    )


def _name(asked: Asked, number: int) -> str:
    """Return a column's name; an id that only counts the questions says less than the words."""
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
        cells: list[FactCell | None] = [None] * len(wanted)
        for (place, _), answer in zip(asked, answers, strict=True):
            cells[place] = cell(answer)
        yield FactRow(asker.ref(release), tuple(cells))
        done(number)


def _releases_of(
    asker: "PerReleaseAsker", outer: Filters, filters: Sequence[Filters]
) -> dict[Filters, frozenset[int]]:
    """Return the releases that questions with filters of their own may be asked of."""
    return {
        own: frozenset(stored.key for stored in asker.releases(release_filters(own)))
        for own in set(filters)
        if release_filters(own) != release_filters(outer)
    }


def _admits(releases: frozenset[int] | None, release: StoredRelease) -> bool:
    return releases is None or release.key in releases
