"""The order of candidates: against a slow sum, stable, and right in plain cases."""

import itertools
import json
from importlib.resources import files

import pytest
from made_candidates import VISIT, Counts, candidate

from qa.linear_model import LinearModel, logistic
from qa.query.question import parse_question
from qa.ranking.features import PASSAGE_FEATURES
from qa.ranking.query_features import QUERY_FEATURES
from qa.ranking.ranker import RankerWeights, default_weights, rank

COUNTS = Counts(VISIT)
QUESTION = parse_question("When will Trudeau visit Seoul?")
LIST = [
    candidate(1, VISIT[0], 0.7, (0.8, 0.4), lexical=5.0),
    candidate(2, VISIT[1], 0.3, (0.2, 0.3), lexical=1.0),
    candidate(3, VISIT[2], 0.1, (0.1, 0.05)),
]


def test_the_model_is_the_sum_it_says() -> None:
    """A margin is the intercept, each weight times its feature, and each product."""
    model = LinearModel(
        ("dense", "coverage"), (2.0, 3.0), (("dense", "best_coverage"),), (-1.5,), 0.25
    )
    ranked = rank(QUESTION, LIST, COUNTS, weights=RankerWeights(model, model))
    for one in ranked:
        value = dict(one.explanation())
        product = value["dense"] * one.features.query_feature("best_coverage")
        slow = 0.25 + 2 * value["dense"] + 3 * value["coverage"] - 1.5 * product
        assert slow == pytest.approx(one.margin, abs=1e-8)
        assert logistic(one.margin) == one.score


def test_scores_fall_with_rank_and_stay_in_bounds() -> None:
    """Scores never rise with rank and lie between 0 and 1."""
    scores = [one.score for one in rank(QUESTION, LIST, COUNTS)]

    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_order_does_not_depend_on_the_order_of_candidates() -> None:
    """Whichever way the two searches hand them over, the ranking is the same."""
    orders = {
        tuple((one.candidate.key, one.score) for one in rank(QUESTION, list(given), COUNTS))
        for given in itertools.permutations(LIST)
    }

    assert 1 == len(orders)


def test_equal_passages_rank_by_key() -> None:
    """Passages that cannot be told apart stand in the order of their keys."""
    twins = [candidate(key, VISIT[0], 0.5, (0.5, 0.2)) for key in (9, 4, 7)]

    assert [4, 7, 9] == [one.candidate.key for one in rank(QUESTION, twins, COUNTS)]


@pytest.mark.parametrize(
    "question",
    [
        ("When will Trudeau visit Seoul?", 1),
        ("How much trade was there between Canada and Korea?", 2),
        ("When do comments on fishing quotas close?", 3),
    ],
)
def test_words_alone_find_the_passage(question: tuple[str, int]) -> None:
    """Before any vector is made, the passage that holds the question's words comes first."""
    text, key = question
    wordy = [candidate(place, body) for place, body in enumerate(VISIT, start=1)]

    assert key == rank(parse_question(text), wordy, COUNTS)[0].candidate.key


def test_meaning_alone_finds_the_passage() -> None:
    """Where no passage shares a word with the question, the nearest in meaning comes first."""
    question = parse_question("Zusammenkunft Staatsgäste")

    assert 1 == rank(question, LIST, COUNTS)[0].candidate.key


def test_some_vectors_missing() -> None:
    """While vectors are made, a passage without one still ranks by its words."""
    mixed = [candidate(1, VISIT[0], lexical=5.0), *LIST[1:]]

    assert 1 == rank(QUESTION, mixed, COUNTS)[0].candidate.key


def test_contact_lines_give_way() -> None:
    """Of two passages with the same words, the one that is a contact line comes second."""
    twins = [
        candidate(1, VISIT[0], 0.5, (0.5, 0.2), kind="contact"),
        candidate(2, VISIT[0], 0.5, (0.5, 0.2)),
    ]

    assert [2, 1] == [one.candidate.key for one in rank(QUESTION, twins, COUNTS)]


def test_no_candidates() -> None:
    """An empty pool gives an empty ranking."""
    assert [] == rank(QUESTION, [], COUNTS)


def test_the_packaged_weights_name_known_features() -> None:
    """Every coefficient of the file is of a feature that is computed, so none is dead."""
    weights = default_weights()
    for model in (weights.with_vectors, weights.words_only):
        assert set(model.features) <= set(PASSAGE_FEATURES)
        assert {left for left, _ in model.products} <= set(PASSAGE_FEATURES)
        assert {right for _, right in model.products} <= set(QUERY_FEATURES)


def test_the_packaged_weights_say_where_they_are_from() -> None:
    """The file names the script that wrote it and what it was fitted on."""
    data = json.loads(files("qa").joinpath("data", "ranker.json").read_text("utf-8"))

    assert "benchmarks/fit_ranking.py" == data["provenance"]["script"]
    assert data["provenance"]["questions"]["squad1.1-dev"] > 1000
