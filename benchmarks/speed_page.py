"""Write the figures of rivals.py into docs/explanation/speed.md: tables and a plot."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from log_plot import Panel, log_plot
from marked_page import fill
from rival_systems import LABELS

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "explanation" / "speed.md"
PLOT = ROOT / "docs" / "images" / "speed.svg"
BASE = "releaseqa"
"""The system that the others are compared with."""
FIGURES = {
    "cold ms": "first answer of a new process",
    "p50 ms": "warm, median",
    "p95 ms": "warm, 95th percentile",
    "memory MB": "memory",
    "disk MB": "on disk",
}
TIMES = tuple(name for name in FIGURES if name.endswith(" ms"))
Measured = Mapping[str, Mapping[str, float]]
"""The figures of each system, by their names in FIGURES."""


def table(measured: Measured) -> str:
    """Return a table of systems, with the ratio to ours in each cell."""
    columns = [name for name in FIGURES if name in measured[BASE]]
    lines = [
        "| " + " | ".join(["", *(FIGURES[name] for name in columns)]) + " |",
        "|---" + "|---:" * len(columns) + "|",
    ]
    for name, label in LABELS.items():
        if name in measured:
            cells = [_cell(column, measured[name], measured[BASE]) for column in columns]
            lines.append("| " + " | ".join([label, *cells]) + " |")
    return "\n".join(lines)


def growth(sizes: Sequence[Mapping[str, Any]]) -> str:
    """Return a heading and a table for each size."""
    return "\n\n".join(
        f"### {size['passages']:,} passages\n\n{table(size['systems'])}" for size in sizes
    )


def plot(sizes: Sequence[Mapping[str, Any]]) -> str:
    """Return an SVG with the time of an answer by the size of the collection."""
    panels = [
        Panel(
            f"{title}, ms",
            {
                label: [
                    (size["passages"], size["systems"][name][figure])
                    for size in sizes
                    if name in size["systems"]
                ]
                for name, label in LABELS.items()
                if any(name in size["systems"] for size in sizes)
            },
        )
        for figure, title in (
            ("cold ms", "First answer of a new process"),
            ("p50 ms", "Later answers, median"),
        )
    ]
    return log_plot("Time of an answer by the size of the collection", "passages", panels)


def stages_table(stages: Mapping[str, Any]) -> str:
    """Return a table of the parts of a cold and of a warm question."""
    tables = []
    for state, title in (("cold", "first question of a process"), ("warm", "later question")):
        rows = [f"| {part} | {_round(time)} |" for part, time in stages[state].items()]
        tables.append("\n".join([f"| {title} | ms |", "|---|---:|", *rows]))
    return "\n\n".join(tables)


def measured_on(found: Mapping[str, Any]) -> str:
    """Return a sentence about the machine and the versions."""
    machine, packages = found["machine"], found["versions"].items()
    versions = ", ".join(f"{name} {version}" for name, version in packages)
    return (
        f"Measured with {found['questions']} questions on {machine['cores']} cores "
        f"({machine['processor']}, {machine['system']}), load {machine['load']:.1f} at the start; "
        f"Python {machine['python']}, {versions}."
    )


def write_page(found: Mapping[str, Any]) -> None:
    """Put the tables into the page and draw the plot."""
    stages, busy = found["stages"], found["busy"]
    texts = {
        "stages": f"Of {stages['passages']:,} passages:\n\n{stages_table(stages)}",
        "busy": (
            f"{busy['programs']} other programs that compute all the time, on "
            f"{found['machine']['cores']} cores, {busy['passages']:,} passages:\n\n"
            f"{table(busy['systems'])}"
        ),
        "rivals": growth(found["sizes"]),
        "machine": measured_on(found),
    }
    PAGE.write_text(fill(PAGE.read_text("utf-8"), texts), "utf-8")
    PLOT.write_text(plot(found["sizes"]), "utf-8")


def _cell(column: str, row: Mapping[str, float], base: Mapping[str, float]) -> str:
    unit = column.rpartition(" ")[2]
    ratio = row[column] / base[column]
    shown = f"{ratio:.2g}" if ratio < 10 else f"{ratio:,.0f}"
    return f"{_round(row[column])} {unit}" + ("" if row is base else f" ({shown}×)")


def _round(value: float) -> str:
    """Return a number with two digits at least, and no fraction from ten on."""
    return f"{value:.1f}" if value < 10 else f"{value:,.0f}"
