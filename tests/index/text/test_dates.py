"""Finding dates in text."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.dates import find_date, parse_date


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("HALIFAX, March 3, 2021 - The", "2021-03-03"),
        ("Le 1er juin 2020", "2020-06-01"),
        ("am 3. März 2021", "2021-03-03"),
        ("el 3 de marzo de 2021", "2021-03-03"),
        ("SEPT. 9, 2004", "2004-09-09"),
        ("on 13/4/2005", "2005-04-13"),
        ("on 4/13/05", "2005-04-13"),
        ("on 4/4/71", "1971-04-04"),
        ("on 3/4/2005", None),
        ("of the order. 28-06-21", "2021-06-28"),
        ("call 1-800-28-06-21", None),
        ("13-4/2005", None),
        ("February 30, 2020", None),
        ("May 2020", None),
        ("Apr\u0131l 5, 2020", None),
        ("1 \u017feptember 2020", "2020-09-01"),
        ("3/4/2005, that is 3 April 2005", "2005-04-03"),
    ],
)
def test_only_unambiguous_dates_are_found(text: str, iso: str | None) -> None:
    """A complete date with a single reading is found; other text gives none."""
    found = find_date(text)

    assert iso == (found and found.iso)


@pytest.mark.parametrize(
    ("text", "iso"),
    [("2023-04-17T09:00:00Z", "2023-04-17"), ("AUGUST 5, 2020", "2020-08-05"), ("soon", None)],
)
def test_dates_of_metadata(text: str, iso: str | None) -> None:
    """A date with a time, and one in capitals, are read."""
    assert iso == parse_date(text)


@given(st.text(), st.dates(dt.date(1900, 1, 1)), st.text())
def test_a_found_date_is_real_and_inside_the_text(before: str, date: dt.date, after: str) -> None:
    """Whatever is around it, a found date exists in the calendar and its span is in the text."""
    text = f"{before} {date.isoformat()} {after}"
    found = find_date(text)

    assert found is not None
    assert dt.date.fromisoformat(found.iso)
    assert 0 <= found.span[0] < found.span[1] <= len(text)
