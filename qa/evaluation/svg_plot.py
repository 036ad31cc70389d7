"""Plots as SVG: lines over two axes, bars with their values. No library, no script, no font file.

Series differ by colour, by dash and by mark, so that a print without colour can be read. Every
text is escaped here; numbers are written with few digits, so that the same values give the same
bytes. The colours are those of Okabe and Ito, told apart by most people who see few. A page may
give ground (`paper`), `grid`, `axis` and texts other colours by its style; a file stands on white.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from qa.display import clean_line

_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#555555", "#000000")
_DASHES = ("", "7 3", "2 3", "9 3 2 3")
_MARKS = 24
"""Points of a line that are drawn as dots, at most; a longer line is drawn without."""

_WIDTH, _HEIGHT = 680, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 16, 14, 46
_LEGEND_ROW = 18
_LEGEND_COLUMNS = 3
_CHARACTER = 6.4
"""Width of a letter of the legend, about."""

_STYLE = (
    "font-family:system-ui,-apple-system,'Segoe UI','Liberation Sans',sans-serif;font-size:12px"
)
_TICKS = 5
_BAR = 15
_BAR_GAP = 12
_LABEL_CHARACTERS = 22


@dataclass(frozen=True, slots=True)
class PlotLine:
    """A line of a plot: its name in the legend and its points, x rising."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class PlotBars:
    """A group of bars: its label and a value for each series, None where there is none."""

    label: str
    values: Sequence[float | None]


def line_plot(
    title: str, lines: Sequence[PlotLine], *, x: str, y: str, top: float | None = None
) -> str:
    """Draw lines over two axes.

    Args:
        title: What it shows, for those who do not see it.
        lines: At least one with a point.
        x: What the level axis shows.
        y: What the upright axis shows.
        top: The end of the upright axis; None to fit it to the points.

    Returns:
        An `<svg>` element of its own, which can stand in a page or be a file.
    """
    drawn = [line for line in lines if line.points]
    points = [point for line in drawn for point in line.points]
    across = _ticks(min(0.0, *(p[0] for p in points)), max(p[0] for p in points))
    upright = _ticks(0.0, max(top or 0.0, *(p[1] for p in points)))
    legend = _LEGEND_ROW * math.ceil(len(drawn) / _LEGEND_COLUMNS)
    plane = _Plane(across[-1], upright[-1], bottom=_HEIGHT - _BOTTOM)
    parts = [*_grid(plane, across, upright, x, y)]
    for number, line in enumerate(drawn):
        parts += _line(plane, line, number)
    parts += _legend([line.name for line in drawn], _HEIGHT + 2)
    return _svg(title, _HEIGHT + legend + 4, parts)


