"""Periods that are named relative to today: "yesterday", "7d", "last month", "monday", "May 2023".

What users write in place of a date, in English, French, German and Spanish: "hier", "letzte Woche",
"hace 3 días". Pure: the caller says which day is today.
"""

import datetime as dt
import re
import unicodedata
from calendar import monthrange

from index.text.dates import MONTHS

DATE_FORMS = (
    "2023-04-17, 2023-04, 2023 or April 2023; today, yesterday or a weekday (the latest before "
    "today); 7d, 2w, 3m or 1y ago; this or last week, month or year"
)
"""The forms of dates, for error messages and help."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_OTHER_WEEKDAYS = {
    name: number
    for names in (
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "montag dienstag mittwoch donnerstag freitag samstag sonntag",
        "lunes martes miercoles jueves viernes sabado domingo",
    )
    for number, name in enumerate(names.split())
}
_TODAY = frozenset({"today", "aujourd'hui", "heute", "hoy"})
_YESTERDAY = frozenset({"yesterday", "hier", "gestern", "ayer"})
_AGO = re.compile(
    r"(?:(?:il y a|vor|hace) )?(\d{1,4}) ?(?:(?P<d>d|days?|jours?|tage?n?|dias?)"
    r"|(?P<w>w|weeks?|semaines?|wochen?|semanas?)|(?P<m>m|months?|mois|monate?n?|mes(?:es)?)"
    r"|(?P<y>y|years?|ans?|annees?|jahre?n?|anos?))(?: ago)?",
    re.ASCII,
)
_SPAN = re.compile(r"(this|last) (week|month|year)")
_OTHER_SPANS = {
    ("this", "week"): r"cette semaine|diese woche|esta semana",
    ("last", "week"): r"(?:la )?semaine (?:derniere|passee)|letzte woche|(?:la )?semana pasada",
    ("this", "month"): r"ce mois(?:-ci)?|diese[nr] monat|este mes",
    ("last", "month"): r"(?:le )?mois (?:dernier|passe)|letzte[nr] monat|(?:el )?mes pasado",
    ("this", "year"): r"cette annee|dieses jahr|este ano",
    ("last", "year"): r"(?:l')?an(?:nee)? (?:derniere?|passee?)|letztes jahr|(?:el )?ano pasado",
}
_WEEKDAY = re.compile(rf"(?:last )?({'|'.join(f'{day[:3]}(?:{day[3:]})?' for day in _WEEKDAYS)})")
_OTHER_WEEKDAY = re.compile(
    rf"(?:(?:le|letzten|el) )?({'|'.join(_OTHER_WEEKDAYS)})(?: (?:dernier|passe|pasado))?"
)
_ARTICLE = re.compile(r"\A(?:en|im|de) (?=[^\W\d_]+ [0-9]{4}\Z)")
_MONTH_OF_YEAR = re.compile(r"([^\W\d_]+)\.? ([0-9]{4})")
_DAYS_OF_WEEK = 7
_MONTHS_OF_YEAR = 12

Days = tuple[dt.date, dt.date]
"""The first and the last day of a period."""


def named_period(text: str, today: dt.date) -> Days | None:
    """Return the first and the last day of the period that a text names; None if it names none.

    A number of days, weeks, months or years is the day that is so long ago; the month before
    March 31 ends on the last of February. A week begins on Monday.

    Args:
        text: All of what somebody wrote for a date, in any letter case.
        today: The day it is.
    """
    words = " ".join(text.replace("’", "'").split()).casefold()
    try:
        return _named(words, today)
    except (ValueError, OverflowError):  # a day before the year 1
        return None


def _named(words: str, today: dt.date) -> Days | None:
    words = _ARTICLE.sub("", words).replace(" de ", " ")
    if (day := _named_day(_without_accents(words), today)) is not None:
        return day, day
    if found := _SPAN.fullmatch(words):
        return _span(found[2], today, before=found[1] == "last")
    for (which, unit), pattern in _OTHER_SPANS.items():
        if re.fullmatch(pattern, _without_accents(words)):
            return _span(unit, today, before=which == "last")
    if (found := _MONTH_OF_YEAR.fullmatch(words)) and found[1] in MONTHS:
        return _month(int(found[2]), MONTHS[found[1]])
    return None


def _named_day(words: str, today: dt.date) -> dt.date | None:
    if words in _TODAY or words in _YESTERDAY:
        return today - dt.timedelta(days=words in _YESTERDAY)
    other = _OTHER_WEEKDAY.fullmatch(words)
    if found := _WEEKDAY.fullmatch(words) or other:
        number = (
            _OTHER_WEEKDAYS[found[1]]
            if other
            else next(n for n, day in enumerate(_WEEKDAYS) if day.startswith(found[1]))
        )
        return today - dt.timedelta((today.weekday() - number) % _DAYS_OF_WEEK or _DAYS_OF_WEEK)
    found = _AGO.fullmatch(words)
    if found is None:
        return None
    number = int(found[1])
    if found["d"] or found["w"]:
        return today - dt.timedelta(number * (_DAYS_OF_WEEK if found["w"] else 1))
    return _months_before(today, number * (_MONTHS_OF_YEAR if found["y"] else 1))


def _without_accents(words: str) -> str:
    letters = unicodedata.normalize("NFKD", words)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _months_before(day: dt.date, months: int) -> dt.date:
    """Return the same day some months earlier, or the last day of that month if it is shorter."""
    year, month = divmod(day.year * _MONTHS_OF_YEAR + day.month - 1 - months, _MONTHS_OF_YEAR)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _span(unit: str, today: dt.date, *, before: bool) -> Days:
    """Return the week, month or year that today is in, or the one before it."""
    if unit == "week":
        first = today - dt.timedelta(days=today.weekday() + _DAYS_OF_WEEK * before)
        return first, first + dt.timedelta(days=_DAYS_OF_WEEK - 1)
    if unit == "month":
        day = _months_before(today, int(before))
        return _month(day.year, day.month)
    year = today.year - before
    return dt.date(year, 1, 1), dt.date(year, _MONTHS_OF_YEAR, 31)


def _month(year: int, month: int) -> Days:
    return dt.date(year, month, 1), dt.date(year, month, monthrange(year, month)[1])
