"""The values that flow through the package: releases, passages, sentences.

All offsets are in Unicode code points. A passage's span is into its release's text, a
sentence's span into its passage's text, so `release.text[slice(*passage.span)]` is the
passage, always.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Span = tuple[int, int]
"""Start and end of a part of a text, in code points, end excluded."""


def overlap(one: Span, other: Span) -> bool:
    """Return whether two parts of a text have a character in common."""
    return one[0] < other[1] and other[0] < one[1]


Kind = Literal[
    "headline",
    "subheadline",
    "dateline",
    "body",
    "quote",
    "question",
    "list",
    "contact",
    "boilerplate",
    "links",
]
"""The part that a passage plays in its release."""

NameKind = Literal["person", "organisation", "place"]
"""What a name stands for."""

NAME_KINDS: tuple[NameKind, ...] = get_args(NameKind)

MEMBER = "@member"
"""Field of a release's metadata: the file within its source, such as a member of an archive.

Users see it as part of the source, so a field of this name in a record is ignored.
"""

PLACE = "@place"
"""Field of a release's metadata: where it was issued, as its dateline has it."""

PAGE_STARTS = "page_starts"
"""Field of a release's metadata: where each page begins in its text, in code points."""

SCAN_CONFIDENCE = "scan_confidence"
"""Field of a release's metadata: how sure the recognition of its text is, in [0, 1]; only of one
that was read from a scan."""


@dataclass(frozen=True, slots=True)
class Release:
    r"""A release as read from a source, before it is stored.

    Attributes:
        release_id: The id from its source, or one made from the name of its file.
        title: The headline; empty when none was found.
        text: The whole text as it is stored, with newlines as `\n`.
        date: ISO date of the release, from its source or its dateline, or None.
        issuer: Who published it, or None.
        lang: ISO 639-1 code, or None when it is not known.
        url: Where it was published, or None.
        metadata: Other fields of the source, unchanged.
        date_source: Where `date` comes from: `metadata` or `dateline`; None without a date.
        date_guess: The first date in the lead, when there is no `date`: shown as a guess, never
            filtered by.
    """

    release_id: str
    title: str
    text: str
    date: str | None = None
    issuer: str | None = None
    lang: str | None = None
    url: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    date_source: str | None = None
    date_guess: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, or a part of a long one: the unit that is searched and cited.

    Attributes:
        ordinal: Position in the release, from 0.
        kind: The part it plays in its release.
        span: Into the release's text.
        sentences: Spans into the passage's text, in order.
        speaker: The person who is quoted most in it, by the fullest name in the release; None
            when nobody is quoted or the speaker is not named.
        role: The speaker's job title, in the words of the release, or None.
    """

    ordinal: int
    kind: Kind
    span: Span
    sentences: tuple[Span, ...]
    speaker: str | None = None
    role: str | None = None

    @property
    def sentence_spans(self) -> tuple[Span, ...]:
        """The spans of its sentences in the release's text; none of a headline or dateline."""
        if self.kind in {"headline", "dateline"}:
            return ()
        return tuple((self.span[0] + start, self.span[0] + end) for start, end in self.sentences)


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """A release in the collection, without its passages.

    Attributes:
        key: Row number in the store; stable while the release exists.
        source: Where it was read from, as users see it.
    """

    key: int
    release: Release
    source: str


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage in the collection, with its text and facts about its release.

    Attributes:
        key: Row number in the store; what searches return.
        release_key: Row number of the release.
        passage_id: `RELEASE_ID#ORDINAL`.
        text: The part of the release's text at `passage.span`.
        title: The release's headline.
        lang: The release's language, or None.
        date: The release's ISO date, or None; never a guess.
    """

    key: int
    release_key: int
    passage_id: str
    passage: Passage
    text: str
    title: str
    lang: str | None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """What a release says about its relation to others.

    Attributes:
        headline: Its headline without words such as "Updated", normalized; may be empty.
        marked: Whether it says that it corrects, updates or replaces another release.
        named_date: The ISO date of the release that it says it replaces, or None.
    """

    headline: str
    marked: bool = False
    named_date: str | None = None