def bar_plot(title: str, series: Sequence[str], groups: Sequence[PlotBars]) -> str:
    """Draw bars of values in [0, 1] lying side by side, each with its value.

    Args:
        title: What it shows, for those who do not see it.
        series: The names of the bars of a group, in their order.
        groups: From top to bottom.

    Returns:
        An `<svg>` element of its own.
    """
    left = 16 + _CHARACTER * _LABEL_CHARACTERS
    full = _WIDTH - left - 60
    parts, y = [], 8.0
    for group in groups:
        middle = y + _BAR * len(series) / 2
        label = _shortened(group.label)
        parts.append(_text(label, left - 8, middle + 4, anchor="end"))
        for number, value in enumerate(group.values):
            if value is not None:
                colour = _COLOURS[number % len(_COLOURS)]
                width = full * min(max(value, 0.0), 1.0)
                parts.append(
                    f'<rect x="{_n(left)}" y="{_n(y + 1)}" width="{_n(width)}" '
                    f'height="{_BAR - 2}" fill="{colour}"/>'
                )
                parts.append(_text(f"{value:.3f}", left + width + 5, y + _BAR - 4))
            y += _BAR
        y += _BAR_GAP
    parts += _squares(series, y + 4)
    return _svg(title, y + _LEGEND_ROW + 6, parts)


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where values stand in the picture."""

    right: float
    high: float
    bottom: float

    def x(self, value: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * value / self.right

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - _TOP) * value / self.high


def _ticks(low: float, high: float) -> list[float]:
    """Return round numbers from at or below `low` to at or above `high`."""
    span = max(high - low, 1e-9)
    rough = span / _TICKS
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * number, 9) for number in range(first, max(last, first + 1) + 1)]


def _grid(
    plane: _Plane, across: Sequence[float], upright: Sequence[float], x: str, y: str
) -> Iterator[str]:
    left, right = plane.x(0), plane.x(plane.right)
    for value in upright:
        at = plane.y(value)
        look = 'class="axis" stroke="#888"' if value == 0 else 'class="grid" stroke="#ddd"'
        yield f'<path d="M{_n(left)} {_n(at)}H{_n(right)}" {look}/>'
        yield _text(f"{value:g}", left - 7, at + 4, anchor="end")
    for value in across:
        at = plane.x(value)
        yield f'<path d="M{_n(at)} {_n(plane.bottom)}v4" class="axis" stroke="#888"/>'
        yield _text(f"{value:g}", at, plane.bottom + 18, anchor="middle")
    yield _text(x, (left + right) / 2, plane.bottom + 38, anchor="middle")
    middle = (_TOP + plane.bottom) / 2
    turned = f' transform="rotate(-90 14 {_n(middle)})"'
    yield _text(y, 14, middle, anchor="middle", more=turned)


def _line(plane: _Plane, line: PlotLine, number: int) -> Iterator[str]:
    places = [(plane.x(x), plane.y(y)) for x, y in line.points]
    path = "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in places)
    yield f'<path d="{path}" {_stroke(number)}/>'
    if len(places) <= _MARKS:
        colour = _COLOURS[number % len(_COLOURS)]
        for x, y in places:
            yield f'<circle cx="{_n(x)}" cy="{_n(y)}" r="2.6" fill="{colour}"/>'


def _stroke(number: int) -> str:
    dash = _DASHES[(number + number // len(_COLOURS)) % len(_DASHES)]
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'fill="none" stroke="{_COLOURS[number % len(_COLOURS)]}" stroke-width="2"{dashed}'


def _legend(names: Sequence[str], top: float) -> Iterator[str]:
    width = (_WIDTH - _LEFT - _RIGHT) / _LEGEND_COLUMNS
    for number, name in enumerate(names):
        x = _LEFT + width * (number % _LEGEND_COLUMNS)
        y = top + _LEGEND_ROW * (number // _LEGEND_COLUMNS) + 8
        yield f'<path d="M{_n(x)} {_n(y)}h28" {_stroke(number)}/>'
        yield _text(_shortened(name), x + 34, y + 4)


def _squares(names: Sequence[str], top: float) -> Iterator[str]:
    x = 16 + _CHARACTER * _LABEL_CHARACTERS
    for number, name in enumerate(names):
        colour = _COLOURS[number % len(_COLOURS)]
        yield f'<rect x="{_n(x)}" y="{_n(top)}" width="11" height="11" fill="{colour}"/>'
        yield _text(_shortened(name), x + 16, top + 10)
        x += 40 + _CHARACTER * min(len(name), _LABEL_CHARACTERS)


def _text(text: str, x: float, y: float, *, anchor: str = "start", more: str = "") -> str:
    shown = escape(clean_line(text))
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" fill="#222"{more}>{shown}</text>'


def _shortened(text: str) -> str:
    return text if len(text) <= _LABEL_CHARACTERS else text[: _LABEL_CHARACTERS - 1] + "…"


def _svg(title: str, height: float, parts: Iterable[str]) -> str:
    name = escape(clean_line(title))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {_n(height)}" '
        f'width="{_WIDTH}" height="{_n(height)}" style="{_STYLE}"><title>{name}</title>'
        f'<rect class="paper" width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>'
    )


def _n(value: float) -> str:
    """Return a place in the picture, to a tenth."""
    return f"{value:.1f}".removesuffix(".0")
