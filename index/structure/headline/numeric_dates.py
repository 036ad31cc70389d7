"""Resolves ambiguous numeric dates by the rest of the release.

`03/04/2021` is in March in one country and in April in another. The text often decides: it names
the day in words, it has another numeric date with a single reading, or it comes from a country
that always writes the month first or the day first. Without such evidence, or when the evidence
disagrees, the date is left unresolved.
"""

import datetime as dt
import re
from collections.abc import Iterator

from index.text.dates import MONTHS, FoundDate, ambiguous_readings, find_date

_NEAR = 10
"""Days; most releases are issued at most this far from a day that they name."""

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
"""Signs of Canada, where both orders are in use."""


def resolve_numeric_date(text: str, words: str) -> FoundDate | None:
    """Return the ambiguous numeric date in `words`, when the release decides between its readings.

    Args:
        text: The text of the release.
        words: A line of it; the span of the date is into this.
    """
    readings = ambiguous_readings(words)
    if not readings:
        return None
    return (
        _reading_near_named_day(text, readings)
        or _reading_by_other_dates(text, readings)
        or _reading_by_country(text, readings, hyphens="-" in words[slice(*readings[0].span)])
    )


def _reading_near_named_day(text: str, readings: tuple[FoundDate, ...]) -> FoundDate | None:
    """Return the reading close to a day that the text names in words, if only one is close."""
    dates = [dt.date.fromisoformat(reading.iso) for reading in readings]
    near = [
        reading
        for reading, date in zip(readings, dates, strict=True)
        if any(abs((day - date).days) <= _NEAR for day in _named_days(text, date))
    ]
    return near[0] if len(near) == 1 else None


def _named_days(text: str, around: dt.date) -> Iterator[dt.date]:
    """Yield the days that the text names in words; a day without a year is in that of `around`."""
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


def _reading_by_other_dates(text: str, readings: tuple[FoundDate, ...]) -> FoundDate | None:
    """Return the reading in the order of the unambiguous numeric dates, when they agree on one."""
    orders = {
        int(first) > int(second)
        for first, second in _FIGURES.findall(text)
        if max(int(first), int(second)) > 12 and find_date(f"{first}/{second}/2000")  # noqa: PLR2004
    }
    return readings[orders.pop()] if len(orders) == 1 else None


def _reading_by_country(
    text: str, readings: tuple[FoundDate, ...], *, hyphens: bool
) -> FoundDate | None:
    """Return the reading that is usual in the country of the release.

    In dates with hyphens and the year last, the day comes first everywhere except in the United
    States (CLDR).
    """
    american = len(_MONTH_FIRST.findall(text))
    other = len(_DAY_FIRST.findall(text))
    if american > other + len(_BOTH_WAYS.findall(text)):
        return readings[0]
    return readings[1] if not american and (other or hyphens) else None
