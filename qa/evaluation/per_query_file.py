"""The scores of each question as a file, written and read.

CSV for spreadsheets or JSON lines. A later evaluation can be compared with either.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from qa.answer_json import dumps
from qa.errors import DatasetError
from qa.evaluation.compare import DIGITS, ScoresByQuestion
from qa.evaluation.evaluate import Evaluation
from qa.evaluation.scores import EVIDENCE
from qa.export.csv import neutralise
from qa.export.trec import read_lines

FACTS = (
    *("id", "kind", "question", "answerable", "answered", "confidence", "right"),
    *("evidence_at_top", "evidence_in_gold", "top_release"),
)
"""What a record has besides its measures; the columns that come first."""
_AT_TOP = "evidence_at_top"


def write_scores(evaluation: Evaluation, stream: TextIO, *, as_csv: bool) -> None:
    """Write a record for each question, in the order of the dataset."""
    records = list(_records(evaluation))
    if not as_csv:
        stream.writelines(dumps(record) + "\n" for record in records)
        return
    measures = list(evaluation.measures.means)
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow([*FACTS, *measures])
    for record in records:
        cells = [_cell(record[name]) for name in FACTS]
        rows.writerow([*cells, *(_cell(record["measures"].get(name)) for name in measures)])


def read_scores(path: Path, questions: Iterable[str]) -> ScoresByQuestion:
    """Read what `write_scores` wrote.

    Args:
        path: The file.
        questions: The ids to read; in CSV an apostrophe may stand in front of them.

    Raises:
        DatasetError: The file cannot be read, or is malformed; the message names the place.
    """
    found = dict(_from_csv(path) if _first_line(path).startswith("id,") else _from_lines(path))
    return {
        question: scores
        for question in questions
        if (scores := found.get(question, found.get(neutralise(question)))) is not None
    }


def holds_scores(path: Path) -> bool:
    """Return whether a file looks like one of scores by question, and not like a run."""
    return _first_line(path).startswith(("{", "id,"))


def _first_line(path: Path) -> str:
    return next((line for _, line in read_lines(path)), "")


def _records(evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    kinds = evaluation.kinds()
    questions = {question.id: question for question in evaluation.questions}
    results = {result.question.id: result for result in evaluation.results}
    for identifier in dict.fromkeys([*questions, *evaluation.measures.by_question]):
        question, result = questions.get(identifier), results.get(identifier)
        ranking = evaluation.run.get(identifier, {})
        scores = evaluation.measures.by_question.get(identifier, {})
        yield {
            "id": identifier,
            "kind": kinds.get(identifier),
            "question": question.text if question else None,
            "answerable": question.answerable if question else None,
            "answered": result.answered if result else None,
            "confidence": round(result.confidence, DIGITS) if result else None,
            "right": result.right if result else None,
            _AT_TOP: result.evidence_at_top if result else None,
            "evidence_in_gold": result.evidence_in_gold if result else None,
            "top_release": max(ranking, key=lambda r: (ranking[r], r), default=None),
            "measures": {name: round(value, DIGITS) for name, value in scores.items()},
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
            identifier, measures, at_top = record["id"], record["measures"], record[_AT_TOP]
            yield str(identifier), _numbers(dict(measures), at_top, place)
        except (ValueError, TypeError, KeyError) as error:
            raise DatasetError(
                f"{place}: not a record written by --per-question ({error})."
            ) from error


def _numbers(measures: Mapping[str, Any], at_top: bool | None, place: str) -> dict[str, float]:
    try:
        found = {name: float(value) for name, value in measures.items()}
    except (ValueError, TypeError) as error:
        raise DatasetError(f"{place}: a score is not a number ({error}).") from error
    return found | ({} if at_top is None else {EVIDENCE: float(at_top)})
