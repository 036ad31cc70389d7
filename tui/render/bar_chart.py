"""Bars of block characters, in columns that are as wide as fits."""

from collections.abc import Sequence
from dataclasses import dataclass

_LEVELS = " ▁▂▃▄▅▆▇█"
_WIDEST = 6


@dataclass(frozen=True, slots=True)
class Column:
    """Where a bar is: its first cell, and the cells that it fills."""

    start: int
    width: int


def columns_of(count: int, width: int) -> list[Column]:
    """Place bars side by side, with a gap where there is room for one.

    Args:
        count: How many, at most `width`.
        width: In cells.
    """
    step = max(1, min(_WIDEST, width // max(count, 1)))
    return [Column(place * step, max(step - 1, 1)) for place in range(count)]


def bar_rows(counts: Sequence[int], height: int) -> list[list[str]]:
    """Draw bars.

    Args:
        counts: Of each bar, at least 0.
        height: In rows.

    Returns:
        A character for each bar, for each row from the top. The highest bar has all rows; none
        that counts anything is empty.
    """
    top = max(1, max(counts, default=1))
    eighths = [max(1, count * height * 8 // top) if count else 0 for count in counts]
    return [
        [_LEVELS[max(0, min(8, filled - level * 8))] for filled in eighths]
        for level in range(height - 1, -1, -1)
    ]


def label_row(labels: Sequence[str], columns: Sequence[Column], width: int) -> str:
    """Write labels below bars, each at its bar; those that would touch the one before are left out.

    Args:
        labels: One for each bar; empty for none.
        columns: The bars' places.
        width: In cells.
    """
    row = ""
    for label, column in zip(labels, columns, strict=True):
        free = column.start > len(row) if row else True
        if label and free and column.start + len(label) <= width:
            row = row.ljust(column.start) + label
    return row
