"""Follow-up questions: the conversation so far, and what a question means in it.

    types         the turns of a conversation: `Turn`, `Conversation`
    history       the same from the lists in question files; their questions asked
    references    the words of a question that point back
    mentions      what the conversation has mentioned, and where
    entities      what a name stands for: a person, a place, an organisation, a thing
    noun_phrases  the noun phrases of a question
    antecedents   what a pronoun stands for
    resolution    which of those terms a question needs, and whether it needs any
    rewrite       the self-contained forms of a question
    understand    all of these: `understand`
    prior         the releases that earlier questions found
    retrieve      the candidates for a follow-up
    features      what the conversation says about each candidate
    answer        from a follow-up to its answer

The names exported here load quickly; `understand`, `retrieve` and `answer` need numpy.
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
