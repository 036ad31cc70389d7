"""Decide which releases are near-duplicates: the same release, as published or slightly reworded.

Releases are compared by their bigrams, the pairs of neighboring words. MinHash signatures (Broder,
"On the resemblance and containment of documents", 1997; by the library rensa) find the few pairs
that are worth comparing, without comparing all with all: banded, as in locality-sensitive hashing
(Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", chapter 3). Those pairs are then
compared word by word, because releases made from one template (a grant for each town, an office
hour for each month) share most of their words and are not the same. Pure functions;
`index.dedup.link` reads and writes the store.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from index.dedup.corrections import find_edition
from index.text.dates import MONTHS
from index.types import Edition

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    UInt32 = npt.NDArray[np.uint32]
    Bools = npt.NDArray[np.bool_]

PERMUTATIONS = 192
"""Numbers in a signature."""

_BANDS = 48
"""Two releases with a Jaccard similarity of `s` are compared with a probability of
1 - (1 - s^4)^48: .999 at .6, .95 at .5, .17 at .25."""

_MIN_ESTIMATE = 0.36
"""Estimated similarity from which two releases are compared; its standard error is .035."""

_SEED = 1
_MAX_WORDS = 20_000
"""Words that are compared; releases that differ only after so many count as the same."""

_WORD_LENGTH = 16
"""Characters of a word, at most, on average: bounds the text that is read."""

MIN_SIMILARITY = 0.5
"""Similarity from which two releases can be the same: a copy with 15 % of its words changed has
.57."""

_HIGH_SIMILARITY = 0.65
"""Similarity from which the headlines may differ."""

_SIMILAR_HEADLINES = 0.6
"""Jaccard similarity of the words of two headlines that count as alike."""

_MAX_NEW_FIGURES = 0.1
"""Releases of different days are the same only when no more than this share of their figures
differs: a daily bulletin repeats its text, but not its figures."""

_MIN_FIGURES = 3
_COMMON_FIGURES = 0.34
_MANY_FIGURES = 6
_COMMON_OF_MANY = 0.5
"""Releases with so many figures each are different when less than this share is in common."""

_CORRECTED_DAYS = 31
"""A correction is published within so many days."""

_FEW = 100
"""Up to so many new releases are compared with all others; more are banded first."""

_LARGE_BUCKET = 64
"""In a bucket with more releases than this, each is compared with only two others."""

_DAYS = frozenset(
    (
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
        "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
    )
)  # fmt: skip
_TOKEN = re.compile(
    r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    r"|[^\W_]+"
)
"""A word, or a character of a script that puts no space between words."""


@dataclass(frozen=True, slots=True, eq=False)
class ReleaseShingles:
    """What is compared of a release.

    Attributes:
        bigrams: Hashes of its pairs of neighboring words; valid in this process only.
        counts: How often each word occurs in it, headline included.
        figures: Its numbers, months and days of the week.
        title: The words of its headline.
        date: Its ISO date, or None.
        edition: Whether it says that it corrects or updates another release.
    """

    bigrams: frozenset[int]
    counts: Counter[str]
    figures: frozenset[str]
    title: frozenset[str]
    date: str | None
    edition: Edition


def comparison_words(text: str) -> list[str]:
    """Return the case-folded words of a text, in order."""
    return _TOKEN.findall(text[: _MAX_WORDS * _WORD_LENGTH].casefold())[:_MAX_WORDS]


def bigrams(words: Sequence[str]) -> list[str]:
    """Return the pairs of neighboring words; a single word is its own pair."""
    return [f"{one} {other}" for one, other in pairwise(words)] or list(words)


def jaccard(one: "frozenset[Any]", other: "frozenset[Any]") -> float:
    """Return the Jaccard similarity of two sets, 0 when both are empty."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def shingles_of(text: str, title: str, date: str | None) -> ReleaseShingles:
    """Return what is compared of a release."""
    words, headline = comparison_words(text), comparison_words(title)
    return ReleaseShingles(
        frozenset(map(hash, bigrams(words))),
        Counter([*words, *headline]),
        frozenset(filter(is_figure, words)),
        frozenset(headline),
        date,
        find_edition(text, title),
    )


def same_release(one: ReleaseShingles, other: ReleaseShingles) -> bool:
    """Return whether two releases are the same, as published or slightly reworded."""
    similarity = jaccard(one.bigrams, other.bigrams)
    if similarity < MIN_SIMILARITY:
        return False
    if similarity == 1:
        return True
    untitled = not (one.title and other.title)
    alike = untitled or jaccard(one.title, other.title) >= _SIMILAR_HEADLINES
    return (similarity >= _HIGH_SIMILARITY or alike) and not _share_a_template(one, other)


