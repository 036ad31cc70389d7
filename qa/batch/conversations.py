"""The conversations of a batch: which turns came before each question.

A question has those that its own record tells of, its `history`, and before it in the batch
those of the same `conversation`, each with the program's own answer.
"""

from collections import OrderedDict

from qa.answer_json import Failure, Outcome
from qa.batch.question_file import BadQuestion, QuestionRecord
from qa.conversation.history import conversation_from_history
from qa.conversation.types import Conversation, Turn, turn_of

KEPT_CONVERSATIONS = 1000
"""Conversations remembered, those that went on last; so memory does not grow with the file."""
KEPT_TURNS = 8
"""Turns remembered of each, the latest."""


class BatchConversations:
    """Remembers what was asked and answered in each conversation of a batch."""

    def __init__(self) -> None:
        self._turns: OrderedDict[str, tuple[Turn, ...]] = OrderedDict()

    def before(self, question: QuestionRecord) -> Conversation:
        """Return the conversation before a question; empty for one that has none."""
        told = conversation_from_history(question.history).turns
        return Conversation((*self._turns.get(question.conversation or "", ()), *told))

    def add(self, question: QuestionRecord | BadQuestion, outcome: Outcome) -> None:
        """Remember what became of a question, if it belongs to a conversation."""
        if isinstance(question, BadQuestion) or question.conversation is None:
            return
        if isinstance(outcome, Failure):
            return
        earlier = self._turns.pop(question.conversation, ())
        self._turns[question.conversation] = (*earlier, turn_of(outcome))[-KEPT_TURNS:]
        if len(self._turns) > KEPT_CONVERSATIONS:
            self._turns.popitem(last=False)
