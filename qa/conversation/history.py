"""Reads the history in a question record as a conversation, and answers its questions.

A history is a list, oldest first, of texts or of pairs. The texts may be questions and answers in
turn, or questions only: a text that asks nothing and follows a question is its answer. A text
that comes before any question and asks nothing, such as a headline, is a turn of its own.

A history of questions alone says nothing of the releases it is about, so `HistoryAnswers` asks its
questions of the collection. A history that has answers is taken as it stands.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock

from qa.conversation.types import Conversation, Turn
from qa.query.question import question_kind

History = Sequence[str | tuple[str, str]]
"""Texts, or pairs of a question and its answer (empty where there was none)."""

_NO_ANSWER = ("CANNOTANSWER", "I don't know.", "I don't know")
"""What data sets of conversations write for a missing answer."""

KEPT_ANSWERS = 256
"""Answers to earlier questions that are remembered, the latest."""


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


class HistoryAnswers:
    """Answers the questions of histories, each once in its conversation. Thread-safe."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[object, Conversation, str], Turn] = OrderedDict()
        self._lock = Lock()

    def complete(
        self, conversation: Conversation, ask: Callable[[str, Conversation], Turn], asked_of: object
    ) -> Conversation:
        """Return a conversation whose questions have all been asked.

        Args:
            conversation: Returned as it is if it has an answer that was not found here.
            ask: Asks a question after the turns before it.
            asked_of: What the answers depend on besides: the collection's state and the options.
        """
        if any(turn.answer and not turn.passages for turn in conversation.turns):
            return conversation
        done = Conversation()
        for turn in conversation.turns:
            if not (turn.passages or turn.is_heading):
                turn = self._asked(turn.question, done, ask, asked_of)  # noqa: PLW2901
            done = Conversation((*done.turns, turn))
        return done

    def _asked(
        self,
        question: str,
        before: Conversation,
        ask: Callable[[str, Conversation], Turn],
        asked_of: object,
    ) -> Turn:
        key = (asked_of, before, question)
        with self._lock:
            known = self._known.get(key)
        if known is None:
            known = ask(question, before)
            with self._lock:
                self._known[key] = known
                if len(self._known) > KEPT_ANSWERS:
                    self._known.popitem(last=False)
        return known
