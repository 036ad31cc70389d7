"""Plots of lines over two axes, drawn as SVG by the template `line_plot.svg.j2`."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from qa.export.html import render

Point = tuple[float, float]
_STEPS = 5


@dataclass(frozen=True, slots=True)
class LinePlot:
    """A plot.

    Attributes:
        title: What it shows, for readers who do not see it.
        x_label, y_label: What the axes show.
        lines: The name of each line in the legend and its points, x rising; at least one.
        x_ticks, y_ticks: Round numbers from 0 to at or above the largest value.
    """

    title: str
    x_label: str
    y_label: str
    lines: Sequence[tuple[str, Sequence[Point]]]
    x_ticks: Sequence[float]
    y_ticks: Sequence[float]

    @classmethod
    def of(
        cls, title: str, lines: Mapping[str, Sequence[Point]], *, x_label: str, y_label: str
    ) -> Self:
        """Return the plot of the lines that have points; no value is below 0."""
        drawn = [(name, points) for name, points in lines.items() if points]
        x_ticks, y_ticks = (
            _ticks(max(point[axis] for _, points in drawn for point in points)) for axis in (0, 1)
        )
        return cls(title, x_label, y_label, drawn, x_ticks, y_ticks)

    def svg(self) -> str:
        """Return an `<svg>` element, for a page or a file of its own."""
        return "".join(render("line_plot.svg.j2", plot=self))


def _ticks(high: float) -> list[float]:
    high = high or 1.0
    size = 10.0 ** math.floor(math.log10(high / _STEPS))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor * _STEPS >= high * 0.999)
    return [round(step * number, 9) for number in range(math.ceil(high / step - 1e-9) + 1)]
