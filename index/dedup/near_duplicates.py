"""Which releases are the same one in other copies: from another place, or slightly reworded.

Releases are compared by their pairs of neighbouring words. MinHash signatures (Broder, "On the
resemblance and containment of documents", 1997; by the library rensa) find the few that are
worth comparing without comparing all with all: banded, as in locality-sensitive hashing (Leskovec,
Rajaraman, Ullman, "Mining of Massive Datasets", chapter 3). Those are then compared word by word,
because releases made from one template (a grant for each town, an office hour for each month) share
most of their words and are not the same. Pure; `index.dedup.link` reads and writes the store.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from index.dedup.corrections import edition
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
"""Two releases that share the share `s` of their pairs of words are compared with a probability
of 1 - (1 - s^4)^48: .999 at .6, .95 at .5, .17 at .25."""

_WORTH = 0.36
"""Estimated share from which two releases are compared; its standard error is .035."""

_SEED = 1
_LONGEST = 20_000
"""Words looked at; two releases that differ after so many are still the same one."""

_WORD = 16
"""Characters a word has at most, on the average: no more text is looked at, however long it is."""

SAME = 0.5
"""Share of pairs of words from which two releases can be the same: a copy with 15 % of its words
changed keeps .57."""

_SURE = 0.65
"""Share from which the headlines need not be alike."""

_HEADLINES = 0.6
"""Share of words that headlines have in common when they are alike."""

_RENEWED = 0.1
"""Releases of two days are the same only if no more of their figures differ than this share: a
bulletin says the same every day, but for its figures."""

_FIGURES = 3
_KEPT = 0.34
_MANY_FIGURES = 6
_MORE_KEPT = 0.5
"""Of two releases with so many figures each, less than this share in common means others."""

_CORRECTED_DAYS = 31
"""A correction comes within so many days."""

_FEW = 100
"""Fresh releases that are compared with all others; more are banded first."""

_CROWD = 64
"""In a band where more releases meet than this, each is compared with two of them alone."""

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
        pairs: Its pairs of neighbouring words, as hashes of this process.
        counts: How often each word stands in it, headline included.
        figures: Its numbers, months and days of the week.
        title: The words of its headline.
        date: Its ISO date, or None.
        edition: Whether it says that it corrects or updates another.
    """

    pairs: frozenset[int]
    counts: Counter[str]
    figures: frozenset[str]
    title: frozenset[str]
    date: str | None
    edition: Edition


def comparison_words(text: str) -> list[str]:
    """Return the words of a text as they are compared, in order."""
    return _TOKEN.findall(text[: _LONGEST * _WORD].casefold())[:_LONGEST]


def bigrams(words: Sequence[str]) -> list[str]:
    """Return the pairs of neighbouring words; a text of one word is its own pair."""
    return [f"{one} {other}" for one, other in pairwise(words)] or list(words)


def jaccard(one: "frozenset[Any]", other: "frozenset[Any]") -> float:
    """Return the share of what two sets have in common (Jaccard), 0 where both are empty."""
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
        edition(text, title),
    )


def same_release(one: ReleaseShingles, other: ReleaseShingles) -> bool:
    """Whether two releases are copies of one, as they stand or slightly reworded."""
    common = jaccard(one.pairs, other.pairs)
    if common < SAME:
        return False
    if common == 1:
        return True
    alike = not (one.title and other.title) or jaccard(one.title, other.title) >= _HEADLINES
    return (common >= _SURE or alike) and not _from_one_template(one, other)


def corrects(newer: ReleaseShingles, older: ReleaseShingles) -> bool:
    """Whether a release that says it is a correction or an update may be that of another.

    What it corrects may be a figure, so that figures count for nothing here; of several, the one
    that it has most in common with is meant.
    """
    days = days_between(newer.date, older.date)
    backwards = bool(newer.date and older.date and newer.date[:10] < older.date[:10])
    return (
        newer.edition.marked
        and not backwards
        and (days is None or days <= _CORRECTED_DAYS)
        and newer.edition.headline == older.edition.headline
        and jaccard(newer.pairs, older.pairs) >= SAME
    )


