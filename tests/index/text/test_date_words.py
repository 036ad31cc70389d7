"""Periods that are named relative to a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.date_words import named_period

WEDNESDAY = date(2024, 3, 6)
NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("today", "2024-03-06", "2024-03-06"),
        (" Yesterday ", "2024-03-05", "2024-03-05"),
        ("7d", "2024-02-28", "2024-02-28"),
        ("7 days ago", "2024-02-28", "2024-02-28"),
        ("0d", "2024-03-06", "2024-03-06"),
        ("2w", "2024-02-21", "2024-02-21"),
        ("1 week", "2024-02-28", "2024-02-28"),
        ("3m", "2023-12-06", "2023-12-06"),
        ("15 months", "2022-12-06", "2022-12-06"),
        ("1y", "2023-03-06", "2023-03-06"),
        ("this week", "2024-03-04", "2024-03-10"),
        ("last week", "2024-02-26", "2024-03-03"),
        ("this month", "2024-03-01", "2024-03-31"),
        ("last month", "2024-02-01", "2024-02-29"),
        ("last year", "2023-01-01", "2023-12-31"),
        ("monday", "2024-03-04", "2024-03-04"),
        ("Thu", "2024-02-29", "2024-02-29"),
        ("wednesday", "2024-02-28", "2024-02-28"),
        ("last friday", "2024-03-01", "2024-03-01"),
        ("February 2023", "2023-02-01", "2023-02-28"),
        ("févr 2023", "2023-02-01", "2023-02-28"),
        ("février 2023", "2023-02-01", "2023-02-28"),
        ("Sept. 2023", "2023-09-01", "2023-09-30"),
        ("hier", "2024-03-05", "2024-03-05"),
        ("aujourd’hui", "2024-03-06", "2024-03-06"),
        ("la semaine dernière", "2024-02-26", "2024-03-03"),
        ("le mois dernier", "2024-02-01", "2024-02-29"),
        ("l'an dernier", "2023-01-01", "2023-12-31"),
        ("cette année", "2024-01-01", "2024-12-31"),
        ("il y a 7 jours", "2024-02-28", "2024-02-28"),
        ("lundi", "2024-03-04", "2024-03-04"),
        ("vendredi dernier", "2024-03-01", "2024-03-01"),
        ("en février 2023", "2023-02-01", "2023-02-28"),
        ("gestern", "2024-03-05", "2024-03-05"),
        ("letzte Woche", "2024-02-26", "2024-03-03"),
        ("vor 2 Wochen", "2024-02-21", "2024-02-21"),
        ("Freitag", "2024-03-01", "2024-03-01"),
        ("im Februar 2023", "2023-02-01", "2023-02-28"),
        ("ayer", "2024-03-05", "2024-03-05"),
        ("la semana pasada", "2024-02-26", "2024-03-03"),
        ("hace 7 días", "2024-02-28", "2024-02-28"),
        ("el año pasado", "2023-01-01", "2023-12-31"),
        ("febrero de 2023", "2023-02-01", "2023-02-28"),
        ("demain", None, None),
        ("la semaine prochaine", None, None),
        ("tomorrow", None, None),
        ("7", None, None),
        ("-7d", None, None),
        ("12345d", None, None),
        ("9999y", None, None),
        ("May 0000", None, None),
        ("", None, None),
    ],
)
def test_a_name_is_a_period(words: str, first: str | None, last: str | None) -> None:
    """It is counted from a Wednesday, the sixth of March after a leap day."""
    found = named_period(words, WEDNESDAY)

    assert (first, last) == (tuple(day.isoformat() for day in found) if found else (None, None))


def test_a_month_before_a_day_that_it_lacks_ends_it() -> None:
    """The month before March 31 is not March again."""
    assert named_period("1m", date(2024, 3, 31)) == (date(2024, 2, 29),) * 2
    assert named_period("1y", date(2024, 2, 29)) == (date(2023, 2, 28),) * 2
    assert named_period("last month", date(2024, 1, 31)) == (date(2023, 12, 1), date(2023, 12, 31))


@given(st.dates(min_value=date(1, 1, 15)), st.sampled_from(NAMES))
def test_a_weekday_is_the_latest_before_today(today: date, name: str) -> None:
    """It is one of the seven days before, never today itself."""
    found = named_period(name, today)

    assert found is not None
    assert NAMES[found[0].weekday()] == name
    assert timedelta(days=1) <= today - found[0] <= timedelta(days=7)


@given(st.text(max_size=20), st.dates())
def test_whatever_is_written_is_a_period_or_none(words: str, today: date) -> None:
    """The first day is never after the last, and nothing raises."""
    found = named_period(words, today)

    assert found is None or found[0] <= found[1]
