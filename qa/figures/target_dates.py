"""Finds target dates: by when something is to be done. Pure.

    "net-zero by 2050"                               2050
    "will open in fall 2023"                         2023
    "must apply no later than March 31, 2025"        2025-03-31
    "by the end of the year", issued in June 2021    2021, inferred

A date is a target if it lies after the day of the release and stands behind "by", "before" or the
like, or behind "in" or "on" and words of the future.
"""

import re

from index.text.dates import MONTHS
from index.types import Span
from qa.figures.types import Figure
from qa.query.dates import Period, find_periods

_NAMES = sorted(MONTHS, key=len, reverse=True)
_MONTH = "|".join(name.capitalize() + "|" + name if len(name) > 3 else name.capitalize()  # noqa: PLR2004
                  for name in _NAMES)  # fmt: skip
_YEAR = r"(?:20|21)\d\d(?:(?:[-–/]| to )(?:20)?\d\d)?(?![\d,]*\d|%|[ ](?:per ?cent|percent))"
_DAY = r"\d{1,2}(?:st|nd|rd|th|er)?"
_PART = (
    r"(?:(?:[Tt]he )?(?:[Ee]nd|[Bb]eginning|[Ss]tart|[Mm]iddle|(?:first|second|third|fourth|last) quarter"
    r"|(?:first|second) half|[Ss]pring|[Ss]ummer|[Ff]all|[Aa]utumn|[Ww]inter|Q[1-4])(?: of)?(?: the)?,? "
    r"|(?:[Ee]arly|[Ll]ate|[Mm]id)(?:[- ]to[- ](?:mid|late))?(?:[- ]|-in )|la fin de |fin |le |l['’]été |l['’]automne )*"
    r"(?:[Ff]iscal (?:[Yy]ear )?|FY ?|the year |year |l['’]année |calendar year )?"
)
_ABSOLUTE = (
    rf"(?:(?P<month>{_MONTH})\.?(?: (?P<day>{_DAY}))?(?!\d)(?:,? (?P<year>{_YEAR}))?"
    rf"|(?P<day2>{_DAY})(?: of| de)? (?P<month2>{_MONTH})(?:,? (?P<year2>{_YEAR}))?"
    rf"|(?P<year3>{_YEAR}))\b"
)
_RELATIVE = (
    r"(?P<relative>(?:the )?(?:end of )?(?P<which>the|this|next) (?:calendar )?year(?:['’]s end)?\b"
    r"|year[’']?s?[- ]end\b|(?:la )?fin de l['’]année\b)"
)
_DATE = rf"(?:{_PART}{_ABSOLUTE}|{_RELATIVE})"
_BY = re.compile(
    r"\b(?P<by>(?i:by|before|no later than|not later than|on or before|d['’]ici(?: à| le| au)?|avant"
    r"|au plus tard(?: le| en)?|bis(?: zum| spätestens)?))[ \u00a0]"
    rf"{_DATE}"
)
_IN = re.compile(
    rf"\b(?P<by>(?:[Ii]n|[Oo]n|[Tt]his|[Ss]tarting|[Bb]eginning|[Ee]ffective|[Aa]s of|[Ee]n))[ ]{_PART}{_ABSOLUTE}"
)
_FUTURE = re.compile(
    r"\b(?:will|shall|(?:is|are|be) (?:expected|scheduled|planned|anticipated|slated|set|due|to"
    r"|targeted|projected)|expects?|plans?|scheduled|slated|anticipated|targeted|sera|seront|deadline"
    r"|target|goal|completion|expected|beginning|effective)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\.? [A-Z]")
_PAST = re.compile(r"\b(?:had|was|were)\b", re.IGNORECASE)


def find_target_dates(text: str, issued: str | None, lang: str | None = None) -> list[Figure]:
    """Return the target dates in a text, in order.

    Args:
        text: Usually a sentence.
        issued: The ISO date of its release, or None. Without it, a sentence in the past has no
            target dates, and a day or a month without a year is not given one.
        lang: Its language, or None.
    """
    found: dict[int, re.Match[str]] = {}
    if any(word in text for word in _FUTURE_WORDS) and any(word in text for word in _IN_WORDS):
        future = _FUTURE.search(text)
        if future is not None:
            found = {match.start(): match for match in _IN.finditer(text, future.end())}
    if any(word in text for word in _BY_WORDS):
        found |= {match.start(): match for match in _BY.finditer(text)}
    figures: dict[int, Figure] = {}
    for _, match in sorted(found.items()):
        figure = _figure(text, match, issued, lang)
        if figure is not None:
            figures.setdefault(figure.span[1], figure)
    return list(figures.values())


