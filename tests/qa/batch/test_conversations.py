"""Conversations in a batch: each question after its own, whatever stands between them."""

from pathlib import Path

import pytest
from made_answers import MadeCollection

from qa.batch.conversations import KEPT_TURNS
from qa.batch.question_file import BadQuestion, QuestionRecord
from qa.batch.run import Asked, answer_questions
from qa.batch.to_file import write_batch
from qa.export import outcome_format
from qa.types import AskOptions

ASKED: list[Asked] = [
    QuestionRecord("1", "Who came?", conversation="a"),
    QuestionRecord("2", "What opened?", conversation="b"),
    QuestionRecord("3", "When?", conversation="a"),
    BadQuestion("4", "", "bad"),
    QuestionRecord("5", "Where?", ("Who came?", "Ann."), conversation="a"),
    QuestionRecord("6", "Alone?"),
    QuestionRecord("7", "Why?", conversation="b"),
]


def said(collection: MadeCollection) -> list[list[str]]:
    """The questions before each that was asked with a conversation."""
    return [[turn.question for turn in before.turns] for before in collection.before]


@pytest.mark.parametrize("group_size", [1, 3, 16])
def test_a_question_follows_those_of_its_conversation(group_size: int) -> None:
    """Earlier questions of the conversation come first, then the record's own history."""
    collection = MadeCollection()
    found = list(answer_questions(collection, ASKED, AskOptions(k=1), group_size=group_size))

    assert [question.id for question in ASKED] == [outcome.id for _, outcome in found]
    assert [
        [],
        [],
        ["Who came?"],
        ["Who came?", "When?", "Who came?"],
        ["What opened?"],
    ] == said(collection)
    assert "Ann." == collection.before[3].turns[-1].answer


def test_questions_without_a_conversation_are_asked_as_ever() -> None:
    """What has neither history nor conversation is asked together, and nothing is remembered."""
    collection = MadeCollection()
    questions: list[Asked] = [QuestionRecord(str(n), f"Question {n}?") for n in range(4)]

    list(answer_questions(collection, questions, AskOptions(k=1)))

    assert [] == collection.before
    assert [f"Question {n}?" for n in range(4)] == collection.asked


def test_an_interrupted_batch_goes_on_with_its_conversations(tmp_path: Path) -> None:
    """The result is that of an uninterrupted run, earlier turns taken from what was kept."""
    whole, out = tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    write = outcome_format("jsonl")
    write_batch(MadeCollection(), iter(ASKED), AskOptions(k=2), whole, write)
    broken = MadeCollection()
    broken.interrupt_at = "Where?"
    with pytest.raises(KeyboardInterrupt):
        write_batch(broken, iter(ASKED), AskOptions(k=2), out, write)
    going_on = MadeCollection()

    write_batch(going_on, iter(ASKED), AskOptions(k=2), out, write, resume=True)

    assert "Where?" == going_on.asked[0]
    assert whole.read_bytes() == out.read_bytes()


def test_only_the_latest_turns_are_remembered() -> None:
    """A conversation without end takes no more memory than a long one."""
    collection = MadeCollection()
    questions: list[Asked] = [
        QuestionRecord(str(n), f"Question {n}?", conversation="a") for n in range(3 * KEPT_TURNS)
    ]

    list(answer_questions(collection, questions, AskOptions(k=1)))

    assert KEPT_TURNS == len(collection.before[-1].turns)
    assert f"Question {3 * KEPT_TURNS - 2}?" == collection.before[-1].turns[-1].question
