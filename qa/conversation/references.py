"""The words of a question that refer to what was said before it.

They belong to closed classes, so the lists are short and complete: pronouns, determiners, and
openings such as "and in 2022?" or "what about Canada?". The lists are for English, French, German
and Spanish; a question in any other language stands alone.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from index.text.analyzer import fold
from index.text.stopwords import function_words
from index.types import Span
from qa.query.question import ParsedQuestion, QuestionWord, parse_question

Pointer = Literal["person", "several", "thing", "place", "time", "this"]
"""What a word refers to: one person, several, a thing, a place, a time; `this` for a determiner,
whose noun says what."""

_POINTERS: dict[str, dict[Pointer, str]] = {
    "en": {
        "person": "he him his himself she her hers herself",
        "several": "they them their theirs themselves both",
        "thing": "it its itself",
        "place": "there",
        "time": "then",
        "this": "this that these those such",
    },
    "fr": {
        "person": "il elle lui",
        "several": "ils elles leur leurs eux",
        "thing": "cela ca ceci son sa ses",
        "place": "y la-bas",
        "time": "alors",
        "this": "ce cet cette ces",
    },
    "de": {
        "person": "er ihn ihm",
        "several": "sie ihr ihre ihren ihrem ihrer ihnen",
        "thing": "es sein seine seinen seinem seiner",
        "place": "dort",
        "time": "damals",
        "this": "dieser diese dieses diesem diesen jener jene jenes",
    },
    "es": {
        "person": "el ella",
        "several": "ellos ellas",
        "thing": "ello su sus",
        "place": "alli ahi",
        "time": "entonces",
        "this": "este esta estos estas ese esa esos esas aquel aquella",
    },
}
_MORE = {
    "en": "else other others another more also too again next besides afterwards after before "
    "previously further same anything any",
    "fr": "autre autres aussi encore ensuite apres avant meme",
    "de": "andere anderen noch auch danach davor sonst gleiche",
    "es": "otro otra otros otras tambien mas despues antes mismo",
}
_OPENINGS = {
    "en": r"(?:and|but|or|so|what about|how about|and what about|and how about)\b",
    "fr": r"(?:et|mais|ou|qu'en est-il (?:de|du|des)|et pour)\b",
    "de": r"(?:und|aber|oder|was ist mit|wie (?:ist|war) es mit|und was ist mit)\b",
    "es": r"(?:y|pero|o|que hay de|que pasa con)\b",
}
# "What about" and the like ask the previous question again about something else.
_INSTEAD = {
    "en": r"(?:(?:and|but|or|so)\s+)?(?:what|how) about\s+|(?:and|or|but)\s+(?=(?:in|on|at|for|by|"
    r"from|to|with|of|during|since|until|after|before|as|what|when|where|who|why|how|\S+\W*$))",
    "fr": r"(?:et\s+)?qu'en est-il (?:de |du |des |d')|et\s+(?=(?:en|pour|au|a|aux|dans|avec)\b|"
    r"\S+\W*$)",
    "de": r"(?:und\s+)?(?:was ist|wie (?:ist|war) es) mit\s+|und\s+(?=(?:in|im|am|fur|bei|mit)\b|"
    r"\S+\W*$)",
    "es": r"(?:y\s+)?que (?:hay de|pasa con)\s+|y\s+(?=(?:en|para|por|con|de)\b|\S+\W*$)",
}
_INVERTED = re.compile(
    r"(?P<verb>\b(?:(?:[lmts]|qu)')?[a-z]{1,20}?)(?:-t)?-(?P<pronoun>ils?|elles?)\b"
)
"""A French pronoun behind its verb: "a-t-elle". The verb may have an object before it: "l'a"."""

_IMPERSONAL = re.compile(r"\b(?:en est|y a|s'agit|faut|reste|y aura|y avait|manque)(?:-t)?-il\b")
"""French verbs whose "il" is nobody: "qu'en est-il", "y a-t-il"."""

_FRENCH_SUBJECT = re.compile(
    r"(?<![\w'])(?:l'|(?:les?|la|ce|cet|cette|ces|mon|ma|mes|notre|nos|votre|vos|un|une|des|du)\s+)"
    r"(?=[a-z])"
)
"""Words after which a noun stands; "l'a" has none, for its verb takes the pronoun."""

_DETERMINER_NOUN = re.compile(r"\s+([^\W\d_][\w'’-]*)")
_WORD = re.compile(r"[^\W_][\w'’-]*")


@dataclass(frozen=True, slots=True)
class Reference:
    """A word or phrase of a question that refers back.

    Attributes:
        span: Into the question: the pronoun, or the determiner with its noun.
        pointer: What it refers to.
        noun: The noun of a determiner ("agreement" of "that agreement"), else empty.
        possessive: Whether it stands for somebody's ("his", "their").
    """

    span: Span
    pointer: Pointer
    noun: str = ""
    possessive: bool = False


@dataclass(frozen=True, slots=True)
class References:
    """The words of a question that show whether it stands alone.

    Attributes:
        question: The question, parsed.
        references: In order.
        opening: End of an opening such as "and " or "what about "; 0 without one.
        instead: Whether the opening asks the previous question again about something else.
        more: Whether it asks for something further ("else", "another").
        inner: Whether a name of its own stands before every word that refers back, and is
            likely what they refer to.
        names: Its names, as written.
        content: Its content words.
        words: How many words it has.
    """

    question: ParsedQuestion
    references: tuple[Reference, ...]
    opening: int
    instead: bool
    more: bool
    inner: bool
    names: tuple[str, ...]
    content: tuple[QuestionWord, ...]
    words: int

    @property
    def refers(self) -> bool:
        """Whether anything of it refers to what was said before."""
        return bool(self.references or self.opening or self.more)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@lru_cache(maxsize=8)
def _pointers(lang: str) -> dict[str, Pointer]:
    return {
        word: pointer
        for pointer, words in _POINTERS.get(lang, {}).items()
        for word in words.split()
    }


_POSSESSIVE = _words(
    "his her hers their theirs its leur leurs son sa ses ihr ihre ihren ihrem ihrer sein seine "
    "seinen seinem seiner su sus"
)
_OBJECT_HER = _words(
    "in of at by to from for with on about and or than as after before during since until while "
    "when where who how why that if because there here then again too also yesterday today "
    "tomorrow back out up down off away into over under through against without is was did do"
)


def find_references(text: str, lang: str | None = None) -> References:
    """Return the references in a question.

    Args:
        text: As it was typed.
        lang: Its language; None to guess it from its function words.
    """
    question = parse_question(text, lang)
    lang = question.lang
    folded = _folded(text)
    opening = re.compile(_OPENINGS.get(lang, r"(?!)")).match(folded)
    instead = re.compile(_INSTEAD.get(lang, r"(?!)")).match(folded)
    ends = [match.end() for match in (opening, instead) if match]
    words = [match.group() for match in _WORD.finditer(folded)]
    names = tuple(word.text for word in question.words if word.is_name)
    references = _references(text, folded, lang)
    named = min((text.find(name) for name in names), default=len(text))
    content = tuple(word for word in question.words if word.term not in function_words(lang))
    return References(
        question=question,
        references=references,
        opening=max(ends, default=0),
        instead=instead is not None,
        more=not set(_MORE.get(lang, "").split()).isdisjoint(words),
        inner=bool(references) and all(named < r.span[0] for r in references),
        names=names,
        content=content,
        words=len(words),
    )


def _folded(text: str) -> str:
    """Return a text without case and accents, of the same length."""
    return "".join((fold(character) or " ")[0] for character in text).replace("’", "'")


def _references(text: str, folded: str, lang: str) -> tuple[Reference, ...]:
    pointers = _pointers(lang)
    found: list[Reference] = []
    matches = list(_WORD.finditer(folded))
    for place, match in enumerate(matches):
        word = match.group().removesuffix("'s")
        pointer = pointers.get(word)
        following = matches[place + 1].group() if place + 1 < len(matches) else ""
        if pointer is None or not _points(word, lang, folded, match.span(), following):
            continue
        start, end = match.span()
        noun = _DETERMINER_NOUN.match(text, end) if pointer == "this" else None
        if noun and noun.group(1).lower() not in function_words(lang):
            found.append(Reference((start, noun.end()), "this", noun.group(1)))
        else:
            possessive = word in _POSSESSIVE and (
                word != "her" or (bool(following) and following not in _OBJECT_HER)
            )
            end -= 2 if match.group().endswith("'s") else 0
            found.append(Reference((start, end), pointer, possessive=possessive))
    if lang == "fr":
        found = sorted([*found, *_inverted(text, folded)], key=lambda reference: reference.span)
    return tuple(found)


def _inverted(text: str, folded: str) -> list[Reference]:
    """Return the pronouns that French sets behind the verb, where they refer back.

    "Quand rouvrira-t-il ?" does, "Quand le pont rouvrira-t-il ?" has its own subject. The span has
    the hyphen before the pronoun.
    """
    found: list[Reference] = []
    for match in _INVERTED.finditer(folded):
        before = text[: match.start()]
        named = any(word[:1].isupper() for word in before.split()[1:])
        impersonal = any(
            one.start() <= match.start() < one.end() for one in _IMPERSONAL.finditer(folded)
        )
        if named or impersonal or _FRENCH_SUBJECT.search(folded[: match.start()]):
            continue
        pronoun = match["pronoun"]
        found.append(Reference((match.end("verb"), match.end()), _pointers("fr")[pronoun]))
    return found


_EXISTS = _words("is are was were be been has have had will would any exist isn't aren't")


def _points(word: str, lang: str, folded: str, span: Span, following: str) -> bool:
    """Whether a word that can refer back does so in its place."""
    if lang != "en":
        return True
    before = folded[: span[0]].split()
    last = before[-1] if before else ""
    if word == "there":  # "are there any", "there was": refers to nothing
        return last not in _EXISTS and following not in _EXISTS
    if word == "that":  # "the film that won", "hope that it"
        return not before or last in _BEFORE_THAT or following in _TIMES
    if word in ("then", "such", "both"):
        return word == "then" and not following
    return True


_TIMES = _words("day night week month year time morning afternoon evening moment point")
_BEFORE_THAT = _words(
    "through across against between within near "
    "is was are were do did does in on at of for from to by with about after before during since "
    "until like than and or what why how when where who if because into over under at around "
    "has have had can could will would should may might this"
)
