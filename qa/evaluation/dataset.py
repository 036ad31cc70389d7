"""A dataset for evaluation: releases, questions, and which releases answer them, in one folder.

corpus.jsonl      the releases, as `releaseqa index` reads them
questions.jsonl   id, question, answers (verbatim strings), answerable
qrels.tsv         question id, release id, grade; or TREC's four columns
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import DatasetError
from qa.export.trec import Qrels, read_lines, read_qrels


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question and what is known about its answer.

    Attributes:
        answers: Strings, each of which answers; empty if none are known.
        answerable: Whether the collection has an answer.
        grades: The grades of the judged releases, by id; above 0 a release answers.
    """

    id: str
    text: str
    answers: tuple[str, ...]
    answerable: bool
    grades: Mapping[str, int]

    @property
    def relevant(self) -> Mapping[str, int]:
        """Grades of the releases that answer, by id."""
        return {release: grade for release, grade in self.grades.items() if grade > 0}


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset, its releases left on disk."""

    name: str
    corpus: Path
    questions: tuple[JudgedQuestion, ...]


def qrels_of(questions: Iterable[JudgedQuestion]) -> Qrels:
    """Return the grades of the questions that were judged."""
    return {question.id: question.grades for question in questions if question.grades}


def read_dataset(folder: Path) -> Dataset:
    """Read a dataset.

    Raises:
        DatasetError: A file is missing or a line malformed; the message names it.
    """
    for name in ("corpus.jsonl", "questions.jsonl", "qrels.tsv"):
        if not (folder / name).is_file():
            raise DatasetError(
                f"{folder} has no {name}; an evaluation set is a folder with corpus.jsonl, "
                "questions.jsonl and qrels.tsv."
            )
    grades = read_qrels(folder / "qrels.tsv")
    questions = tuple(_read_questions(folder / "questions.jsonl", grades))
    if not questions:
        raise DatasetError(f"{folder / 'questions.jsonl'} contains no questions.")
    return Dataset(folder.resolve().name, folder / "corpus.jsonl", questions)


def _read_questions(path: Path, grades: Qrels) -> Iterator[JudgedQuestion]:
    seen: set[str] = set()
    for place, line in read_lines(path):
        try:
            found: Any = json.loads(line)
        except ValueError as error:
            raise DatasetError(f"{place}: not valid JSON ({error}).") from error
        if not isinstance(found, dict) or not isinstance(found.get("question"), str):
            raise DatasetError(f"{place}: not a JSON object with a question.")
        identifier, answers = str(found.get("id", "")), found.get("answers") or []
        if not identifier or identifier in seen:
            raise DatasetError(f"{place}: the id is missing or duplicated.")
        if not isinstance(answers, list) or not all(isinstance(text, str) for text in answers):
            raise DatasetError(f"{place}: the answers are not a list of strings.")
        seen.add(identifier)
        judged = grades.get(identifier, {})
        answerable = found.get("answerable", any(grade > 0 for grade in judged.values()))
        yield JudgedQuestion(
            identifier, found["question"], tuple(answers), bool(answerable), judged
        )
