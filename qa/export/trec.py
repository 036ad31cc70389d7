"""TREC files, read and written: runs and relevance judgements (qrels).

A run is `qid Q0 docid rank score tag`, a line for each ranked document. Qrels are `qid 0 docid
grade`, or the same without the second column; tabs may separate the columns, so that ids can
contain spaces.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote

from qa.answer_json import Outcome
from qa.errors import DatasetError
from qa.types import Answer

Qrels = Mapping[str, Mapping[str, int]]
"""Grades by question and document."""
Run = Mapping[str, Mapping[str, float]]
"""Scores by question and document; a higher score ranks first, whatever the file's ranks are."""
Level = Literal["release", "passage"]
TAG = "releaseqa"

_QRELS_COLUMNS = 3
_TREC_QRELS_COLUMNS = 4
_RUN_COLUMNS = 6
_STEP = 1e-6
"""Least difference of the scores in a run."""
_TO_ENCODE = re.compile(
    "[\\s\x00-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
    "|%(?=[0-9A-Fa-f]{2})"
)


def trec_run(outcomes: Iterable[Outcome], level: Level = "release") -> Iterator[str]:
    """Yield the ranking of each answer as lines of a run; a failure has none."""
    for outcome in outcomes:
        if isinstance(outcome, Answer):
            yield from run_lines(outcome.id or "", ranking(outcome, level))


def ranking(answer: Answer, level: Level) -> Iterator[tuple[str, float]]:
    """Yield ids and scores in the order of the answer, each score below the one before.

    At release level each release comes once, with the rank and the score of its best passage. The
    releases that carry the same passage, which is shown once, follow it.
    """
    seen: set[str] = set()
    before = math.inf
    for passage in answer.passages:
        if level == "release":
            documents = (passage.release.id, *passage.also_in)
        else:
            documents = (passage.passage_id,)
        for document in documents:
            if document not in seen:
                seen.add(document)
                before = min(round(passage.score, 6), before - _STEP)
                yield document, before


def run_lines(question: str, ranked: Iterable[tuple[str, float]]) -> Iterator[str]:
    """Yield the lines of a question: ids and scores, best first, scores falling."""
    for rank, (document, score) in enumerate(ranked, start=1):
        yield f"{encode_id(question)} Q0 {encode_id(document)} {rank} {score:.6f} {TAG}\n"


def encode_id(identifier: str) -> str:
    """Return an id as one field of a run: not empty, without white space."""
    encoded = _TO_ENCODE.sub(lambda found: quote(found[0], errors="surrogatepass"), identifier)
    return encoded or "-"


def read_run(path: Path) -> Run:
    """Read a run. Ids that this program has percent-encoded are decoded.

    Raises:
        DatasetError: The file cannot be read, a line is malformed, or a document appears twice
            for a question; the message names the line.
    """
    scores: dict[str, dict[str, float]] = {}
    for place, line in read_lines(path):
        cells = line.split()
        if len(cells) != _RUN_COLUMNS:
            raise DatasetError(
                f"{place}: expected the six columns of a TREC run: qid Q0 docid rank score tag."
            )
        question, _, document, _, score, tag = cells
        if tag == TAG:
            question, document = unquote(question), unquote(document)
        of_question = scores.setdefault(question, {})
        if document in of_question:
            raise DatasetError(f"{place}: {document} appears twice for question {question}.")
        of_question[document] = _score(score, place)
    if not scores:
        raise DatasetError(f"{path} is empty; expected a TREC run.")
    return scores


def read_qrels(path: Path) -> Qrels:
    """Read relevance judgements, grades of zero and below included.

    Raises:
        DatasetError: The file cannot be read, or a line is malformed; the message names it.
    """
    grades: dict[str, dict[str, int]] = {}
    for place, line in read_lines(path):
        cells = line.split("\t") if "\t" in line else line.split()
        if len(cells) == _TREC_QRELS_COLUMNS:
            del cells[1]
        if len(cells) != _QRELS_COLUMNS:
            raise DatasetError(f"{place}: expected question id, release id and grade.")
        question, release, grade = cells
        try:
            grades.setdefault(question, {})[release] = int(grade)
        except ValueError:
            raise DatasetError(f"{place}: the grade {grade!r} is not a whole number.") from None
    return grades


def read_lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the lines of a file that are not blank, each with its place (`FILE:LINE`).

    Raises:
        DatasetError: The file cannot be read, or is not UTF-8.
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
        raise DatasetError(f"{place}: the score {text!r} is not a number.")
    return score
