"""What retrieval hands to ranking: candidates, and counts of the collection."""

from typing import Literal, NamedTuple, Protocol

from index.types import Span
from qa.retrieval.passage_terms import PassageTerms

Scope = Literal["collection", "filters", "release"]
"""What was searched: everything, what the filters allow, or one release."""


class TermStatistics(Protocol):
    """Counts of the words of a whole collection."""

    @property
    def passages(self) -> int:
        """How many passages there are."""

    def document_frequency(self, term: str) -> int:
        """Return how many passages hold `term`, a compared form."""


class Mentions(Protocol):
    """Whether words stand anywhere beyond the candidates."""

    @property
    def scope(self) -> Scope:
        """What was searched."""

    def any_searched(self) -> bool:
        """Whether there was any passage to search."""

    def anywhere(self, word: str) -> bool:
        """Whether any release of the collection mentions `word`."""

    def searched(self, word: str) -> bool:
        """Whether anything that was searched mentions `word`."""


class Candidate(NamedTuple):
    """A passage that may answer, with its scores from both searches.

    A tuple, because a question has a hundred of them and a frozen data class takes three times
    as long to make.

    Attributes:
        key: Row id of the passage. Breaks ties, the smaller first.
        terms: Its text, language, sentences and words.
        title: The headline of its release, or empty.
        title_terms: The headline's distinct terms, as `contains_term` takes them.
        dense: Cosine of question and passage; None without a vector.
        sentence_cosines: Cosine of question and each sentence; empty without vectors.
        lexical: BM25 of the question's words; None when no word is shared or it was not scored.
        kind: What the passage is in its release.
        release: Row id of its release; None if unknown.
        release_frequency: Releases that carry its words, copies of one release counted once.
        date: The ISO date of its release, or None.
    """

    key: int
    terms: PassageTerms
    title: str
    title_terms: str
    dense: float | None
    sentence_cosines: tuple[float, ...]
    lexical: float | None
    kind: str = "body"
    release: int | None = None
    release_frequency: int = 1
    date: str | None = None

    @property
    def text(self) -> str:
        """Its words."""
        return self.terms.text

    @property
    def lang(self) -> str | None:
        """The language of its release; read as English when None."""
        return self.terms.lang

    @property
    def sentences(self) -> tuple[Span, ...]:
        """Its sentences, as spans into `text`; the whole text when none were found."""
        return self.terms.sentences
