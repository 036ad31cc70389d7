"""What the pronouns of a follow-up stand for: the latest mention of the right type and number.

"She" is the latest person, who is not known to be a man; "there" the latest place; "they" the
latest of which there are several; "it" the latest thing that has a noun. An answer comes before the
names of its question, but whoever a question already called "he" stays "he" (centering: Grosz,
Joshi and Weinstein, "Centering", Computational Linguistics 1995). Headlines are left out: their
capitals name nobody.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.types import Span
from qa.conversation.entities import EntityType, Gender, entity_type
from qa.conversation.mentions import LATEST, name_spans
from qa.conversation.noun_phrases import noun_phrases
from qa.conversation.references import Reference, find_references
from qa.conversation.types import Conversation, Turn
from qa.query.question import question_kind


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GENDERS: dict[str, Gender] = {
    "he": "m", "him": "m", "his": "m", "himself": "m",
    "she": "f", "her": "f", "hers": "f", "herself": "f",
    "il": "m", "elle": "f", "él": "m", "ella": "f",
}  # fmt: skip
_ONE_OR_SEVERAL = _words("sie ihr ihre ihren ihrem ihrer ihnen leur leurs lui")
"""Words of German and French that stand for several, or for one person."""
_MOST_WORDS = 12
"""Words of an answer whose names are looked at, at most."""
_SHORT = 4
"""Words of an answer to "where" that is a place, at most."""
_DOES_BEFORE = re.compile(
    r"\b(?:did|do|does|have|had|will|would|can|could|may|must|should)\s+\Z", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Antecedent:
    """Something a conversation named, that a pronoun may stand for.

    Attributes:
        text: As written, with "the" where it has no determiner of its own.
        type: What it is.
        is_name: Whether it is a name rather than a noun.
        in_answer: Whether it was an answer.
        acts: Whether it may be who does something.
        of_amount: Whether its question asked for an amount.
    """

    text: str
    type: EntityType
    is_name: bool
    in_answer: bool = False
    acts: bool = True
    of_amount: bool = False


def antecedents(conversation: Conversation, lang: str) -> Iterator[Antecedent]:
    """Yield what a conversation named, the likeliest to be meant by a pronoun first.

    Args:
        conversation: The turns.
        lang: Their language; nouns are found in English only.
    """
    spoken = [turn for turn in conversation.turns if not turn.is_heading]
    for turn in reversed(spoken[-LATEST:]):
        answer = list(_of_answer(turn, lang))
        asked = list(_of_text(turn.asked_as, lang))
        called = any(r.pointer == "person" for r in find_references(turn.question, lang).references)
        people = [found for found in asked if found.type.kind == "person"]
        if called and people:
            yield from people
        yield from answer
        yield from asked
    for turn in conversation.turns:
        if turn.is_heading:
            yield Antecedent(turn.question, entity_type(turn.question), is_name=True)


def find_antecedent(
    reference: Reference, word: str, known: Sequence[Antecedent], said: str
) -> Antecedent | None:
    """Return what a word of a question most likely stands for, None if nothing is of its type.

    Args:
        reference: The word's type and number.
        word: The word, as typed.
        known: Of `antecedents`.
        said: The question, whose own words a pronoun does not stand for.
    """
    gender = _GENDERS.get(word.lower().rpartition("-")[2], "")
    does = word.lower() == "they" and _DOES_BEFORE.search(said, 0, reference.span[0]) is not None
    for found in known:
        kind, several = found.type.kind, found.type.several
        words = len(found.text.removeprefix("the ").split())
        if found.text.lower() in said.lower():
            continue
        if reference.pointer == "person":
            fits = kind == "person" and not several and found.is_name
            fits = fits and (not gender or found.type.gender in ("", gender))
        elif reference.pointer == "several":
            fits = several and (found.acts or not does)
            fits = fits or (kind == "person" and word.lower() in _ONE_OR_SEVERAL)
        elif reference.pointer == "place":
            fits = kind == "place" and not several
        elif reference.pointer == "thing":
            fits = not several and words > 1
            fits = fits and (kind == "thing" or (kind == "organisation" and found.in_answer))
            # What is spent is not who spends: "How much did the service get?", "What for is it?"
            fits = fits and not (found.acts and found.of_amount)
        else:
            fits = False
        if fits:
            return found
    return None


def _of_answer(turn: Turn, lang: str) -> Iterator[Antecedent]:
    text = (turn.exact or (turn.answer if not turn.passages else "")).strip(" .")
    size = len(text.split())
    if not text or size > _MOST_WORDS:
        return
    asks = question_kind(turn.question)
    if asks == "where" and size <= _SHORT and text[:1].isupper():
        yield Antecedent(text, EntityType("place"), is_name=True, in_answer=True)
        return
    for found in _names(text, lang, whole=True):
        unsure = found.type.kind == "thing" and not found.type.several
        if asks == "who" and unsure and " " in found.text:
            found = replace(found, type=EntityType("person"))  # noqa: PLW2901
        yield replace(found, in_answer=True)


def _of_text(text: str, lang: str) -> Iterator[Antecedent]:
    """Yield the names and nouns of a text, in order: names first."""
    phrases = noun_phrases(text) if lang == "en" else []
    common = [phrase for phrase in phrases if not phrase.head[:1].isupper()]
    of_amount = question_kind(text) == "how much"
    for name in _names(text, lang, inside=[phrase.span for phrase in common]):
        yield replace(name, of_amount=of_amount)
    for phrase in common:
        # "Which hospital?" names nothing yet: its answer does.
        if phrase.several or phrase.determined:
            kind = EntityType("thing", several=phrase.several)
            yield Antecedent(
                phrase.with_article(), kind, is_name=False, acts=phrase.acts, of_amount=of_amount
            )


def _names(
    text: str, lang: str, *, whole: bool = False, inside: Sequence[Span] = ()
) -> Iterator[Antecedent]:
    """Yield the names of a text; a thing that is part of a noun phrase is none of its own."""
    for start, end in name_spans(text, lang, whole=whole):
        name = re.sub(r"['’]s?\Z", "", text[start:end])
        found = entity_type(name, text[:start], text[end:])
        part = any(first <= start and end < last for first, last in inside)
        if not (part and found.kind in ("thing", "organisation")):
            yield Antecedent(_with_article(name, text[:start], found), found, is_name=True)


def _with_article(name: str, before: str, found: EntityType) -> str:
    """Return a name with the "the" that stood before it.

    "The Ontario minister" says nothing of an article of Ontario's.
    """
    takes = found.kind in ("thing", "organisation") or (found.kind == "place" and name[-1:] == "s")
    if takes and re.search(r"\bthe\s+$", before, re.IGNORECASE):
        return f"the {name}"
    return name
