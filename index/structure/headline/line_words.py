"""Decides what the words of a line can be: the name of an issuer, a place, or only metadata.

Capitals, verbs and the words that offices have in their names decide; the lines around do not.
"""

import re
from typing import Literal

from index.structure.headline import head_words as patterns
from index.text.dates import ambiguous_readings, find_date

_MAX_NAME_WORDS = 10
_MAX_LINE = 90
"""Characters of the longest line that is a name."""

_MAX_WEAK_NAME_WORDS = 6
_MAX_DATES = 3
_MAX_PLACE_WORDS = 5
_FRENCH = re.compile(
    r"\b(?:de|du|des|la|le|les|et|à|aux?|en|pour|sur|del|della|dell|di|do|da|dos|das|los|las|y|e|van|"
    r"voor)\b|[dl][’']|[éèêàçôîûñãõìòùáíóú]",
    re.IGNORECASE,
)
_NOT_NAME = re.compile(
    r"(?:our|my|your|about|all|new|dear|notre|nos|vos|votre|from|ranking member|chair(?:man|"
    r"woman)?|"
    r"vice[- ]chair\w*|member|representing)\b",
    re.IGNORECASE,
)
"""The beginning of a line that names somebody's office, or nobody."""
_TOWN = re.compile(r"\b(?:City|Town|Village|Island|Port|CITY|TOWN|VILLAGE|ISLAND|PORT)\Z")
_WORD = re.compile(r"[\w’'&.-]+")
_LETTER = re.compile(r"[^\W\d_]")
_ABBREVIATION = re.compile(r"(?:\b[A-Z]\.|\b[A-Z][a-z]{1,4}\.|\bQué\.)\Z")
_PLACE = re.compile(
    r"\A[A-ZÀ-Þ][\w.’'-]*(?:(?:[ -]|(?<=[a-zà-ÿ])/)"
    r"(?:[A-ZÀ-Þ][\w.’'-]*|de|du|des|la|le|les|sur|en|of|the|upon|am|"
    r"an|der))*"
    r"(?:,\s*(?:the |la |le )?(?:[A-ZÀ-Þ][\w.’']*\s?){1,3}|\s*\([A-ZÀ-Þ][\w.’' -]+\))?\Z"
)


def name_strength(words: str) -> Literal["strong", "weak"] | None:
    """Return whether a line is the name of an issuer: certainly, perhaps, or not.

    A name has capitals and few other words, and no verb. A headline in capitals has a verb in
    most cases, and more words.
    """
    words = " ".join(words.split()).strip(" ,–—-")
    parts = _WORD.findall(words)
    if not parts or len(parts) > _MAX_NAME_WORDS or not _may_be_name(words):
        return None
    french = patterns.NAME_OF_FRENCH_UNIT.match(words)
    if french and ", " not in words and _FRENCH.search(words[len(parts[0]) :]):
        return "strong"
    if patterns.NAME_OF_GERMAN_UNIT.match(words) and len(parts) > 1:
        return "strong"
    company = patterns.NAME_OF_COMPANY.search(words)
    if (
        not is_capitalized(words[: company.start()] if company else words)
        or {part.casefold() for part in parts} & patterns.PREPOSITIONS
    ):
        return None
    strong = (
        company
        or (patterns.NAME_OF_OFFICE_HOLDER.match(words) and len(parts) > 1)
        or (patterns.NAME_OF_UNIT.match(words) and len(parts) > 1)
    )
    if strong:
        return "strong"
    return "weak" if len(parts) <= _MAX_WEAK_NAME_WORDS else None


def _may_be_name(words: str) -> bool:
    """Whether a line has nothing that names do not have: a verb, a date, marks of a sentence."""
    if _NOT_NAME.match(words) or len(words) > _MAX_LINE or not words[0].isupper():
        return False
    if words[-1] in '!?”";:':
        return False
    marked = any(mark in words for mark in (": ", "; ", "“", '"'))
    return not (marked or has_verb(words) or find_date(words) is not None)


def place_of(words: str) -> str | None:
    """Return the place in what is left of a date line, or None."""
    words = words.strip(" ,:;–—-|()/\n")
    if "(" in words and ")" not in words:
        words = f"{words})"  # the bracket was stripped
    if words.endswith(".") and not _ABBREVIATION.search(words):
        words = words.rstrip(" .")
    parts = _WORD.findall(words)
    if not parts or len(parts) > _MAX_PLACE_WORDS or not _PLACE.match(words) or has_verb(words):
        return None
    if name_strength(words) == "strong" and not ("," in words or _TOWN.search(words)):
        return None
    return None if _LETTER.search(patterns.SMALL_WORDS.sub("", words)) is None else words


def place_beside_date(words: str) -> str | None:
    """Return the place on a line that has only a place and a date: "Québec, le 3 mars 2025"."""
    rest = patterns.WEEKDAY.sub(" ", without_dates(words))
    rest = re.sub(
        r"[,\s]*(?:\b(?:le|on|the|this|ce|den|vom|am|el|il|dem|dal))?[,\s]*¦",
        " ",
        rest,
        flags=re.IGNORECASE,
    )
    rest = patterns.TIME.sub(" ", rest)
    return place_of(" ".join(patterns.LABEL.sub(" ", rest).split()))


def without_metadata(words: str) -> str:
    """Return a line without its dates, times, labels, numbers and the words between them."""
    rest = without_dates(words)
    for pattern in (
        patterns.LABEL,
        patterns.DAY_WITHOUT_YEAR,
        patterns.MOMENT,
        patterns.REFERENCE,
        patterns.SMALL_WORDS,
    ):
        rest = pattern.sub(" ", rest)
    return " ".join(rest.split())


def has_date(words: str) -> bool:
    """Whether a line has a date, perhaps one with two readings."""
    return find_date(words) is not None or bool(ambiguous_readings(words))


def without_dates(words: str) -> str:
    """Return a line with `¦` for its dates."""
    for _ in range(_MAX_DATES):
        date = find_date(words) or next(iter(ambiguous_readings(words)), None)
        if date is None:
            break
        words = words[: date.span[0]] + " ¦ " + words[date.span[1] :]
    return words


def has_verb(words: str) -> bool:
    """Whether words have a verb that headlines have and names have not."""
    parts = (part.casefold().strip(".-'’&") for part in _WORD.findall(words))
    return not patterns.VERBS.isdisjoint(parts)


def is_capitalized(words: str, skip: int = 0) -> bool:
    """Whether all words of a name begin with a capital, apart from those that join them."""
    parts = _WORD.findall(words)[skip:]
    return all(
        not part[0].islower() or part.casefold() in patterns.CONNECTORS or part[1:2] in {"'", "’"}
        for part in parts
    )
