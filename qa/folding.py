"""Passages that say the same in nearly the same words, shown once.

A release is often there several times, with a word changed here and there, and paragraphs travel
from one to another. What was found best is shown; the others are named beside it (`also_in`).
Passages that differ in a number, or between unrelated releases in a name, do not say the same.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index.families import is_figure, pairs_of, share, words_of
from index.kin import copies, families
from index.records import StoredPassage
from index.searcher import Searcher
from qa.ranking import Ranked

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
class Wording:
    """What is compared of a passage: its words, their pairs, its figures, its names."""

    words: tuple[str, ...]
    pairs: frozenset[str]
    figures: frozenset[str]
    names: frozenset[str]


@lru_cache(maxsize=1 << 12)
def wording(text: str) -> Wording:
    """Return what is compared of a passage."""
    words = words_of(text)
    return Wording(
        tuple(words),
        frozenset(pairs_of(words)),
        frozenset(filter(is_figure, words)),
        frozenset(word for word in _NAME.findall(text) if word[0].isupper()),
    )


def says_the_same(one: Wording, other: Wording, *, related: bool) -> bool:
    """Whether two passages say the same; `related` when their releases are copies of one."""
    if one.words == other.words:
        return True
    if min(len(one.words), len(other.words)) < _SHORT or one.figures != other.figures:
        return False
    if related:
        return share(one.pairs, other.pairs) >= _SAME_IN_FAMILY
    return one.names == other.names and share(one.pairs, other.pairs) >= _SAME


def fold(ranked: Sequence[Ranked], searcher: Searcher) -> list[Ranked]:
    """Return candidates in their order without those that say the same as a better one."""
    looked = ranked[:DEPTH]
    family = families(searcher.store, {_release(r) for r in looked})
    kept: list[tuple[Ranked, Wording]] = []
    for found in looked:
        words = wording(found.candidate.text)
        for place, (better, its_words) in enumerate(kept):
            if words.figures != its_words.figures:
                continue  # nearly always, and cheap to see: equal words have equal figures
            related = _related(better, found, family)
            if says_the_same(its_words, words, related=related):
                folded = (*better.folded, found.candidate.key)
                kept[place] = (replace(better, folded=folded), its_words)
                break
        else:
            kept.append((found, words))
    return [*(found for found, _ in kept), *ranked[DEPTH:]]


def carriers(ranked: Ranked, stored: StoredPassage, searcher: Searcher) -> tuple[str, ...]:
    """Return the ids of the other releases that carry a passage, ascending."""
    found = {release_id for _, release_id in searcher.same_text(stored.key)}
    for passage in searcher.passages(ranked.folded).values():
        found.add(passage.passage_id.rpartition("#")[0])
    others = copies(searcher.store, stored.release_key, _COPIES)
    texts = searcher.store.release_texts(others) if others else {}
    words = wording(stored.text)
    for key, release_id in others.items():
        if release_id not in found and key in texts:
            spans = (passage.span for passage in searcher.store.passages_of(key))
            if any(
                says_the_same(words, wording(texts[key][slice(*s)]), related=True) for s in spans
            ):
                found.add(release_id)
    return tuple(sorted(found - {stored.passage_id.rpartition("#")[0]}))


def _release(ranked: Ranked) -> int:
    return int(ranked.candidate.release or 0)


def _related(one: Ranked, other: Ranked, family: Mapping[int, int]) -> bool:
    first = family.get(_release(one))
    return first is not None and first == family.get(_release(other))
