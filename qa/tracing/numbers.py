"""Finds the numbers of a sentence, in digits and in words, and tells which agree. Pure.

A number agrees with another of the same unit if it is equal, or if it is that number rounded:
"$1.57 billion" for $1,567,824,375, "close to 4,000" for 3,950. Numbers in words are read in
English.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.types import Span
from qa.figures.amounts import find_amounts
from qa.figures.extract import on_one_line
from qa.figures.number_words import SCALES, UNITS, number_in_words

_ROUNDED = 0.05
"""How far a rounded number may be from the exact one, as a share of it."""
_EXACT = 1e-9
"""The same for numbers that are equal but for the last bits of their floats."""
_WORD = "|".join((*UNITS, "hundred", *SCALES))
_SPELLED = re.compile(
    rf"\b(?:{'|'.join(UNITS)}|a(?=\s+(?:hundred|thousand|million|billion)\b))"
    rf"(?:(?:[\s-]+(?:and\s+)?)(?:{_WORD}))*\b",
    re.IGNORECASE,
)
_LEADING_A = re.compile(r"\Aa\b", re.IGNORECASE)
_DIGITS = re.compile(
    rf"\d+(?:,\d{{3}})*(?P<decimals>\.\d+)?(?:\s(?P<scale>{'|'.join(SCALES)})\b)?",
    re.IGNORECASE,
)
_BEFORE_ABOUT = re.compile(
    r"\b(?:about|around|nearly|almost|close to|some|over|more than|roughly|approximately|at least"
    r"|up to|upwards? of|fewer than|less than|under|as (?:many|much) as|an estimated|just)"
    r"\s+(?:an?\s+)?[$€£]?\Z",
    re.IGNORECASE,
)
_AS_FAR_AS = 24
"""Characters before a number in which such words are looked for."""
FEW = 12
"""Numbers up to this are in many sentences."""
_PRONOUNS = frozenset({"one", "zero"})
"""Words that count nothing where they stand alone."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a sentence.

    Attributes:
        span: Where it stands.
        value: Its value.
        unit: `money`, `percent`, or `number` for all others.
        place: The place of its last digit other than 0: 10 million for "$1.57 billion".
        rounded: Whether it may be rounded: it has decimals or a scale, or words such as "nearly".
        small: Whether it is a few in words, as in "its two senators", which may count anything.
    """

    span: Span
    value: float
    unit: str
    place: float
    rounded: bool
    small: bool = False

    def agrees(self, exact: "Number") -> bool:
        """Whether it is another number, or that number rounded."""
        if self.unit != exact.unit:
            return False
        off = abs(self.value - exact.value)
        if off <= _EXACT * abs(exact.value):
            return True
        return (
            self.rounded
            and self.place > exact.place
            and off < self.place
            and off <= _ROUNDED * abs(exact.value)
        )


def find_numbers(sentence: str, lang: str | None) -> list[Number]:
    """Return the numbers of a sentence, in order."""
    text = on_one_line(sentence)
    found: list[Number] = []
    for figure in find_amounts(text, lang, ("money", "percent")):
        written = text[slice(*figure.span)]
        for value in (figure.value, figure.high):
            if value is not None:
                rounded = figure.bound != "exact" or _is_rounded(text, figure.span)
                place = _place_of(float(value), written)
                found.append(Number(figure.span, float(value), figure.unit, place, rounded))
    taken = {place for number in found for place in range(*number.span)}
    for number in (*_digits(text), *(_spelled(text) if lang in {None, "en"} else ())):
        if taken.isdisjoint(range(*number.span)):
            found.append(number)
            taken.update(range(*number.span))
    return sorted(found, key=lambda number: (number.span, number.value))


def _digits(text: str) -> Iterator[Number]:
    for match in _DIGITS.finditer(text):
        scale = SCALES.get((match["scale"] or "").lower(), 1)
        digits = match[0].split()[0].replace(",", "")
        value = float(digits) * scale
        rounded = _is_rounded(text, match.span())
        yield Number(match.span(), value, "number", _place_of(value, match[0]), rounded)


def _spelled(text: str) -> Iterator[Number]:
    for match in _SPELLED.finditer(text):
        if match[0].lower() in _PRONOUNS:
            continue
        value = float(number_in_words(_LEADING_A.sub("one", match[0])) or 0)
        rounded = _is_rounded(text, match.span())
        place, small = _place_of(value, match[0]), value <= FEW
        yield Number(match.span(), value, "number", place, rounded, small=small)


def _place_of(value: float, written: str) -> float:
    """Return the place of the last digit of a number other than 0."""
    match = _DIGITS.search(written)
    decimals = len((match["decimals"] if match else None) or ".") - 1
    scale = SCALES.get((match["scale"] if match else None) or "", 1)
    place = float(scale) * 10.0**-decimals
    digits = round(value / place)
    while digits and digits % 10 == 0:
        digits, place = digits // 10, place * 10
    return place


def _is_rounded(text: str, span: Span) -> bool:
    """Whether a number has decimals, a scale, or words before it that say it is not exact."""
    match = _DIGITS.search(text, *span)
    if match is not None and (match["decimals"] or match["scale"]):
        return True
    return _BEFORE_ABOUT.search(text, max(0, span[0] - _AS_FAR_AS), span[0]) is not None
