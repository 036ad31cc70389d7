"""Tracked answers for other programs: JSON and CSV."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from qa.answer_json import DIGITS, release_to_json
from qa.export.csv import SEPARATOR, csv_table, release_cells
from qa.finding.figures_export import plain_number, value_to_json
from qa.tracking.types import TrackedAnswer, TrackRow
from qa.types import ReleaseRef

COLUMNS = (
    *("row", "date", "answer", "unit", "value", "high", "currency", "per", "target_date"),
    *("changed_from", "changed_from_date", "sentence", "confidence", "issuer", "title"),
    *("release_id", "passage_id", "source", "url", "citation", "also_in"),
)


def row_to_json(question: str, row: TrackRow, releases: Mapping[int, ReleaseRef]) -> dict[str, Any]:
    """Return answers that agree as a JSON object, keys in their fixed order."""
    before, figure = row.changed_from, row.first.figure
    return {
        "question": question,
        "answer": row.first.text,
        "value": None if figure is None else value_to_json(figure),
        "first": releases[row.first.release].date,
        "last": releases[row.last.release].date,
        "changed_from": None
        if before is None
        else {
            "answer": before.text,
            "value": None if before.figure is None else value_to_json(before.figure),
            "date": releases[before.release].date,
            "passage_id": before.passage_id,
        },
        "answers": [_answer(answer, releases[answer.release]) for answer in row.answers],
    }


def csv_rows(rows: Iterable[TrackRow], releases: Mapping[int, ReleaseRef]) -> Iterator[str]:
    """Return the header, then a line for each answer; those of a row have the same number."""
    return csv_table(
        COLUMNS,
        (
            _cells(answer, releases) | _changed(row, releases) | {"row": str(number)}
            for number, row in enumerate(rows, 1)
            for answer in row.answers
        ),
    )


def _cells(answer: TrackedAnswer, releases: Mapping[int, ReleaseRef]) -> dict[str, str | None]:
    cells: dict[str, str | None] = release_cells(releases[answer.release]) | {
        "answer": answer.text,
        "sentence": answer.sentence,
        "confidence": f"{answer.confidence:.6f}",
        "passage_id": answer.passage_id,
        "citation": answer.citation,
        "also_in": SEPARATOR.join(answer.also_in),
    }
    if (figure := answer.figure) is not None:
        cells |= {
            "unit": figure.unit,
            "value": plain_number(figure.value),
            "high": plain_number(figure.high),
            "currency": figure.currency,
            "per": figure.per,
            "target_date": figure.date,
        }
    return cells


def _changed(row: TrackRow, releases: Mapping[int, ReleaseRef]) -> dict[str, str | None]:
    before = row.changed_from
    if before is None:
        return {}
    return {"changed_from": before.text, "changed_from_date": releases[before.release].date}


def _answer(answer: TrackedAnswer, release: ReleaseRef) -> dict[str, Any]:
    return {
        "date": release.date,
        "release": release_to_json(release),
        "passage_id": answer.passage_id,
        "span": list(answer.span),
        "text": answer.text,
        "value": None if answer.figure is None else value_to_json(answer.figure),
        "sentence": {"span": list(answer.sentence_span), "text": answer.sentence},
        "confidence": round(answer.confidence, DIGITS),
        "also_in": list(answer.also_in),
        "citation": answer.citation,
    }
