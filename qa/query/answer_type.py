"""The stretches of a text that could be an answer of a type: name, date, place, number, money.

Surface patterns rather than a tagger: they are cheap enough to run over every candidate, and a
wrong match does little harm, since the ranker only weighs them. Names and places are found in
Latin script, figures and years in any script that writes digits.
"""

import re

from index.text.analyzer import fold
from index.text.word_patterns import any_of
from index.types import Span
from qa.query.question import AnswerType

_FULL_MONTHS = (
    "january janvier januar enero february fevrier février februar febrero märz maerz april "
    "avril abril mai mayo june juin juni junio july juillet juli julio august août aout agosto "
    "september septembre septiembre october octobre oktober octubre november novembre noviembre "
    "december décembre decembre dezember diciembre"
)
_MONTH = (
    # Short forms, and months that are also words, count only with a capital: "it may march".
    rf"{any_of(_FULL_MONTHS.split())}|May|March|Mars|Marzo|marzo|MAY|MARCH"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
    r"|يناير|فبراير|مارس|أبريل|ابريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر"
)
_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday lundi mardi mercredi jeudi "
    "vendredi samedi dimanche"
)
_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve dozen dozens twenty thirty "
    "forty fifty sixty hundred hundreds thousand thousands million millions billion billions "
    "half quarter third deux trois quatre cinq sept huit neuf dix cent mille zwei drei vier "
    "fünf sechs sieben acht neun zehn hundert tausend dos tres cuatro cinco seis siete ocho "
    "nueve diez cien mil millones millionen"
)
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'\-]*"
_NAME = rf"{_CAPITAL}(?:\s+(?:(?:de|of|van|von|the|and|du|la|le|al|bin|&)\s+)?{_CAPITAL})*"

_PATTERNS: dict[AnswerType, re.Pattern[str]] = {
    "date": re.compile(
        rf"\b(?:1[0-9]\d\d|20\d\d)s?\b|\b\d{{1,4}}\s?(?:AD|BC|BCE|CE)\b|\b\d{{1,2}}(?:st|nd|rd|th)\s"
        rf"+(?:century|siècle)|\b[IVX]+e?\s+(?:siècle|siglo)|\b(?:{_MONTH})\b\.?\s*\d*"
        rf"|\b{any_of(_WEEKDAYS.split())}\b|\b\d{{1,2}}/\d{{1,2}}(?:/\d+)?\b"
        r"|\b\d{3,4}\b"
    ),
    "number": re.compile(rf"\d[\d.,]*|\b{any_of(_NUMBER_WORDS.split())}\b"),
    "money": re.compile(
        r"(?:US|C|CA|A)?[$€£¥]\s?\d[\d.,]*|\d[\d.,]*\s?(?:[$€£¥%]|(?i:dollars?|euros?|pounds?|cents?"
        r"|millions?|billions?|milliards?|milliarden|millionen|millones|USD|CAD|EUR)\b)"
    ),
    "place": re.compile(
        rf"\b(?:in|at|from|near|to|of|into|across|throughout|outside|à|au|aux|en|dans|de|du|nach|aus"
        rf"|bei|im|desde|hacia)\s+(?:the\s+|la\s+|le\s+|los\s+|el\s+|der\s+|den\s+)?({_CAPITAL})"
        rf"|\b({_CAPITAL}),\s+{_CAPITAL}"
    ),
    "name": re.compile(_NAME),
}
_WORD = re.compile(r"\w+")


def answer_spans(text: str, wanted: AnswerType) -> tuple[tuple[Span, tuple[str, ...]], ...]:
    """Return the spans of `text` that could be an answer of a type, with their folded words.

    A text in capitals throughout has no names or places: every word would be one.
    """
    if wanted in ("name", "place") and text.isupper():
        return ()
    found = []
    for match in _PATTERNS[wanted].finditer(text):
        group = next((i for i, piece in enumerate(match.groups(), 1) if piece), 0)
        found.append((match.span(group), tuple(_WORD.findall(fold(match.group(group))))))
    return tuple(found)
