"""Files of judgements: which passage or release answers which question.

    JSONL   {"question": …, "passage": "RELEASE#N" or "release": ID, "grade": 1, "answers": ["…"]}
            {"question": …, "answerable": false}: nothing in the collection answers it
    TSV     question, id of a passage or release (or a citation), grade; with or without a header

A file may have both. A grade is a whole number, 0 if the passage does not answer, or + and -; the
default is 1. Blank lines and lines that start with # are skipped. A line that cannot be read, or
names a release that the collection does not have, is a `BadJudgement` in its place.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from index.errors import ReleaseNotFoundError
from qa.batch.question_file import question_problem
from qa.citations import parse, unwrapped
from qa.errors import JudgementError
from qa.sessions.types import Judgement

if TYPE_CHECKING:
    from qa.collection import Collection

MAX_GRADE = 100
_COLUMNS = ("question", "passage", "grade")
_FEWEST = 2
_HEADER = frozenset({"question", "query"})
_SIGNS = {"+": 1, "-": 0}


@dataclass(frozen=True, slots=True)
class BadJudgement:
    """A line that is not a judgement, and why."""

    line: int
    error: str


def read_judgements(
    stream: BinaryIO, collection: "Collection"
) -> Iterator[Judgement | BadJudgement]:
    """Read judgements in the order of their file, each checked against a collection.

    Raises:
        JudgementError: The file is not UTF-8.
    """
    for number, raw in enumerate(stream, start=1):
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip("\r\n")
        except UnicodeDecodeError as error:
            raise JudgementError(f"line {number} is not valid UTF-8.") from error
        if not text.strip() or text.startswith("#"):
            continue
        if text.lower().split("\t")[0].strip() in _HEADER:
            continue
        try:
            fields = _json_fields(text) if text.lstrip().startswith("{") else _tsv_fields(text)
            yield _judgement(fields, collection)
        except JudgementError as error:
            yield BadJudgement(number, str(error))


def judgement_to_json(judgement: Judgement) -> dict[str, Any]:
    """Return a judgement as the object that `read_judgements` reads."""
    found: dict[str, Any] = {"question": judgement.question}
    if not judgement.release_id:
        return found | {"answerable": False}
    found |= {"passage" if judgement.passage_id else "release": judgement.place}
    found["grade"] = judgement.grade
    return found | ({"answers": list(judgement.answers)} if judgement.answers else {})


def judged_place(collection: "Collection", name: str) -> tuple[str, str]:
    """Return the ids of the release and the passage that a name refers to.

    Args:
        collection: The collection.
        name: The id of a release or of a passage (`RELEASE#N`), or a citation.

    Returns:
        The id of the release, and of the passage, which is empty for a whole release.

    Raises:
        JudgementError: The collection has neither.
    """
    locator = parse(unwrapped(name))
    if locator is not None:
        check = collection.check(name)
        if not check.ok:
            raise JudgementError(f"the citation does not match: {check.detail}")
        return locator.release_id, f"{locator.release_id}#{locator.ordinal}"
    try:
        collection.document(name)
    except ReleaseNotFoundError:
        release, _, number = name.rpartition("#")
        try:
            known = len(collection.document(release).passages)
        except ReleaseNotFoundError:
            known = 0
        if number.isascii() and number.isdigit() and int(number) < known:
            return release, f"{release}#{int(number)}"
        raise JudgementError(f"no passage or release {name!r} in the collection") from None
    return name, ""


def _json_fields(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise JudgementError(f"not valid JSON ({error})") from error
    if not isinstance(found, dict):
        raise JudgementError("not a JSON object")
    return found


def _tsv_fields(text: str) -> dict[str, Any]:
    cells = [cell.strip() for cell in text.split("\t")]
    if not _FEWEST <= len(cells) <= len(_COLUMNS):
        raise JudgementError("expected question, passage or release, and grade, separated by tabs")
    return dict(zip(_COLUMNS, cells, strict=False))


def _judgement(fields: dict[str, Any], collection: "Collection") -> Judgement:
    question = fields.get("question", fields.get("query"))
    if not isinstance(question, str):
        raise JudgementError("the question is missing")
    question = question.encode("utf-8", "replace").decode("utf-8").strip()
    wrong = question_problem(question)
    if wrong is not None:
        raise JudgementError(wrong)
    name = fields.get("passage", fields.get("release"))
    if name is None and fields.get("answerable") is False:
        return Judgement(question, "", "", 0)
    if not isinstance(name, str) or not name.strip():
        raise JudgementError("the passage or release is missing")
    release_id, passage_id = judged_place(collection, name.strip())
    answers = fields.get("answers") or []
    if not isinstance(answers, list) or not all(isinstance(text, str) for text in answers):
        raise JudgementError("the answers are not a list of strings")
    return Judgement(
        question, release_id, passage_id, _grade(fields.get("grade", 1)), tuple(answers)
    )


def _grade(value: object) -> int:
    if isinstance(value, str):
        value = _SIGNS.get(value, int(value) if value.isascii() and value.isdigit() else value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_GRADE:
        raise JudgementError(f"the grade {value!r} is not a whole number from 0 to {MAX_GRADE}")
    return value
