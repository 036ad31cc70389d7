"""The scores of an evaluation by question, as a file, and back.

CSV for spreadsheets or JSON lines; both hold what a later evaluation needs to compare itself
with this one.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from qa.answer_json import dumps
from qa.errors import DatasetError
from qa.evaluation.compare import DIGITS, ByQuestion
from qa.evaluation.evaluate import Evaluation
from qa.evaluation.scores import EVIDENCE, Observed
from qa.export.csv import neutralise
from qa.export.trec import read_lines

FACTS = (
    *("id", "kind", "question", "answerable", "answered", "confidence", "right"),
    *("evidence_at_top", "evidence_in_gold", "top_release"),
)
"""What is known of a question besides its measures; the columns that come first."""
_AT_TOP = "evidence_at_top"


def write_scores(evaluation: Evaluation, stream: TextIO, *, as_csv: bool) -> None:
    """Write a record a question, in the order of the set."""
    records = list(_records(evaluation))
    if not as_csv:
        stream.writelines(dumps(record) + "\n" for record in records)
        return
    measures = list(evaluation.measured.means)
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow([*FACTS, *measures])
    for record in records:
        cells = [_cell(record[name]) for name in FACTS]
        rows.writerow([*cells, *(_cell(record["measures"].get(name)) for name in measures)])


def read_scores(path: Path, questions: Iterable[str]) -> ByQuestion:
    """Read what `write_scores` wrote.

    Args:
        path: The file.
        questions: Ids of the questions that matter; a spreadsheet may hold them with an
            apostrophe in front.

    Raises:
        DatasetError: The file cannot be read, or is of another form; the message says where.
    """
    found = dict(_from_csv(path) if _first_line(path).startswith("id,") else _from_lines(path))
    return {
        question: scores
        for question in questions
        if (scores := found.get(question, found.get(neutralise(question)))) is not None
    }


def holds_scores(path: Path) -> bool:
    """Whether a file looks like one of scores by question, and not like a run."""
    return _first_line(path).startswith(("{", "id,"))


def _first_line(path: Path) -> str:
    return next((line for _, line in read_lines(path)), "")


def _records(evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    kinds = evaluation.kinds()
    words = {question.id: question for question in evaluation.questions}
    seen = {observed.question.id: observed for observed in evaluation.observed}
    for identifier in dict.fromkeys([*words, *evaluation.measured.by_question]):
        question = words.get(identifier)
        ranking = evaluation.run.get(identifier, {})
        scores = evaluation.measured.by_question.get(identifier, {})
        yield {
            "id": identifier,
            "kind": kinds.get(identifier),
            "question": question.text if question else None,
            "answerable": question.answerable if question else None,
            **_observed(seen.get(identifier)),
            "top_release": max(ranking, key=lambda r: (ranking[r], r), default=None),
            "measures": {name: round(value, DIGITS) for name, value in scores.items()},
        }


def _observed(seen: Observed | None) -> dict[str, Any]:
    return {
        "answered": seen.answered if seen else None,
        "confidence": round(seen.confidence, DIGITS) if seen else None,
        "right": seen.right if seen else None,
        _AT_TOP: seen.evidence_at_top if seen else None,
        "evidence_in_gold": seen.evidence_in_gold if seen else None,
    }


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.{DIGITS}f}"
    return neutralise(value) if isinstance(value, str) else ""


def _from_csv(path: Path) -> Iterator[tuple[str, dict[str, float]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                place = f"the row of {row['id']!r} in {path}"
                measures = {n: v for n, v in row.items() if n and n not in FACTS and v}
                yield (
                    row["id"],
                    _numbers(measures, {"yes": True, "no": False}.get(row[_AT_TOP]), place),
                )
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
        raise DatasetError(f"{path} is not a file written by --per-question ({error}).") from error


def _from_lines(path: Path) -> Iterator[tuple[str, dict[str, float]]]:
    for place, line in read_lines(path):
        try:
            record = json.loads(line)
            identifier, measures, held = record["id"], record["measures"], record[_AT_TOP]
            yield str(identifier), _numbers(dict(measures), held, place)
        except (ValueError, TypeError, KeyError) as error:
            raise DatasetError(
                f"{place}: not a record written by --per-question ({error})."
            ) from error


def _numbers(measures: Mapping[str, Any], held: bool | None, place: str) -> dict[str, float]:
    try:
        found = {name: float(value) for name, value in measures.items()}
    except (ValueError, TypeError) as error:
        raise DatasetError(f"{place}: a score is not a number ({error}).") from error
    return found | ({} if held is None else {EVIDENCE: float(held)})
