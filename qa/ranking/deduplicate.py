"""Near-duplicate passages, collapsed into the best of them.

A release is often there several times with a word changed here and there, and paragraphs travel
from one release to another. The best-ranked passage is shown and the others are named beside it
(`also_in`). Passages that differ in a number are never near-duplicates, nor are passages of
unrelated releases that differ in a name.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from index.dedup.near_duplicates import bigrams, comparison_words, is_figure, jaccard
from index.search.backend import SearchBackend
from index.types import StoredPassage
from qa.ranking.ranker import RankedCandidate

DEPTH = 30
"""Candidates compared, from the best."""

_OVERLAP = 0.8
_OVERLAP_IN_CLUSTER = 0.5
"""Least share of word pairs in common, in unrelated releases and in copies of one release."""

_SHORT = 8
"""Passages of fewer words are near-duplicates only when their words are equal."""

_MAX_COPIES = 20
"""Copies of a release that are looked through for a passage."""

_NAME = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, eq=False)
class PassageShingles:
    """A passage with the parts that are compared, computed when they are first needed."""

    text: str

    @cached_property
    def words(self) -> list[str]:
        """Its words."""
        return comparison_words(self.text)

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Its pairs of neighbouring words."""
        return frozenset(bigrams(self.words))

    @cached_property
    def figures(self) -> frozenset[str]:
        """Its words that hold digits."""
        return frozenset(filter(is_figure, self.words))

    @cached_property
    def names(self) -> frozenset[str]:
        """Its words with a capital."""
        return frozenset(word for word in _NAME.findall(self.text) if word[0].isupper())


def is_near_duplicate(one: PassageShingles, other: PassageShingles, *, related: bool) -> bool:
    """Whether two passages say the same; `related` when their releases are copies of one."""
    if one.words == other.words:
        return True
    if min(len(one.words), len(other.words)) < _SHORT or one.figures != other.figures:
        return False
    if related:
        return jaccard(one.pairs, other.pairs) >= _OVERLAP_IN_CLUSTER
    return one.names == other.names and jaccard(one.pairs, other.pairs) >= _OVERLAP


def deduplicate(
    ranked: Sequence[RankedCandidate], searcher: SearchBackend
) -> list[RankedCandidate]:
    """Return candidates in their order without near-duplicates of a better one."""
    compared = ranked[:DEPTH]
    cluster = searcher.lookups.duplicate_clusters({_release(r) for r in compared})
    shown: list[RankedCandidate] = []
    shingles: list[PassageShingles] = []
    by_figures: dict[frozenset[str], list[int]] = {}  # places in `shown`
    for found in compared:
        own = PassageShingles(found.candidate.text)
        places = by_figures.setdefault(own.figures, [])
        for place in places:
            better = shown[place]
            related = _related(better, found, cluster)
            if is_near_duplicate(shingles[place], own, related=related):
                key = found.candidate.key
                shown[place] = replace(better, collapsed=(*better.collapsed, key))
                break
        else:
            places.append(len(shown))
            shown.append(found)
            shingles.append(own)
    return [*shown, *ranked[DEPTH:]]


def carriers(
    shown: Sequence[tuple[RankedCandidate, StoredPassage]], searcher: SearchBackend
) -> list[tuple[str, ...]]:
    """Return for each passage the ids of the other releases that carry it, ascending."""
    same = searcher.lookups.identical_passages([stored.key for _, stored in shown])
    copied = searcher.lookups.releases_with_duplicates({stored.release_key for _, stored in shown})
    found = []
    for ranked, stored in shown:
        carrying = {release_id for _, release_id in same.get(stored.key, ())}
        if ranked.collapsed:
            for passage in searcher.lookups.passages(ranked.collapsed).values():
                carrying.add(passage.passage_id.rpartition("#")[0])
        if stored.release_key in copied:
            carrying |= _copies_with(stored, carrying, searcher)
        found.append(tuple(sorted(carrying - {stored.passage_id.rpartition("#")[0]})))
    return found


def _copies_with(stored: StoredPassage, known: set[str], searcher: SearchBackend) -> set[str]:
    """Return the copies of a passage's release, beyond those known, that hold a near-duplicate."""
    own = PassageShingles(stored.text)
    others = searcher.lookups.duplicates(stored.release_key, _MAX_COPIES)
    unknown = [key for key, release_id in others.items() if release_id not in known]
    return {
        others[key]
        for key, passages in searcher.lookups.passage_texts(unknown).items()
        if any(is_near_duplicate(own, PassageShingles(text), related=True) for text in passages)
    }


def _release(ranked: RankedCandidate) -> int:
    return int(ranked.candidate.release or 0)


def _related(one: RankedCandidate, other: RankedCandidate, cluster: Mapping[int, int]) -> bool:
    first = cluster.get(_release(one))
    return first is not None and first == cluster.get(_release(other))
