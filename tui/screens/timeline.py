"""An answer's releases over time, as a drawing in characters. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer import RankedPassage

_LEVELS = " ▁▂▃▄▅▆▇█"
HEIGHT = 4
"""Rows of the drawing."""
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """What an answer has from one month.

    Attributes:
        name: `YYYY-MM`, or empty for releases without a date.
        positions: Positions of passages in the answer, best first.
        releases: How many releases they stand in.
    """

    name: str
    positions: tuple[int, ...]
    releases: int


def months_of(passages: Sequence[RankedPassage]) -> tuple[Month, ...]:
    """Sort an answer's passages by month, oldest first; those without a date come last."""
    found: dict[str, list[int]] = {}
    for position, passage in enumerate(passages):
        found.setdefault((passage.release.date or "")[:7], []).append(position)
    return tuple(
        Month(name, tuple(found[name]), len({passages[p].release.id for p in found[name]}))
        for name in sorted(found, key=lambda name: (not name, name))
    )


def plot(months: Sequence[Month], width: int) -> list[str]:
    """Draw how many releases each month has, on an axis from the first to the last month.

    Args:
        months: From `months_of`.
        width: In cells; where there are more months than that, a column holds several.

    Returns:
        Up to `HEIGHT` rows of bars, the axis, and a row with its ends; nothing without dates.
    """
    dated = [month for month in months if month.name]
    if not dated:
        return []
    first, last = _number(dated[0].name), _number(dated[-1].name)
    span = last - first + 1
    each = max(1, min(3, width // span))
    columns = [0] * min(span, width)
    for month in dated:
        columns[(_number(month.name) - first) * len(columns) // span] += month.releases
    top = max(HEIGHT, *columns)
    rows = []
    for level in range(HEIGHT - 1, -1, -1):
        steps = [max(0, min(8, count * HEIGHT * 8 // top - level * 8)) for count in columns]
        rows.append("".join(_LEVELS[step] * each for step in steps))
    rows = [row for row in rows if row.strip()]
    drawn = len(columns) * each
    ends = dated[0].name
    if len(dated) > 1:
        ends = ends.ljust(max(drawn - len(dated[-1].name), len(ends) + 1)) + dated[-1].name
    return [*rows, "─" * drawn, ends]


def _number(name: str) -> int:
    """Count months; a date without a month counts as its year's first."""
    year, _, month = name.partition("-")
    if not (year.isdecimal() and year.isascii()):
        return 0
    number = int(month) if month.isdecimal() and month.isascii() else 1
    return int(year) * _MONTHS + number - 1
