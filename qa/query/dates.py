"""The days, months and years that a text names, and how close to them a release was issued.

"How many beds were free on November 26, 2020?" may fit twenty bulletins with the same wording,
and none of their paragraphs says which day it is about. So the dates in a question are compared
with the release's own date, with some tolerance: events are reported the day after, or announced
weeks before.
"""

import datetime as dt
import math
import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from index.text.dates import MONTHS, find_date
from index.text.word_patterns import any_of

_ENGLISH = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_FRENCH = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
_OTHERWISE = "mars"
"""A French month that means something else in English."""

_YEAR_WORD = r"(?:19|20)\d\d"
_TIME = re.compile(r"(?<=\d)T(?=\d\d:)")
_MOST = 12
"""Dates found in one text at most; a longer list says nothing about its time."""

_COUNTED = (
    r"(?!\s*(?:%|[€$£°]))(?!\s(?:per ?cent|MW|GW|km|kg|m2|euros?|dollars?|people|persons|units)\b)"
    r"(?!\s(?:new |more |other |additional )?[a-zà-ÿ]{3,}s"
    r"\s(?:will|would|were|are|to|for|of|in|at)\b)"
)
"""What follows a figure that is a count and not a year: "2000 new homes will be built"."""

_NUMBERED = re.compile(
    r"(?:\b(?:H\.? ?R|S|No|Nos|[Bb]ill|[Rr]esolution|[Aa]rticle|[Ss]ection|[Hh]ighway|"
    r"[Rr]oute|[Rr]oom|Windows|Expo)\.?|[#$€£])\s?\Z"
)
"""What precedes a figure that is a number of something: "Bill 2019"."""


