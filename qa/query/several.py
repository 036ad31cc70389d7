"""Whether a question asks for several things: "Which four companies …?", "Who are the members …?".

Rules over the words of the question. English shows the plural in the noun, but many verbs end like
plurals ("Which company makes …?"), so the word after it has to be one that follows a noun. French
shows it in the question word, and in German and Spanish a number, "sind" or "son" does.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.text.analyzer import fold
from qa.figures.number_words import UNITS


@dataclass(frozen=True, slots=True)
class Several:
    """What a question says of the things it asks for.

    Attributes:
        count: How many they are; None if it does not say.
    """

    count: int | None = None


def _words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MOST = 20
"""The highest number that is counted; a higher one is an amount: "the 500 employees"."""

_NUMBERS = {word: value for word, value in UNITS.items() if 1 < value <= _MOST} | {
    word: value
    for words in (
        "deux trois quatre cinq six sept huit neuf dix onze douze",
        "zwei drei vier funf sechs sieben acht neun zehn elf zwolf",
        "dos tres cuatro cinco seis siete ocho nueve diez once doce",
    )
    for value, word in enumerate(words.split(), start=2)
}
_AUXILIARIES = _words_of(
    "are were is was be do does did have has had will would can could should may might must shall"
)
_AFTER_NOUN = _AUXILIARIES | _words_of(
    """of in on at from to for by with besides beyond under within among during and
    that who which
    got won put took made came went gave met held led ran left set cut lost spoke sent
    receive get take make include live join support use need offer pay provide come go sign apply
    work belong own run cover face share serve host attend participate remain"""
)
"""Words that follow a noun in the plural; after "Which company makes" comes an object."""
_BEFORE_NOUN_ENDS = _AFTER_NOUN | frozenset(("the", "a", "an", "if", "when", "you", "i", "we"))
_PLURALS = _words_of("people women men children criteria media")
_SINGULARS = _words_of("news this its series texas")
_MODIFIERS = _words_of(
    "sports sales arms rights news goods services systems communications operations affairs"
)
"""Plurals that often stand before a noun: "Which sports team …?"."""
_VERBS = _words_of(
    """rules makes causes leads runs governs wins plays shows helps works needs holds takes
    gives owns means lies covers serves uses gets pays plans offers supports results"""
)
"""What is a verb after a noun: "What party rules in …?"."""
_KINDS_OF = _words_of("kinds types sorts names")
_NOUN_PHRASE = 6
"""Words after "which" among which the noun is looked for."""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_QUESTION_WORD = re.compile(r"\b(?:which|what|who|whom|when|where|why|how)\b")
_ARE = re.compile(r"\b(?:who|what|which) (?:are|were) (?!you\b|we\b|there\b)")
_LIST = re.compile(r"^(?:please )?(?:list|name|identify|give|enumerate|names of)(?: me)?\b")
_OTHER_LANGUAGES = re.compile(
    r"\b(?:quels|quelles|lesquels|lesquelles|qui sont|citez les|nommez les|wer sind|was sind die"
    r"|welches? sind|cuales|quienes)\b|\b(?:welche[nr]?|que) (?=(?:\w+)\b)"
)


def asks_for_several(text: str) -> Several | None:
    """Return what a question says of the several things it asks for; None if it asks for one.

    Args:
        text: The self-contained question.
    """
    folded = fold(text).replace("’", "'")
    other = _OTHER_LANGUAGES.search(folded)
    if other is not None:
        count = _count(_words(folded[other.end() :])[: _NOUN_PHRASE // 2])
        needs_number = other.group().startswith(("welche ", "welchen ", "welcher ", "que "))
        return None if needs_number and count is None else Several(count)
    listing = _LIST.match(folded.strip())
    if listing is not None:
        return _listed(_words(folded.strip()[listing.end() :]))
    are = _ARE.search(folded)
    first = _QUESTION_WORD.search(folded)
    if first is None:
        return None
    if are is not None and are.start() == first.start():
        return Several(_count(_words(folded[are.end() :])[:_NOUN_PHRASE]))
    if first.group() not in ("which", "what"):
        return None
    return _asked_noun(first.group(), _words(text[first.end() :]))


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _count(words: Sequence[str]) -> int | None:
    """Return the first number of a noun phrase; None if it ends before one."""
    for word in map(fold, words):
        if word in _AFTER_NOUN:
            return None
        if (count := _number(word)) is not None:
            return count
    return None


def _number(word: str) -> int | None:
    if word.isdecimal():
        return int(word) if 1 < int(word) <= _MOST else None
    return _NUMBERS.get(word)


def _listed(words: Sequence[str]) -> Several | None:
    """Return what follows "list" or "name": the noun phrase has to be in the plural."""
    for place, word in enumerate(words[:_NOUN_PHRASE]):
        if (count := _number(word)) is not None:
            return Several(count)
        last = place + 1 == len(words) or words[place + 1] in _BEFORE_NOUN_ENDS
        if last and _is_plural(word):
            return Several()
        if word in _AUXILIARIES:
            break
    return None


def _asked_noun(question_word: str, words: Sequence[str]) -> Several | None:
    """Return what the noun after "which" or "what" says; `words` are not folded."""
    for place, word in enumerate(words[:_NOUN_PHRASE]):
        folded = fold(word)
        if (count := _number(folded)) is not None:
            return Several(count)
        if folded in _BEFORE_NOUN_ENDS:
            return None
        if _is_plural(folded):
            after = fold(words[place + 1]) if place + 1 < len(words) else ""
            name = word[:1].isupper()  # "Republicans" is a plural, "Athens" is none
            if _is_noun(question_word, folded, after, first=place == 0 and not name):
                return Several()
    return None


def _is_noun(question_word: str, word: str, after: str, *, first: bool) -> bool:
    """Whether a word that ends like a plural is the noun asked for, by the word after it."""
    if first and question_word == "what":  # "What causes …?", "What happens in …?"
        return after in _AUXILIARIES or (word in _KINDS_OF and after == "of")
    if first and word not in _MODIFIERS:
        return True
    return (first or word not in _VERBS) and (after in _AFTER_NOUN or after.endswith("ed"))


def _is_plural(word: str) -> bool:
    return word in _PLURALS or (
        len(word) > 3  # noqa: PLR2004
        and word.endswith("s")
        and not word.endswith(("ss", "us", "is", "'s"))
        and word not in _SINGULARS
    )
