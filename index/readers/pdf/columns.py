"""Puts the text of a page in reading order: rows from the top, columns from the left."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_MIN_ROWS = 3
"""Rows of a column, at least."""

_MIN_GUTTER = 5.0
"""Points of white space between columns, at least."""

_MIN_FILL = 0.55
"""Share of a column's width that its lines fill, at least; the cells of a table fill less."""

_MIN_CHARACTERS = 12
"""Characters in a line of a column, on average and at least; the cells of a table have fewer."""

_MAX_COLUMNS = 6

_LEAST_SIZE = 0.1
"""Points that the text of a line measures at least. A PDF can state a size of zero, and distances
are divided by it."""


@dataclass(frozen=True, slots=True)
class TextRun:
    """Words on one line without a gap, from `x0` to `x1` on a baseline, in points."""

    text: str
    x0: float
    x1: float
    baseline: float
    size: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text, with its page (from 0) and the number of its column block."""

    text: str
    x0: float
    x1: float
    baseline: float
    size: float
    page: int
    block: int


def group_rows(runs: Sequence[TextRun]) -> list[list[TextRun]]:
    """Return the runs grouped by baseline, from the top, each row from the left."""
    found: list[list[TextRun]] = []
    for run in sorted(runs, key=lambda run: -run.baseline):
        if found and found[-1][0].baseline - run.baseline < 0.5 * min(run.size, found[-1][0].size):
            found[-1].append(run)
        else:
            found.append([run])
    return [sorted(row, key=lambda run: run.x0) for row in found]


def reading_order(runs: Sequence[TextRun], page: int) -> Iterator[TextLine]:
    """Yield the lines of a page in reading order."""
    blocks = _column_blocks([run for run in runs if run.text.strip()], 0)
    for number, block in enumerate(blocks, start=page * 10_000):
        for row in group_rows(block):
            text = " ".join(" ".join(run.text for run in row).split())
            longest = max(row, key=lambda run: len(run.text))
            yield TextLine(
                text=text,
                x0=row[0].x0,
                x1=max(run.x1 for run in row),
                baseline=longest.baseline,
                size=max(longest.size, _LEAST_SIZE),
                page=page,
                block=number,
            )


def _column_blocks(runs: list[TextRun], depth: int) -> Iterator[list[TextRun]]:
    """Yield the runs of a page in blocks, each of which is read from top to bottom."""
    gutter = _find_gutter(runs) if depth < _MAX_COLUMNS else None
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
        yield from _column_blocks(left, depth + 1)
        yield from _column_blocks(right, depth + 1)
    if single:
        yield single


def _find_gutter(runs: Sequence[TextRun]) -> float | None:
    """Return the position that few runs cross, with many on both sides; None without one."""
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
    """Yield sections from the top, with whether their rows cross the gutter."""
    section: list[TextRun] = []
    crossing = False
    for row in group_rows(runs):
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
    lines = group_rows(side)
    if len(lines) < _MIN_ROWS or not other:
        return False
    left, right = min(run.x0 for run in side), max(run.x1 for run in side)
    if right <= gutter:
        width = min(run.x0 for run in other) - right
    else:
        width = left - max(run.x1 for run in other)
    filled = sum(run.x1 - run.x0 for run in side) / (len(lines) * max(1.0, right - left))
    characters = sum(len(run.text) for run in side) / len(side)
    return width >= _MIN_GUTTER and filled >= _MIN_FILL and characters >= _MIN_CHARACTERS
