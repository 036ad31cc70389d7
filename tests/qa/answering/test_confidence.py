"""How sure, and what was missing."""

from dataclasses import replace

import pytest
from made_candidates import VISIT, Counts, candidate

from qa.answering.confidence import (
    UNKNOWN_NAME,
    confidence,
    confidence_features,
    default_weights,
    threshold,
)
from qa.linear_model import LinearModel
from qa.query.question import parse_question
from qa.ranking.features import PASSAGE_FEATURES
from qa.ranking.query_features import QUERY_FEATURES
from qa.ranking.ranker import RankedCandidate, rank
from qa.retrieval.passage_terms import tokenize_passage, tokenize_title
from qa.retrieval.types import Candidate

COUNTS = Counts(VISIT)
NEAR = [
    candidate(1, VISIT[0], 0.72, (0.78, 0.4), lexical=5.0),
    candidate(2, VISIT[1], 0.3, (0.2, 0.3), lexical=1.0),
    candidate(3, VISIT[2], 0.05, (0.1, 0.05)),
]
FAR = [one._replace(dense=0.05, sentence_cosines=(0.06, 0.02), lexical=None) for one in NEAR]


def ranked_for(text: str, some: list[Candidate]) -> list[RankedCandidate]:
    """Rank `some` for a question."""
    return rank(parse_question(text), some, COUNTS)


def sure(text: str, some: list[Candidate]) -> float:
    """Return the confidence in the best of `some`."""
    return confidence(parse_question(text), ranked_for(text, some), COUNTS)


def test_an_answered_question_is_above_the_threshold_and_a_foreign_one_below() -> None:
    """Near in meaning and words: answered. Far in both: declined. Also with one passage."""
    assert sure("When will Trudeau visit Seoul?", NEAR) > threshold()
    assert sure("When will Trudeau visit Seoul?", NEAR[:1]) > threshold()
    assert sure("Which bakery sells rye bread?", FAR) < 0.2
    assert sure("Which bakery sells rye bread?", FAR[:1]) < 0.2


def test_words_alone() -> None:
    """Without any vector the question's words decide, with a model of their own."""
    wordy = [candidate(place, text) for place, text in enumerate(VISIT)]

    assert sure("When will Prime Minister Trudeau visit Seoul?", wordy) > sure(
        "When will the Prime Minister buy a submarine?", wordy
    )
    assert sure("Which bakery sells rye bread?", wordy) < 0.2


def test_nothing_found() -> None:
    """An empty ranking has no confidence."""
    assert 0.0 == sure("Anything?", [])


def test_copies_of_the_top_passage_are_no_rivals() -> None:
    """Releases repeat each other: the same words twice do not make the answer less sure."""
    text = "When will Trudeau visit Seoul?"
    twice = [*NEAR, NEAR[0]._replace(key=9)]
    alone, repeated = (confidence_features(ranked_for(text, some)) for some in (NEAR, twice))

    assert alone["lead"] == pytest.approx(repeated["lead"], abs=0.15)
    assert repeated["lead"] > 0


def test_the_probability_is_the_logistic_of_the_sum() -> None:
    """Confidence agrees with a loop over the model's weights."""
    model = LinearModel(("top dense", "unknown"), (2.0, -1.0), (), (), -0.5)
    text = "When will Trudeau visit Busan?"
    ranked = ranked_for(text, NEAR)
    weights = replace(default_weights(), with_vectors=model)
    value = confidence(parse_question(text), ranked, COUNTS, weights=weights)
    found = confidence_features(ranked)
    margin = -0.5 + 2 * found["top dense"] - found["unknown"]

    assert found["unknown"] > 0
    # A name of the question (Busan) stands nowhere.
    expected = UNKNOWN_NAME / (1 + 2.718281828459045**-margin)
    assert expected == pytest.approx(value, abs=1e-6)


