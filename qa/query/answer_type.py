"""The stretches of a text that could be an answer of a type: name, date, place, number, money.

Surface patterns rather than a tagger: they are cheap enough to run over every candidate, and a
wrong match does little harm, since the ranker only weighs them. Names and places are found in
Latin script, figures and years in any script that writes digits.
"""

import re

from index.text.analyzer import fold
from index.types import Span
from qa.query.question import AnswerType

_MONTH = (
    r"(?i:january|janvier|januar|enero|february|fevrier|février|februar|febrero|märz|maerz|april"
    r"|avril|abril|mai|mayo|june|juin|juni|junio|july|juillet|juli|julio|august|août|aout|agosto"
    r"|september|septembre|septiembre|october|octobre|oktober|octubre|november|novembre"
    r"|noviembre|december|décembre|decembre|dezember|diciembre)"
    # Short forms, and months that are also words, count only with a capital: "it may march".
    r"|May|March|Mars|Marzo|marzo|MAY|MARCH|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
    r"|يناير|فبراير|مارس|أبريل|ابريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر"
)
_WEEKDAY = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
)
_SPELLED = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|twenty|thirty|forty"
    r"|fifty|sixty|hundreds?|thousands?|millions?|billions?|half|quarter|third|deux|trois|quatre"
    r"|cinq|sept|huit|neuf|dix|cent|mille|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|hundert"
    r"|tausend|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|cien|mil|millones|millionen"
)
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'\-]*"
_NAME = rf"{_CAPITAL}(?:\s+(?:(?:de|of|van|von|the|and|du|la|le|al|bin|&)\s+)?{_CAPITAL})*"

_PATTERNS: dict[AnswerType, re.Pattern[str]] = {
    "date": re.compile(
        rf"\b(?:1[0-9]\d\d|20\d\d)s?\b|\b\d{{1,4}}\s?(?:AD|BC|BCE|CE)\b|\b\d{{1,2}}(?:st|nd|rd|th)\s"
        rf"+(?:century|siècle)|\b[IVX]+e?\s+(?:siècle|siglo)|\b(?:{_MONTH})\b\.?\s*\d*"
        rf"|\b(?i:{_WEEKDAY})\b|\b\d{{1,2}}/\d{{1,2}}(?:/\d+)?\b"
        r"|\b\d{3,4}\b"
    ),
    "number": re.compile(rf"\d[\d.,]*|\b(?i:{_SPELLED})\b"),
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
