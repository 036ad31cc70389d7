"""Compares the numbers and names of an article's sentence with those of a release's. Pure.

A number agrees with another of the same unit if it is equal, or if it is that number rounded:
"$1.57 billion" for $1,567,824,375, "close to 4,000" for 3,950. Numbers in words are read in
English. A name agrees with a release that has each of its words anywhere, in its text or headline.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.structure.quotations.job_titles import is_title_word
from index.text.analyzer import fold_terms
from index.types import Span
from qa.conversation.entities import entity_type
from qa.conversation.mentions import name_spans
from qa.figures.amounts import find_amounts
from qa.figures.extract import on_one_line
from qa.tracing.types import FactDifference
from qa.tracing.words import Gap

_ROUNDED = 0.05
"""How far a rounded number may be from the exact one, as a share of it."""
_EXACT = 1e-9
"""The same for numbers that are equal but for the last bits of their floats."""
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9,
           "trillion": 10**12}  # fmt: skip
_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: number for number, word in enumerate(_TO_NINETEEN.split())} | {
    word: 10 * number for number, word in enumerate(_TENS.split(), start=2)
}
_WORD = "|".join((*_UNITS, *_SCALES))
_SPELLED = re.compile(
    rf"\b(?:{'|'.join(_UNITS)}|a(?=\s+(?:hundred|thousand|million|billion)\b))"
    rf"(?:(?:[\s-]+(?:and\s+)?)(?:{_WORD}))*\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(
    rf"\d+(?:,\d{{3}})*(?P<decimals>\.\d+)?(?:\s(?P<scale>{'|'.join(list(_SCALES)[1:])})\b)?",
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
_FEW = 12
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
    taken = [number.span for number in found]
    for number in (*_digits(text), *(_spelled(text) if lang in {None, "en"} else ())):
        if not any(number.span[0] < end and start < number.span[1] for start, end in taken):
            found.append(number)
            taken.append(number.span)
    return sorted(found, key=lambda number: (number.span, number.value))


def _digits(text: str) -> Iterator[Number]:
    for match in _DIGITS.finditer(text):
        scale = _SCALES.get((match["scale"] or "").lower(), 1)
        digits = match[0].split()[0].replace(",", "")
        value = float(digits) * scale
        rounded = _is_rounded(text, match.span())
        yield Number(match.span(), value, "number", _place_of(value, match[0]), rounded)


def _spelled(text: str) -> Iterator[Number]:
    for match in _SPELLED.finditer(text):
        if match[0].lower() in _PRONOUNS:
            continue
        value = _value_of(re.split(r"[\s-]+", match[0].lower()))
        rounded = _is_rounded(text, match.span())
        place, small = _place_of(value, match[0]), value <= _FEW
        yield Number(match.span(), value, "number", place, rounded, small=small)


def _value_of(words: Sequence[str]) -> float:
    """Return the value of a number in words, such as two hundred and fifty-eight."""
    whole = part = 0
    for word in words:
        scale = _SCALES.get(word)
        if scale is None:
            part += _UNITS.get(word, 1 if word == "a" else 0)
        elif scale == 100:  # noqa: PLR2004 - a hundred belongs to the part: two hundred thousand
            part = max(1, part) * scale
        else:
            whole, part = whole + max(1, part) * scale, 0
    return float(whole + part)


def _place_of(value: float, written: str) -> float:
    """Return the place of the last digit of a number other than 0."""
    match = _DIGITS.search(written)
    decimals = len((match["decimals"] if match else None) or ".") - 1
    scale = _SCALES.get((match["scale"] if match else None) or "", 1)
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


@dataclass(frozen=True, slots=True)
class FactComparison:
    """How the facts of an article's sentence compare with those of a release.

    Attributes:
        agreed: How many numbers of the two sentences agree.
        differences: Numbers and names that differ, and numbers that the release does not have.
        strange_names: How many names the release does not have.
    """

    agreed: int
    differences: tuple[FactDifference, ...]
    strange_names: int


@dataclass(frozen=True, slots=True)
class SentenceFacts:
    """The numbers and names of a sentence."""

    sentence: str
    numbers: tuple[Number, ...]
    names: tuple[Span, ...]

    def text(self, span: Span) -> str:
        """Return the words of a span, on one line."""
        return on_one_line(self.sentence)[slice(*span)].strip()


def sentence_facts(sentence: str, lang: str | None) -> SentenceFacts:
    """Return the numbers and names of a sentence."""
    return SentenceFacts(
        sentence, tuple(find_numbers(sentence, lang)), tuple(name_spans(sentence, lang or "en"))
    )


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """The numbers of a whole release and all its words, headline included."""

    numbers: tuple[Number, ...]
    words: frozenset[str]


def release_facts(title: str, text: str, lang: str | None) -> ReleaseFacts:
    """Return the numbers and words of a release."""
    numbers = (*find_numbers(title, lang), *find_numbers(text, lang))
    return ReleaseFacts(numbers, frozenset(fold_terms(f"{title}\n{text}", lang)))


def compare_facts(
    article: SentenceFacts,
    release: SentenceFacts,
    whole: ReleaseFacts,
    gaps: Sequence[Gap],
    lang: str | None,
) -> FactComparison:
    """Compare the facts of two sentences.

    Args:
        article: Of the article's sentence.
        release: Of the release's sentence.
        whole: Of the release.
        gaps: Where the words of the two differ.
        lang: The language of the article.
    """
    unmet, left = _unmet(article.numbers, release.numbers)
    differences = list(_number_differences(article, release, unmet, left, whole, gaps))
    names = [span for span in article.names if not _is_known(article.text(span), whole, lang)]
    differences += _name_differences(article, release, names, gaps, lang)
    return FactComparison(
        agreed=len(article.numbers) - len(unmet),
        differences=tuple(differences),
        strange_names=len(names),
    )


def _unmet(
    article: Sequence[Number], release: Sequence[Number]
) -> tuple[list[Number], list[Number]]:
    """Return the numbers of two sentences without those that agree."""
    unmet, left = [], list(release)
    for number in article:
        same = next((other for other in left if number.agrees(other)), None)
        if same is not None:
            left.remove(same)
        elif not any(number.agrees(other) for other in release):
            unmet.append(number)
    return unmet, left


def _number_differences(
    article: SentenceFacts,
    release: SentenceFacts,
    unmet: Sequence[Number],
    left: Sequence[Number],
    whole: ReleaseFacts,
    gaps: Sequence[Gap],
) -> Iterator[FactDifference]:
    """Yield the numbers that differ: from one at the same place, or the only other of the unit."""
    for number in unmet:
        others = [other for other in left if other.unit == number.unit]
        gap = next((gap for gap in gaps if _within(number.span, gap.article)), None)
        facing = [other for other in others if gap and _within(other.span, gap.release)]
        known = any(number.agrees(other) for other in whole.numbers)
        alone = len(others) == 1 and sum(one.unit == number.unit for one in unmet) == 1
        other = facing[0] if facing else None
        if other is None and alone and not (known or number.small):
            other = others[0]
        if other is not None:
            yield FactDifference("number", article.text(number.span), release.text(other.span))
        elif not (known or number.small):
            yield FactDifference("number", article.text(number.span), None)


def _name_differences(
    article: SentenceFacts,
    release: SentenceFacts,
    names: Sequence[Span],
    gaps: Sequence[Gap],
    lang: str | None,
) -> Iterator[FactDifference]:
    """Yield names that the release does not have and that stand in the place of another."""
    own = set(fold_terms(article.sentence, lang))
    for gap in gaps:
        ours = [article.text(span) for span in names if _within(span, gap.article)]
        theirs = [release.text(span) for span in release.names if _within(span, gap.release)]
        theirs = [name for name in theirs if own.isdisjoint(fold_terms(name, lang))]
        for mine, other in zip(ours, theirs, strict=False):
            if _may_stand_for(mine, other):
                yield FactDifference("name", mine, other)


def _may_stand_for(name: str, other: str) -> bool:
    """Whether two names are of one kind, and neither is a title or has digits, as NY-16."""
    return (
        entity_type(name).kind == entity_type(other).kind
        and not any(map(str.isdigit, name + other))
        and not any(is_title_word(text.split()[-1]) for text in (name, other))
    )


def _is_known(name: str, whole: ReleaseFacts, lang: str | None) -> bool:
    return whole.words.issuperset(fold_terms(name, lang))


def _within(inner: Span, outer: Span) -> bool:
    return inner[0] < outer[1] and outer[0] < inner[1]
