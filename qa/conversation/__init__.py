"""Follow-up questions: what was said before, and what a question means after it.

    turns           what is remembered of each question and its answer: `Turn`, `Conversation`
    history         the same from the lists that question files hold
    understanding   whether a question stands alone, and its self-contained form

Nothing here reads a collection or a file; the search with what was understood is the concern
of `qa.collection`.
"""

from qa.conversation.history import conversation_from_history
from qa.conversation.turns import NO_CONVERSATION, Conversation, FoundPassage, Turn, turn_of
from qa.conversation.understanding import Understanding, understand

__all__ = [
    "NO_CONVERSATION",
    "Conversation",
    "FoundPassage",
    "Turn",
    "Understanding",
    "conversation_from_history",
    "turn_of",
    "understand",
]
