"""Finds dates in text and converts them to ISO form.

Only unambiguous dates with day, month and year count. `3/4/2005` is in March in one country and in
April in another, so a numeric date counts only when a single reading is possible.
"""

import datetime as dt
import re
from dataclasses import dataclass

from index.text.word_patterns import any_of
from index.types import Span

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv januar jänner enero ene gennaio janeiro januari",
            "february feb février fevrier févr fevr februar febrero febbraio fevereiro februari",
            "march mar mars märz mär marz marzo março maart",
            "april apr avril avr abril abr aprile",
            "may mai mayo maggio maio mei",
            "june jun juin juni junio giugno junho",
            "july jul juillet juil juill juli julio luglio julho",
            "august aug août aout agosto augustus",
            "september sept sep septembre septiembre settembre setembro",
            "october oct octobre oktober okt octubre ottobre outubro",
            "november nov novembre noviembre novembro",
            "december dec décembre decembre déc dezember dez diciembre dic dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Short English names of the months."""
_MONTH = any_of(MONTHS)
_PATTERNS = (
    re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b"),
    re.compile(
        rf"\b(?P<name>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,)?\s+(?P<y>\d{{4}})\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:er|\.|st|nd|rd|th)?(?:\s+|-)(?:de\s+|of\s+)?(?P<name>{_MONTH})"
        r"(?:\.?,?\s+|-)(?:del?\s+)?(?P<y>\d{4})\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![\d-])(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4}|\d{2})\b(?!-)"
    ),
)
_COMPACT = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?!\d)")
_PARTED = re.compile(r"(?<!\d)(\d{1,4})[ _.-](\d{1,2})[ _.-](\d{1,4})(?!\d)")
_IN_NAME = re.compile(
    r"_|(?<!-\d)(?<!-\d\d)(?<=\d)-(?=\d{4}(?!\d|-\d))|(?<=[^\W\d_])-|-(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])"
)
_FULL_YEAR = re.compile(r"\d{4}")
_CENTURY_PIVOT = 70
_TIME = re.compile(r"(?<=\d)T(?=\d)")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """An ISO date and its span."""

    iso: str
    span: Span


def find_date(text: str) -> FoundDate | None:
    """Return the first unambiguous date in `text`, or None."""
    best: FoundDate | None = None
    # Only the last pattern takes a year of two digits. Trying the names of months takes long.
    for pattern in _PATTERNS if _FULL_YEAR.search(text) else _PATTERNS[-1:]:
        for match in pattern.finditer(text):
            iso = _date_of_match(match.groupdict())
            if iso is not None:
                if best is None or match.start() < best.span[0]:
                    best = FoundDate(iso, match.span())
                break
    return best


def ambiguous_readings(text: str) -> tuple[FoundDate, ...]:
    """Return both readings of the first ambiguous numeric date: month first, then day first."""
    for match in _PATTERNS[-1].finditer(text):
        first, second = int(match["a"]), int(match["b"])
        if first != second and max(first, second) <= 12:  # noqa: PLR2004 - either may be a month
            dates = (
                _iso_date(match["y"], month, day)
                for month, day in ((first, second), (second, first))
            )
            return tuple(FoundDate(iso, match.span()) for iso in dates if iso)
    return ()


def parse_date(text: str) -> str | None:
    """Return the ISO date of a metadata field such as `2023-04-17T09:00:00Z`, or None."""
    found = find_date(_TIME.sub(" ", text[:200]))
    return found.iso if found else None


def date_in_name(name: str) -> str | None:
    """Return the ISO date in the name of a file, such as `2025-11-03-ferry` or `NR_20251103`."""
    compact = _COMPACT.search(name)
    if compact is not None and (
        iso := _iso_date(compact["y"], int(compact["m"]), int(compact["d"]))
    ):
        return iso
    found = find_date(_IN_NAME.sub(" ", _PARTED.sub(r"\1-\2-\3", name)))
    return found.iso if found else None


def _date_of_match(parts: dict[str, str | None]) -> str | None:
    if parts.get("a") is not None:
        first, second = int(parts["a"] or 0), int(parts["b"] or 0)
        if first > 12 >= second:  # noqa: PLR2004 - no thirteenth month
            day, month = first, second
        elif second > 12 >= first or first == second:  # noqa: PLR2004
            month, day = first, second
        else:
            return None
    else:
        name = parts.get("name")
        # IGNORECASE also matches letters that only look alike, such as a dotless i
        month = MONTHS.get(name.casefold(), 0) if name else int(parts["m"] or 0)
        day = int(parts["d"] or 0)
    return _iso_date(parts["y"], month, day)


def _iso_date(year_digits: str | None, month: int, day: int) -> str | None:
    year = int(year_digits or 0)
    if year < 100:  # noqa: PLR2004 - a year of two digits
        year += 1900 if year >= _CENTURY_PIVOT else 2000
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None