# Tests for a few words are many times as fast as the patterns, and most sentences have none.
_BY_WORDS = (
    "by ",
    "By ",
    "before ",
    "Before ",
    "later than ",
    "ici ",
    "avant ",
    "plus tard",
    "bis ",
)
_IN_WORDS = ("in ", "on ", "this ", "ing ", "ive ", "as of ", "en ")
_FUTURE_WORDS = (
    "will", "shall", "expect", "schedul", "plan", "anticipat", "slated", "due", "to be", "set ",
    "target", "project", "ser", "deadline", "goal", "complet", "beginning", "effective", "goal",
    "Will", "Expect", "Deadline", "Target", "Complet",
)  # fmt: skip


def _figure(text: str, match: re.Match[str], issued: str | None, lang: str | None) -> Figure | None:
    parts = match.groupdict()
    span = match.span()
    is_by = match.re is _BY
    if parts.get("relative"):
        if issued is None:
            return None
        year = int(issued[:4]) + (parts.get("which") == "next")
        return _dated(span, str(year), inferred=True)
    name, day, year = (
        parts.get(f"{part}") or parts.get(f"{part}2") for part in ("month", "day", "year")
    )
    year = year or parts.get("year3")
    if name is None:
        last = _last_year(year or "")
        return _after(_dated(span, last), issued, text, match.start(), is_by=is_by)
    if day is None and year is None and len(name) <= 3 and name != "May":  # noqa: PLR2004
        return None  # "by Mar", a name
    if day is None and year is None and _GOES_ON.match(text, match.end()):
        return None  # "by May Smith"
    if year is None:
        if not is_by and day is None:
            return None  # "in May", of any year
        return _in_year_of(span, name, day, issued, is_by=is_by)
    words = f"{name} {_digits(day)}, {year[:4]}" if day else f"{name} {year[:4]}"
    period = _period(words, lang)
    return (
        None
        if period is None
        else _after(_dated(span, _iso(period)), issued, text, match.start(), is_by=is_by)
    )


def _dated(span: Span, date: str, *, inferred: bool = False) -> Figure:
    return Figure("date", span, date=date, inferred=inferred)


def _after(
    figure: Figure, issued: str | None, text: str, start: int, *, is_by: bool
) -> Figure | None:
    """Return a target date unless it is past."""
    date = figure.date or ""
    if issued is not None:
        past = date <= issued[: len(date)] if len(date) > 4 or not is_by else date < issued[:4]  # noqa: PLR2004
        return None if past else figure
    is_future = is_by or _FUTURE.search(text, 0, start)
    return figure if is_future and not _PAST.search(text) else None


def _in_year_of(
    span: Span, name: str, day: str | None, issued: str | None, *, is_by: bool
) -> Figure | None:
    """Return a date without a year as the first such day on or after the day of the release."""
    if issued is None:
        return _dated_without_year(span) if is_by else None
    for year in (int(issued[:4]), int(issued[:4]) + 1):
        words = f"{name} {_digits(day)}, {year}" if day else f"{name} {year}"
        period = _period(words, None)
        if period is not None and period.last.isoformat() >= issued:
            near = period.first.isoformat()[:7] <= f"{int(issued[:4]) + 1}{issued[4:7]}"
            return _dated(span, _iso(period), inferred=True) if near else None
    return None


def _dated_without_year(span: Span) -> Figure:
    return Figure("date", span)


def _digits(day: str | None) -> str:
    return re.sub(r"\D", "", day or "")


def _period(words: str, lang: str | None) -> Period | None:
    return next(iter(find_periods(words, lang)), None)


def _iso(period: Period) -> str:
    return period.first.isoformat()[: 10 if period.grain == "day" else 7]


def _last_year(year: str) -> str:
    """Return the last year of "2025-26"."""
    first, _, last = re.sub(r"[–/]| to ", "-", year).partition("-")
    return f"{first[: 4 - len(last)]}{last}" if last else first
