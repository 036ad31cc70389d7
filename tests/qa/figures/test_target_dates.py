"""By when something is to be done."""

import pytest

from qa.figures.target_dates import find_target_dates


@pytest.mark.parametrize(
    ("text", "issued", "date", "inferred"),
    [
        ("net-zero by 2050", "2021-05-05", "2050", False),
        ("It will open in fall 2023.", "2021-05-05", "2023", False),
        ("Apply no later than March 31, 2025.", "2021-05-05", "2025-03-31", False),
        ("by the end of the year", "2021-06-01", "2021", True),
        ("Apply by June 30.", "2021-09-05", "2022-06-30", True),
        ("d'ici 2030", "2021-01-01", "2030", False),
        ("by 2025-26", "2021-01-01", "2026", False),
    ],
)
def test_target_dates_are_normalised(text: str, issued: str, date: str, inferred: bool) -> None:
    """A year that the text leaves out follows from the day of the release, and says so."""
    (figure,) = find_target_dates(text, issued)

    assert (figure.date, figure.inferred) == (date, inferred)


@pytest.mark.parametrize(
    "text",
    [
        "By 2019 it had closed.",
        "by 2,000 people",
        "by May Smith",
        "It will be held on March 3, 2020.",
        "cut by 2030 per cent",
    ],
)
def test_what_is_past_or_no_date_is_no_target(text: str) -> None:
    """Names, counts and dates before the release are left out."""
    assert find_target_dates(text, "2021-06-01") == []
