"""What `trace` finds: the sentences of an article, each with where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from index.types import Span
from qa.types import ReleaseRef

if TYPE_CHECKING:
    from index.ingest.article import Article

Form = Literal["verbatim", "close", "rephrased", "own"]
FORMS: tuple[Form, ...] = ("verbatim", "close", "rephrased", "own")


@dataclass(frozen=True, slots=True)
class FactDifference:
    """A number, month, day of the week or name that differs.

    Attributes:
        kind: What it is.
        article: As the article has it.
        release: As the sentence of the release has it; None if the release does not have the
            article's number, nor another for it.
    """

    kind: Literal["number", "date", "name"]
    article: str
    release: str | None


@dataclass(frozen=True, slots=True)
class SourceSentence:
    """A sentence of a release.

    Attributes:
        release: Row number of its release.
        ordinal: The number of its passage in the release.
        speaker: Who is quoted in the passage, or None.
        span: Into the stored text of the release; `text` is exactly that span.
        text: Word for word.
        citation: Of the passage: one line that `releaseqa cite` can check.
        also_in: Ids of copies of the release, or versions of it, that have the same words.
    """

    release: int
    ordinal: int
    speaker: str | None
    span: Span
    text: str
    citation: str
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TracedSentence:
    """A sentence of the article.

    Attributes:
        span: Into the text of the article; `text` is exactly that span.
        text: Word for word.
        form: How it repeats the release; `own` if it repeats none.
        source: The sentence that it comes from; None if it is the article's own.
        copied: The longest stretch of `text` that the source has word for word; None if it is the
            article's own or rephrased.
        shared: The share of its words that the source has in the same order, in [0, 1].
        cosine: Of the two sentences; None if meaning was not compared.
        differences: Numbers and names that differ.
    """

    span: Span
    text: str
    form: Form
    source: SourceSentence | None = None
    copied: Span | None = None
    shared: float = 0.0
    cosine: float | None = None
    differences: tuple[FactDifference, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What an article left out of a release from which some of its sentences come.

    Attributes:
        release: Row number of the release.
        sentences: How many it has.
        left_out: Those that the article does not repeat, in order.
    """

    release: int
    sentences: int
    left_out: tuple[SourceSentence, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """An article with where its sentences come from.

    Attributes:
        article: The article.
        sentences: All of its sentences, in order.
        releases: The releases that they come from, by row number; the one with most of them first.
        left_out: The same releases, in the same order, with what the article left out.
        by_meaning: Whether meaning was compared, too.
    """

    article: "Article"
    sentences: tuple[TracedSentence, ...]
    releases: Mapping[int, ReleaseRef]
    left_out: tuple[LeftOut, ...]
    by_meaning: bool

    def count(self, form: Form) -> int:
        """Return how many sentences have a form."""
        return sum(sentence.form == form for sentence in self.sentences)

    def sentences_from(self, release: int) -> int:
        """Return how many sentences come from a release."""
        return sum(s.source is not None and s.source.release == release for s in self.sentences)

    @property
    def differences(self) -> int:
        """How many numbers and names differ."""
        return sum(len(sentence.differences) for sentence in self.sentences)

    @property
    def traced(self) -> int:
        """How many sentences come from a release."""
        return len(self.sentences) - self.count("own")
