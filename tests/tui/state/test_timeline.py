"""Releases sorted into periods."""

from dataclasses import replace

import pytest
from releases import SEOUL

from qa.types import ReleaseRef
from tui.state.timeline import MarkedAnswer, timeline_of


def released(*dates: str | None) -> list[ReleaseRef]:
    """Releases of these dates."""
    return [replace(SEOUL.ref, id=f"r{n}", date=date) for n, date in enumerate(dates)]


def counts(dates: list[ReleaseRef], most: int = 60) -> dict[str, int]:
    """The releases in each period that has any."""
    periods = timeline_of(dates, (), most).periods
    return {period.name: len(period.counted) for period in periods if period.counted}


def test_every_month_between_the_first_and_the_last_has_its_place() -> None:
    """Also the months in which nothing came out; the newest release of a month comes first."""
    found = timeline_of(released("2024-02-11", "2023-11-30", "2023-11-02"), (), 60)
    assert [(p.name, p.label, len(p.counted)) for p in found.periods] == [
        ("2023-11", "2023-11", 2), ("2023-12", "", 0), ("2024-01", "2024", 0), ("2024-02", "", 1),
    ]  # fmt: skip
    assert [release.date for release in found.periods[0].counted] == ["2023-11-30", "2023-11-02"]


def test_releases_without_a_date_are_listed_separately() -> None:
    """What names no month has no place on the axis: a year alone, or no date at all."""
    odd = (None, "", "2023", "2023-13-01", "2023-00", "x-01-01", "\x1b[2J", "²023-01", "99999-01")
    found = timeline_of(released("2023-04-17", *odd), (), 60)
    assert [period.name for period in found.periods] == ["2023-04"]
    assert [release.date for release in found.undated.counted] == list(odd)
    assert found.undated.name == ""
    assert timeline_of(released(None), (), 60).periods == ()


@pytest.mark.parametrize(
    ("dates", "most", "expected"),
    [
        (("2023-12-31", "2021-01-01"), 36, {"2021-01": 1, "2023-12": 1}),
        (("2023-12-31", "2021-01-01"), 35, {"2021": 1, "2023": 1}),
        (("2023-12-31", "2023-01-01", "2004-05-06"), 20, {"2004": 1, "2023": 2}),
        (("2023-12-31", "2004-05-06"), 19, {"2000-2009": 1, "2020-2029": 1}),
        (("9999-12-31", "0001-01-01"), 100, {"0000-0099": 1, "9900-9999": 1}),
        (("9999-12-31", "0001-01-01"), 2, {"0000-9999": 2}),
    ],
)
def test_longer_periods_are_used_where_months_do_not_fit(
    dates: tuple[str, ...], most: int, expected: dict[str, int]
) -> None:
    """Years, then decades and so on: the shortest of which no more are needed than fit."""
    assert counts(released(*dates), most) == expected
    assert len(timeline_of(released(*dates), (), most).periods) <= most


def test_answers_are_marked_where_they_came_out() -> None:
    """That to the question also outside the time of the releases, others within it."""
    early, middle, late, none = released("2022-01-05", "2022-03-01", "2024-01-05", None)
    marks = (
        MarkedAnswer(1, early, current=True), MarkedAnswer(2, middle, current=False),
        MarkedAnswer(3, none, current=False), MarkedAnswer(4, late, current=False),
    )  # fmt: skip
    found = timeline_of([middle], marks, 60)
    first, last = found.periods[0], found.periods[-1]
    assert (first.name, first.counted, first.releases) == ("2022-01", (), (early,))
    assert (last.name, last.releases, last.answers) == ("2022-03", (middle,), marks[1:2])
    assert (found.undated.answers, found.undated.releases) == (marks[2:3], (none,))
    assert [p.name for p in timeline_of((), marks[3:], 60).periods] == ["2024-01"]
