"""The figures of a sentence, with who and for what. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from index.types import overlap
from qa.figures.amounts import find_amounts
from qa.figures.target_dates import find_target_dates
from qa.figures.types import Figure

DOLLAR = "$"


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """What of a release decides how its figures are read.

    Attributes:
        lang: Its language, or None.
        issued: Its ISO date, or None.
    """

    lang: str | None = None
    issued: str | None = None


def find_figures(sentence: str, facts: ReleaseFacts, units: Collection[str] = ()) -> list[Figure]:
    """Return the figures of a sentence, in order.

    Args:
        sentence: The sentence.
        facts: Of its release.
        units: The units to look for; empty for all.
    """
    sentence = on_one_line(sentence)
    found: list[Figure] = []
    dates: list[Figure] = []
    if not units or "date" in units:
        dates = find_target_dates(sentence, facts.issued)
    if not units or set(units) - {"date"}:
        found = find_amounts(sentence, facts.lang, units)
    if not dates:
        return found
    found = [f for f in found if not any(overlap(f.span, date.span) for date in dates)]
    return sorted([*found, *dates], key=lambda figure: figure.span)


def in_dollars_of(figure: Figure, dollars: str | None) -> Figure:
    """Return a figure in bare dollars as one in the dollars that its release means.

    Args:
        figure: The figure.
        dollars: Their code, or None if it is not certain; then the sign stays.
    """
    return figure if dollars is None else replace(figure, currency=dollars, inferred=True)


def on_one_line(sentence: str) -> str:
    """Return a sentence with a space for each line end, so that all spans stay."""
    return _LINE_END.sub(" ", sentence)


_LINE_END = re.compile(r"[\n\t]")
