"""What `figures` finds: a figure in a sentence, and the same in its release."""

from dataclasses import dataclass
from typing import Literal

from index.types import Span
from qa.types import ReleaseRef

Unit = Literal["money", "percent", "count", "date"]
UNITS: tuple[Unit, ...] = ("money", "percent", "count", "date")
Bound = Literal["exact", "about", "over", "at least", "up to", "under"]
Number = int | float


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it stands in a text, normalised.

    Attributes:
        unit: What it is an amount of.
        span: Where it stands; the words before and after it that bound it are not part of it.
        value: The amount, or the lower end of a range; None for a date.
        high: The upper end of a range, or None.
        bound: How the text limits it: "more than $2 million" is `over`.
        currency: ISO 4217 code, or the sign where the text has no more; None unless it is money.
        per: What the amount is for each of, such as "hour", or None.
        date: The target date as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; None unless it is one.
        inferred: Whether the currency, or the year of the date, does not stand beside the figure
            but follows from the release.
    """

    unit: Unit
    span: Span
    value: Number | None = None
    high: Number | None = None
    bound: Bound = "exact"
    currency: str | None = None
    per: str | None = None
    date: str | None = None
    inferred: bool = False

    @property
    def most(self) -> Number:
        """The upper end of a range, otherwise the value; 0 for a date."""
        return self.high or self.value or 0

    def is_over(self, limit: float) -> bool:
        """Whether it can be more than a limit; "more than $2 million" is more than 2,000,000."""
        return self.most > limit or (self.bound == "over" and self.most == limit)

    def is_under(self, limit: float) -> bool:
        """Whether it can be less than a limit."""
        least = self.value or 0
        return least < limit or (self.bound == "under" and least == limit)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a sentence says of a figure, in its words.

    Attributes:
        who: The subject of the verb: who gives, gets, spends or plans it. None if it is not named.
        what: What the figure is for, or what it measures. None if it is not named.
        commitment: The words that announce it, such as "will invest", or None.
    """

    who: str | None = None
    what: str | None = None
    commitment: str | None = None


@dataclass(frozen=True, slots=True)
class FoundFigure:
    """A figure in its sentence and release.

    Attributes:
        figure: The figure; its span is into `sentence`.
        subject: Who and for what.
        release: The release.
        passage_id: `RELEASE_ID#ORDINAL`.
        kind: The part that the passage plays in the release.
        speaker: The person who is quoted in the passage, or None.
        span: Of the sentence, into the stored text of the release.
        sentence: The words there.
        citation: Of the passage; one line that `releaseqa cite` can check.
        also_in: Ids of copies of the release, or versions of it, that have the same passage.
    """

    figure: Figure
    subject: Subject
    release: ReleaseRef
    passage_id: str
    kind: str
    speaker: str | None
    span: Span
    sentence: str
    citation: str
    also_in: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The figure word for word."""
        return self.sentence[slice(*self.figure.span)]
