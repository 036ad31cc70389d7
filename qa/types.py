"""The answer to a question, as every front end shows it and every file holds it.

The JSON form is a promise to other programs; docs/reference/answer.md describes its fields.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

from index.filters import NO_FILTERS, Filters
from index.types import Passage, Span
from qa.errors import SettingsError

SCHEMA = 1
Extra = tuple[tuple[str, str], ...]
"""Columns of a question's row that mean nothing to the program, by name, in their order."""
HighlightKind = Literal["evidence", "answer", "term"]


class AskKeywords(TypedDict, total=False):
    """The fields of `AskOptions`, as keyword arguments."""

    k: int
    filters: Filters
    risk: float | None
    words_only: bool
    reader: bool
    explain: bool
    exact_words: bool


@dataclass(frozen=True, slots=True)
class AskOptions:
    """How a question is asked, the same from the command line, the API, a batch and the UI.

    Attributes:
        k: Passages to return at most, at least 1.
        filters: What to search.
        risk: Maximum error rate among answers, in (0, 1); None for the default threshold.
        words_only: Search by words alone, at once, without loading the encoder.
        reader: Read the best passages for the answer span, and rerank them. False is quicker.
            Nothing is read without vectors.
        explain: Add every feature behind each passage's score.
        exact_words: Search for words as they are typed, even if they occur nowhere.

    Raises:
        SettingsError: When `k` or `risk` is out of range.
    """

    k: int = 5
    filters: Filters = NO_FILTERS
    risk: float | None = None
    words_only: bool = False
    reader: bool = True
    explain: bool = False
    exact_words: bool = False

    def __post_init__(self) -> None:
        """Refuse values out of range."""
        if isinstance(self.k, bool) or not isinstance(self.k, int) or self.k < 1:
            raise SettingsError(f"k is {self.k!r}; it must be a whole number of at least 1")
        if self.risk is not None:
            check_risk(self.risk, "the risk")


DEFAULT_OPTIONS = AskOptions()


def check_risk(value: object, name: str) -> float:
    """Return a maximum error rate.

    Raises:
        SettingsError: When it is not a number above 0 and below 1.
    """
    try:
        number = float(value) if isinstance(value, str | int | float) else -1.0
    except ValueError:
        number = -1.0
    if isinstance(value, bool) or not 0 < number < 1:
        raise SettingsError(
            f"{name} is {value!r}; it must be a number between 0 and 1, such as 0.05."
        )
    return number


@dataclass(frozen=True, slots=True)
class Highlight:
    """A marked stretch of a passage.

    Attributes:
        span: Into the passage's text.
        kind: `evidence` is a sentence that answers, `answer` the exact words, `term` a word
            of the question.
        score: In [0, 1]; how sure the mark is.
    """

    span: Span
    kind: HighlightKind
    score: float


@dataclass(frozen=True, slots=True)
class ReleaseRef:
    """What is shown of a release beside a passage.

    Attributes:
        copies: Ids of releases that carry the same text, as it stands or slightly reworded.
        replaces: Ids of releases that this one corrects or updates.
        replaced_by: Id of the release that corrects or updates this one, or None.
    """

    id: str
    title: str
    date: str | None
    issuer: str | None
    lang: str | None
    source: str
    url: str | None
    copies: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class ReleaseDocument:
    """A whole release: its metadata, its text as stored, and its passages in order."""

    ref: ReleaseRef
    text: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class WordMatches:
    """The releases of a collection that contain words of a question.

    Attributes:
        words: The content words of the question, as it has them.
        needed: How many of them each release contains at least, in its text or headline.
        releases: Newest first; those without a date come last.
    """

    words: tuple[str, ...]
    needed: int
    releases: tuple[ReleaseRef, ...]