def test_threshold_rises_as_less_risk_is_taken() -> None:
    """A smaller share of wrong answers needs a higher confidence, at any risk one can state."""
    risks = [0.001, 0.01, 0.03, 0.05, 0.1, 0.2, 0.5, 0.99]
    ways = [{}, {"by_words": True}, {"read": True}, {"read": True, "foreign": True}]
    for way in ways:
        values = [threshold(risk, **way) for risk in risks]

        assert values == sorted(values, reverse=True)
        assert all(0 <= value <= 1 for value in values)
    assert 0.5 == threshold()


def test_no_threshold_is_lower_where_the_reader_knows_less() -> None:
    """Few verdicts say little of a small risk."""
    for risk in (0.001, 0.01, 0.02, 0.05, 0.1, 0.3):
        assert threshold(risk, read=True, foreign=True) >= threshold(risk, read=True)


def test_threshold_interpolates_the_table() -> None:
    """Between tabled risks the threshold is on the line, below the first it nears 1."""
    weights = replace(
        default_weights(),
        thresholds=((0.1, 0.8), (0.2, 0.6)),
        words_thresholds=((0.1, 0.9), (0.2, 0.7)),
        reader_thresholds=((0.1, 0.4), (0.2, 0.2)),
        foreign_thresholds=((0.1, 0.6), (0.2, 0.5)),
    )

    assert threshold(0.15, weights=weights) == pytest.approx(0.7)
    assert threshold(0.05, weights=weights) == pytest.approx(0.9)
    assert threshold(0.9, weights=weights) == pytest.approx(0.6)
    assert threshold(0.15, read=True, weights=weights) == pytest.approx(0.3)
    assert threshold(0.15, read=True, foreign=True, weights=weights) == pytest.approx(0.55)
    assert threshold(0.15, foreign=True, weights=weights) == pytest.approx(0.7)
    assert threshold(0.15, by_words=True, weights=weights) == pytest.approx(0.8)


def test_the_packaged_weights_name_known_features() -> None:
    """Every coefficient is of a feature that is computed, and the thresholds are in order."""
    known = set(confidence_features(ranked_for("When?", NEAR)))
    weights = default_weights()

    assert {f"top {name}" for name in PASSAGE_FEATURES} | set(QUERY_FEATURES) <= known
    assert set(weights.with_vectors.features) <= known
    assert set(weights.words_only.features) <= known
    assert [r for r, _ in weights.thresholds] == sorted(r for r, _ in weights.thresholds)


def test_a_name_found_nowhere_is_a_reason_to_doubt() -> None:
    """A capital makes an unknown word a name, and a name that no passage holds costs trust."""
    named = sure("When will Trudeau visit Japan?", NEAR)
    plain = sure("When will Trudeau visit japan?", NEAR)

    assert named == pytest.approx(UNKNOWN_NAME * plain, rel=0.2)
    assert sure("When will Trudeau visit Seoul?", NEAR) > named


def test_no_name_is_unknown_that_stands_in_a_headline_or_is_german() -> None:
    """Passages are not all there is of a release, and German nouns have capitals all."""
    below = [
        found._replace(
            title="Trudeau in Japan", title_terms=tokenize_title("Trudeau in Japan", "en")
        )
        for found in NEAR
    ]
    foreign = [
        found._replace(terms=tokenize_passage(found.text, "de", found.sentences)) for found in NEAR
    ]
    text = "When will Trudeau visit Japan?"
    for some, lang in ((below, "en"), (foreign, "de")):
        ranked = ranked_for(text, some)
        question = replace(parse_question(text), lang=lang)
        model = default_weights().with_vectors
        found = confidence_features(ranked)
        margin = sum(found[n] * w for n, w in zip(model.features, model.weights, strict=True))
        value = confidence(question, ranked, COUNTS)

        undoubted = 1 / (1 + 2.718281828459045 ** -(margin + model.intercept))
        assert value == pytest.approx(undoubted, abs=1e-5)
