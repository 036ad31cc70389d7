"""Reads the history in a question record as a conversation.

A history is a list, oldest first, of texts or of pairs. The texts may be questions and answers in
turn, or questions only: a text that asks nothing and follows a question is its answer. A text
that comes before any question and asks nothing, such as a headline, is a turn of its own.
"""

from collections.abc import Sequence

from qa.conversation.types import Conversation, Turn
from qa.query.question import question_kind

History = Sequence[str | tuple[str, str]]
"""Texts, or pairs of a question and its answer (empty where there was none)."""

_NO_ANSWER = ("CANNOTANSWER", "I don't know.", "I don't know")
"""What data sets of conversations write for a missing answer."""


def conversation_from_history(history: History) -> Conversation:
    """Return the conversation of a record's history.

    Args:
        history: Questions and answers in turn, questions only, or pairs; forms may be mixed.
    """
    turns: list[Turn] = []
    texts: list[str] = []
    for entry in history:
        if isinstance(entry, str):
            texts.append(entry)
        else:
            turns += _turns(texts)
            texts = []
            turns.append(_turn(*entry))
    turns += _turns(texts)
    return Conversation(tuple(turn for turn in turns if turn.question or turn.answer))


def _turns(texts: Sequence[str]) -> list[Turn]:
    asks = [question_kind(text) != "topic" for text in texts]
    first, second = sum(asks[::2]), sum(asks[1::2])
    if len(texts) % 2 == 0 and first > second:
        return [_turn(q, a) for q, a in zip(texts[::2], texts[1::2], strict=True)]
    found: list[Turn] = []
    awaiting = False
    for text, is_question in zip(texts, asks, strict=True):
        if awaiting and not is_question:
            found[-1] = _turn(found[-1].question, text)
        else:
            found.append(_turn(text, ""))
        awaiting = is_question
    return found


def _turn(question: str, answer: str) -> Turn:
    question, answer = question.strip(), answer.strip()
    return Turn(question, question, "" if answer in _NO_ANSWER else answer)
