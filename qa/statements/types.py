"""What `said` finds: statements, folded where one is said again."""

from collections.abc import Mapping
from dataclasses import dataclass

from index.types import Passage, Span
from qa.finding.query import FindQuery
from qa.finding.types import MatchedBy
from qa.statements.people import Person
from qa.types import ReleaseRef


@dataclass(frozen=True, slots=True)
class Statement:
    """What a person says in one place of a release.

    Attributes:
        release: Row number of its release.
        passage: The passage that it stands in.
        span: Into the stored text of the release; `text` is exactly that span.
        text: Word for word.
        speaker: The speaker, as the release names the person.
        role: The speaker's job title there, or None.
        quoted: Whether it has the person's own words; otherwise the release reports them.
        by: How the passage matches the topic; None without a topic.
        score: Cosine or BM25 of the passage with the topic; None without a topic.
        citation: Of the passage: one line that `releaseqa cite` can check.
        also_in: Ids of copies of the release, or versions of it, that have it as well.
    """

    release: int
    passage: Passage
    span: Span
    text: str
    speaker: str
    role: str | None
    quoted: bool
    by: MatchedBy | None
    score: float | None
    citation: str
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AlsoSaid:
    """Somebody else who says nearly the same.

    Attributes:
        speaker: The person's name.
        release: Id of the release.
        date: ISO date of the release, or None.
        passage_id: `RELEASE_ID#ORDINAL`.
    """

    speaker: str
    release: str
    date: str | None
    passage_id: str


@dataclass(frozen=True, slots=True)
class Fold:
    """A statement and those that are nearly the same, by date.

    Attributes:
        statements: At least one; the first is the earliest, undated ones are last.
    """

    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Statements:
    """Everything that a person said.

    Attributes:
        person: Who is meant.
        topic: What it is about, or None.
        folds: By date of their first statement, undated ones last.
        releases: Their releases, by row number.
        unjoined: Names of speakers that may be the person, or another, whose words are left out.
        by_meaning: Whether meaning was searched, too.
    """

    person: Person
    topic: FindQuery | None
    folds: tuple[Fold, ...]
    releases: Mapping[int, ReleaseRef]
    unjoined: tuple[str, ...]
    by_meaning: bool
