"""Plots of lines over two logarithmic axes, as SVG that can be read on light and dark pages."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

Point = tuple[float, float]
_STYLE = (
    "text{fill:#222}.grid{stroke:#ddd}.axis{stroke:#888}.paper{fill:#fff}"
    "@media(prefers-color-scheme:dark)"
    "{text{fill:#ddd}.grid{stroke:#333}.axis{stroke:#999}.paper{fill:#111}}"
)
_FONT = "font-size=\"12\" font-family=\"system-ui, 'Segoe UI', 'Liberation Sans', sans-serif\""
_COLOURS = ("#0080d0", "#e06000", "#009e73", "#cc79a7", "#b08800", "#888888")
"""After Okabe and Ito, which most colour-blind people can tell apart; seen on white and black."""
_DASHES = ("none", "7 3", "2 3", "9 3 2 3")
_WIDTH, _HEIGHT = 360, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 326, 34, 284
_LEGEND_ROW, _LEGEND_COLUMN = 18, 224


@dataclass(frozen=True, slots=True)
class Panel:
    """One plot of several that share a legend.

    Attributes:
        title: What its lines show, with the unit.
        lines: Points with positive coordinates by name of the line.
    """

    title: str
    lines: Mapping[str, Sequence[Point]]


def log_plot(title: str, x_label: str, panels: Sequence[Panel]) -> str:
    """Return panels next to each other as an SVG file; each has at least one point."""
    names = list(dict.fromkeys(name for panel in panels for name in panel.lines))
    width = _WIDTH * len(panels)
    columns = width // _LEGEND_COLUMN
    height = _HEIGHT + _LEGEND_ROW * math.ceil(len(names) / columns)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {_FONT} '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    )
    parts = [
        opening,
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        '<rect class="paper" width="100%" height="100%"/>',
    ]
    for number, panel in enumerate(panels):
        parts.append(f'<g transform="translate({_WIDTH * number} 0)">')
        parts += [*_panel(panel, x_label, names), "</g>"]
    for number, name in enumerate(names):
        x, y = 24 + _LEGEND_COLUMN * (number % columns), _HEIGHT + _LEGEND_ROW * (number // columns)
        parts.append(f'<path d="M{x} {y}h28" {_stroke(number)}/>')
        parts.append(f'<text x="{x + 34}" y="{y + 4}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def log_ticks(values: Sequence[float]) -> list[float]:
    """Return the powers of ten from at or below the lowest value to at or above the highest."""
    low = math.floor(math.log10(min(values)) + 1e-9)
    high = math.ceil(math.log10(max(values)) - 1e-9)
    return [10.0**power for power in range(low, max(high, low + 1) + 1)]


def _panel(panel: Panel, x_label: str, names: Sequence[str]) -> list[str]:
    points = [point for line in panel.lines.values() for point in line]
    x_ticks, y_ticks = (log_ticks([point[axis] for point in points]) for axis in (0, 1))

    def x(value: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * _share(value, x_ticks)

    def y(value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * _share(value, y_ticks)

    parts = [f'<text x="{_LEFT}" y="20" font-weight="bold">{escape(panel.title)}</text>']
    for tick in y_ticks:
        kind = "axis" if tick == y_ticks[0] else "grid"
        parts.append(f'<path class="{kind}" d="M{_LEFT} {y(tick):.1f}H{_RIGHT}"/>')
        parts.append(
            f'<text x="{_LEFT - 7}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:,g}</text>'
        )
    for tick in x_ticks:
        parts.append(f'<path class="axis" d="M{x(tick):.1f} {_BOTTOM}v4"/>')
        parts.append(
            f'<text x="{x(tick):.1f}" y="{_BOTTOM + 18}" text-anchor="middle">{tick:,.0f}</text>'
        )
    middle = (_LEFT + _RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{_BOTTOM + 34}" text-anchor="middle">{x_label}</text>')
    for name, line in panel.lines.items():
        stroke = _stroke(names.index(name))
        drawn = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in line)
        parts.append(f'<polyline points="{drawn}" {stroke}/>')
        colour = _COLOURS[names.index(name) % len(_COLOURS)]
        parts += [
            f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="3" fill="{colour}"/>' for a, b in line
        ]
    return parts


def _share(value: float, ticks: Sequence[float]) -> float:
    """Return where a value is between the first tick, 0, and the last, 1."""
    low, high = math.log10(ticks[0]), math.log10(ticks[-1])
    return (math.log10(value) - low) / (high - low)


def _stroke(number: int) -> str:
    colour, dash = _COLOURS[number % len(_COLOURS)], _DASHES[number % len(_DASHES)]
    return f'fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"'
