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


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("Since the deadline for closing it was confirmed on Dec. 20, all have helped.", []),
        ("The line will remain open, and the mill submitted a report on Oct. 2.", []),
        ("The fair will be held on Oct. 2.", ["2020-10-02"]),
        ("The bridge will be completely repaired on Oct. 2.", ["2020-10-02"]),
        ("The team that was named will meet on Jan. 9.", ["2020-01-09"]),
    ],
)
def test_a_day_of_last_year_is_no_target(text: str, dates: list[str]) -> None:
    """A day without a year behind a verb in the past is the nearer one."""
    assert dates == [figure.date for figure in find_target_dates(text, "2020-01-03")]
