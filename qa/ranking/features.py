"""The features of candidate passages: named numbers, computed for all at once.

The signals are the usual ones of learning to rank (Liu, "Learning to rank for information
retrieval", 2009): cosine of question and passage and of question and best sentence, BM25, the
share of the question's words that is covered, weighted by inverse document frequency, exact
names and numbers, word pairs, the headline, and whether the type of answer asked for occurs.
Each is on a scale that means the same in any collection: a share, or a difference from the best
of the list. Features of the whole list are in `qa.ranking.query_features`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.query.question import ParsedQuestion
from qa.ranking.packed_passages import Floats, Rows
from qa.ranking.query_features import QUERY_FEATURES, query_features
from qa.ranking.segment_ops import (
    best_rows,
    extreme,
    first,
    neighbours,
    reciprocal_rank,
    share,
    shifted,
    two_mean,
    two_sentences,
    without_rarest,
)
from qa.ranking.term_matching import K1, B, Matches, match
from qa.retrieval.types import Candidate, TermStatistics

PASSAGE_FEATURES = (
    "dense", "dense_gap", "dense_rank", "sentence", "sentence_gap", "sentence_rank",
    "lexical", "lexical_rank", "match", "match_gap", "coverage", "coverage_gap",
    "sentence_coverage", "two_sentence_coverage", "soft_coverage", "title_coverage",
    "title_gain", "rarest_missing", "rarest_present", "names", "numbers", "pairs",
    "sentence_pairs", "combined", "combined_gap", "offers", "offers_in_best", "length",
    "sentence_count", "release_support", "release_best", "release_gain", "closeness",
    "two_sentence_cosine", "soft_gap", "release_coverage", "release_coverage_gap",
    "release_rarest_missing",
)  # fmt: skip
SENTENCE_FEATURES = (
    "cosine", "cosine_gap", "coverage", "coverage_gap", "soft_coverage", "neighbour_coverage",
    "rarest_present", "pairs", "offers", "first", "length", "local_coverage", "cosine_local",
    "previous_coverage", "next_coverage", "previous_cosine", "new_names", "new_numbers",
    "refers_back", "back_coverage", "second_coverage", "position", "combined_gap",
)  # fmt: skip

_FULL_LENGTH = 180.0
"""About the number of words that fill the encoder."""

_MEANING_SHARE = 0.5
"""Share of the cosine, against coverage, in the combined score of a sentence."""


@dataclass(frozen=True, slots=True)
class FeatureMatrix:
    """The features of a candidate list.

    Attributes:
        passages: Shape (candidates, PASSAGE_FEATURES).
        sentences: Shape (sentences of all candidates, SENTENCE_FEATURES).
        rows: Row of each candidate's first sentence in `sentences`, and the end: shape
            (candidates + 1,).
        whole: Shape (LIST_FEATURES,).
        weights: Share of each content word in the question's weight, shape (words,), sums to 1.
        present: 1 where a candidate holds a word, shape (candidates, words).
    """

    passages: Floats
    sentences: Floats
    rows: Rows
    query: Floats
    weights: Floats
    present: Floats

    def passage(self, name: str) -> Floats:
        """Return one feature of every candidate, shape (candidates,)."""
        return self.passages[:, PASSAGE_FEATURES.index(name)]

    def sentence(self, name: str, candidate: int) -> Floats:
        """Return one feature of the sentences of a candidate, shape (its sentences,)."""
        rows = slice(self.rows[candidate], self.rows[candidate + 1])
        return self.sentences[rows, SENTENCE_FEATURES.index(name)]

    def query_feature(self, name: str) -> float:
        """Return one feature of the question and the whole list."""
        return float(self.query[QUERY_FEATURES.index(name)])


def compute_features(
    question: ParsedQuestion, candidates: Sequence[Candidate], statistics: TermStatistics
) -> FeatureMatrix:
    """Compute every feature of a list of at least one candidate.

    Args:
        question: The question.
        candidates: In any order; the result has theirs.
        statistics: Counts of the whole collection.
    """
    found = match(question, candidates, statistics)
    weights = found.weights / found.weights.sum() if len(found.weights) else found.weights
    starts = found.rows[:-1]
    present = (found.frequencies > 0).astype(float)

    dense, has_vectors = _dense(candidates)
    cosines = _sentence_cosines(candidates, dense, found)
    sentence = np.maximum.reduceat(cosines, starts)
    own = _content_bm25(found)
    lexical = _lexical(candidates, own)
    coverage = present @ weights
    in_sentence = found.in_sentences @ weights
    soft = found.prefix_in_sentences @ weights
    soft_passage = np.maximum.reduceat(found.prefix_in_sentences, starts, axis=0) @ weights
    combined = _MEANING_SHARE * cosines + (1 - _MEANING_SHARE) * soft
    best_combined = np.maximum.reduceat(combined, starts)
    two = two_sentences(found) @ weights
    rarity = weights / weights.max() if len(weights) else weights
    offered = np.minimum(found.offers, 3) / 3

    columns: dict[str, Floats] = {
        "dense": dense,
        "dense_gap": dense - dense.max(),
        "dense_rank": reciprocal_rank(dense),
        "sentence": sentence,
        "sentence_gap": sentence - sentence.max(),
        "sentence_rank": reciprocal_rank(sentence),
        "lexical": lexical,
        "lexical_rank": reciprocal_rank(lexical),
        "match": own,
        "match_gap": own - own.max(),
        "coverage": coverage,
        "coverage_gap": coverage - coverage.max(),
        "sentence_coverage": np.maximum.reduceat(in_sentence, starts),
        "two_sentence_coverage": np.maximum.reduceat(two, starts),
        "soft_coverage": soft_passage,
        "title_coverage": found.in_titles @ weights,
        "title_gain": np.maximum(present, found.in_titles) @ weights - coverage,
        "rarest_missing": extreme(rarity, 1 - present),
        "rarest_present": extreme(rarity, present),
        "names": share(present, weights * found.names),
        "numbers": share(present, weights * found.numbers),
        "pairs": found.pairs,
        "sentence_pairs": np.maximum.reduceat(found.sentence_pairs, starts),
        "combined": best_combined,
        "combined_gap": best_combined - best_combined.max(),
        "offers": np.minimum(np.add.reduceat(found.offers, starts), 3) / 3,
        "offers_in_best": offered[best_rows(combined, found.rows)],
        "length": np.log1p(found.lengths) / math.log1p(_FULL_LENGTH),
        "closeness": found.closeness,
        "two_sentence_cosine": np.maximum.reduceat(two_mean(cosines, found.rows), starts),
        "soft_gap": soft_passage - soft_passage.max(),
        "sentence_count": np.minimum(np.diff(found.rows), 10) / 10,
    }
    group = _releases(candidates)
    columns |= _support(group, best_combined) | _shared(group, present, found.in_titles, weights)
    sentences = {
        "cosine": cosines,
        "cosine_gap": cosines - np.repeat(sentence, np.diff(found.rows)),
        "coverage": in_sentence,
        "coverage_gap": in_sentence
        - np.repeat(np.maximum.reduceat(in_sentence, starts), np.diff(found.rows)),
        "soft_coverage": soft,
        "neighbour_coverage": neighbours(in_sentence, found.rows),
        "rarest_present": extreme(rarity, found.in_sentences),
        "pairs": found.sentence_pairs,
        "offers": offered,
        "first": first(found.rows),
        "length": np.log1p(found.sentence_lengths) / math.log1p(_FULL_LENGTH),
    }
    sizes = np.diff(found.rows)
    previous = shifted(soft, found.rows, back=True)
    # A word in every sentence of a passage does not tell its sentences apart.
    in_how_many = np.add.reduceat(found.prefix_in_sentences, starts, axis=0)
    local = found.prefix_in_sentences / np.maximum(np.repeat(in_how_many, sizes, axis=0), 1)
    sentences |= {
        "local_coverage": local @ weights,
        "cosine_local": cosines - np.repeat(np.add.reduceat(cosines, starts) / sizes, sizes),
        "previous_coverage": previous,
        "next_coverage": shifted(soft, found.rows, back=False),
        "previous_cosine": shifted(cosines, found.rows, back=True),
        "new_names": np.minimum(found.new_names, 3) / 3,
        "new_numbers": np.minimum(found.new_numbers, 3) / 3,
        "refers_back": found.refers_back,
        "back_coverage": found.refers_back * previous,
        "second_coverage": without_rarest(found.prefix_in_sentences, weights),
        "position": np.minimum(np.arange(len(soft)) - np.repeat(starts, sizes), 6) / 6,
        "combined_gap": combined - np.repeat(best_combined, sizes),
    }
    query = query_features(question, columns, found, has_vectors=has_vectors)
    return FeatureMatrix(
        passages=np.column_stack([columns[name] for name in PASSAGE_FEATURES]),
        sentences=np.column_stack([sentences[name] for name in SENTENCE_FEATURES]),
        rows=found.rows,
        query=np.array([query[name] for name in QUERY_FEATURES]),
        weights=weights,
        present=present,
    )


def _dense(candidates: Sequence[Candidate]) -> tuple[Floats, bool]:
    """Return the cosines; a passage without a vector gets the median of the others."""
    known = [c.dense for c in candidates if c.dense is not None]
    if not known:
        return np.zeros(len(candidates)), False
    middle = float(np.median(known))
    return np.array([middle if c.dense is None else c.dense for c in candidates]), True


def _sentence_cosines(candidates: Sequence[Candidate], dense: Floats, found: Matches) -> Floats:
    cosines = np.repeat(dense, np.diff(found.rows))
    for place, candidate in enumerate(candidates):
        rows = slice(found.rows[place], found.rows[place + 1])
        if len(candidate.sentence_cosines) == rows.stop - rows.start:
            cosines[rows] = candidate.sentence_cosines
    return cosines


def _content_bm25(found: Matches) -> Floats:
    """Return BM25 over the content words, divided by the most it could be: in [0, 1].

    Unlike the score of the lexical index it does not depend on the collection, leaves out
    function words, and can be compared across questions.
    """
    if not found.weights.any():
        return np.zeros(len(found.lengths))
    mean = max(float(found.lengths.mean()), 1.0)
    norm = K1 * (1 - B + B * found.lengths / mean)[:, None]
    gain = found.frequencies * (K1 + 1) / (found.frequencies + norm)
    score: Floats = gain @ found.weights / (found.weights.sum() * (K1 + 1))
    return score


def _lexical(candidates: Sequence[Candidate], own: Floats) -> Floats:
    """Return the lexical index's scores divided by their best; our own where it gave none."""
    given = np.array([np.nan if c.lexical is None else c.lexical for c in candidates])
    known = ~np.isnan(given)
    if not known.any() or np.nanmax(given) <= 0:
        return own / own.max() if own.max() > 0 else own
    # A candidate that the lexical index did not return scored less than those it returned.
    scale = float(given[known].max())
    ratio = given[known].sum() / max(own[known].sum(), 1e-9)
    floor = float(given[known].min())
    filled = np.where(known, given, np.minimum(own * ratio, floor))
    return filled / scale


