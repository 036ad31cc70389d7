"""First-stage ranking: a linear model over features, fitted once and stored as data.

The model is linear with products (`qa.linear_model`): the weight of each signal depends on
features of the question and the whole list, which is how fusion adapts. Where the question's
words never stand together, words count for less; without vectors, everything rests on words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from qa.linear_model import Floats, LinearModel, logistic
from qa.packaged_data import packaged
from qa.query.question import ParsedQuestion
from qa.ranking.features import PASSAGE_FEATURES, FeatureMatrix, compute_features
from qa.ranking.penalties import find_penalties
from qa.ranking.query_features import QUERY_FEATURES
from qa.reader.prediction import ReaderPrediction
from qa.retrieval.types import Candidate, TermStatistics


@dataclass(frozen=True, slots=True)
class RankerWeights:
    """The models of `rank`.

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
        margin: The model's own score, a log-odds without bounds.
        row: The candidate's row in `features`.
        features: Features of the whole list, the same object for all of it.
        boilerplate_penalty: What its margin lost as boilerplate; negative where it won.
        date_penalty: What its margin lost because its release came out at another time.
        prediction: What the reader found in the passage; None if it was not read.
        reader_features: What the second stage saw of it, by name; empty if it was not read.
        collapsed: Keys of lower-ranked near-duplicates, which are not shown.
    """

    candidate: Candidate
    score: float
    margin: float
    row: int
    features: FeatureMatrix
    boilerplate_penalty: float = 0.0
    date_penalty: float = 0.0
    prediction: ReaderPrediction | None = None
    reader_features: tuple[tuple[str, float], ...] = ()
    collapsed: tuple[int, ...] = ()

    def explanation(self) -> tuple[tuple[str, float], ...]:
        """Return everything that led to the score, by name."""
        values = map(float, self.features.passages[self.row])
        return (
            *zip(PASSAGE_FEATURES, values, strict=True),
            ("boilerplate penalty", self.boilerplate_penalty),
            ("date penalty", self.date_penalty),
            *self.reader_features,
        )


@cache
def default_weights(encoder: str = "") -> RankerWeights:
    """Return the weights that ship with the package, those fitted for an encoder family."""
    data = packaged("ranker.json", encoder)
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
    """Order candidates, best first; the same input always gives the same order.

    Args:
        question: The question.
        candidates: What both searches found, in any order, each key once.
        statistics: Document frequencies of the whole collection.
        weights: Another model than the packaged one.
    """
    if not candidates:
        return []
    features = compute_features(question, candidates, statistics)
    penalties = find_penalties(question, candidates)
    scores = passage_scores(features, weights or default_weights())
    margins = (scores - penalties.boilerplate - penalties.date).tolist()
    order = sorted(range(len(candidates)), key=lambda i: (-margins[i], candidates[i].key))
    return [
        RankedCandidate(
            candidate=candidates[i],
            score=logistic(margins[i]),
            margin=margins[i],
            row=i,
            features=features,
            boilerplate_penalty=float(penalties.boilerplate[i]),
            date_penalty=float(penalties.date[i]),
        )
        for i in order
    ]


def with_features_for(
    question: ParsedQuestion, ranked: Sequence[RankedCandidate], statistics: TermStatistics
) -> list[RankedCandidate]:
    """Return a list in its order with the features it has for another question."""
    if not ranked:
        return []
    features = compute_features(question, [r.candidate for r in ranked], statistics)
    return [replace(r, row=row, features=features) for row, r in enumerate(ranked)]


def passage_scores(features: FeatureMatrix, weights: RankerWeights) -> Floats:
    """Return the model's score of every candidate, shape (candidates,)."""
    query = dict(zip(QUERY_FEATURES, features.query.tolist(), strict=True))
    model = weights.with_vectors if query["has_vectors"] else weights.words_only
    effective = model.effective(PASSAGE_FEATURES, query)
    # Rounded so that the order does not depend on the last bit of a matrix product, which may
    # differ with the number of rows or the processor.
    scores: Floats = np.round(features.passages @ effective + model.intercept, 9)
    return scores
