"""A question, parsed once: its kind, answer type, dates, intent and content words.

Only the words of the question are used, nothing of a collection. The first question word decides
the kind, the classic rule of factoid question answering (Li and Roth, "Learning question
classifiers", 2002, coarse classes), in English, French, German, Spanish and Arabic. A text that
neither opens with a question word nor has a question mark is a topic: a headline or keywords.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from index.text.analyzer import (
    Token,
    extract_terms,
    fold,
    is_space_delimited,
    normalize_word,
    tokenize,
)
from index.text.stopwords import LANGUAGES, function_words
from qa.query.dates import Period, find_periods
from qa.query.intent import Intent, find_intent
from qa.query.several import Several, asks_for_several

QuestionKind = Literal[
    "who", "when", "where", "how many", "how much", "what", "which", "why", "how", "yes-no", "topic"
]
AnswerType = Literal["name", "date", "place", "number", "money"]
"""The type of span that answers; many questions ask for none of these."""

DEFAULT_LANG = "en"

_NUMBER_OF = "how many"
_AMOUNT_OF = "how much"
_ARABIC_WORD = r"(?:^|\s)[وف]?"

# The pattern that matches furthest left decides; on a tie, the first in this order.
_KINDS: tuple[tuple[QuestionKind, str], ...] = (
    (
        "how much",
        (r"\bhow (?:much|expensive)\b|\bwie ?viel\b|\bcuant[oa]\b"
        r"|\bwhat (?:amount|sum|price|cost)\b|\b(?:a )?combien (?:cout|d'argent|s'eleve)"
        r"|\bquel(?:le)? (?:est (?:le|la) )?(?:montant|somme|prix|cout|valeur|budget)\b"),
    ),
    (
        "how many",
        (r"\bhow (?:many|long|old|far|tall|large|big|often|high|deep|fast|wide|heavy|frequently)\b"
        r"|\bwhat (?:percentage|percent|proportion|number|share|population)\b|\bnumber of\b"
        r"|\bcombien\b|\bquel(?:le)? (?:est (?:le|la) )?(?:pourcentage|proportion|nombre|taux"
        r"|part)\b"
        r"|\bwie ?(?:vielen?|lange?|alt|hoch|gross|weit|oft)\b|\bcuant[oa]s\b"
        r"|\ba que edad\b|" + _ARABIC_WORD + r"كم\b"),
    ),
    (
        "when",
        r"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:year|date|day|month|decade|century)\b|\bquand\b"
        r"|\bquel(?:le)? (?:annee|date|jour|mois|siecle)\b|\bwann\b|\bwelche[mnrs]? jahr\w*\b"
        r"|\bcuando\b|\bque (?:ano|fecha|dia|mes|siglo)\b|" + _ARABIC_WORD + r"متى\b"
        r"|\bاي (?:عام|سنه|سنة|تاريخ|يوم|شهر)",
    ),
    (
        "where",
        r"\bwhere\b|\b(?:what|which) (?:city|country|state|province|town|place|region|location)\b"
        r"|\bou\b(?! bien)|\bquel(?:le)? (?:ville|pays|region|endroit|lieu|province)\b"
        r"|\bwo(?:hin|her)?\b|\bwelche[mnrs]? (?:stadt|land|ort|staat|region)\b"
        r"|\bdonde\b|\bque (?:ciudad|pais|lugar|estado|region)\b|" + _ARABIC_WORD + r"اين\b",
    ),
    (
        "who",
        r"\bwho(?:m|se)?\b|\bqui\b|\bwe(?:r|m|n|ssen)\b|\bquien(?:es)?\b"
        r"|\b(?:what|which) (?:person|people|minister|president|author)\b|" + _ARABIC_WORD
        + r"من (?:هو|هي|هم|الذي|التي)\b|^من\b",
    ),
    ("why", r"\bwhy\b|\bpourquoi\b|\bwarum\b|\bwieso\b|\bpor que\b|" + _ARABIC_WORD + r"لماذا\b"),
    ("which", r"\bwhich\b|\bl?e?quel(?:le)?s?\b|\bwelche[mnrs]?\b|\bcual(?:es)?\b|\bاي\b|\bاية\b"),
    (
        "what",
        r"\bwhat\b|^(?:name|list|tell me|give|identify|describe|citez?|nommez?)\b(?! of\b)"
        r"|\bqu(?:e|oi|')|\bqu\b|^was (?!(?:it|the|this|that|there|he|she|a|an|his|her)\b)"
        r"|\bque\b|" + _ARABIC_WORD + r"ماذا\b|" + _ARABIC_WORD + r"ما\b",
    ),
    ("how", r"\bhow\b|\bcomment\b|\bwie\b|\bcomo\b|" + _ARABIC_WORD + r"كيف\b"),
    (
        "yes-no",
        r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may(?! \d)|am)\b"
        r"|^est-ce\b|^" + _ARABIC_WORD + r"?هل\b",
    ),
)  # fmt: skip
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)
_MONEY = re.compile(r"\b(?:cost|pay|paid|price|worth|spend|spent|fund\w*|invest\w*|budget|money|"
                    r"argent|montant|somme|prix|subvention|s'eleve|dollars?|euros?|cout\w*|kost\w*|"
                    r"cuest\w*|million|billion)\b")  # fmt: skip
_EXPECTED: dict[QuestionKind, AnswerType] = {
    "who": "name",
    "when": "date",
    "where": "place",
    "how many": "number",
    "how much": "number",
}
_DIGIT = re.compile(r"\d")
_LEADING = re.compile(
    r"(?:(?:about|after|against|among|at|before|between|by|during|for|from|in|into|of|on|over|since"
    r"|through|to|under|until|with|within|au|aux|avec|chez|dans|de|depuis|en|entre|jusqu'a|par|pour|sous"
    r"|sur|ab|an|auf|aus|bei|bis|durch|fur|im|mit|nach|seit|um|unter|von|zu|con|desde|hasta|para|por"
    r"|segun) )*$"
)
"""What may stand before the question word: "In which year did the plant open"."""
_MARKS = ("?", "؟", "？")
_SMALL = 3
_ARTICLES = frozenset(
    ("a", "an", "and", "as", "at", "but", "by", "for", "in", "nor", "of", "on", "or", "the", "to",
     "up", "via", "vs")
)  # fmt: skip
"""Words of at most `_SMALL` letters that headlines write in lower case."""


@dataclass(frozen=True, slots=True)
class QuestionWord:
    """A content word of the question as it is compared with passages of one language.

    Attributes:
        term: The compared form.
        text: As the user wrote it.
        is_name: Written with a capital that its place does not call for.
        is_number: Holds a digit.
    """

    term: str
    text: str
    is_name: bool
    is_number: bool


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """A question with everything that later stages ask of its words; see `parse_question`.

    Attributes:
        text: The self-contained question.
        folded: The same without case and accents.
        lang: ISO 639-1 code of its language.
        kind: What it asks.
        answer_type: What an answering sentence must offer, or None.
        dates: The days, months and years it names.
        intent: Whether it asks for a contact, an "About" paragraph or a date of issue.
        words: The distinct content words, in order, as compared in its own language.
        several: What it says of the things it asks for, if it asks for several; else None.
    """

    text: str
    folded: str
    lang: str
    kind: QuestionKind
    answer_type: AnswerType | None
    dates: tuple[Period, ...]
    intent: Intent
    words: tuple[QuestionWord, ...]
    several: Several | None
    _terms: dict[str, tuple[str, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def terms(self, lang: str | None) -> tuple[str, ...]:
        """Return the compared forms of `words` in passages of `lang`, in the same order.

        Args:
            lang: The passages' language; English when None.
        """
        code = lang or DEFAULT_LANG
        if code not in self._terms:
            self._terms[code] = (
                tuple(word.term for word in self.words)
                if code == self.lang
                else tuple(
                    (extract_terms(word.text, code) or [word.term])[0] for word in self.words
                )
            )
        return self._terms[code]

    def search_terms(self, languages: Iterable[str]) -> list[str]:
        """Return the words to search for, as compared in any of some languages, sorted."""
        codes = {*languages, self.lang}
        return sorted({term for code in codes for term in extract_terms(self.text, code)})


def parse_question(text: str, lang: str | None = None) -> ParsedQuestion:
    """Parse a question.

    Args:
        text: The self-contained question.
        lang: Its language; None to guess it from its function words.
    """
    code = lang or guess_language(text)
    folded = fold(text)
    kind = question_kind(text)
    answer_type = _EXPECTED.get(kind)
    if kind == _AMOUNT_OF or (kind == _NUMBER_OF and "$" in text):
        answer_type = "money" if _MONEY.search(folded) else "number"
    return ParsedQuestion(
        text=text,
        folded=folded,
        lang=code,
        kind=kind,
        answer_type=answer_type,
        dates=find_periods(text, code),
        intent=find_intent(folded, code),
        words=_words(text, code),
        several=asks_for_several(text),
    )


def question_kind(text: str) -> QuestionKind:
    """Return the kind of a question, by its first question word.

    Without a question mark, the word must open the text, after "in", "by" and the like at most.
    """
    folded = fold(text).strip(" \u200e\u200f¿?؟？!.\"'")
    best: tuple[int, QuestionKind] | None = None
    for kind, pattern in _COMPILED:
        match = pattern.search(folded)
        if match and (best is None or match.start() < best[0]):
            best = (match.start(), kind)
    if any(mark in text for mark in _MARKS):
        return best[1] if best else "yes-no"
    if best is None or _names_the_who(text):
        return "topic"
    before = folded[: best[0]]
    if text[:1] in "Àà":  # French before a question word; "a" is English: "A how-to guide"
        before = before.removeprefix("a ")
    return best[1] if _LEADING.match(before) else "topic"


def _names_the_who(text: str) -> bool:
    """Whether a text names the World Health Organization, in capitals among small letters."""
    return re.search(r"\bWHO\b", text) is not None and not text.isupper()


def guess_language(text: str) -> str:
    """Return the language whose function words make up most of `text`; English on a tie."""
    words = fold(text)
    if re.search(r"[\u0600-\u06ff]", words):
        return "ar"
    if "¿" in text:
        return "es"
    if is_space_delimited(text):
        found = [_is_function_word(text[slice(*token.span)]) for token in tokenize(text)]
        counts = [sum(of_language) for of_language in zip(*found, strict=True)]
    else:
        counts = [
            sum(token.term in function_words(code) for token in tokenize(text, code))
            for code in LANGUAGES
        ]
    return LANGUAGES[counts.index(max(counts))] if counts else DEFAULT_LANG


@lru_cache(maxsize=1 << 12)
def _is_function_word(word: str) -> tuple[bool, ...]:
    """Return whether a word is one in each of `LANGUAGES`."""
    return tuple(normalize_word(word, code) in function_words(code) for code in LANGUAGES)


def _words(text: str, lang: str) -> tuple[QuestionWord, ...]:
    stop = function_words(lang)
    all_capitals = text.isupper() or _is_titled(text)
    content: dict[str, QuestionWord] = {}
    emptied: dict[str, QuestionWord] = {}
    for place, token in enumerate(tokenize(text, lang)):
        kept = emptied if token.term in stop else content
        if token.term not in kept:
            kept[token.term] = _word(text, token, first=place == 0, all_capitals=all_capitals)
    # "Who are we?" has nothing but function words, so they count.
    return tuple((content or emptied).values())


def _is_titled(text: str) -> bool:
    """Whether a text is capitalised like a headline, so that capitals mark no names.

    Every longer word has one, and so has a word like "is" and "did"; few of the short have none.
    """
    words = [word for word in text.split()[1:] if word[0].isalpha()]
    small = {word for word in words if word[0].islower()}
    large = {word.lower() for word in words} - {word.lower() for word in small}
    lengthy = [word for word in words if len(word) > _SMALL]
    return len(lengthy) > _SMALL and small <= _ARTICLES and bool(large & function_words())


def _word(text: str, token: Token, *, first: bool, all_capitals: bool) -> QuestionWord:
    surface = text[slice(*token.span)]
    capital = surface[:1].isupper() and not all_capitals
    return QuestionWord(
        term=token.term,
        text=surface,
        is_name=capital and not first,
        is_number=bool(_DIGIT.search(surface)),
    )