def corrects(newer: ReleaseShingles, older: ReleaseShingles) -> bool:
    """Return whether a release that says it is a correction or an update may be one of another.

    The correction may be of a figure, so figures are not compared here. When it may correct
    several releases, the caller takes the most similar one.
    """
    days = _days_between(newer.date, older.date)
    backwards = bool(newer.date and older.date and newer.date[:10] < older.date[:10])
    return (
        newer.edition.marked
        and not backwards
        and (days is None or days <= _CORRECTED_DAYS)
        and newer.edition.headline == older.edition.headline
        and jaccard(newer.bigrams, older.bigrams) >= MIN_SIMILARITY
    )


def _days_between(one: str | None, other: str | None) -> int | None:
    """Return the days between two ISO dates; None when one is missing or partial."""
    try:
        dates = [dt.date.fromisoformat((date or "")[:10]) for date in (one, other)]
    except ValueError:
        return None
    return abs((dates[0] - dates[1]).days)


def _share_a_template(one: ReleaseShingles, other: ReleaseShingles) -> bool:
    """Return whether two similar releases are about different things: two towns, two days."""
    if _has_own_subject(one, other) and _has_own_subject(other, one):
        return True
    if _days_between(one.date, other.date):
        return len(one.figures ^ other.figures) > _MAX_NEW_FIGURES * len(
            one.figures | other.figures
        )
    fewer = min(len(one.figures), len(other.figures))
    common = _COMMON_OF_MANY if fewer >= _MANY_FIGURES else _COMMON_FIGURES
    return fewer >= _MIN_FIGURES and len(one.figures & other.figures) < common * fewer


def _has_own_subject(one: ReleaseShingles, other: ReleaseShingles) -> bool:
    """Return whether a headline has a word of weight that the other release lacks.

    Such a word is a figure, or one that its own text repeats.
    """
    return any(
        not other.counts[word] and (one.counts[word] > 1 or is_figure(word)) for word in one.title
    )


def is_figure(word: str) -> bool:
    """Return whether a word contains a digit or names a month or a day of the week."""
    return any(map(str.isdigit, word)) or word in MONTHS or word in _DAYS


def signatures(texts: Sequence[str]) -> "UInt32":
    """Return the MinHash signatures of texts, shape (texts, PERMUTATIONS)."""
    import numpy as np
    from rensa import RMinHash

    words = (comparison_words(text) for text in texts)
    digests = RMinHash.digests_from_token_sets([bigrams(w) for w in words], PERMUTATIONS, _SEED)
    return np.array(digests, dtype=np.uint32).reshape(len(texts), PERMUTATIONS)


def signature_version() -> str:
    """Return a text that changes when signatures are made in another way."""
    from rensa import RMinHash

    return f"rensa {RMinHash.ALGORITHM_VERSION}, {PERMUTATIONS} of pairs, seed {_SEED}"


def candidate_pairs(signed: "UInt32", is_new: "Bools") -> list[tuple[int, int]]:
    """Return the pairs of releases that may be near-duplicates, ascending.

    Args:
        signed: Signatures, shape (releases, PERMUTATIONS).
        is_new: The releases to compare with all others, shape (releases,).
    """
    pairs = {pair for pair in _colliding(signed, is_new) if is_new[pair[0]] or is_new[pair[1]]}
    return [
        (one, other)
        for one, other in sorted(pairs)
        if (signed[one] == signed[other]).mean() >= _MIN_ESTIMATE
    ]


def _colliding(signed: "UInt32", is_new: "Bools") -> Iterator[tuple[int, int]]:
    """Yield the pairs of rows that are equal in a band, or, for few new rows, all similar pairs."""
    import numpy as np

    few = np.flatnonzero(is_new)
    if len(few) <= _FEW:
        for row in few.tolist():
            similar = np.flatnonzero((signed == signed[row]).mean(axis=1) >= _MIN_ESTIMATE)
            yield from (
                (min(row, other), max(row, other)) for other in similar.tolist() if other != row
            )
        return
    rows = PERMUTATIONS // _BANDS
    factors = np.array(
        [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93],
        dtype=np.uint64,
    )[:rows]
    for band in range(_BANDS):
        numbers = signed[:, band * rows : (band + 1) * rows].astype(np.uint64)
        buckets = (numbers * factors).sum(axis=1)
        order = np.argsort(buckets, kind="stable")
        edges = np.flatnonzero(np.diff(buckets[order])) + 1
        for bucket in np.split(order, edges):
            if len(bucket) > 1 and is_new[bucket].any():
                yield from _pairs_in(bucket.tolist())


def _pairs_in(bucket: Sequence[int]) -> Iterator[tuple[int, int]]:
    for place, one in enumerate(bucket):
        if len(bucket) <= _LARGE_BUCKET:
            others = set(bucket[:place])
        else:
            others = {bucket[0], bucket[max(place - 1, 0)]} - {one}
        yield from ((other, one) for other in others)
