"""Runs and judgements as evaluation programs write them, read with clear errors.

A run is `qid Q0 docid rank score tag`, a line a document. Judgements (qrels) are `qid 0 docid
grade`, or the same without the second column, and then tabs may part the columns, so that ids
can hold blanks.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, TextIO
from urllib.parse import quote, unquote

from qa.answer_json import Failure, Outcome
from qa.errors import DatasetError
from qa.types import Answer, RankedPassage

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
            raise DatasetError(f"{place}: expected question id, release id and grade.")
        question, release, grade = cells
        try:
            grades.setdefault(question, {})[release] = int(grade)
        except ValueError:
            raise DatasetError(f"{place}: the grade {grade!r} is not a whole number.") from None
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
        raise DatasetError(f"{place}: the score {text!r} is not a number.")
    return score


Level = Literal["release", "passage"]
TAG = "releaseqa"

_STEP = 1e-6
_UNFIT = re.compile(
    "[\\s\x00-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
    "|%(?=[0-9A-Fa-f]{2})"
)


class TrecWriter:
    """Writes the passages of each answer as lines of a run."""

    def __init__(self, stream: TextIO, level: Level = "release") -> None:
        self._stream = stream
        self._level = level

    def write(self, outcome: Outcome) -> None:
        """Write the ranking of one answer; a failure has none."""
        if isinstance(outcome, Failure):
            return
        self._stream.writelines(run_lines(outcome.id or "", ranking(outcome, self._level)))

    def finish(self) -> None:
        """Do nothing: lines need no end."""


def run_lines(question: str, ranked: Iterable[tuple[str, float]]) -> Iterator[str]:
    """Yield the lines of a question: ids and scores, best first, scores falling."""
    for rank, (identifier, score) in enumerate(ranked, start=1):
        yield f"{field(question)} Q0 {field(identifier)} {rank} {score:.6f} {TAG}\n"


def ranking(answer: Answer, level: Level) -> Iterator[tuple[str, float]]:
    """Yield ids and scores in the order of the answer, each score below the one before.

    At release level each release comes once, at the place and with the score of its best
    passage; releases that carry the same passage, which is shown once, follow it.
    """
    seen: set[str] = set()
    before = float("inf")
    for passage in answer.passages:
        carriers = passage.also_in if level == "release" else ()
        for identifier in (_identifier(passage, level), *carriers):
            if identifier not in seen:
                seen.add(identifier)
                before = min(round(passage.score, 6), before - _STEP)
                yield identifier, before


def field(identifier: str) -> str:
    """Return an id as one field of a run file: never empty, without white space."""
    return _UNFIT.sub(lambda found: quote(found[0], errors="surrogatepass"), identifier) or "-"


def _identifier(passage: RankedPassage, level: Level) -> str:
    return passage.release.id if level == "release" else passage.passage_id
