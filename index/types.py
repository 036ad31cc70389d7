"""The values that flow through the package: releases, passages, sentences.

All offsets are in Unicode code points. A passage's span is into its release's text, a
sentence's span into its passage's text, so `release.text[slice(*passage.span)]` is the
passage, always.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Span = tuple[int, int]
"""Start and end of a stretch of text, in code points, end excluded."""

Kind = Literal[
    "headline",
    "subheadline",
    "dateline",
    "body",
    "quote",
    "list",
    "contact",
    "boilerplate",
    "links",
]
"""What a passage is in its release."""


MEMBER = "@member"
"""Field of a release's metadata: which file in its source it was, such as a member of an archive.

It is part of how the source is shown, so records cannot bring a field of this name along.
"""


PAGE_STARTS = "page_starts"
"""Field of a release's metadata: where in its text each page begins, in code points."""


@dataclass(frozen=True, slots=True)
class Release:
    r"""A release as read from a source, before it is stored.

    Attributes:
        release_id: The id its source gave, or one made from the file's name.
        title: The headline; empty when none was found.
        text: The whole text as it is stored, newlines as `\n`.
        date: ISO date that the source or the release itself gives as its own, or None.
        issuer: Who published it, or None.
        lang: ISO 639-1 code, or None when undecided.
        url: Where it was published, or None.
        metadata: Other fields of the source, kept as they came.
        date_source: Where `date` comes from: `metadata` or `dateline`; None without a date.
        date_guess: The first date that the lead names, when there is no `date`: shown as a
            guess, never searched by.
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
    """A paragraph, or a part of an over-long one: the unit that is searched and cited.

    Attributes:
        ordinal: Position in the release, from 0.
        kind: What it is in its release.
        span: Into the release's text.
        sentences: Spans into the passage's text, in order.
        speaker: Who is quoted in it most, by the fullest name the release gives; None when
            nobody is, or when it does not say who.
        role: The speaker's office, in the release's words, or None.
    """

    ordinal: int
    kind: Kind
    span: Span
    sentences: tuple[Span, ...]
    speaker: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """A release as it stands in the collection, without its text's passages.

    Attributes:
        key: Row number in the store; stable while the release exists.
        source: Where it was read from, as shown to users.
    """

    key: int
    release: Release
    source: str


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as it stands in the collection, with its text and its release's facts.

    Attributes:
        key: Row number in the store: what the word and vector indexes return.
        release_key: Row number of the release.
        passage_id: `RELEASE_ID#ORDINAL`.
        text: The passage's words, cut from the release's text at `passage.span`.
        title: The release's headline.
        lang: The release's language, or None.
        date: The release's ISO date, or None; never one that was guessed.
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
    """What a release says of its place among others.

    Attributes:
        headline: Its headline without such marks, in the form that is compared; may be empty.
        marked: Whether it says that it corrects, updates or replaces another.
        named_date: The ISO date of the release that it says it replaces, or None.
    """

    headline: str
    marked: bool = False
    named_date: str | None = None