def _months(name: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of "April 2023" and of days of one month with these month names.

    The days are written "April 13-15, 2023", "du 13 au 15 avril 2023", "13.–15. April 2023" or
    "del 13 al 15 de abril de 2023".
    """
    of = re.compile(
        rf"\b(?P<name>{name})\.?,?\s(?:de\s|del\s|of\s)?(?P<y>{_YEAR_WORD})\b(?!-\d)",
        re.IGNORECASE,
    )
    days = re.compile(
        rf"\b(?P<name>{name})\.?\s(?P<a>\d{{1,2}})\s?(?:[-–]|and|to|et)\s?(?P<b>\d{{1,2}}),?\s"
        rf"(?P<y>{_YEAR_WORD})\b|"
        r"\b(?P<a2>\d{1,2})(?:er|\.)?\s?(?:[-–]|au|et|bis|und|al|y)\s?(?P<b2>\d{1,2})\.?\s"
        rf"(?:de\s)?(?P<name2>{name})\.?,?\s(?:del?\s)?(?P<y2>{_YEAR_WORD})\b",
        re.IGNORECASE,
    )
    return of, days


_ALL_MONTHS = _months(any_of(MONTHS))
_ENGLISH_MONTHS = _months(any_of({*MONTHS} - {_OTHERWISE}))
_YEAR = re.compile(
    rf"(?<![\d.,$€£#])(?<!\d[-/])(?:\b|(?<=\bFY))(?P<y>{_YEAR_WORD})"
    rf"(?:(?:\s?[-–/]\s?|\s(?:to|and|through|until|à|et)\s)(?P<to>{_YEAR_WORD}|\d\d\b))?"
    rf"\b(?!-\d)(?![.,:/]\d){_COUNTED}"
)
_OTHER_YEAR = re.compile(r"(?=\d)[^0-9]|\d{1,2}[/.-]\d{1,2}[/.-]\d{2}\b")
"""A year that may be written in two digits, or in digits of another script."""

DAYS = {"day": 7.0, "month": 25.0, "year": 150.0}
"""Days away from a period at which `nearness` has fallen to 1/e, by the period's grain."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period that a text names, by its first and last day, and its grain: day, month or year."""

    first: dt.date
    last: dt.date
    grain: str

    def told_by(self, other: "Period") -> bool:
        """Whether a text about `other` may be about this: part of it, or the month of this day."""
        if other.first >= self.first and other.last <= self.last:
            return True
        around = other.first <= self.first and self.last <= other.last
        return around and self.grain == "day" and other.grain == "month"


def find_periods(text: str, lang: str | None = None) -> tuple[Period, ...]:
    """Return the periods that a text names, full dates first; a month without a year is none.

    Args:
        text: The text.
        lang: Its language, or None. In English, "Mars 2020" is a rover.
    """
    return tuple(islice(_periods(text, english=(lang or "en") == "en"), _MOST))


def names_time_of(asked: Sequence[Period], text: str, lang: str | None = None) -> bool:
    """Return whether a text names a part of one of some periods, or the month of one of the days.

    Args:
        asked: The periods.
        text: The text.
        lang: As for `find_periods`, which is only called when one of the years is in the text.
    """
    years = {year for period in asked for year in range(period.first.year, period.last.year + 1)}
    if not any(str(year) in text for year in years) and not _OTHER_YEAR.search(text):
        return False
    told = find_periods(text, lang)
    return any(period.told_by(other) for period in asked for other in told)


def _periods(text: str, *, english: bool) -> Iterator[Period]:
    month_of, days_of = _ENGLISH_MONTHS if english else _ALL_MONTHS
    rest = _TIME.sub(" ", " ".join(text.split()))
    for match in days_of.finditer(rest):
        year = int(match["y"] or match["y2"])
        month = MONTHS.get((match["name"] or match["name2"]).casefold(), 0)
        begin, end = int(match["a"] or match["a2"]), int(match["b"] or match["b2"])
        if 1 <= begin <= end <= (monthrange(year, month)[1] if month else 0):
            yield Period(dt.date(year, month, begin), dt.date(year, month, end), "day")
    rest, before = days_of.sub(" · ", rest), ""
    for _ in range(_MOST):
        found = find_date(rest)
        if found is None:
            break
        day = dt.date.fromisoformat(found.iso)
        yield Period(day, day, "day")
        before += rest[: found.span[0]] + " · "
        rest = rest[found.span[1] :]
    rest = before + rest
    for match in month_of.finditer(rest):
        year, month = int(match["y"]), MONTHS.get(match["name"].casefold(), 0)
        if month:
            last = monthrange(year, month)[1]
            yield Period(dt.date(year, month, 1), dt.date(year, month, last), "month")
    rest = month_of.sub(" · ", rest)
    for match in _YEAR.finditer(rest):
        if not _NUMBERED.search(rest, max(0, match.start() - 12), match.start()):
            begins = int(match["y"])
            ends = _last_year(begins, match["to"])
            yield Period(dt.date(begins, 1, 1), dt.date(ends, 12, 31), "year")


def _last_year(first: int, to: str | None) -> int:
    """Return the last year of "2019-20", "1999-00" or "2019 to 2021"; else the first."""
    if to is None:
        return first
    last = int(to) if len(to) > 2 else first - first % 100 + int(to)  # noqa: PLR2004
    if last < first and len(to) == 2:  # noqa: PLR2004
        last += 100
    return last if first <= last <= first + 60 else first


def nearness(named: Sequence[Period], date: str | None) -> float | None:
    """Return how close a release's date is to the nearest period, in [0, 1]; 1 inside it.

    None when there is no period or the release has no date.
    """
    day = day_of(date)
    return max(_near(period, day) for period in named) if named and day is not None else None


def day_of(date: str | None) -> dt.date | None:
    """Return the day of an ISO date or time; None without one, or if it names no day."""
    try:
        return dt.date.fromisoformat((date or "")[:10])
    except ValueError:
        return None


def _near(period: Period, day: dt.date) -> float:
    away = max((period.first - day).days, (day - period.last).days, 0)
    return math.exp(-away / DAYS[period.grain])


def words_said_by_date(
    words: Sequence[str], named: Sequence[Period], date: str | None
) -> list[bool]:
    """Return which words of a question are part of the release's date.

    A year counts when the release is of that year, a month when it is of that month, and a day
    when it is of that day.

    Args:
        words: The question's words.
        named: The periods it names.
        date: The release's ISO date, or None.
    """
    day = day_of(date)
    if not named or day is None:
        return [False] * len(words)
    said: set[str | int] = set()
    for period in named:
        if not period.first.year <= day.year <= period.last.year:
            continue
        said.add(str(day.year))
        if period.grain != "year" and day.month == period.first.month:
            said.add(day.month)
            if period.grain == "day" and period.first <= day <= period.last:
                said.add(str(day.day))
    return [word in said or MONTHS.get(word.casefold(), 0) in said for word in words]


def spell_date(date: str, lang: str | None) -> str:
    """Return an ISO date in words, in French or English; any other text unchanged."""
    day = day_of(date)
    if day is None:
        return date
    if lang == "fr":
        return f"{day.day} {_FRENCH[day.month - 1]} {day.year}"
    return f"{_ENGLISH[day.month - 1]} {day.day}, {day.year}"
