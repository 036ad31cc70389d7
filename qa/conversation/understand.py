"""Whether a question stands alone and, if not, what it means in its conversation.

The models of `qa.conversation.resolution` decide, and `qa.conversation.rewrite` writes the
self-contained form. The user sees that form and can ask as typed instead. Terms that may be meant
keep their probabilities: retrieval weighs them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from qa.conversation.mentions import Term, conversation_terms
from qa.conversation.references import References, find_references
from qa.conversation.resolution import (
    ResolutionModels,
    alone_probability,
    default_models,
    question_features,
    term_probabilities,
)
from qa.conversation.rewrite import Forms, rewrite
from qa.conversation.types import NO_CONVERSATION, Conversation, Turn
from qa.query.question import guess_language

STANDS_ALONE = 0.5
"""Probability of standing alone from which the conversation is ignored."""


LEANS = 0.25
"""Largest probability of standing alone of a question that is taken as a follow-up."""

LIKELY_TERM = 0.3
"""Probability from which a passage is expected to hold a term."""

NEW_TOPIC = 2
"""Least number of content words in a question that changes the topic."""


@dataclass(frozen=True, slots=True)
class ContextTerm:
    """A term of the conversation that a question may mean.

    Attributes:
        term: Its compared form in the language of the question.
        text: As it was written.
        weight: Probability that it belongs to the question, in (0, 1).
    """

    term: str
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a question means in its conversation.

    Attributes:
        question: As it was typed.
        asked_as: The self-contained form that is shown; `question` itself when it stands alone.
        searched: The same with every term that may belong to it.
        likely: The same with the terms that likely do, by which passages are judged.
        alone: Probability that it stands alone.
        context: Terms of the conversation that it may mean, the most probable first.
        conversation: The turns before it since the topic changed last, with all headings.
    """

    question: str
    asked_as: str
    searched: str
    likely: str
    alone: float = 1.0
    context: tuple[ContextTerm, ...] = ()
    conversation: Conversation = NO_CONVERSATION

    @property
    def stands_alone(self) -> bool:
        """Whether the conversation is ignored."""
        return self.alone >= STANDS_ALONE


def since_topic_change(conversation: Conversation) -> Conversation:
    """Return the turns since the last change of topic, with all headings.

    A question changes the topic when it was asked as typed, refers to nothing before it, names
    something new and nothing known, and was answered by another release than the question before.
    Turns from a question file never do: what they found is not known.
    """
    turns = conversation.turns
    for place in range(len(turns) - 1, 0, -1):
        if _begins_anew(turns[place], turns[:place]):
            headings = tuple(turn for turn in turns[:place] if turn.is_heading)
            return Conversation((*headings, *turns[place:]))
    return conversation


def _begins_anew(turn: Turn, before: tuple[Turn, ...]) -> bool:
    earlier = [old for old in before if old.passages]
    if not (turn.passages and turn.answer and earlier) or turn.asked_as != turn.question:
        return False
    if turn.passages[0].release_id == earlier[-1].passages[0].release_id:
        return False
    found = find_references(turn.question)
    return _is_new(found, lambda: conversation_terms(Conversation(before), found.question.lang))


def _is_new(found: References, known: Callable[[], Mapping[str, Term]]) -> bool:
    """Whether a question names something new, nothing known, and refers to nothing.

    Args:
        found: The question with its references.
        known: Returns the terms of the conversation, which are worked out only if they count.
    """
    own = {word.term for word in found.content}
    if not found.names or len(own) < NEW_TOPIC or found.refers:
        return False
    return not own & known().keys()


def understand(
    question: str,
    conversation: Conversation,
    *,
    models: ResolutionModels | None = None,
    leans: bool = False,
) -> Understanding:
    """Return what a question means in its conversation.

    Args:
        question: As it was typed, without white space around it.
        conversation: The turns before it; without any, every question stands alone.
        models: Others than the packaged ones.
        leans: Complete it although it may stand alone.
    """
    if not conversation:
        return Understanding(question, question, question, question)
    chosen = models or default_models()
    conversation = since_topic_change(conversation)
    # A short question says little about its language; the one before says more.
    lang = guess_language(f"{conversation.latest_question() or ''} {question}")
    found = find_references(question, lang)
    known = conversation_terms(conversation, lang)
    of_question = question_features(found, known, conversation.spoken)
    is_new = _is_new(found, lambda: known)
    alone = 1.0 if is_new else alone_probability(of_question, chosen)
    if leans:
        alone = min(alone, LEANS)
    probabilities = term_probabilities(found, known, of_question, chosen)
    forms = Forms(question, question, question)
    # The threshold was set where nothing was found yet; what was found makes it surer.
    asked_here = any(turn.passages for turn in conversation.turns)
    if alone < (STANDS_ALONE if asked_here else chosen.alone_from):
        forms = rewrite(
            found, known, probabilities, conversation, least=chosen.term_from, likely=LIKELY_TERM
        )
    return Understanding(
        question,
        forms.shown,
        forms.searched,
        forms.likely,
        alone,
        tuple(
            ContextTerm(term, known[term].text, probability)
            for term, probability in sorted(probabilities.items(), key=lambda i: (-i[1], i[0]))
        ),
        conversation,
    )
