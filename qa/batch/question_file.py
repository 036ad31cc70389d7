"""Files of questions, read one by one, each as something that can be asked or as an error.

A record that cannot be asked is a `BadQuestion` in its place, so that a run keeps its order
and its numbers; only a file that cannot be read at all raises. Nothing is held but the record
in hand, whatever the file's size. The forms of files are the concern of `qa.batch.question_formats`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from index.filters import NO_FILTERS, Filters
from qa.batch.question_formats import QUESTION_NAMES, RECORD_FILTERS, RawRecord, read_records
from qa.errors import QuestionError, SettingsError
from qa.filter_syntax import check_dates, merge_filters, parse_filters

MAX_CHARACTERS = 2000
"""The longest question that is asked, in code points."""
MAX_SAID = 10_000
"""How much of an earlier question or answer counts, in code points."""
SHOWN_CHARACTERS = 200
"""How much of a record that cannot be asked is kept in its error record."""

_USER, _ASSISTANT = "user", "assistant"
_ROLES = (_USER, _ASSISTANT, "system", "developer")
"""Roles of messages; what the last two say is about how to answer, not a turn."""

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """One question to ask.

    Attributes:
        id: As its file gives it, or its position from 1.
        text: The question, without white space around it.
        history: Earlier turns, oldest first, as its record tells them: questions and answers in
            turn, questions alone, or pairs; see `qa.conversation.history`.
        filters: Restrict the search for this question alone.
        conversation: The conversation it belongs to, shared with earlier questions of the file;
            None without.
    """

    id: str
    text: str
    history: tuple[str | tuple[str, str], ...] = ()
    filters: Filters = NO_FILTERS
    conversation: str | None = None


@dataclass(frozen=True, slots=True)
class BadQuestion:
    """A record that cannot be asked, in its place.

    Attributes:
        text: What could be read of the question, cut when it is long.
        error: What is wrong with it, in one line.
    """

    id: str
    text: str
    error: str


def read_questions(
    stream: BinaryIO, *, filters: Filters = NO_FILTERS, unique_ids: bool = False
) -> Iterator[QuestionRecord | BadQuestion]:
    """Read questions in the order of their file.

    Args:
        stream: The file's bytes: UTF-8 with or without byte order mark, or UTF-16 with one.
        filters: Filters of the whole run. A question is a `BadQuestion` when its own filters leave
            no day between the dates of both.
        unique_ids: Turn a question whose id stood before into a `BadQuestion`.

    Yields:
        Each question; each record that is none, with what is wrong.

    Raises:
        QuestionFileError: The file is binary, or in a form without questions.
    """
    seen: set[str] = set()
    for position, record in enumerate(read_records(stream), start=1):
        question = _question(record, position, filters)
        if unique_ids:
            if question.id in seen:
                question = BadQuestion(question.id, _shown(question.text), "the id is used twice")
            seen.add(question.id)
        yield question


def problem(text: str) -> str | None:
    """Return why a text cannot be asked as a question, or None when it can."""
    if not text.strip():
        return "the question is empty"
    if len(text) > MAX_CHARACTERS:
        return f"the question has {len(text):,} characters; {MAX_CHARACTERS:,} are the most"
    return None


def _question(record: RawRecord, position: int, outer: Filters) -> QuestionRecord | BadQuestion:
    """Return the question of a record, or what is wrong with it."""
    identifier = _id(record.fields.get("id")) or str(position)
    text = next((record.fields[name] for name in QUESTION_NAMES if name in record.fields), None)
    try:
        question = QuestionRecord(
            identifier,
            _text(text, record.error),
            _history(record.fields.get("history")),
            _filters(record.fields),
            _id(record.fields.get("conversation")),
        )
        check_dates(merge_filters(outer, question.filters))
    except (QuestionError, SettingsError) as error:
        return BadQuestion(
            identifier, _shown(text if isinstance(text, str) else record.raw), str(error)
        )
    return question


def _id(value: object) -> str | None:
    """Return an id as text, or None when the record has none that could be one."""
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
    wrong = problem(text)
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
    """Yield the turns of a chat as assistants keep it: what the user asks, what is answered."""
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
    """Return an entry of a history: a text, or a question with its answer, empty for none."""
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
    """Return the filters of a record: under their own names, and over them those in `filters`."""
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
    if name == "kind" and isinstance(value, list):
        return ",".join(map(str, value))
    raise SettingsError(f"the filter {name} is not a string")


def _shown(text: str) -> str:
    """Return the start of a text, as an error record keeps it."""
    text = _SURROGATE.sub("\ufffd", text.strip())
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
