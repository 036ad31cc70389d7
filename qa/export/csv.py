"""CSV for spreadsheets: one row for each question, with its best passage.

A spreadsheet runs a cell that looks like a formula, so such cells get an apostrophe in front.
Control characters, marks of direction and characters that cannot be seen, which no cell needs, are
left out; the exact text is in the JSON form.
"""

import csv
import io
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from qa.answer_json import Failure, Outcome
from qa.display import without_unsafe
from qa.types import Answer, ReleaseRef

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
    "alternatives",
)

SEPARATOR = " | "
"""Between several alternatives in one cell."""

# What Excel, LibreOffice and Google Sheets read as the start of a formula, also in full width.
_FORMULA = re.compile("[\\s\ufeff\u200b]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")


def csv_rows(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield the header, then each outcome as one row.

    The columns that are carried along come last. All questions of a table have the same ones, so
    those of the first outcome are those of the header.
    """
    every = iter(outcomes)
    first = list(islice(every, 1))
    names: dict[str, str] = {}
    for name, _ in first[0].extra if first else ():
        names[name] = _free_name(name, {*COLUMNS, *names.values()})
    yield from csv_table(
        (*COLUMNS, *names.values()),
        (
            {**_row(outcome), **{names.get(name, name): cell for name, cell in outcome.extra}}
            for outcome in chain(first, every)
        ),
    )


def _free_name(name: str, taken: Container[str]) -> str:
    """Return a name for a column that is carried along, unlike those of the other columns."""
    while name in taken:
        name += " (given)"
    return name


def _row(outcome: Outcome) -> Mapping[str, str | None]:
    return _failure_row(outcome) if isinstance(outcome, Failure) else _answer_row(outcome)


def csv_line(cells: Iterable[str], *, delimiter: str = ",") -> str:
    """Return one row with its line end; no cell can run as a formula."""
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="\n").writerow(map(neutralise, cells))
    return line.getvalue()


def csv_table(columns: Sequence[str], rows: Iterable[Mapping[str, str | None]]) -> Iterator[str]:
    """Yield the header, then each row; a column that a row lacks is empty."""
    yield csv_line(columns)
    for row in rows:
        yield csv_line(row.get(column) or "" for column in columns)


def release_cells(release: ReleaseRef) -> dict[str, str | None]:
    """Return the cells that say which release a row is about, by the names of their columns."""
    return {
        "release_id": release.id,
        "title": release.title,
        "date": release.date,
        "issuer": release.issuer,
        "source": release.source,
        "url": release.url,
    }


def neutralise(cell: str) -> str:
    """Return a cell's text without characters that cannot be seen, and never as a formula."""
    cell = without_unsafe(cell.replace("\r\n", "\n").replace("\r", "\n"))
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _failure_row(failure: Failure) -> Mapping[str, str]:
    return {"id": failure.id or "", "question": failure.question, "error": failure.error}


def _answer_row(answer: Answer) -> Mapping[str, str | None]:
    row: dict[str, str | None] = {
        "id": answer.id or "",
        "question": answer.question,
        "answered": "yes" if answer.answered else "no",
        "confidence": f"{answer.confidence:.6f}",
        "reason": answer.reason or "",
        "answer": answer.answer.joined(SEPARATOR) if answer.answer else "",
        "evidence": answer.evidence.text if answer.evidence else "",
        "alternatives": SEPARATOR.join(words.text for words in answer.alternatives),
    }
    if answer.passages:
        best = answer.passages[0]
        row |= release_cells(best.release) | {
            "passage": best.text,
            "passage_id": best.passage_id,
            "citation": best.citation,
        }
    return row
