"""CSV for spreadsheets: a row a question, with its best passage.

Spreadsheets run a cell that looks like a formula, and a document must not get its words run:
such cells get an apostrophe in front. Control characters and overrides of the direction of
writing, which no cell needs, are left out; the exact text is in the JSON form.
"""

import csv
import re
from collections.abc import Mapping
from typing import TextIO

from qa.answer_json import Failure, Outcome
from qa.types import Answer

COLUMNS = (
    "id",
    "question",
    "answered",
    "confidence",
    "reason",
    "answer",
    "evidence",
    "passage",
    "release_id",
    "passage_id",
    "title",
    "date",
    "issuer",
    "source",
    "url",
    "citation",
    "error",
)

# Controls, overrides of the direction of writing, lone surrogates.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# What Excel, LibreOffice and Google Sheets take for the start of a formula, full-width too.
_FORMULA = re.compile("[\\s\ufeff\u200b]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")


class CsvWriter:
    """Writes a row a question."""

    def __init__(self, stream: TextIO) -> None:
        self._rows = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\n")
        self._rows.writeheader()

    def write(self, outcome: Outcome) -> None:
        """Write one outcome as one row."""
        row = _failure_row(outcome) if isinstance(outcome, Failure) else _answer_row(outcome)
        self._rows.writerow({column: neutralise(text) for column, text in row.items()})

    def finish(self) -> None:
        """Do nothing: rows need no end."""


def neutralise(cell: str) -> str:
    """Return a cell's text without control characters, and never as a formula."""
    cell = _CONTROLS.sub("", cell.replace("\r\n", "\n").replace("\r", "\n"))
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _failure_row(failure: Failure) -> Mapping[str, str]:
    return {"id": failure.id or "", "question": failure.question, "error": failure.error}


def _answer_row(answer: Answer) -> Mapping[str, str]:
    row = {
        "id": answer.id or "",
        "question": answer.question,
        "answered": "yes" if answer.answered else "no",
        "confidence": f"{answer.confidence:.6f}",
        "reason": answer.reason or "",
        "answer": answer.answer.text if answer.answer else "",
        "evidence": answer.evidence.text if answer.evidence else "",
    }
    if answer.passages:
        best = answer.passages[0]
        row |= {
            "passage": best.text,
            "release_id": best.release.id,
            "passage_id": best.passage_id,
            "title": best.release.title,
            "date": best.release.date or "",
            "issuer": best.release.issuer or "",
            "source": best.release.source,
            "url": best.release.url or "",
            "citation": best.citation,
        }
    return row
