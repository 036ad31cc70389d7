"""Finds target dates: by when something is to be done. Pure.

    "net-zero by 2050"                               2050
    "will open in fall 2023"                         2023
    "must apply no later than March 31, 2025"        2025-03-31
    "by the end of the year", issued in June 2021    2021, inferred

A date is a target if it lies after the day of the release and stands behind "by", "before" or the
like, or behind "in" or "on" and words of the future. A day without a year behind "on" is past if a
verb in the past stands before it and the last such day is nearer than the next.
"""

import re
from calendar import monthrange
from datetime import date

from index.text.dates import MONTHS
from index.types import Span
from qa.figures.types import Figure

_NAMES = sorted(MONTHS, key=len, reverse=True)
_MONTH = "|".join(name.capitalize() + "|" + name if len(name) > 3 else name.capitalize()  # noqa: PLR2004
                  for name in _NAMES)  # fmt: skip
_YEAR = r"(?:20|21)\d\d(?:(?:[-–/]| to )(?:20)?\d\d)?(?![\d,]*\d|%|[ ](?:per ?cent|percent))"
_DAY = r"\d{1,2}(?:st|nd|rd|th|er)?"
_PART = (
    r"(?:(?:[Tt]he )?(?:[Ee]nd|[Bb]eginning|[Ss]tart|[Mm]iddle|(?:first|second|third|fourth"
    r"|last) quarter"
    r"|(?:first|second) half|[Ss]pring|[Ss]ummer|[Ff]all|[Aa]utumn|[Ww]inter"
    r"|Q[1-4])(?: of)?(?: the)?,? "
    r"|(?:[Ee]arly|[Ll]ate|[Mm]id)(?:[- ]to[- ](?:mid|late))?(?:[- ]|-in )|la fin de |fin |le "
    r"|l['’]été |l['’]automne )*"
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
    r"\b(?P<by>(?i:by|before|no later than|not later than|on or before|d['’]ici(?: à| le| au)?"
    r"|avant"
    r"|au plus tard(?: le| en)?|bis(?: zum| spätestens)?))[ \u00a0]"
    rf"{_DATE}"
)
_IN = re.compile(
    rf"\b(?P<by>(?:[Ii]n|[Oo]n|[Tt]his|[Ss]tarting|[Bb]eginning|[Ee]ffective|[Aa]s of"
    rf"|[Ee]n))[ ]{_PART}{_ABSOLUTE}"
)
_FUTURE = re.compile(
    r"\b(?:will|shall|(?:is|are|be) (?:expected|scheduled|planned|anticipated|slated|set|due|to"
    r"|targeted|projected)|expects?|plans?|scheduled|slated|anticipated|targeted|sera|seront"
    r"|deadline"
    r"|target|goal|completion|expected|beginning|effective)\b",
    re.IGNORECASE,
)
_ISO = re.compile(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}")
_YEAR_LENGTH = len("2023")
_YEAR_DAYS = 365
_SHORT = frozenset(name.capitalize() for name in MONTHS if len(name) <= len("Sept")) - {
    "May", "June", "July", "Mai", "Juin", "Août"
}  # fmt: skip
"""Short forms of months, which are words and names, too."""
_GOES_ON = re.compile(r"\.? [A-Z]")
_PAST_VERB = re.compile(
    r"\b(?:had|was|were|(?<!be )(?<!been )(?<!being )(?<!ly )[a-z]{2,}ed)\b", re.IGNORECASE
)
_PAST = re.compile(r"\b(?:had|was|were)\b", re.IGNORECASE)


