"""What the parts of a release are, as data: offsets into its text, never its words."""

from dataclasses import dataclass
from typing import Literal

from index.types import Kind, Span

DateSource = Literal["metadata", "dateline", "text"]
"""Where a date comes from: a field of the source, the release's own date line, or running text."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of a release's text and what it is; `closed` ones are never joined to others.

    Attributes:
        span: Into the release's text.
        kind: What it is.
        closed: Whether it stands alone however short it is.
        speaker: Who is quoted in it most, by the fullest name the release gives; None when
            nobody is or the release does not say who.
        role: The speaker's office, in the release's words, or None.
    """

    span: Span
    kind: Kind
    closed: bool = False
    speaker: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words that somebody said or wrote.

    Attributes:
        span: From the opening mark to the closing one, both included; a quotation of several
            paragraphs is several of these.
        speaker: The fullest name the release gives, or None.
        role: The speaker's office, in the release's words, or None.
        credit: Where the speaker is named, when that is right beside the words; else None.
    """

    span: Span
    speaker: str | None = None
    role: str | None = None
    credit: Span | None = None


@dataclass(frozen=True, slots=True)
class ReleaseDate:
    """An ISO date, where it stands, and what kind of place that is."""

    iso: str
    span: Span
    source: DateSource


@dataclass(frozen=True, slots=True)
class Structure:
    """The parts of a release.

    Attributes:
        headline: The headline, from the source or found in the text; may be empty.
        date: The date that the release gives itself, or else the first one its lead names;
            `source` tells which. None when there is neither.
        paragraphs: In order, together covering all words of the text but the end mark.
        quotations: In order.
    """

    headline: str
    date: ReleaseDate | None
    paragraphs: tuple[Paragraph, ...]
    quotations: tuple[Quotation, ...]
