"""Whether a question stands alone; if not, what it means after what was said before.

The self-contained form names what the question leaves out, taken from the latest turn that has
a name for it. It is shown to the user, who can ask as typed instead.
"""

from dataclasses import dataclass

from index.analysis import fold
from index.stopwords import function_words
from qa.answer_types import offers
from qa.conversation.referring import Signs, signs
from qa.conversation.turns import Conversation, Turn

LONG = 4
"""Content words from which a question without a name and without a sign stands alone."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a question means in its conversation.

    Attributes:
        question: As it was typed.
        asked_as: The self-contained form; `question` itself when it stands alone.
    """

    question: str
    asked_as: str

    @property
    def stands_alone(self) -> bool:
        """Whether nothing had to be added."""
        return self.asked_as == self.question


def understand(question: str, conversation: Conversation) -> Understanding:
    """Return what a question means after what was said before.

    Args:
        question: As it was typed, without white space around it.
        conversation: The turns before it; with none, every question stands alone.
    """
    found = signs(question)
    if not conversation or stands_alone(found):
        return Understanding(question, question)
    for turn in reversed(conversation.turns):
        names = _names(turn, found)
        if names:
            return Understanding(question, f"{question} ({', '.join(names)})")
    return Understanding(question, question)


def stands_alone(found: Signs) -> bool:
    """Whether a question says all it asks."""
    if found.references or found.opening:
        return False
    return bool(found.names) or len(found.content) >= LONG


def _names(turn: Turn, found: Signs) -> list[str]:
    lang = found.question.lang
    said = {fold(name) for name in found.names}
    names: dict[str, str] = {}
    for text in (turn.asked_as, turn.exact):
        for (start, end), _ in offers(text, "name"):
            words = text[start:end].split()
            while words and fold(words[0]) in function_words(lang):
                del words[0]
            name = " ".join(words)
            if name and fold(name) not in said:
                names.setdefault(fold(name), name)
    return list(names.values())
