"""Candidate passages packed into shared arrays, and where words stand in them.

The words of all candidates are one array and their sentences the rows of one table. A question is
then compared with a hundred passages by a few array operations instead of a loop over ten
thousand words. `qa.ranking.term_matching.Matches` explains what the comparisons mean.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa.retrieval.passage_terms import (
    SHORT,
    CandidateSpans,
    Numbers,
    PassageTerms,
    number_of_prefix,
    numbers_of,
)

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

PAIR_GAP = 3
"""Two content words that follow each other within this many words count as a pair."""

WINDOW = 8
"""Content words this near in one sentence count as close (the unordered window of Metzler and
Croft, "A Markov random field model for term dependencies", 2005)."""

Forms = Mapping[str | None, Sequence[str]]
"""The compared forms of the question's words, by language: one for each column."""


@dataclass(frozen=True, slots=True, eq=False)
class PackedPassages:
    """Passages in shared arrays, one after another.

    Attributes:
        words, prefixes: The terms of all, as in `PassageTerms`.
        owner: The passage of each term.
        sentence: The row of its sentence, over all passages.
        rows: First row of each passage's sentences, and the end, shape (passages + 1,).
        langs: The language of each passage.
    """

    words: Numbers
    prefixes: Numbers
    owner: Rows
    sentence: Rows
    rows: Rows
    langs: Sequence[str | None]

    def places_in(self, lang: str | None) -> Rows | slice:
        """Return the places of the terms in passages of a language; a slice when that is all."""
        of = np.array([own == lang for own in self.langs], dtype=bool)
        return slice(None) if of.all() else np.flatnonzero(of[self.owner])


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Where the question's words stand, in order: all arrays of shape (hits,).

    Attributes:
        place: Of the term, over all passages.
        column: Of the question's word.
        owner: The passage.
        sentence: The row of the sentence.
    """

    place: Rows
    column: Rows
    owner: Rows
    sentence: Rows


def pack(passages: Sequence[PassageTerms]) -> PackedPassages:
    """Pack passages, at least one."""
    rows = np.concatenate([[0], np.cumsum([len(p.lengths) for p in passages])]).astype(np.intp)
    sizes = [len(p.words) for p in passages]
    return PackedPassages(
        words=np.concatenate([p.words for p in passages]),
        prefixes=np.concatenate([p.prefixes for p in passages]),
        owner=np.repeat(np.arange(len(passages)), sizes),
        sentence=np.concatenate([p.sentence for p in passages]) + np.repeat(rows[:-1], sizes),
        rows=rows,
        langs=tuple(p.lang for p in passages),
    )


def find(packed: PackedPassages, forms: Forms) -> Hits:
    """Find the question's words; of equal forms the last column has them."""
    places, columns = [], []
    for lang, own in forms.items():
        last = {term: column for column, term in enumerate(own)}
        found, where = _equal(packed.words, packed.places_in(lang), numbers_of(last))
        places.append(where)
        columns.append(np.array([*last.values(), 0], dtype=np.intp)[found])
    place, column = np.concatenate(places), np.concatenate(columns)
    order = np.argsort(place)  # each place has one word
    place, column = place[order], column[order]
    return Hits(place, column, packed.owner[place], packed.sentence[place])


def prefix_match_rows(packed: PackedPassages, forms: Forms, width: int) -> Rows:
    """Return the last sentence of each passage with a word that has the prefix of the question's.

    Returns:
        Rows of sentences, shape (passages, width); -1 for none, and for words too short.
    """
    found = np.full((len(packed.langs), width), -1, dtype=np.intp)
    for lang, own in forms.items():
        numbers = np.array([number_of_prefix(term) for term in own], dtype=np.int64)
        long = np.flatnonzero(numbers != SHORT)
        column, place = _equal(packed.prefixes, packed.places_in(lang), numbers[long])
        # Where several are for one, the last stays, and places ascend for each column.
        found[packed.owner[place], long[column]] = packed.sentence[place]
    return found


def _equal(values: Numbers, among: Rows | slice, wanted: Numbers) -> tuple[Rows, Rows]:
    """Return the matches of `wanted` in `values`: indices of both, in the order of `wanted`."""
    inside = values[among]
    which, where = np.divmod(np.flatnonzero(inside == wanted[:, None]), max(len(inside), 1))
    return which, where if isinstance(among, slice) else among[where]


def pairs(hits: Hits, passages: int, sentences: int, width: int) -> tuple[Floats, Floats]:
    """Count distinct pairs of neighbouring question words that stand close and in order.

    Returns:
        Of each passage and of each sentence; a pair over two sentences is of the second.
    """
    left, right = hits.column[:-1], hits.column[1:]
    near = (
        (hits.owner[1:] == hits.owner[:-1])
        & (right == left + 1)
        & (hits.place[1:] - hits.place[:-1] <= PAIR_GAP)
    )
    of_passages = np.zeros((passages, width))
    of_sentences = np.zeros((sentences, width))
    of_passages[hits.owner[1:][near], left[near]] = 1
    of_sentences[hits.sentence[1:][near], left[near]] = 1
    return of_passages.sum(axis=1), of_sentences.sum(axis=1)


def closeness(hits: Hits, passages: int, weights: Floats) -> Floats:
    """Return the share of the weight that words have with another within `WINDOW` beside them."""
    left, right = hits.column[:-1], hits.column[1:]
    near = (
        (hits.sentence[1:] == hits.sentence[:-1])
        & (left != right)
        & (hits.place[1:] - hits.place[:-1] <= WINDOW)
    )
    close = np.zeros((passages, len(weights)))
    owner = hits.owner[1:][near]
    close[owner, left[near]] = close[owner, right[near]] = 1
    # Summed word by word: the order of sums in a matrix product depends on its size.
    total = np.zeros(passages)
    for column, weight in enumerate(weights):
        total += close[:, column] * weight
    return total / weights.sum() if len(weights) else total


def count_new_spans(
    offered: Sequence[CandidateSpans], rows: Rows, asked: Numbers, kinds: int = 1
) -> Floats:
    """Count the answer spans in sentences that the question does not hold itself.

    Args:
        offered: The answer spans of each passage.
        rows: As of `PackedPassages`.
        asked: The numbers of the question's words.
        kinds: Number of types in `offered`.

    Returns:
        Counts of shape (kinds, sentences).
    """
    size = int(rows[-1]) * kinds
    bins = np.concatenate([one.bin for one in offered])
    bins = bins + np.repeat(rows[:-1] * kinds, [len(one.bin) for one in offered])
    counts = np.bincount(bins, minlength=size)
    if len(bins) and len(asked):
        sizes = np.concatenate([one.sizes for one in offered])
        known = np.isin(np.concatenate([one.words for one in offered]), asked)
        held = np.logical_and.reduceat(known, np.cumsum(sizes) - sizes)
        counts = counts - np.bincount(bins[held], minlength=size)
    return counts.reshape(-1, kinds).T.astype(float)
