"""Features of the question and of its whole list of candidates.

The weights of a passage's features depend on these (`qa.linear_model`), and the confidence
model uses them.
"""

from collections.abc import Mapping

import numpy as np

from qa.query.question import ParsedQuestion
from qa.ranking.packed_passages import Floats
from qa.ranking.segment_ops import lead
from qa.ranking.term_matching import Matches

QUERY_FEATURES = (
    "best_dense", "best_sentence", "best_match", "best_coverage", "mean_coverage",
    "dense_spread", "match_spread", "dense_lead", "match_lead", "agreement",
    "dense_of_lexical_top", "match_of_dense_top", "words", "mean_length", "has_vectors",
    "is_topic", "expects", "names_asked", "unknown", "dense_mean", "dense_deviation",
    "legs_agree", "asks_name", "asks_date", "asks_place", "asks_number", "asks_reason",
    "asks_what",
)  # fmt: skip


def query_features(
    question: ParsedQuestion, columns: Mapping[str, Floats], found: Matches, *, has_vectors: bool
) -> dict[str, float]:
    """Return the features of a list of at least one candidate, by the names of QUERY_FEATURES.

    Args:
        question: The question.
        columns: Of the candidates' own features, each of shape (candidates,), by name.
        found: Where the question's words stand in them.
        has_vectors: Whether any candidate has a vector.
    """
    dense, own, coverage = columns["dense"], columns["match"], columns["coverage"]
    by_dense, by_words = int(np.argmax(dense)), int(np.argmax(columns["lexical"]))
    return {
        "best_dense": float(dense.max()),
        "best_sentence": float(columns["sentence"].max()),
        "best_match": float(own.max()),
        "best_coverage": float(coverage.max()),
        "mean_coverage": float(np.sort(coverage)[-10:].mean()),
        "dense_spread": float(dense.max() - np.sort(dense)[-10:].mean()),
        "match_spread": float(own.max() - np.sort(own)[-10:].mean()),
        "dense_lead": lead(dense),
        "match_lead": lead(own),
        "agreement": float(by_dense == by_words) if has_vectors else 0.0,
        "dense_of_lexical_top": float(columns["dense_gap"][by_words]),
        "match_of_dense_top": float(own[by_dense]),
        "words": min(len(found.weights), 12) / 12,
        "mean_length": float(columns["length"].mean()),
        "has_vectors": float(has_vectors),
        "is_topic": float(question.kind == "topic"),
        "expects": float(question.answer_type is not None),
        "unknown": float(found.unknown @ found.weights / max(found.weights.sum(), 1e-9)),
        "dense_mean": float(dense.mean()),
        "dense_deviation": float(dense.std()),
        "legs_agree": _agreement(dense, own) if has_vectors else 0.0,
        "asks_name": float(question.answer_type == "name"),
        "asks_date": float(question.answer_type == "date"),
        "asks_place": float(question.answer_type == "place"),
        "asks_number": float(question.answer_type in ("number", "money")),
        "asks_reason": float(question.kind in ("why", "how")),
        "asks_what": float(question.kind in ("what", "which")),
        "names_asked": float(min((found.names + found.numbers).sum(), 4)) / 4,
    }


def _agreement(dense: Floats, own: Floats) -> float:
    """Return how high the five best by words rank by meaning: 1 at the top, 0 at the end."""
    if len(dense) == 1:
        return 1.0
    leaders = np.argsort(-own, kind="stable")[:5]
    below = (dense[leaders][:, None] > dense[None, :]).sum(axis=1)
    return float(below.mean() / (len(dense) - 1))
