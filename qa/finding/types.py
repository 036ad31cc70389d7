"""What `find` finds: matches, which are light enough to count by the thousand, and passages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from index.types import Span
from qa.finding.query import FindQuery
from qa.types import ReleaseRef

MatchedBy = Literal["words", "meaning"]


@dataclass(frozen=True, slots=True)
class Match:
    """A passage that matches, without its text.

    Attributes:
        key: Row number of the passage.
        release: Row number of its release.
        ordinal: Its number in the release.
        kind: The part it plays in the release.
        speaker: The person who is quoted in it, or None.
        by: `words` if it has all words of the query, `meaning` if it is only near in meaning.
        lexical: BM25 of the words; None by meaning.
        dense: Cosine of query and passage; None if it was not compared or is far.
        also_in: Ids of copies of the release, or versions of it, that have the same passage.
    """

    key: int
    release: int
    ordinal: int
    kind: str
    speaker: str | None
    by: MatchedBy
    lexical: float | None
    dense: float | None
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that matches a query.

    Attributes:
        query: The query.
        matches: In the order of the collection.
        releases: Their releases, by row number.
        by_meaning: Whether meaning was searched, too.
    """

    query: FindQuery
    matches: tuple[Match, ...]
    releases: Mapping[int, ReleaseRef]
    by_meaning: bool


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A match with its text.

    Attributes:
        match: The match.
        release: Its release.
        passage_id: `RELEASE_ID#ORDINAL`.
        span: Into the stored text of the release; `text` is exactly that span.
        highlights: Where words of the query stand in `text`, in order.
        title_highlights: The same for the headline of the release.
        citation: One line that `releaseqa cite` can check.
        pages: The first and last page of it in its document, from 1; None without pages.
        scan_confidence: How sure the recognition of its text is, in [0, 1]; None if it was not read
            from a scan.
    """

    match: Match
    release: ReleaseRef
    passage_id: str
    span: Span
    text: str
    highlights: tuple[Span, ...]
    title_highlights: tuple[Span, ...]
    citation: str
    pages: tuple[int, int] | None
    scan_confidence: float | None = None