def days_between(one: str | None, other: str | None) -> int | None:
    """Return how many days lie between two ISO dates; None where one is missing or partial."""
    try:
        dates = [dt.date.fromisoformat((date or "")[:10]) for date in (one, other)]
    except ValueError:
        return None
    return abs((dates[0] - dates[1]).days)


def _from_one_template(one: ReleaseShingles, other: ReleaseShingles) -> bool:
    """Whether two releases share most words but are about two things: two towns, two days."""
    if _own_subject(one, other) and _own_subject(other, one):
        return True
    if days_between(one.date, other.date):
        return len(one.figures ^ other.figures) > _RENEWED * len(one.figures | other.figures)
    fewer = min(len(one.figures), len(other.figures))
    kept = _MORE_KEPT if fewer >= _MANY_FIGURES else _KEPT
    return fewer >= _FIGURES and len(one.figures & other.figures) < kept * fewer


def _own_subject(one: ReleaseShingles, other: ReleaseShingles) -> bool:
    """Whether a headline has a figure, or a word that its text repeats, that the other lacks."""
    return any(
        not other.counts[word] and (one.counts[word] > 1 or is_figure(word)) for word in one.title
    )


def is_figure(word: str) -> bool:
    """Whether a word says how much or when."""
    return any(map(str.isdigit, word)) or word in MONTHS or word in _DAYS


def signatures(texts: Sequence[str]) -> "UInt32":
    """Return the MinHash signatures of texts, shape (texts, PERMUTATIONS)."""
    import numpy as np
    from rensa import RMinHash

    words = (comparison_words(text) for text in texts)
    found = RMinHash.digests_from_token_sets([bigrams(w) for w in words], PERMUTATIONS, _SEED)
    return np.array(found, dtype=np.uint32).reshape(len(texts), PERMUTATIONS)


def signature_version() -> str:
    """Return a text that changes when signatures are made in another way."""
    from rensa import RMinHash

    return f"rensa {RMinHash.ALGORITHM_VERSION}, {PERMUTATIONS} of pairs, seed {_SEED}"


def candidate_pairs(found: "UInt32", fresh: "Bools") -> list[tuple[int, int]]:
    """Return the pairs of releases that may be the same, ascending.

    Args:
        found: Signatures, shape (releases, PERMUTATIONS).
        fresh: Which are to be compared with all others, shape (releases,).
    """
    pairs = sorted({pair for pair in _meeting(found, fresh) if fresh[pair[0]] or fresh[pair[1]]})
    return [(one, other) for one, other in pairs if (found[one] == found[other]).mean() >= _WORTH]


def _meeting(found: "UInt32", fresh: "Bools") -> Iterator[tuple[int, int]]:
    """Yield the pairs of rows that are equal in a band; of a few fresh rows all that are alike."""
    import numpy as np

    few = np.flatnonzero(fresh)
    if len(few) <= _FEW:
        for row in few.tolist():
            alike = np.flatnonzero((found == found[row]).mean(axis=1) >= _WORTH)
            yield from (
                (min(row, other), max(row, other)) for other in alike.tolist() if other != row
            )
        return
    rows = PERMUTATIONS // _BANDS
    odd = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93],
                   dtype=np.uint64)[:rows]  # fmt: skip
    for band in range(_BANDS):
        keys = (found[:, band * rows : (band + 1) * rows].astype(np.uint64) * odd).sum(axis=1)
        order = np.argsort(keys, kind="stable")
        edges = np.flatnonzero(np.diff(keys[order])) + 1
        for run in np.split(order, edges):
            if len(run) > 1 and fresh[run].any():
                yield from _pairs_in(run.tolist())


def _pairs_in(run: Sequence[int]) -> Iterator[tuple[int, int]]:
    for place, one in enumerate(run):
        others = run[:place] if len(run) <= _CROWD else {run[0], run[max(place - 1, 0)]} - {one}
        yield from ((other, one) for other in others)
