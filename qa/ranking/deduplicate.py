"""Passages that say the same in nearly the same words, shown once.

A release is often there several times, with a word changed here and there, and paragraphs travel
from one to another. What was found best is shown; the others are named beside it (`also_in`).
Passages that differ in a number, or between unrelated releases in a name, do not say the same.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index.dedup.near_duplicates import bigrams, comparison_words, is_figure, jaccard
from index.search.searcher import Searcher
from index.store.related import duplicates, releases_with_duplicates
from index.types import StoredPassage
from qa.ranking.ranker import RankedCandidate

DEPTH = 30
"""Candidates looked at, from the best; nobody reads on further."""

_SAME = 0.8
_SAME_IN_FAMILY = 0.5
"""Share of pairs of neighbouring words from which two passages say the same."""

_SHORT = 8
"""Passages of fewer words say the same only when they are equal."""

_COPIES = 20
"""Copies of a release that are looked through for a passage."""

_NAME = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, eq=False)
class PassageShingles:
    """What is compared of a passage: its words, their pairs, its figures, its names."""

    words: tuple[str, ...]
    pairs: frozenset[str]
    figures: frozenset[str]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outline:
    """A wording in short, as numbers of this process: unequal ones are of unequal wordings.

    Nearly all passages differ in this much already, and of thousands it takes little room.
    """

    length: int
    words: int
    figures: int
    names: int


@lru_cache(maxsize=1 << 13)
def outline(text: str) -> Outline:
    """Return a passage's wording in short."""
    whole = _wording(text)
    return Outline(len(whole.words), hash(whole.words), hash(whole.figures), hash(whole.names))


@lru_cache(maxsize=1 << 8)
def shingles_of(text: str) -> PassageShingles:
    """Return what is compared of a passage."""
    return _wording(text)


def _wording(text: str) -> PassageShingles:
    words = comparison_words(text)
    return PassageShingles(
        tuple(words),
        frozenset(bigrams(words)),
        frozenset(filter(is_figure, words)),
        frozenset(word for word in _NAME.findall(text) if word[0].isupper()),
    )


def is_near_duplicate(one: PassageShingles, other: PassageShingles, *, related: bool) -> bool:
    """Whether two passages say the same; `related` when their releases are copies of one."""
    if one.words == other.words:
        return True
    if min(len(one.words), len(other.words)) < _SHORT or one.figures != other.figures:
        return False
    if related:
        return jaccard(one.pairs, other.pairs) >= _SAME_IN_FAMILY
    return one.names == other.names and jaccard(one.pairs, other.pairs) >= _SAME


def are_near_duplicates(one: str, other: str, *, related: bool) -> bool:
    """Whether two texts say the same, as `is_near_duplicate` has it of their wordings."""
    first, second = outline(one), outline(other)
    if first.figures != second.figures:
        return False  # nearly always; equal words have equal figures
    if first.words != second.words:
        if min(first.length, second.length) < _SHORT:
            return False
        if not related and first.names != second.names:
            return False
    return is_near_duplicate(shingles_of(one), shingles_of(other), related=related)


def deduplicate(ranked: Sequence[RankedCandidate], searcher: Searcher) -> list[RankedCandidate]:
    """Return candidates in their order without those that say the same as a better one."""
    looked = ranked[:DEPTH]
    family = searcher.lookups.duplicate_clusters({_release(r) for r in looked})
    kept: list[RankedCandidate] = []
    alike: dict[int, list[int]] = {}  # places in `kept`, by their figures
    for found in looked:
        places = alike.setdefault(outline(found.candidate.text).figures, [])
        for place in places:
            better = kept[place]
            related = _related(better, found, family)
            if are_near_duplicates(better.candidate.text, found.candidate.text, related=related):
                kept[place] = replace(better, folded=(*better.folded, found.candidate.key))
                break
        else:
            places.append(len(kept))
            kept.append(found)
    return [*kept, *ranked[DEPTH:]]


def carriers(
    shown: Sequence[tuple[RankedCandidate, StoredPassage]], searcher: Searcher
) -> list[tuple[str, ...]]:
    """Return for each passage the ids of the other releases that carry it, ascending."""
    same = searcher.lookups.identical_passages([stored.key for _, stored in shown])
    twice = releases_with_duplicates(searcher.store, {stored.release_key for _, stored in shown})
    found = []
    for ranked, stored in shown:
        carrying = {release_id for _, release_id in same.get(stored.key, ())}
        if ranked.folded:
            for passage in searcher.lookups.passages(ranked.folded).values():
                carrying.add(passage.passage_id.rpartition("#")[0])
        if stored.release_key in twice:
            carrying |= _copies_with(stored, carrying, searcher)
        found.append(tuple(sorted(carrying - {stored.passage_id.rpartition("#")[0]})))
    return found


def _copies_with(stored: StoredPassage, known: set[str], searcher: Searcher) -> set[str]:
    """Return the copies of a passage's release, beyond those known, that say the same somewhere."""
    others = duplicates(searcher.store, stored.release_key, _COPIES)
    texts = searcher.store.release_texts(others)
    found = set()
    for key, release_id in others.items():
        if release_id not in known and key in texts:
            spans = (passage.span for passage in searcher.store.passages_of(key))
            if any(
                are_near_duplicates(stored.text, texts[key][slice(*span)], related=True)
                for span in spans
            ):
                found.add(release_id)
    return found


def _release(ranked: RankedCandidate) -> int:
    return int(ranked.candidate.release or 0)


def _related(one: RankedCandidate, other: RankedCandidate, family: Mapping[int, int]) -> bool:
    first = family.get(_release(one))
    return first is not None and first == family.get(_release(other))
