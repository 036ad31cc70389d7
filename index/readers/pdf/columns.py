"""The order in which the words of a page are read: rows from above, columns from the left."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

_MIN_ROWS = 3
"""Rows that make a column."""

_MIN_GUTTER = 5.0
"""Points of white between columns."""

_MIN_FILL = 0.55
"""Share of its width that the lines of a column fill; the cells of a table fill less."""

_MIN_CHARACTERS = 12
"""Characters in the lines of a column, on average; a table's cells have fewer."""

_MAX_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class TextRun:
    """Words on one line without a gap: from `x0` to `x1` on a baseline, in points."""

    text: str
    x0: float
    x1: float
    base: float
    size: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text as it is read, and the page (from 0) and block it stands in."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    page: int
    block: int


def rows(runs: Sequence[TextRun]) -> list[list[TextRun]]:
    """Return the runs that share a baseline, from above, each row from the left."""
    found: list[list[TextRun]] = []
    for run in sorted(runs, key=lambda run: -run.base):
        if found and found[-1][0].base - run.base < 0.5 * min(run.size, found[-1][0].size):
            found[-1].append(run)
        else:
            found.append([run])
    return [sorted(row, key=lambda run: run.x0) for row in found]


def ordered(runs: Sequence[TextRun], page: int) -> Iterator[TextLine]:
    """Yield the lines of a page in the order they are read."""
    numbers = count(page * 10_000)
    for block in _blocks([run for run in runs if run.text.strip()], 0):
        number = next(numbers)
        for row in rows(block):
            text = " ".join(" ".join(run.text for run in row).split())
            widest = max(row, key=lambda run: len(run.text))
            yield TextLine(text, row[0].x0, max(run.x1 for run in row), widest.base, widest.size,
                       page, number)  # fmt: skip


def _blocks(runs: list[TextRun], depth: int) -> Iterator[list[TextRun]]:
    """Yield stretches of a page that are read as one column each."""
    gutter = _gutter(runs) if depth < _MAX_COLUMNS else None
    if gutter is None:
        if runs:
            yield runs
        return
    single: list[TextRun] = []
    for across, section in _sections(runs, gutter):
        left = [run for run in section if run.x1 <= gutter]
        right = [run for run in section if run.x1 > gutter]
        if across or not (_is_column(left, right, gutter) and _is_column(right, left, gutter)):
            single.extend(section)
            continue
        if single:
            yield single
            single = []
        yield from _blocks(left, depth + 1)
        yield from _blocks(right, depth + 1)
    if single:
        yield single


def _gutter(runs: Sequence[TextRun]) -> float | None:
    """Return where few runs cross and many stand on both sides, or None."""
    lefts = sorted(run.x0 for run in runs)
    rights = sorted(run.x1 for run in runs)
    best: tuple[int, float] | None = None
    for right in rights:
        place = right + 0.5
        before = bisect_right(rights, place)
        after = len(runs) - bisect_left(lefts, place)
        crossing = len(runs) - before - after
        side = min(before, after)
        if side >= _MIN_ROWS and crossing <= side and (best is None or side - crossing > best[0]):
            best = (side - crossing, place)
    return best[1] if best else None


def _sections(runs: Sequence[TextRun], gutter: float) -> Iterator[tuple[bool, list[TextRun]]]:
    """Yield stretches from above: rows that cross the gutter, and those between them."""
    section: list[TextRun] = []
    crossing = False
    for row in rows(runs):
        across = any(run.x0 < gutter < run.x1 for run in row)
        if section and across != crossing:
            yield crossing, section
            section = []
        crossing = across
        section.extend(row)
    if section:
        yield crossing, section


def _is_column(side: Sequence[TextRun], other: Sequence[TextRun], gutter: float) -> bool:
    """Whether the runs on one side of the gutter are lines of text rather than cells."""
    lines = rows(side)
    if len(lines) < _MIN_ROWS or not other:
        return False
    left, right = min(run.x0 for run in side), max(run.x1 for run in side)
    white = min(run.x0 for run in other) - right if right <= gutter else left - max(
        run.x1 for run in other
    )  # fmt: skip
    filled = sum(run.x1 - run.x0 for run in side) / (len(lines) * max(1.0, right - left))
    characters = sum(len(run.text) for run in side) / len(side)
    return white >= _MIN_GUTTER and filled >= _MIN_FILL and characters >= _MIN_CHARACTERS
