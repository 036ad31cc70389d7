"""The sentence of a passage that answers, or two adjoining ones, or none.

A linear model (`sentences` in ranker.json) scores each sentence by its cosine with the question,
the rare words it shares with it, whether it offers the type of answer asked for, and its
neighbours. A second sentence joins when it scores nearly the same. If the reader read the
passage, its probability that the answer starts in each sentence counts too.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from index.types import Span
from qa.linear_model import Floats, LinearModel
from qa.packaged_data import packaged
from qa.ranking.features import SENTENCE_FEATURES
from qa.ranking.query_features import QUERY_FEATURES
from qa.ranking.ranker import RankedCandidate

LEAST_SHARE = 0.01
"""Added to the reader's probability of a sentence before taking the logarithm."""


@dataclass(frozen=True, slots=True)
class PassageEvidence:
    """What answers in a passage.

    Attributes:
        span: Into the passage's text: one sentence, or two adjoining ones.
        sentences: Index of the first sentence, and of the last plus one.
        score: In [0, 1]: how probable it is that this sentence, among those of the passage,
            answers, given that the passage does.
    """

    span: Span
    sentences: tuple[int, int]
    score: float


@dataclass(frozen=True, slots=True)
class EvidenceWeights:
    """The sentence model and the limits of marking.

    Attributes:
        model: Scores the sentences of one passage against each other.
        least_cosine: A sentence with at least this cosine may be marked without a shared word.
        least_coverage: A sentence that covers more than this of the question's words may be
            marked at any cosine.
        join_within: A neighbour joins when its score is within this of the best.
        read_margin, read_share: Weights of the model's score and of the logarithm of the reader's
            probability, in a passage that was read.
    """

    model: LinearModel
    least_cosine: float
    least_coverage: float
    join_within: float
    read_margin: float
    read_share: float


@cache
def default_weights(encoder: str = "") -> EvidenceWeights:
    """Return the weights that ship with the package, those fitted for an encoder family."""
    data, read = (packaged(f, encoder)["sentences"] for f in ("ranker.json", "reading.json"))
    return EvidenceWeights(
        model=LinearModel.from_json(data),
        least_cosine=float(data["least_cosine"]),
        least_coverage=float(data["least_coverage"]),
        join_within=float(data["join_within"]),
        read_margin=float(read["margin"]),
        read_share=float(read["log_share"]),
    )


def sentence_scores(ranked: RankedCandidate, weights: EvidenceWeights) -> Floats:
    """Return the model's score of each sentence of a passage, shape (sentences,).

    In a passage that was read, the model's and the reader's probabilities are pooled by their
    logarithms (Genest and Zidek, "Combining probability distributions", 1986).
    """
    features = ranked.features
    query = dict(zip(QUERY_FEATURES, features.query.tolist(), strict=True))
    effective = weights.model.effective(SENTENCE_FEATURES, query)
    rows = slice(features.rows[ranked.row], features.rows[ranked.row + 1])
    margins = features.sentences[rows] @ effective
    if ranked.prediction is not None:
        shares = np.array(ranked.prediction.sentence_probabilities)
        margins = weights.read_margin * margins + weights.read_share * np.log(shares + LEAST_SHARE)
    rounded: Floats = np.round(margins, 9)
    return rounded


def find_evidence(
    ranked: RankedCandidate, *, weights: EvidenceWeights | None = None
) -> PassageEvidence | None:
    """Return the stretch of a ranked passage that answers, or None when nothing links to it.

    Args:
        ranked: A passage as `rank` returned it.
        weights: Another model than the packaged one.
    """
    chosen = weights or default_weights()
    margins = sentence_scores(ranked, chosen)
    best = int(np.argmax(margins))
    cosine = ranked.features.sentence("cosine", ranked.row)[best]
    coverage = ranked.features.sentence("coverage", ranked.row)[best]
    if cosine < chosen.least_cosine and coverage <= chosen.least_coverage:
        return None
    shares = np.exp(margins - margins.max())
    shares /= shares.sum()
    first, last = marked_sentences(margins, chosen.join_within)
    spans = ranked.candidate.sentences
    return PassageEvidence(
        span=(spans[first][0], spans[last - 1][1]),
        sentences=(first, last),
        score=float(shares[first:last].sum()),
    )


def marked_sentences(margins: Floats, within: float) -> tuple[int, int]:
    """Return the best sentence, or it and the better of its neighbours, as a half-open range.

    Args:
        margins: Of a passage's sentences, shape (sentences,), at least one.
        within: A neighbour whose margin is this near joins.
    """
    best = int(np.argmax(margins))
    beside = [i for i in (best - 1, best + 1) if 0 <= i < len(margins)]
    if beside:
        second = max(beside, key=lambda i: (margins[i], -i))
        if margins[best] - margins[second] <= within:
            return min(best, second), max(best, second) + 1
    return best, best + 1
