"""Read question files, one question at a time.

A record that cannot be asked becomes a `BadQuestion` in its place, so that outputs keep the order
and the numbers of the file. Only a file that cannot be read at all raises an error. One record is
held at a time, so a file of any size can be read. `qa.batch.question_formats` reads the formats.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from index.filters import FILTERS, NO_FILTERS, Filters
from qa.batch.question_formats import QUESTION_NAMES, RECORD_FILTERS, RawRecord, read_records
from qa.errors import QuestionError, SettingsError
from qa.filter_syntax import check_dates, merge_filters, parse_filters
from qa.types import Extra

MAX_CHARACTERS = 2000
"""Maximum length of a question, in code points."""
MAX_SAID = 10_000
"""How much of an earlier question or answer is used, in code points."""
SHOWN_CHARACTERS = 200
"""How much of a bad question is kept in its error record."""

_USER, _ASSISTANT = "user", "assistant"
_ROLES = (_USER, _ASSISTANT, "system", "developer")
"""Roles of messages. The last two instruct the assistant; their messages are not turns."""

_SEVERAL = frozenset(spec.name for spec in FILTERS if spec.several)
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """One question to ask.

    Attributes:
        id: As given in the file; otherwise its position, from 1.
        text: The question, without surrounding white space.
        history: Earlier turns from its record, oldest first: questions and answers in turn,
            questions alone, or pairs; see `qa.conversation.history`.
        filters: The filters of this question alone.
        conversation: Id of the conversation that it shares with earlier questions of the file, or
            None.
        extra: Names and cells of its row that are carried to the output.
    """

    id: str
    text: str
    history: tuple[str | tuple[str, str], ...] = ()
    filters: Filters = NO_FILTERS
    conversation: str | None = None
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class BadQuestion:
    """A record that cannot be asked.

    Attributes:
        id: As for `QuestionRecord`.
        text: What could be read of the question, shortened.
        error: What is wrong with it, in one line.
        extra: As for `QuestionRecord`.
    """

    id: str
    text: str
    error: str
    extra: Extra = ()


def read_questions(
    stream: BinaryIO, *, filters: Filters = NO_FILTERS, unique_ids: bool = False
) -> Iterator[QuestionRecord | BadQuestion]:
    """Read questions in the order of their file.

    Args:
        stream: The bytes of the file: UTF-8 with or without byte order mark, or UTF-16 with one.
        filters: The filters of the whole run. If a question's own dates leave no day in common
            with them, it becomes a `BadQuestion`.
        unique_ids: Make a `BadQuestion` of a question whose id has appeared before.

    Raises:
        QuestionFileError: The file is binary, or a JSON array.
    """
    seen: set[str] = set()
    for position, record in enumerate(read_records(stream), start=1):
        question = _question(record, position, filters)
        if unique_ids:
            if question.id in seen:
                question = BadQuestion(
                    question.id, _shown(question.text), "the id is used twice", question.extra
                )
            seen.add(question.id)
        yield question


def question_problem(text: str) -> str | None:
    """Return why a text cannot be asked as a question; None if it can."""
    if not text.strip():
        return "the question is empty"
    if len(text) > MAX_CHARACTERS:
        return f"the question has {len(text):,} characters; the maximum is {MAX_CHARACTERS:,}"
    return None


def _question(record: RawRecord, position: int, outer: Filters) -> QuestionRecord | BadQuestion:
    """Return the question of a record, or a `BadQuestion`."""
    identifier = _id(record.fields.get("id")) or str(position)
    text = next((record.fields[name] for name in QUESTION_NAMES if name in record.fields), None)
    extra = tuple(record.extra.items())
    try:
        question = QuestionRecord(
            identifier,
            _text(text, record.error),
            _history(record.fields.get("history")),
            _filters(record.fields),
            _id(record.fields.get("conversation")),
            extra,
        )
        check_dates(merge_filters(outer, question.filters))
    except (QuestionError, SettingsError) as error:
        return BadQuestion(
            identifier, _shown(text if isinstance(text, str) else record.raw), str(error), extra
        )
    return question


def _id(value: object) -> str | None:
    """Return an id as text; None if the value is not an id."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value.strip()) or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def _text(value: object, error: str | None) -> str:
    if error is not None or value is None:
        raise QuestionError(error or "the record has no question, text or query field")
    if not isinstance(value, str):
        raise QuestionError("the question is not a string")
    text = value.strip()
    wrong = question_problem(text)
    if wrong is not None:
        raise QuestionError(wrong)
    return _SURROGATE.sub("\ufffd", text)


def _history(value: object) -> tuple[str | tuple[str, str], ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        raise QuestionError("the history is not a list")
    if any(isinstance(entry, dict) and "role" in entry for entry in value):
        return tuple(_messages(value))
    return tuple(map(_turn, value))


def _messages(entries: list[object]) -> Iterator[tuple[str, str]]:
    """Yield turns from messages with roles, as chat programs write them."""
    question = ""
    for entry in entries:
        message = entry if isinstance(entry, dict) else {}
        role, content = message.get("role"), message.get("content")
        if role not in _ROLES or not isinstance(content, str):
            raise QuestionError(
                "the history is not a list of messages, each with a role (user or assistant) and "
                "a content string"
            )
        if role == _USER:
            if question:
                yield question, ""
            question = _said(content)
        elif role == _ASSISTANT:
            yield question, _said(content)
            question = ""
    if question:
        yield question, ""


def _turn(value: object) -> str | tuple[str, str]:
    """Return an entry of a history: a text, or a question with its answer (empty for none)."""
    if isinstance(value, dict):
        value = [value.get("question"), value.get("answer")]
    if isinstance(value, str):
        return _said(value)
    if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str):  # noqa: PLR2004
        question, answer = value
        if answer is None or isinstance(answer, str):
            return _said(question), _said(answer or "")
    raise QuestionError("the history is not a list of strings or of pairs of question and answer")


def _said(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text[:MAX_SAID])


def _filters(fields: Mapping[str, object]) -> Filters:
    """Return the filters of a record; those in `filters` override those beside the question."""
    own = {name: value for name in RECORD_FILTERS if not _is_blank(value := fields.get(name))}
    among = fields.get("filters")
    if not isinstance(among, dict | None):
        raise SettingsError("the filters are not a JSON object")
    given = {**own, **(among or {})}
    return parse_filters({name: _filter_value(name, found) for name, found in given.items()})


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _filter_value(name: str, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if name in _SEVERAL and isinstance(value, list):
        return ",".join(map(str, value))
    raise SettingsError(f"the filter {name} is not a string")


def _shown(text: str) -> str:
    """Return the start of a text for an error record."""
    text = _SURROGATE.sub("\ufffd", text.strip())
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
