"""What a table of facts is made of: columns of questions, rows of releases, cells of words."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.records import Span
from qa.answer import Answer, ReleaseRef
from qa.batch import Asked
from qa.errors import QuestionFileError
from qa.questions import BadQuestion, Question

MAX_QUESTIONS = 500
"""Columns of questions that a table may have; spreadsheets end at 16,384 columns."""

FACTS = ("release_id", "date", "issuer", "title", "source", "url")
"""What is said of each release before the questions."""


@dataclass(frozen=True, slots=True)
class Cell:
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
class Row:
    """A release and a cell for each question, None where it has no answer."""

    release: ReleaseRef
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A question of the table.

    Attributes:
        name: Its id where its file gives it one, else its words.
        question: What is asked; None where it cannot be asked and the column stays empty.
        error: Why not.
    """

    name: str
    question: Question | None
    error: str | None = None


def columns(questions: Sequence[Asked]) -> list[Column]:
    """Return the columns of a table.

    Raises:
        QuestionFileError: There are none, too many, or two of a name.
    """
    if not questions:
        raise QuestionFileError("there is no question, so there is no table.")
    if len(questions) > MAX_QUESTIONS:
        raise QuestionFileError(
            f"{len(questions):,} questions are more than a table can have columns for; "
            f"{MAX_QUESTIONS:,} are the most."
        )
    found: dict[str, Column] = {}
    for number, asked in enumerate(questions, start=1):
        name = _name(asked, number)
        if name in found or name in FACTS:
            raise QuestionFileError(f"two columns would be called {name!r}; give ids that differ.")
        if isinstance(asked, BadQuestion):
            found[name] = Column(name, None, asked.error)
        else:
            found[name] = Column(name, asked)
    return list(found.values())


def cell(answer: Answer) -> Cell | None:
    """Return what stands in the table for an answer; None when it is none."""
    found = answer.answer or answer.evidence
    if not answer.answered or found is None:
        return None
    passage = answer.passages[found.passage]
    start = passage.span[0]
    return Cell(
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