def find_target_dates(text: str, issued: str | None) -> list[Figure]:
    """Return the target dates in a text, in order.

    Args:
        text: Usually a sentence.
        issued: The ISO date of its release, or None. Without it, a sentence in the past has no
            target dates, and a day or a month without a year is not given one.
    """
    if issued is not None:
        issued = found_date[0] if (found_date := _ISO.match(issued)) else None
    found: dict[int, re.Match[str]] = {}
    if any(word in text for word in _FUTURE_WORDS) and any(word in text for word in _IN_WORDS):
        future = _FUTURE.search(text)
        if future is not None:
            found = {match.start(): match for match in _IN.finditer(text, future.end())}
    if any(word in text for word in _BY_WORDS):
        found |= {match.start(): match for match in _BY.finditer(text)}
    figures: dict[int, Figure] = {}
    for _, match in sorted(found.items()):
        figure = _figure(text, match, issued)
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


def _figure(  # noqa: PLR0911 - one for each reason not to be a target
    text: str, match: re.Match[str], issued: str | None
) -> Figure | None:
    """Return the target date of a match; None if it is past, or no date."""
    parts, is_by = match.groupdict(), match.re is _BY
    if parts.get("relative"):
        if issued is None:
            return None
        year = int(issued[:4]) + (parts.get("which") == "next")
        return Figure("date", match.span(), date=str(year), inferred=True)
    name = parts["month"] or parts["month2"]
    day = re.sub(r"\D", "", parts["day"] or parts["day2"] or "")
    named = parts["year"] or parts["year2"] or parts["year3"]
    if name is None:
        found = Figure("date", match.span(), date=_last_year(named or ""))
    elif named is not None:
        found = Figure("date", match.span(), date=_iso(named[:4], name, day))
    else:
        is_name = not day and (_GOES_ON.match(text, match.end()) or name in _SHORT)
        if is_name or not (is_by or (day and issued)):
            return None  # "by Mar", "by May Smith", "in May" of any year
        coming = _in_next_year(match.span(), name, day, issued)
        is_past = not is_by and issued is not None and _is_nearer_before(coming, issued)
        return None if is_past and _says_past(text, match.start()) else coming
    if found.date is None:
        return None
    if issued is not None:
        return found if _is_after(found.date, issued, is_by=is_by) else None
    is_future = is_by or _FUTURE.search(text, 0, match.start())
    return found if is_future and not _PAST.search(text) else None


def _is_after(date: str, issued: str, *, is_by: bool) -> bool:
    """Whether a date is after the day of its release; "by 2021" may be said in 2021."""
    day = issued[: len(date)]
    return date > day or (is_by and date == day and len(date) == _YEAR_LENGTH)


def _is_nearer_before(found: Figure | None, issued: str) -> bool:
    """Whether the same day a year before is nearer to the day of the release."""
    if found is None or found.date is None or len(found.date) != len(issued):
        return False
    ahead = (date.fromisoformat(found.date) - date.fromisoformat(issued)).days
    return ahead > _YEAR_DAYS / 2


def _says_past(text: str, end: int) -> bool:
    """Whether a verb in the past stands between the last word of the future and a date."""
    start = max((match.end() for match in _FUTURE.finditer(text, 0, end)), default=0)
    return _PAST_VERB.search(text, start, end) is not None


def _in_next_year(span: Span, name: str, day: str, issued: str | None) -> Figure | None:
    """Return a date without a year as the first such one on or after the day of the release.

    It has no value if that day is not known.
    """
    if issued is None:
        return Figure("date", span)
    for year in (int(issued[:4]), int(issued[:4]) + 1):
        date = _iso(str(year), name, day)
        if date is not None and date >= issued[: len(date)]:
            return Figure("date", span, date=date, inferred=True)
    return None


def _iso(year: str, name: str, day: str) -> str | None:
    """Return a day or a month as an ISO date; None if there is no such day."""
    month = MONTHS.get(name.casefold(), 0)
    if not month or (day and not 1 <= int(day) <= monthrange(int(year), month)[1]):
        return None
    return f"{year}-{month:02}" + (f"-{int(day):02}" if day else "")


def _last_year(year: str) -> str:
    """Return the last year of "2025-26"."""
    first, _, last = re.sub(r"[–/]| to ", "-", year).partition("-")
    return f"{first[: 4 - len(last)]}{last}" if last else first
