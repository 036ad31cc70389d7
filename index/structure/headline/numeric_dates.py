"""Which of its two readings a date in figures has, by what else the release says.

`03/04/2021` is March in one country and April in another. The text often tells: it names the day
in words, has another date in the same figures that can be read in one way, or is from a country
where everybody writes the month first or the day first. Where nothing of this tells, or two tell
different things, the date stays unread.
"""

import datetime as dt
import re
from collections.abc import Iterator

from index.text.dates import MONTHS, FoundDate, ambiguous_readings, find_date

_NEAR = 10
"""Days; a release is issued this close to a day that it names, more often than not."""

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_NAMED = re.compile(
    rf"\b(?:(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?|"
    rf"(?P<first>\d{{1,2}})(?:er|st|nd|rd|th)?\s+(?P<then>{_MONTH}))\b(?!\.\d|:\d)",
    re.IGNORECASE,
)
_YEAR = re.compile(r",?\s+(?P<year>(?:19|20)\d{2})\b")
_FIGURES = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})(?!\d|[/.-]\d)")
_STATES = """
    Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Hawaii Idaho
    Illinois Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota
    Mississippi Missouri Montana Nebraska Nevada Ohio Oklahoma Oregon Pennsylvania Tennessee Texas
    Utah Vermont Virginia Wisconsin Wyoming
"""
_MONTH_FIRST = re.compile(
    r"\b(?:Washington|WASHINGTON),?\s+D\.?\s?C\b|\bU\.S\.|\b[DR]-[A-Z][A-Za-z.]+|\bCongress(?:wo)?man\b|"
    r"\b[A-Z]{2} \d{5}\b|\b(?:NYSE|NASDAQ|Nasdaq)\b|"
    rf"\b(?:{'|'.join(_STATES.split())}|New (?:York|Jersey|Mexico|Hampshire)|"
    r"(?:North|South) (?:Carolina|Dakota))\b"
)
_DAY_FIRST = re.compile(
    r"\.(?:co|gov|org|ac)\.uk\b|\.(?:gov|com|org)\.(?:au|nz)\b|\.gouv\.fr\b|(?<!\w)\+(?:33|44|61|64|353)\b"
)

_BOTH_WAYS = re.compile(r"\bCanad|\.ca\b")
"""Where both orders are in use."""


def settled(text: str, words: str) -> FoundDate | None:
    """Return the date in figures that `words`, of the release `text`, have, when one reading fits.

    The span is into `words`.
    """
    readings = ambiguous_readings(words)
    if not readings:
        return None
    told = _day_named(text, readings) or _other_figures(text, readings)
    hyphens = "-" in words[slice(*readings[0].span)]
    return told or _country(text, readings, hyphens=hyphens)


def _day_named(text: str, readings: tuple[FoundDate, ...]) -> FoundDate | None:
    """Return the reading close to a day that the text names in words, when one alone is."""
    dates = [dt.date.fromisoformat(reading.iso) for reading in readings]
    near = [min((abs((day - d).days) for day in _days(text, d)), default=366) for d in dates]
    told = [reading for reading, days in zip(readings, near, strict=True) if days <= _NEAR]
    return told[0] if len(told) == 1 else None


def _days(text: str, around: dt.date) -> Iterator[dt.date]:
    """Yield the days that the text names, those without a year in the year of `around`."""
    for match in _NAMED.finditer(text):
        year = _YEAR.match(text, match.end())
        name = match["month"] or match["then"]
        try:
            yield dt.date(
                int(year["year"]) if year else around.year,
                MONTHS.get(name.casefold(), 0),
                int(match["day"] or match["first"]),
            )
        except ValueError:
            continue


def _other_figures(text: str, readings: tuple[FoundDate, ...]) -> FoundDate | None:
    """Return the reading in the order of the text's other dates in figures, when all have one."""
    orders = {
        int(first) > int(second)
        for first, second in _FIGURES.findall(text)
        if max(int(first), int(second)) > 12 and find_date(f"{first}/{second}/2000")  # noqa: PLR2004
    }
    return readings[orders.pop()] if len(orders) == 1 else None


def _country(text: str, readings: tuple[FoundDate, ...], *, hyphens: bool) -> FoundDate | None:
    """Return the reading of the country the release is from.

    With hyphens the day comes first wherever it does not come last, the United States aside (CLDR).
    """
    american = len(_MONTH_FIRST.findall(text))
    other = len(_DAY_FIRST.findall(text))
    if american > other + len(_BOTH_WAYS.findall(text)):
        return readings[0]
    return readings[1] if not american and (other or hyphens) else None
