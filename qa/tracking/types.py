"""What `track` finds: answers with their values, rows of answers that agree, and changes."""

from collections.abc import Mapping
from dataclasses import dataclass

from index.filters import NO_FILTERS, Filters
from index.types import Span
from qa.figures.types import Figure
from qa.types import ReleaseRef

RELEASES = 60
"""Releases that are read, unless another number is asked for."""


@dataclass(frozen=True, slots=True)
class TrackOptions:
    """How releases are asked.

    Attributes:
        filters: What to search.
        words_only: Search by words alone.
        releases: How many releases are read at most.
        by_month: Read the best releases of each month, and keep the surest answer of each.
    """

    filters: Filters = NO_FILTERS
    words_only: bool = False
    releases: int = RELEASES
    by_month: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """The words around a value, which tell what it is a value of.

    Attributes:
        names: Names, folded.
        terms: Other content words, as compared forms, those of the question, too, but no words
            that only say how a value stands or moves.
    """

    names: frozenset[str]
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class TrackedAnswer:
    """What one release answers.

    Attributes:
        release: Row number of its release.
        passage_id: `RELEASE_ID#ORDINAL`.
        text: The exact words.
        span: Of `text`, into the stored text of the release.
        sentence: The sentence that they stand in.
        sentence_span: Of `sentence`, into the stored text of the release.
        figure: Its value, if it is an amount, a percentage, a count or a date; None for words.
        frame: The words around it.
        confidence: Calibrated probability that the passage answers.
        is_sure: Whether it counts also if no other release says the same, or another value of the
            same thing.
        citation: Of the passage; one line that `releaseqa cite` can check.
        also_in: Ids of copies of the release, or versions of it, that say the same.
    """

    release: int
    passage_id: str
    text: str
    span: Span
    sentence: str
    sentence_span: Span
    figure: Figure | None
    frame: Frame
    confidence: float
    is_sure: bool
    citation: str
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrackRow:
    """Answers that agree, one after another.

    Attributes:
        answers: By date, at least one.
        changed_from: The last answer with another value of the same thing, or None: where none
            is known, nothing is said to have changed.
    """

    answers: tuple[TrackedAnswer, ...]
    changed_from: TrackedAnswer | None = None

    @property
    def first(self) -> TrackedAnswer:
        """The first answer."""
        return self.answers[0]

    @property
    def last(self) -> TrackedAnswer:
        """The last answer."""
        return self.answers[-1]


@dataclass(frozen=True, slots=True)
class Tracked:
    """The answers of all releases to a question.

    Attributes:
        question: The question.
        rows: Answers of dated releases, by the date of the first.
        undated: Answers of releases without a date, none of which changed from another.
        releases: The releases, by row number.
        read: Releases that were read.
        found: Releases that the search found, of which the best were read.
        by_meaning: Whether meaning was searched, too.
    """

    question: str
    rows: tuple[TrackRow, ...]
    undated: tuple[TrackRow, ...]
    releases: Mapping[int, ReleaseRef]
    read: int
    found: int
    by_meaning: bool
