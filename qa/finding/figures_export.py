"""Figures for other programs: JSON and CSV."""

from collections.abc import Iterable, Iterator
from typing import Any

from qa.answer_json import release_to_json
from qa.export.csv import SEPARATOR, csv_table, release_cells
from qa.figures.types import Figure, FoundFigure, Number

COLUMNS = (
    *("date", "issuer", "title", "figure", "unit", "value", "high", "bound", "currency", "per"),
    *("target_date", "inferred", "who", "what", "commitment", "sentence", "speaker", "kind"),
    *("release_id", "passage_id", "source", "url", "citation", "also_in"),
)


def figure_to_json(found: FoundFigure) -> dict[str, Any]:
    """Return a figure as a JSON object, keys in their fixed order."""
    return {
        **value_to_json(found.figure),
        "text": found.text,
        "who": found.subject.who,
        "what": found.subject.what,
        "commitment": found.subject.commitment,
        "sentence": {
            "text": found.sentence,
            "span": list(found.span),
            "figure": list(found.figure.span),
        },
        "release": release_to_json(found.release),
        "passage_id": found.passage_id,
        "kind": found.kind,
        "speaker": found.speaker,
        "also_in": list(found.also_in),
        "citation": found.citation,
    }


def value_to_json(figure: Figure) -> dict[str, Any]:
    """Return what a figure amounts to as a JSON object, keys in their fixed order."""
    return {
        "unit": figure.unit,
        "value": figure.value,
        "high": figure.high,
        "bound": figure.bound,
        "currency": figure.currency,
        "per": figure.per,
        "date": figure.date,
        "inferred": figure.inferred,
    }


def csv_rows(figures: Iterable[FoundFigure]) -> Iterator[str]:
    """Return the header, then each figure as one row."""
    return csv_table(COLUMNS, map(_row, figures))


def _row(found: FoundFigure) -> dict[str, str | None]:
    figure, subject = found.figure, found.subject
    return release_cells(found.release) | {
        "figure": found.text,
        "unit": figure.unit,
        "value": plain_number(figure.value),
        "high": plain_number(figure.high),
        "bound": figure.bound,
        "currency": figure.currency,
        "per": figure.per,
        "target_date": figure.date,
        "inferred": "yes" if figure.inferred else "no",
        "who": subject.who,
        "what": subject.what,
        "commitment": subject.commitment,
        "sentence": found.sentence,
        "speaker": found.speaker,
        "kind": found.kind,
        "passage_id": found.passage_id,
        "citation": found.citation,
        "also_in": SEPARATOR.join(found.also_in),
    }


def plain_number(value: Number | None) -> str:
    """Return a number as a spreadsheet reads it; empty for None."""
    return "" if value is None else str(value)