@dataclass(frozen=True, slots=True)
class PassageScores:
    """The scores behind a rank.

    Attributes:
        dense: Cosine of question and passage, in [-1, 1]; None without a vector.
        sentence: Best cosine of question and one of the passage's sentences; None likewise.
        lexical: BM25 over the question's words, at least 0; None when no word is shared.
        fused: The score that ranks, in [0, 1].
        reader: The reader's probability that the passage answers, before calibration; None if it
            did not read the passage.
    """

    dense: float | None
    sentence: float | None
    lexical: float | None
    fused: float
    reader: float | None = None


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage in an answer.

    Attributes:
        rank: From 1.
        score: Never rises with rank.
        span: Into the release's stored text; `text` is exactly that stretch.
        highlights: Sorted by start, spans into `text`.
        also_in: Ids of other releases that carry the same passage.
        citation: One line that `releaseqa cite` can check.
        explanation: Every feature that led to the score, when asked for: name to value.
        pages: The first and last page of it in its document, from 1; None without pages.
        scan_confidence: How sure the recognition of its text is, in [0, 1]; None if it was not read
            from a scan.
    """

    rank: int
    score: float
    scores: PassageScores
    release: ReleaseRef
    passage_id: str
    ordinal: int
    kind: str
    speaker: str | None
    span: Span
    text: str
    highlights: tuple[Highlight, ...]
    also_in: tuple[str, ...]
    citation: str
    explanation: tuple[tuple[str, float], ...] = ()
    pages: tuple[int, int] | None = None
    scan_confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The best passage's best evidence: an index into `Answer.passages` and a span into it."""

    passage: int
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class AnswerItem:
    """One of the things that a question asks for: a span into the passage's text, and its words."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class ExactAnswer:
    """Words that may be the answer, where the reader found some.

    Attributes:
        passage: Index into `Answer.passages`.
        span: Into that passage's text.
        score: Probability of the words, in [0, 1], if the passage answers.
        items: The items of the list that the words are, if the question asks for several things:
            two at least, in order. The first begins and the last ends where the words do.
    """

    passage: int
    span: Span
    text: str
    score: float
    items: tuple[AnswerItem, ...] = ()

    def joined(self, separator: str) -> str:
        """Return the items with a separator between them; the words if they are no list."""
        return separator.join(item.text for item in self.items) or self.text


@dataclass(frozen=True, slots=True)
class Correction:
    """A word of a question that occurs nowhere in the collection, and what was searched instead.

    Attributes:
        typed: The word as it was typed.
        searched: The nearest word that occurs.
        span: The place of the typed word in the question, without white space around that.
    """

    typed: str
    searched: str
    span: Span


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds spent encoding the question, searching, and in all."""

    encode_ms: float
    search_ms: float
    total_ms: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    Attributes:
        id: The question's id in its file, or None.
        question: As it was asked.
        asked_as: The self-contained form that was searched for.
        answered: Whether `confidence` reaches the threshold in force.
        confidence: Calibrated probability, in [0, 1], that the top passage answers.
        reason: Why there is no answer; None when there is one.
        evidence: The best evidence of the first passage; None when there is no answer.
        answer: The exact words in the first passage; None when the reader found none.
        alternatives: Words of other passages that compete with `answer`: others of the same type
            that score nearly as high. The best first.
        nearest: When there is no answer, the sentence of the first passage that comes nearest.
        corrections: Words that occur nowhere, and those that were searched instead.
        extra: Columns of the question's row in its file that are carried along.
        partial: Whether only words were searched although the encoder knows the question's
            script: because `words_only` was asked for, or there are no vectors yet.
    """

    id: str | None
    question: str
    asked_as: str
    answered: bool
    confidence: float
    reason: str | None
    evidence: Evidence | None
    answer: ExactAnswer | None
    passages: tuple[RankedPassage, ...]
    timing: Timing
    partial: bool = False
    alternatives: tuple[ExactAnswer, ...] = ()
    nearest: Evidence | None = None
    corrections: tuple[Correction, ...] = ()
    extra: Extra = ()

    @property
    def candidates(self) -> tuple[ExactAnswer, ...]:
        """The exact words and those that compete with them, best first; none without words."""
        return () if self.answer is None else (self.answer, *self.alternatives)

    @property
    def completed(self) -> bool:
        """Whether a follow-up was completed from its conversation."""
        return self.asked_as != respelled(self.question.strip(), self.corrections)

    @property
    def by_words(self) -> bool:
        """Whether only words were searched."""
        return self.partial or (
            bool(self.passages) and all(p.scores.dense is None for p in self.passages)
        )


def respelled(text: str, corrections: Sequence[Correction]) -> str:
    """Return a question with its mistyped words replaced.

    Args:
        text: The question, without white space around it.
        corrections: In the order of their spans.
    """
    for correction in reversed(corrections):
        start, end = correction.span
        text = text[:start] + correction.searched + text[end:]
    return text
