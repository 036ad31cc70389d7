"""Array operations over the sentences of packed passages.

The values of all sentences are one array; `rows` holds the index of each passage's first
sentence, and the end. One operation on the whole replaces a loop over passages.
"""

import numpy as np

from qa.ranking.packed_passages import Floats, Rows
from qa.ranking.term_matching import Matches


def reciprocal_rank(scores: Floats) -> Floats:
    """Return 10 / (10 + rank) with ranks from 0; equal scores share the better rank."""
    order = np.sort(-scores)
    ranks = np.searchsorted(order, -scores, side="left").astype(float)
    return 10.0 / (10.0 + ranks)


def two_sentences(found: Matches) -> Floats:
    """Return which words each sentence and the next of the same passage hold together."""
    joined = found.in_sentences.copy()
    if len(joined) > 1:
        inner = np.ones(len(joined) - 1, dtype=bool)
        inner[found.rows[1:-1] - 1] = False
        joined[:-1][inner] = np.maximum(joined[:-1], joined[1:])[inner]
    return joined


def neighbours(values: Floats, rows: Rows) -> Floats:
    """Return for each sentence the greater value of the sentences beside it, 0 for none."""
    beside = np.zeros(len(values))
    if len(values) > 1:
        inner = np.ones(len(values) - 1, dtype=bool)
        inner[rows[1:-1] - 1] = False
        beside[:-1][inner] = values[1:][inner]
        beside[1:][inner] = np.maximum(beside[1:][inner], values[:-1][inner])
    return beside


def shifted(values: Floats, rows: Rows, *, back: bool) -> Floats:
    """Return for each sentence the value of the one before or after in its passage, else 0."""
    moved = np.zeros(len(values))
    if len(values) > 1:
        inner = np.ones(len(values) - 1, dtype=bool)
        inner[rows[1:-1] - 1] = False
        if back:
            moved[1:][inner] = values[:-1][inner]
        else:
            moved[:-1][inner] = values[1:][inner]
    return moved


def without_rarest(held: Floats, weights: Floats) -> Floats:
    """Return the share of the question's weight held, leaving out its heaviest word."""
    if len(weights) <= 1:
        return np.zeros(len(held))
    rest = weights.copy()
    rest[int(np.argmax(weights))] = 0
    share: Floats = held @ rest / rest.sum()
    return share


def best_rows(values: Floats, rows: Rows) -> Rows:
    """Return the row of each passage's greatest value, the first of equal ones."""
    sizes = np.diff(rows)
    greatest = np.flatnonzero(values == np.repeat(np.maximum.reduceat(values, rows[:-1]), sizes))
    owner = np.repeat(np.arange(len(sizes)), sizes)[greatest]
    found: Rows = greatest[np.searchsorted(owner, np.arange(len(sizes)))]
    return found


def first(rows: Rows) -> Floats:
    """Return 1 for the first sentence of each passage, 0 for the others."""
    first = np.zeros(int(rows[-1]))
    first[rows[:-1]] = 1
    return first


def extreme(rarity: Floats, chosen: Floats) -> Floats:
    """Return the rarity of the rarest chosen word in each row, 0 when there is none."""
    if not len(rarity):
        return np.zeros(len(chosen))
    extreme: Floats = (chosen * rarity).max(axis=1)
    return extreme


def share(present: Floats, weights: Floats) -> Floats:
    """Return the share of the weight that each row holds; 0 when there is no weight."""
    total = weights.sum()
    share: Floats = present @ weights / total if total > 0 else np.zeros(len(present))
    return share


def two_mean(cosines: Floats, rows: Rows) -> Floats:
    """Return the mean of each sentence's cosine and its next one's; its own for the last."""
    joined = cosines.copy()
    if len(joined) > 1:
        inner = np.ones(len(joined) - 1, dtype=bool)
        inner[rows[1:-1] - 1] = False
        joined[:-1][inner] = ((joined[:-1] + joined[1:]) / 2)[inner]
    return joined


def lead(scores: Floats) -> float:
    """Return how far the best is ahead of the second; all of it when it is alone."""
    best = np.sort(scores)[-2:]
    return float(best[-1] - best[0]) if len(best) > 1 else float(best[-1])
