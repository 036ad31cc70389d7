"""An answer's releases over months."""

from dataclasses import replace

from plain_engine import PlainEngine
from releases import ORDINARY

from qa.types import AskOptions, RankedPassage
from tui.screens.timeline import Month, months_of, plot


def passages(*dates: str | None) -> tuple[RankedPassage, ...]:
    """Passages of releases of these dates, best first."""
    found = PlainEngine(ORDINARY).ask("night ferry agreement visit", AskOptions(k=20)).passages[0]
    return tuple(
        replace(found, rank=i, release=replace(found.release, id=f"{date}-{i}", date=date))
        for i, date in enumerate(dates, 1)
    )


def test_passages_are_sorted_by_month() -> None:
    """Oldest month first, the undated last; within a month by rank; a release counts once."""
    found = passages("2024-03-12", "2023-04-17", None, "2024-03-01", "2024-03-12")
    same = replace(found[4], release=found[0].release)
    assert months_of((*found[:4], same)) == (
        Month("2023-04", (1,), 1), Month("2024-03", (0, 3, 4), 2), Month("", (2,), 1),
    )  # fmt: skip


def test_the_chart_counts_releases_per_month() -> None:
    """Each month has its column, as high as its number of releases."""
    months = (Month("2024-01", (0,), 1), Month("2024-03", (1, 2, 3, 4), 4), Month("", (5,), 1))
    assert plot(months, 20) == [
        "      ███", "      ███", "      ███", "███   ███", "─────────", "2024-01 2024-03",
    ]  # fmt: skip


def test_long_spans_fit_and_nothing_is_drawn_without_dates() -> None:
    """Twenty years are squeezed into the width; undated releases have no place on the axis."""
    months = (Month("2004-01", (0,), 1), Month("2023-12", (1,), 1))
    rows = plot(months, 30)
    assert max(map(len, rows)) == 30
    assert rows[0] == "█" + " " * 28 + "█"
    assert rows[-1] == "2004-01" + " " * 16 + "2023-12"
    assert plot((Month("", (0,), 1),), 30) == []


def test_odd_dates_do_not_break_the_axis() -> None:
    """A year alone is its first month; what is no date at all is drawn at the start."""
    assert plot((Month("2023", (0,), 1), Month("2023-02", (1,), 1)), 10)[0] == "██████"
    assert plot((Month("abcd-ef", (0,), 1),), 10)[-1] == "abcd-ef"


def test_what_is_no_date_breaks_no_chart() -> None:
    """Months of a crafted collection are drawn, whatever they are and in any order."""
    names = ("2023-01", "2024-12", "\x1b[2J", "x", "9999999")
    for first in names:
        for second in names:
            rows = plot([Month(first, (0,), 1), Month(second, (1,), 1)], 40)
            assert rows
            assert not any("\x1b" in row for row in rows)
