"""The calibrated probability that the top passage answers.

A logistic regression over the ranker's features: how near the top passage is in meaning, how
much of the question it covers, which rare words it lacks, how far it stands out from the rest,
and how the rest look. Its probabilities are calibrated on collections of 1 to some
thousand passages, with the answering article present, absent, or with only the answering
paragraph absent (benchmarks/fit_ranking.py). `qa.answering.abstention` says what is missing
where it is low.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from qa.answering.rerank import has_prediction, is_foreign, reader_features
from qa.answering.tense import answers_with_the_past
from qa.linear_model import LinearModel, logistic
from qa.packaged_data import packaged
from qa.query.question import ParsedQuestion
from qa.ranking.features import PASSAGE_FEATURES
from qa.ranking.query_features import QUERY_FEATURES
from qa.ranking.ranker import RankedCandidate
from qa.retrieval.passage_terms import contains_term
from qa.retrieval.types import TermStatistics

DEFAULT_THRESHOLD = 0.5
"""Without the reader: answer when the passage is more likely than not to answer."""

DEFAULT_READER_THRESHOLD = 0.65
"""With the reader, whose confidence assumes that most questions have an answer. On the development
questions about releases, 117 of 124 right first passages reach it (109 at .75), and so do 3 of
the 30 questions without an answer (1 at .75); of 600 hard questions, 389 of 460 (362) and 25 of 93
(21)."""

UNKNOWN_NAME = 0.7
"""Factor applied when a name of the question stands nowhere in the collection. The regression
sees how much of the question is unknown, but not that the unknown word is a name, which makes an
answer less likely still: of 319 such cases in two sets 14 were right, 11 of the 20 that would be
answered (xquad-en, squad1.1-dev)."""

PAST_DATE = 0.3
"""Factor applied when a question asks when something will be and the answer is a date before its
release (`qa.answering.tense`). Below every threshold: such a date is no answer, however well the
passage fits."""


@dataclass(frozen=True, slots=True)
class ConfidenceWeights:
    """The fitted models.

    Attributes:
        with_vectors: Used when any candidate has a vector.
        words_only: Used when none has.
        with_reader: Used when any was read.
        thresholds: Pairs (risk, threshold), risks ascending. Answering only at or above the
            threshold kept the error rate among answers at the risk on held-out questions.
        words_thresholds: The same where no candidate has a vector.
        reader_thresholds: The same with the reader.
        foreign_thresholds: The same where the first passage is not in English, whatever its
            language.
    """

    with_vectors: LinearModel
    words_only: LinearModel
    with_reader: LinearModel
    thresholds: tuple[tuple[float, float], ...]
    words_thresholds: tuple[tuple[float, float], ...]
    reader_thresholds: tuple[tuple[float, float], ...]
    foreign_thresholds: tuple[tuple[float, float], ...]


@cache
def default_weights(encoder: str = "") -> ConfidenceWeights:
    """Return the weights that ship with the package, those fitted for an encoder family."""
    data, read = (packaged(file, encoder) for file in ("confidence.json", "reading.json"))
    return ConfidenceWeights(
        with_vectors=LinearModel.from_json(data["with_vectors"]),
        words_only=LinearModel.from_json(data["words_only"]),
        with_reader=LinearModel.from_json(read["confidence"]),
        thresholds=_table(data["thresholds"]),
        words_thresholds=_table(data["words_thresholds"]),
        reader_thresholds=_table(read["thresholds"]),
        foreign_thresholds=_table(read["foreign_thresholds"]),
    )


def _table(pairs: Sequence[Sequence[float]]) -> tuple[tuple[float, float], ...]:
    return tuple((float(risk), float(value)) for risk, value in pairs)


def confidence_features(ranked: Sequence[RankedCandidate]) -> dict[str, float]:
    """Return the features of the confidence model, for a list of at least one passage."""
    top = ranked[0]
    features = top.features
    found = {
        f"top {name}": float(value)
        for name, value in zip(PASSAGE_FEATURES, features.passages[top.row], strict=True)
    }
    found |= dict(zip(QUERY_FEATURES, features.query.tolist(), strict=True))
    # Releases repeat each other's paragraphs: a copy of the top passage is no rival.
    text = top.candidate.terms.folded
    rivals = [r for r in ranked[1:10] if r.candidate.terms.folded != text]
    found["alone"] = float(not rivals)
    found["lead"] = min(top.margin - rivals[0].margin, 6.0) / 6 if rivals else 0.0
    found["lead over tenth"] = min(top.margin - rivals[-1].margin, 12.0) / 12 if rivals else 0.0
    margins = np.array([r.margin for r in ranked[:30]])
    found["share"] = float(1 / np.exp(np.clip(margins - margins[0], -50, 0)).sum())
    if has_prediction(ranked):
        found |= reader_features(ranked)
    return found


def confidence(
    question: ParsedQuestion,
    ranked: Sequence[RankedCandidate],
    statistics: TermStatistics,
    *,
    weights: ConfidenceWeights | None = None,
) -> float:
    """Return the probability that the first of `ranked` answers the question; 0 for none."""
    if not ranked:
        return 0.0
    chosen = weights or default_weights()
    found = confidence_features(ranked)
    model = chosen.words_only if is_by_words(ranked) else chosen.with_vectors
    if has_prediction(ranked):
        model = chosen.with_reader
    names = list(found)
    values = np.array(list(found.values()))
    margin = float(values @ model.effective(names, found)) + model.intercept
    discount = UNKNOWN_NAME if _names_the_unknown(question, ranked, statistics) else 1.0
    if answers_with_the_past(question, ranked[0]):
        discount *= PAST_DATE
    return round(logistic(margin) * discount, 6)


def is_by_words(ranked: Sequence[RankedCandidate]) -> bool:
    """Whether a list of at least one passage was searched by words alone."""
    return not ranked[0].features.query_feature("has_vectors")


def _names_the_unknown(
    question: ParsedQuestion, ranked: Sequence[RankedCandidate], statistics: TermStatistics
) -> bool:
    """Whether a name of the question stands in no passage of the collection and no headline found.

    Only for a question in the language of a candidate, since names are spelled differently in
    other languages, and not in German, where every noun has a capital.
    """
    if question.lang not in {(r.candidate.lang or "en") for r in ranked} - {"de"}:
        return False
    unknown = [
        word.term
        for word in question.words
        if word.is_name and not statistics.document_frequency(word.term)
    ]
    titles = {r.candidate.title_terms for r in ranked} if unknown else ()
    return any(not any(contains_term(title, term) for title in titles) for term in unknown)


def threshold_for(
    ranked: Sequence[RankedCandidate],
    risk: float | None,
    *,
    weights: ConfidenceWeights | None = None,
) -> float:
    """Return the least confidence to answer at with a list, as `threshold` has it."""
    if not ranked:
        return threshold(risk, weights=weights)
    return threshold(
        risk,
        read=has_prediction(ranked),
        foreign=is_foreign(ranked[0]),
        by_words=is_by_words(ranked),
        weights=weights,
    )


def threshold(
    risk: float | None = None,
    *,
    read: bool = False,
    foreign: bool = False,
    by_words: bool = False,
    weights: ConfidenceWeights | None = None,
) -> float:
    """Return the least confidence to answer at.

    Args:
        risk: Maximum error rate among answers, in (0, 1); None for the default threshold:
            DEFAULT_THRESHOLD, or DEFAULT_READER_THRESHOLD.
        read: Whether the reader read any candidate.
        foreign: Whether the first passage is not in English, of which the reader knows less;
            ignored unless `read`.
        by_words: Whether no candidate has a vector.
        weights: Another model than the packaged one.

    Returns:
        A confidence in [0, 1], between the tabled ones by linear interpolation.
    """
    if risk is None:
        return DEFAULT_READER_THRESHOLD if read else DEFAULT_THRESHOLD
    chosen = weights or default_weights()
    table = chosen.words_thresholds if by_words else chosen.thresholds
    if read:
        table = chosen.foreign_thresholds if foreign else chosen.reader_thresholds
    risks, values = [r for r, _ in table], [v for _, v in table]
    if risk < risks[0]:
        # Below what was measured, the error rate shrinks with the distance of the threshold to 1.
        return 1 - (1 - values[0]) * risk / risks[0]
    return float(np.interp(risk, risks, values))
