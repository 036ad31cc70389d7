"""The structure of a release as data: spans into its text, with kinds and speakers."""

from dataclasses import dataclass
from typing import Literal

from index.types import Kind, Span

DateSource = Literal["metadata", "dateline", "text"]
"""Where a date comes from: a field of the source, the release's date line, or running text."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a release.

    Attributes:
        span: Into the release's text.
        kind: Its kind.
        standalone: Whether it is never joined to a neighbour, however short it is.
        speaker: The person quoted most in it, by the fullest name in the release; None when it
            quotes nobody or the release does not name the speaker.
        role: The speaker's job title, in the words of the release, or None.
    """

    span: Span
    kind: Kind
    standalone: bool = False
    speaker: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Quotation:
    """Quoted words.

    Attributes:
        span: From the opening mark to the closing one, both included. A quotation that runs over
            several paragraphs is several of these.
        speaker: The fullest name in the release, or None.
        role: The speaker's job title, in the words of the release, or None.
        attribution: The span of the words beside the quotation that name the speaker, or None.
    """

    span: Span
    speaker: str | None = None
    role: str | None = None
    attribution: Span | None = None


@dataclass(frozen=True, slots=True)
class ReleaseDate:
    """An ISO date, its span, and the kind of place it stands in."""

    iso: str
    span: Span
    source: DateSource


@dataclass(frozen=True, slots=True)
class Structure:
    """The structure of a release.

    Attributes:
        headline: The headline, from the source or found in the text; may be empty.
        date: The date the release gives as its own, otherwise the first date in its lead;
            `source` says which. None without either.
        paragraphs: In order; they cover all words of the text except the end mark.
        quotations: In order.
        issuer: The issuer that the letterhead names, or None.
        place: Where the release was issued, as its dateline has it, or None.
    """

    headline: str
    date: ReleaseDate | None
    paragraphs: tuple[Paragraph, ...]
    quotations: tuple[Quotation, ...]
    issuer: str | None = None
    place: str | None = None
