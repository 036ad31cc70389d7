"""BM25 as tantivy computes it, from term frequencies and the statistics of a whole collection.

The score of a term in a field is `idf * (k1 + 1) * tf / (tf + k1 * (1 - b + b * length / mean))`,
with k1 = 1.2, b = 0.75 and `idf = log(1 + (n - df + 0.5) / (df + 0.5))` (Robertson and Zaragoza,
2009). tantivy rounds the length of a field down to one of 256 values, and so does this, so that a
passage has the same score with both engines.
"""

import hashlib
import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from index.search.lexical import TITLE_WEIGHT

K1, B = 1.2, 0.75
_EXACT = 24
"""Lengths below this and the first mantissas above it are exact."""
_DIMENSIONS = 2**32 - 1
"""Milvus takes numbers below this for the dimensions of a sparse vector."""


def _lengths() -> list[int]:
    """Return the 256 lengths that a field can have: 4 bits of mantissa, 3 of them stored."""
    found = list(range(_EXACT))
    for code in range(256 - _EXACT):
        bits, shift = code & 7, (code >> 3) - 1
        found.append(_EXACT + (bits if shift < 0 else (bits | 8) << shift))
    return found


_LENGTHS = _lengths()


def rounded_length(length: int) -> int:
    """Return the length that is used for a field of `length` terms."""
    return _LENGTHS[bisect_right(_LENGTHS, length) - 1]


@dataclass(frozen=True, slots=True)
class Lengths:
    """The mean number of terms of a passage and of the headline above it."""

    body: float
    title: float


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many passages a term is, and in how many it is in the headline above."""

    body: int = 0
    title: int = 0


@dataclass(frozen=True, slots=True)
class PassageWords:
    """The analyzed words of a passage and of its headline: how often each term occurs."""

    body: Mapping[str, int]
    title: Mapping[str, int]

    @classmethod
    def of(cls, body: Iterable[str], title: Iterable[str]) -> "PassageWords":
        """Count terms."""
        return cls(Counter(body), Counter(title))


def idf(passages: int, frequency: int) -> float:
    """Return the weight of a term that is in `frequency` of some passages; 0 if in none."""
    if not frequency:
        return 0.0
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def score(
    words: PassageWords,
    wanted: Iterable[str],
    frequencies: Mapping[str, Frequencies],
    passages: int,
    mean: Lengths,
    title_weight: float = TITLE_WEIGHT,
) -> float:
    """Return the BM25 score of a passage for terms, each counted once; 0 without a match.

    Args:
        words: The passage's.
        wanted: The terms.
        frequencies: Of the terms in the collection.
        passages: How many the collection has.
        mean: Lengths in the collection.
        title_weight: Weight of a term in the headline.
    """
    saturation = _saturation(words.body, mean.body)
    of_title = _saturation(words.title, mean.title)
    total = 0.0
    for term in sorted(set(wanted)):
        known = frequencies.get(term, Frequencies())
        if tf := words.body.get(term):
            total += idf(passages, known.body) * (K1 + 1) * tf / (tf + saturation)
        if tf := words.title.get(term):
            weight = title_weight * idf(passages, known.title)
            total += weight * (K1 + 1) * tf / (tf + of_title)
    return total


def document_vector(words: PassageWords, mean: Lengths) -> dict[int, float]:
    """Return the part of BM25 that depends on the passage alone, as a sparse vector.

    Its inner product with `query_vector` is the score for the mean lengths given here. Terms of
    the headline have dimensions of their own.
    """
    vector: dict[int, float] = {}
    for field, counts, length, weight in (
        ("b", words.body, mean.body, 1.0),
        ("t", words.title, mean.title, TITLE_WEIGHT),
    ):
        saturation = _saturation(counts, length)
        for term, tf in counts.items():
            dimension = _dimension(field, term)
            value = weight * (K1 + 1) * tf / (tf + saturation)
            vector[dimension] = vector.get(dimension, 0.0) + value
    # A passage without words is found by no words, but Milvus takes no empty vector.
    return vector or {_DIMENSIONS - 1: 1e-6}


def query_vector(frequencies: Mapping[str, Frequencies], passages: int) -> dict[int, float]:
    """Return the part of BM25 that depends on the collection: the weights of terms."""
    vector: dict[int, float] = {}
    for term, known in frequencies.items():
        for field, count in (("b", known.body), ("t", known.title)):
            if count:
                dimension = _dimension(field, term)
                vector[dimension] = vector.get(dimension, 0.0) + idf(passages, count)
    return vector


def term_number(term: str) -> int:
    """Return the 63-bit number that stands for a term in lists of terms."""
    digest = hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


def _dimension(field: str, term: str) -> int:
    return term_number(f"{field} {term}") % (_DIMENSIONS - 1)


def _saturation(counts: Mapping[str, int], mean: float) -> float:
    length = rounded_length(sum(counts.values()))
    return K1 * (1 - B + B * length / (mean or 1.0))
