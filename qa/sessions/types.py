"""Saved conversations, as data, and how they are worded for people."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Literal

from qa.errors import SessionError
from qa.types import Answer, AskOptions, RankedPassage

TurnState = Literal["asked", "done", "cancelled", "failed"]
"""A turn stays `asked` if the program ends before there is an answer."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A pin and a note of the user on a passage of an answer."""

    passage_id: str
    pinned: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class SavedTurn:
    """A question and its outcome.

    Attributes:
        key: Its key in the store.
        question: As typed.
        asked_as: The self-contained form; the question itself until there is an answer.
        options: How it was asked.
        as_typed: Whether the conversation was ignored.
        asked_at: UTC, ISO 8601.
        answer: The answer, if there is one.
        error: Why the question failed, or why its answer cannot be read.
        remarks: At most one for each passage.
    """

    key: int
    question: str
    asked_as: str
    options: AskOptions
    as_typed: bool
    asked_at: str
    state: TurnState
    answer: Answer | None = None
    error: str | None = None
    remarks: tuple[Remark, ...] = ()

    @property
    def passages(self) -> tuple[RankedPassage, ...]:
        """The passages of its answer, best first."""
        return () if self.answer is None else self.answer.passages

    def remark_on(self, passage_id: str) -> Remark:
        """Return the remark on a passage, which may be empty."""
        found = (remark for remark in self.remarks if remark.passage_id == passage_id)
        return next(found, Remark(passage_id))


@dataclass(frozen=True, slots=True)
class SavedSession:
    """A saved conversation without its turns.

    Attributes:
        key: Its key in the store.
        collection: The folder of its collection.
        turns: The number of questions.
        first_question: The first question, or None if there is none yet.
    """

    key: int
    collection: str
    name: str
    created_at: str
    updated_at: str
    turns: int = 0
    first_question: str | None = None

    @property
    def is_named_after_question(self) -> bool:
        """Whether its name is the whole first question, and no other name was given."""
        return self.name == _visible(self.first_question or "")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a passage or a release answers a question.

    Attributes:
        question: Self-contained.
        release_id: Empty if nothing in the collection answers the question.
        passage_id: Empty for a whole release.
        grade: 0 if it does not answer; higher is better.
        answers: Exact words that answer, if they are known.
    """

    question: str
    release_id: str
    passage_id: str
    grade: int
    answers: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The id of what was judged."""
        return self.passage_id or self.release_id


@dataclass(frozen=True, slots=True)
class Transcript:
    """A whole session: what `export` writes and `replay` asks again.

    Attributes:
        session: The session.
        turns: Its turns, oldest first.
        grades: The grades of passages, by self-contained question and passage id.
    """

    session: SavedSession
    turns: tuple[SavedTurn, ...]
    grades: Mapping[tuple[str, str], int]

    def grade(self, turn: SavedTurn, passage: RankedPassage) -> int | None:
        """Return the grade of a passage for a turn's question, or None if it was not judged."""
        return self.grades.get((turn.asked_as, passage.passage_id))

    def remarked(self, turn: SavedTurn, passage: RankedPassage) -> bool:
        """Return whether the user pinned, judged or wrote a note on a passage."""
        remark = turn.remark_on(passage.passage_id)
        return remark.pinned or bool(remark.note) or self.grade(turn, passage) is not None


GRADES = ("Judged: does not answer", "Judged: answers")
"""The words for a grade of 0 and for a higher one."""


def when(moment: str, *, local: bool = False) -> str:
    """Return a stored moment as people write it, in UTC or in the time zone of this machine."""
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return "at an unknown time"
    return f"{found.astimezone():%Y-%m-%d %H:%M}" if local else f"{found:%Y-%m-%d %H:%M UTC}"


def question_count(session: SavedSession) -> str:
    """Return how many questions were asked, in words."""
    return f"{session.turns} question" + "s" * (session.turns != 1)


def why_unanswered(turn: SavedTurn) -> str:
    """Return why a turn has no answer to show."""
    if turn.state == "failed":
        return f"Failed: {turn.error or 'no reason is known'}"
    if turn.state == "cancelled":
        return "Cancelled."
    return "Not answered: the program ended first."


MAX_NAME = 80


def checked_name(name: str) -> str:
    """Return a name without white space around it.

    Raises:
        SessionError: It is empty, too long, or has characters that cannot be seen.
    """
    wrong = name_problem(name)
    if wrong is not None:
        raise SessionError(wrong)
    return name.strip()


def name_problem(name: str) -> str | None:
    """Return why a name is not allowed, or None if it is."""
    text = name.strip()
    if not text:
        return "the conversation name is empty; type at least one character."
    if len(text) > MAX_NAME:
        return f"the conversation name is too long; use at most {MAX_NAME} characters."
    if not text.isprintable():
        return "the conversation name contains invisible characters; remove them."
    return None


NAMED_AFTER = 60
"""Characters of a question that a conversation is named after, at most."""


def free_name(question: str, day: str, taken: Container[str]) -> str:
    """Return a name for a new conversation that is not taken.

    Args:
        question: The first question: the name is what can be seen of it, cut at a word.
        day: Names the conversation if nothing of the question can be seen.
        taken: Other names.
    """
    return next(name for name in _names(question, day) if name not in taken)


def _visible(question: str) -> str:
    """Return what can be seen of a question, on one line."""
    return " ".join("".join(c if c.isprintable() else " " for c in question).split())


def _names(question: str, day: str) -> Iterator[str]:
    """Yield names, the best first."""
    words = _visible(question)
    if not words:
        yield from (f"{day}-{number}" for number in count(1))
    if len(words) > NAMED_AFTER:
        words = (words[:NAMED_AFTER].rpartition(" ")[0] or words[: NAMED_AFTER - 1]) + "…"
    yield words
    yield from (f"{words} ({number})" for number in count(2))
