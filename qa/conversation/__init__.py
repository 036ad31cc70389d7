"""Follow-up questions: what was said before, and what a question means after it.

    turns           what is remembered of each question and its answer: `Turn`, `Conversation`
    history         the same from the lists that question files hold
    batches         the conversations of a batch, as it goes on
    referring       the words of a question that point back
    mentions        what a conversation has mentioned, and where
    resolution      which of it a question needs, and whether it needs any
    completion      the self-contained form, in words
    understanding   all of these: `understand`
    search          the search for a follow-up, over a collection
    evidence        what the conversation says for each passage found
    answering       from what is understood to the answer

What is exported here loads quickly; `understanding`, `search` and `answering` need numpy.
"""

from qa.conversation.history import conversation_from_history
from qa.conversation.types import NO_CONVERSATION, Conversation, FoundPassage, Turn, turn_of

__all__ = [
    "NO_CONVERSATION",
    "Conversation",
    "FoundPassage",
    "Turn",
    "conversation_from_history",
    "turn_of",
]
