"""Runs and judgements as evaluation programs write them, read with clear errors.

A run is `qid Q0 docid rank score tag`, a line a document. Judgements (qrels) are `qid 0 docid
grade`, or the same without the second column, and then tabs may part the columns, so that ids
can hold blanks.
"""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from qa.errors import DatasetError
from qa.writers.run_file import TAG

Judgements = Mapping[str, Mapping[str, int]]
"""Grades by question and document."""
Run = Mapping[str, Mapping[str, float]]
"""Scores by question and document; the higher ranks first, whatever the file's ranks say."""

_COLUMNS = 3
_TREC_COLUMNS = 4
_RUN_COLUMNS = 6


def read_qrels(path: Path) -> Judgements:
    """Read judgements, grades of zero and below included.

    Raises:
        DatasetError: The file cannot be read, or a line is malformed; the message names it.
    """
    grades: dict[str, dict[str, int]] = {}
    for place, line in text_lines(path):
        cells = line.split("\t") if "\t" in line else line.split()
        if len(cells) == _TREC_COLUMNS:
            del cells[1]
        if len(cells) != _COLUMNS:
            raise DatasetError(f"{place}: not question id, release id and grade.")
        question, release, grade = cells
        try:
            grades.setdefault(question, {})[release] = int(grade)
        except ValueError:
            raise DatasetError(f"{place}: the grade {grade!r} is no whole number.") from None
    return grades


def read_run(path: Path) -> Run:
    """Read a run. Ids that this program has percent-encoded are given back as they were.

    Raises:
        DatasetError: The file cannot be read, a line is malformed, or a document stands twice
            for a question; the message names the line.
    """
    scores: dict[str, dict[str, float]] = {}
    for place, line in text_lines(path):
        cells = line.split()
        if len(cells) != _RUN_COLUMNS:
            raise DatasetError(
                f"{place}: not the six columns of a run: qid Q0 docid rank score tag."
            )
        question, _, document, _, score, tag = cells
        if tag == TAG:
            question, document = unquote(question), unquote(document)
        of_question = scores.setdefault(question, {})
        if document in of_question:
            raise DatasetError(f"{place}: {document} stands twice for question {question}.")
        of_question[document] = _score(score, place)
    if not scores:
        raise DatasetError(f"{path} holds no line of a run.")
    return scores


def text_lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the lines of a file that are not blank, each with its place for messages.

    Raises:
        DatasetError: The file cannot be read, or is no UTF-8.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield f"{path}:{number}", line.rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} cannot be read: {error}.") from error


def _score(text: str, place: str) -> float:
    try:
        score = float(text)
    except ValueError:
        score = math.nan
    if not math.isfinite(score):
        raise DatasetError(f"{place}: the score {text!r} is no number.")
    return score
