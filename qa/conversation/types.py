"""A conversation: its turns, and what each of them found.

A turn can be made from any `Answer`, also from one read back from JSON:

    conversation = NO_CONVERSATION
    answer = collection.ask("When did Joly visit Korea?", conversation=conversation)
    conversation = conversation.plus(answer)
    answer = collection.ask("Who did she meet?", conversation=conversation)
"""

import re
from dataclasses import dataclass, replace

from qa.query.question import question_kind
from qa.types import Answer

_BRACKETS = re.compile(r"(?: \([^()]*\))+$")
REMEMBERED_PASSAGES = 5
"""Passages kept of an answer, however many it has."""


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that an earlier question found.

    Attributes:
        passage_id: `RELEASE_ID#ORDINAL`.
        release_id: Of its release.
        title: The headline of its release, or empty.
        date: ISO date of its release, or None.
        text: Its words.
        score: As it was ranked, in [0, 1].
    """

    passage_id: str
    release_id: str
    title: str
    date: str | None
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked, and its answer.

    Attributes:
        question: As it was typed. A text that asks nothing (a headline) names the topic.
        asked_as: The self-contained form it was understood as; equal to `question` when it
            stood alone or was asked as typed.
        answer: The evidence of a collection's answer, or the answer in a question file; empty
            when there was none.
        exact: The answer span inside it, if known; else empty.
        passages: What the question found, best first; empty when it was not asked here.
    """

    question: str
    asked_as: str
    answer: str = ""
    exact: str = ""
    passages: tuple[FoundPassage, ...] = ()

    @property
    def is_heading(self) -> bool:
        """Whether it only names a topic."""
        return not self.passages and question_kind(self.question) == "topic"


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns before a question, oldest first."""

    turns: tuple[Turn, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything was said before."""
        return bool(self.turns)

    @property
    def spoken(self) -> int:
        """How many turns asked something."""
        return sum(not turn.is_heading for turn in self.turns)

    def latest_question(self) -> str | None:
        """Return the latest question as it was understood, without the words in brackets.

        None when nothing was asked.
        """
        for turn in reversed(self.turns):
            if not turn.is_heading:
                completed = turn.asked_as != turn.question
                return _BRACKETS.sub("", turn.asked_as) if completed else turn.asked_as
        return None

    def plus(self, answer: Answer) -> "Conversation":
        """Return the conversation with one more turn, made from its answer."""
        return replace(self, turns=(*self.turns, turn_of(answer)))


NO_CONVERSATION = Conversation()


def turn_of(answer: Answer) -> Turn:
    """Return the turn of an answer."""
    return Turn(
        question=answer.question.strip(),
        asked_as=answer.asked_as,
        answer=answer.evidence.text if answer.evidence else "",
        exact=answer.answer.text if answer.answer else "",
        passages=tuple(
            FoundPassage(
                passage_id=passage.passage_id,
                release_id=passage.release.id,
                title=passage.release.title,
                date=passage.release.date,
                text=passage.text,
                score=passage.score,
            )
            for passage in answer.passages[:REMEMBERED_PASSAGES]
        ),
    )