def _releases(candidates: Sequence[Candidate]) -> Rows:
    """Return a number for the release of each candidate, shape (candidates,).

    Releases with the same headline count as one: paragraphs that are records of their own have
    nothing else in common. A candidate without a known release stands alone.
    """
    names: dict[int | str, int] = {}
    owners = [
        c.title or (-1 - place if c.release is None else c.release)
        for place, c in enumerate(candidates)
    ]
    return np.array([names.setdefault(owner, len(names)) for owner in owners])


def _support(group: Rows, scores: Floats) -> dict[str, Floats]:
    """Return how well the other passages of each candidate's release match.

    `release_support` is their share of the ten best; `release_best` how close the best of them is
    to the best of all, 0 without any.
    """
    order = np.lexsort((scores, group))  # by release, the best last
    starts = np.searchsorted(group[order], np.arange(group.max() + 1))
    sizes = np.diff(np.append(starts, len(scores)))
    last = order[starts + sizes - 1]
    second = order[starts + np.maximum(sizes, 2) - 2]
    # The best of the others is the best of all members, but for the best itself.
    highest = scores[last][group]
    others = np.where(scores == highest, scores[second][group], highest)
    best = np.where(sizes[group] > 1, np.maximum(0.0, 1 - (scores.max() - others)), 0.0)
    leads = np.zeros(len(scores))
    leads[np.argsort(-scores, kind="stable")[:10]] = 1
    support = (np.bincount(group, leads)[group] - leads) / 10
    return {"release_support": support, "release_best": best}


def _shared(group: Rows, present: Floats, in_titles: Floats, weights: Floats) -> dict[str, Floats]:
    """Return which of the question's words stand in each candidate's release.

    `release_gain` is the share that stands in other candidates of the release but not in this one.
    `release_coverage` is the share that stands anywhere in them or in the headline, which tells
    releases apart where the answering passage repeats little of the question;
    `release_rarest_missing` is the rarest word that does not.
    """
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(group.max() + 1))
    held = np.maximum.reduceat(present[order], starts, axis=0)
    whole = np.maximum(held, np.maximum.reduceat(in_titles[order], starts, axis=0))[group]
    coverage = whole @ weights
    rarity = weights / weights.max() if len(weights) else weights
    return {
        "release_gain": (held[group] * (1 - present)) @ weights,
        "release_coverage": coverage,
        "release_coverage_gap": coverage - coverage.max(),
        "release_rarest_missing": extreme(rarity, 1 - whole),
    }
