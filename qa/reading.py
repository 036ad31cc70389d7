"""A passage's words, read once and kept: what every question asked of it compares with."""

import re
from dataclasses import dataclass
from functools import lru_cache

from index.analysis import fold, tokens
from index.records import Span

PREFIX = 5
"""Words that begin alike for this long are taken for kin: `Korean` and `Koreans'`."""

_BACK = re.compile(
    r"(?:it|its|he|his|she|her|they|their|this|these|that|those|such|the (?:two|company|group"
    r"|agreement|program|project|bill|act)|il|elle|ils|elles|ce|cette|ces|son|sa|ses|er|sie|es"
    r"|dies\w*|él|ella|ellos|este|esta|estos|su|sus)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PassageWords:
    """A passage's words, ready to be compared.

    Attributes:
        terms: Compared forms in order.
        sentence: For each term, the index of its sentence.
        beginnings: The first `PREFIX` characters of its longer terms, with a sentence each
            stands in.
        refers_back: For each sentence, whether it begins with a word that points at the one
            before: "It", "The company".
    """

    terms: tuple[str, ...]
    sentence: tuple[int, ...]
    beginnings: dict[str, int]
    refers_back: tuple[bool, ...]


@lru_cache(maxsize=1 << 12)
def folded(text: str) -> str:
    """Return a passage's text without case and accents: equal for copies of one another."""
    return fold(text)


@lru_cache(maxsize=1 << 12)
def read_passage(text: str, lang: str | None, sentences: tuple[Span, ...]) -> PassageWords:
    """Return the words of a passage and the sentence each stands in."""
    found = tokens(text, lang)
    ends = [end for _, end in sentences]
    where: list[int] = []
    current, last = 0, len(ends) - 1
    for token in found:
        while current < last and token.span[0] >= ends[current]:
            current += 1
        where.append(current)
    terms = tuple(token.term for token in found)
    beginnings = {t[:PREFIX]: s for t, s in zip(terms, where, strict=True) if len(t) >= PREFIX}
    back = tuple(bool(_BACK.match(text, start)) for start, _ in sentences)
    return PassageWords(terms, tuple(where), beginnings, back)
