"""An evaluation set: a folder with the releases, the questions and which releases answer them.

corpus.jsonl      the releases, as `releaseqa index` reads them
questions.jsonl   id, question, answers (verbatim strings), answerable
qrels.tsv         question id, release id, grade; also in TREC's four columns
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import DatasetError

_COLUMNS = 3
_TREC_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question and what is known of its answer.

    Attributes:
        answers: Strings, each of which answers; empty when none are known.
        answerable: Whether the collection holds an answer.
        relevant: Grades of the releases that answer, by id; only grades above 0.
    """

    id: str
    text: str
    answers: tuple[str, ...]
    answerable: bool
    relevant: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Dataset:
    """An evaluation set, its releases left on disk."""

    name: str
    corpus: Path
    questions: tuple[JudgedQuestion, ...]


def read_dataset(folder: Path) -> Dataset:
    """Read an evaluation set.

    Raises:
        DatasetError: A file is missing or a line malformed; the message names it.
    """
    for name in ("corpus.jsonl", "questions.jsonl", "qrels.tsv"):
        if not (folder / name).is_file():
            raise DatasetError(
                f"{folder} holds no {name}; an evaluation set is a folder of corpus.jsonl, "
                "questions.jsonl and qrels.tsv."
            )
    grades = _read_qrels(folder / "qrels.tsv")
    questions = tuple(_read_questions(folder / "questions.jsonl", grades))
    if not questions:
        raise DatasetError(f"{folder / 'questions.jsonl'} holds no question.")
    return Dataset(folder.resolve().name, folder / "corpus.jsonl", questions)


def _read_qrels(path: Path) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for place, line in _lines(path):
        cells = line.split("\t") if "\t" in line else line.split()
        if len(cells) == _TREC_COLUMNS:
            del cells[1]
        if len(cells) != _COLUMNS:
            raise DatasetError(f"{place}: not question id, release id and grade.")
        question, release, grade = cells
        try:
            number = int(grade)
        except ValueError:
            raise DatasetError(f"{place}: the grade {grade!r} is no whole number.") from None
        if number > 0:
            grades.setdefault(question, {})[release] = number
    return grades


def _read_questions(
    path: Path, grades: Mapping[str, Mapping[str, int]]
) -> Iterator[JudgedQuestion]:
    seen: set[str] = set()
    for place, line in _lines(path):
        try:
            found: Any = json.loads(line)
        except ValueError as error:
            raise DatasetError(f"{place}: no JSON ({error}).") from error
        if not isinstance(found, dict) or not isinstance(found.get("question"), str):
            raise DatasetError(f"{place}: no object with a question.")
        identifier, answers = str(found.get("id", "")), found.get("answers") or []
        if not identifier or identifier in seen:
            raise DatasetError(f"{place}: the id is missing or stands twice.")
        if not isinstance(answers, list) or not all(isinstance(text, str) for text in answers):
            raise DatasetError(f"{place}: the answers are no list of texts.")
        seen.add(identifier)
        relevant = grades.get(identifier, {})
        answerable = found.get("answerable", bool(relevant))
        yield JudgedQuestion(
            identifier, found["question"], tuple(answers), bool(answerable), relevant
        )


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the lines of a file that are not blank, each with its place for messages."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield f"{path}:{number}", line.rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} cannot be read: {error}.") from error
