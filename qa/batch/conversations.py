"""The conversations of a batch: the turns before each question.

These are the earlier questions of the same `conversation` in the batch, with the program's own
answers, and after them the `history` of the question's record.
"""

from collections import OrderedDict

from qa.answer_json import Failure, Outcome
from qa.batch.question_file import BadQuestion, QuestionRecord
from qa.conversation.history import conversation_from_history
from qa.conversation.types import Conversation, Turn, turn_of

KEPT_CONVERSATIONS = 1000
"""How many conversations are remembered, the latest; this bounds the memory of a long batch."""
KEPT_TURNS = 8
"""How many turns of each are remembered, the latest."""


class BatchConversations:
    """Remembers what was asked and answered in each conversation of a batch."""

    def __init__(self) -> None:
        self._turns: OrderedDict[str, tuple[Turn, ...]] = OrderedDict()

    def before(self, question: QuestionRecord) -> Conversation:
        """Return the turns before a question; empty if it is not in a conversation."""
        history = conversation_from_history(question.history).turns
        return Conversation((*self._turns.get(question.conversation or "", ()), *history))

    def add(self, question: QuestionRecord | BadQuestion, outcome: Outcome) -> None:
        """Remember the answer to a question that is in a conversation."""
        if isinstance(question, BadQuestion) or question.conversation is None:
            return
        if isinstance(outcome, Failure):
            return
        earlier = self._turns.pop(question.conversation, ())
        self._turns[question.conversation] = (*earlier, turn_of(outcome))[-KEPT_TURNS:]
        if len(self._turns) > KEPT_CONVERSATIONS:
            self._turns.popitem(last=False)
