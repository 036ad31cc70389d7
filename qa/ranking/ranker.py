"""The order of candidate passages: a linear model over features, fitted once, kept as data.

The model is linear with products (`qa.linear_model`): each signal's weight is moved by features of
the whole list, which is how fusion adapts. Where the question's words are nowhere together,
words count for less; where vectors are missing, everything rests on words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from qa.linear_model import Floats, LinearModel, logistic, packaged
from qa.query.question import ParsedQuestion
from qa.ranking import features
from qa.ranking.features import PASSAGE_FEATURES, FeatureMatrix
from qa.ranking.penalties import boilerplate_penalties, date_penalties
from qa.ranking.query_features import QUERY_FEATURES
from qa.ranking.term_matching import Candidate, TermStatistics
from qa.reader.prediction import ReaderPrediction


@dataclass(frozen=True, slots=True)
class RankerWeights:
    """What `rank` needs: a model with vectors, and one for words alone.

    Attributes:
        with_vectors: Used when any candidate has a vector.
        words_only: Used when none has.
    """

    with_vectors: LinearModel
    words_only: LinearModel


@dataclass(frozen=True, slots=True, eq=False)
class RankedCandidate:
    """A candidate in its place.

    Attributes:
        candidate: The passage.
        score: In [0, 1]; never rises with rank.
        margin: The model's own score, without bounds; differences between ranks matter.
        row: The candidate's row in `seen`.
        seen: Features of the whole list, the same object for all of it.
        reading: What the reader found in the passage, if it was read.
        folded: Passages that say the same in nearly the same words and ranked lower: keys.
        formal: What its margin lost as a contact, boilerplate or formula; below 0 what it won.
        off_date: What it lost since its release came out at another time than asked about.
        read: What the second order saw of it besides: shape (READ_FEATURES,) or empty.
    """

    candidate: Candidate
    score: float
    margin: float
    row: int
    seen: FeatureMatrix
    reading: ReaderPrediction | None = None
    folded: tuple[int, ...] = ()
    formal: float = 0.0
    off_date: float = 0.0
    read: tuple[tuple[str, float], ...] = ()

    def explanation(self) -> tuple[tuple[str, float], ...]:
        """Return everything that led to the score, by name."""
        values = self.seen.passages[self.row]
        seen = zip(PASSAGE_FEATURES, (float(v) for v in values), strict=True)
        lost = (("lost as formal", self.formal), ("lost by date", self.off_date))
        return (*seen, *lost, *self.read)


@lru_cache(maxsize=1)
def default_weights() -> RankerWeights:
    """Return the weights that ship with the package."""
    data = packaged("ranker.json")
    return RankerWeights(
        with_vectors=LinearModel.from_json(data["with_vectors"]),
        words_only=LinearModel.from_json(data["words_only"]),
    )


def rank(
    question: ParsedQuestion,
    candidates: Sequence[Candidate],
    statistics: TermStatistics,
    *,
    weights: RankerWeights | None = None,
) -> list[RankedCandidate]:
    """Order candidates, best first; the same input gives the same order, always.

    Args:
        question: The question.
        candidates: The pool of both searches, in any order, each key once.
        statistics: Counts of the whole collection.
        weights: Another model than the packaged one.
    """
    if not candidates:
        return []
    chosen = weights or default_weights()
    seen = features.compute_features(question, candidates, statistics)
    formal, dated = (
        boilerplate_penalties(question, candidates),
        date_penalties(question, candidates).tolist(),
    )
    margins = (passage_scores(seen, chosen) - np.array(formal) - np.array(dated)).tolist()
    order = sorted(range(len(candidates)), key=lambda i: (-margins[i], candidates[i].key))
    return [
        RankedCandidate(
            candidates[i], logistic(margins[i]), margins[i], i, seen,
            formal=formal[i], off_date=dated[i],
        )
        for i in order
    ]  # fmt: skip


def with_features_for(
    question: ParsedQuestion, ranked: Sequence[RankedCandidate], statistics: TermStatistics
) -> list[RankedCandidate]:
    """Return a list in its order with the features it has for another question."""
    if not ranked:
        return []
    seen = features.compute_features(question, [r.candidate for r in ranked], statistics)
    return [replace(r, row=row, seen=seen) for row, r in enumerate(ranked)]


def passage_scores(seen: FeatureMatrix, weights: RankerWeights) -> Floats:
    """Return the model's score of every candidate, shape (candidates,)."""
    of_list = dict(zip(QUERY_FEATURES, seen.whole.tolist(), strict=True))
    model = weights.with_vectors if of_list["has_vectors"] else weights.words_only
    effective = model.effective(PASSAGE_FEATURES, of_list)
    # Rounded so that the order does not hang on the last bit of a matrix product, which may
    # differ with the number of rows or the processor.
    margins: Floats = np.round(seen.passages @ effective + model.intercept, 9)
    return margins
