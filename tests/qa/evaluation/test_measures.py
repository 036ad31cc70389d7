"""Measures of rankings, their comparison and their curves."""

import itertools
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from qa.errors import DatasetError, SettingsError
from qa.evaluation.compare import ROUNDS, ScoreComparison, compare, randomisation_test
from qa.evaluation.measures import deepest_cutoff, measure, parse_measures, recall_curve
from qa.evaluation.scores import risk_at_coverage
from qa.export.trec import read_qrels, read_run

JUDGEMENTS = {"1": {"a": 2, "b": 0, "c": 1}, "2": {"d": 1}, "3": {"e": 0}}
RUN = {"1": {"x": 3.0, "a": 2.0, "b": 1.0}, "2": {"d": 1.0}, "4": {"a": 1.0}}


def obvious_p(first: Sequence[float], second: Sequence[float]) -> float:
    """The share of all assignments of signs whose mean is as far from 0 as the observed."""
    differences = [a - b for a, b in zip(first, second, strict=True)]
    observed = abs(sum(differences))
    sums = [
        abs(sum(sign * d for sign, d in zip(signs, differences, strict=True)))
        for signs in itertools.product((1, -1), repeat=len(differences))
    ]
    return sum(total >= observed - 1e-9 for total in sums) / len(sums)


def test_measures_are_named_in_the_spelling_of_the_field() -> None:
    """Another name of a measure is the measure, and naming it twice is naming it once."""
    assert ("AP", "RR@10", "P(rel=2)@5") == parse_measures(["MAP", "MRR@10", "AP", "P(rel=2)@5"])
    assert 100 == deepest_cutoff(["R@100", "AP", "nDCG@10"])
    assert 0 == deepest_cutoff(["AP"])


@pytest.mark.parametrize(
    "name",
    ["nonsense", "", "nDCG@", "nDCG@0", "R@-5", "P", "P@2.5", "P(rel=0)@5", "IPrec@2",
     "__import__('os').abort()", "alpha_nDCG@10", "Compat(p=2)"],
)  # fmt: skip
def test_a_wrong_measure_is_refused_with_those_there_are(name: str) -> None:
    """Also those on which the library would end the process."""
    with pytest.raises(
        SettingsError, match=r"is not a supported measure.* Bpref, .* nDCG, .* R@10,"
    ):
        parse_measures([name])


def test_every_judged_question_counts() -> None:
    """One that is not ranked counts as the worst, one that is not judged not at all."""
    found = measure(["Success@2", "P@2", "Judged@3"], JUDGEMENTS, RUN)

    assert {"1", "2", "3"} == set(found.by_question)
    assert {"Success@2": 1.0, "P@2": 0.5, "Judged@3": pytest.approx(2 / 3)} == found.by_question[
        "1"
    ]
    assert {"Success@2": 0.0, "P@2": 0.0, "Judged@3": 0.0} == found.by_question["3"]
    assert pytest.approx(2 / 3) == found.means["Success@2"]
    assert pytest.approx((0.5 + 0.5) / 3) == found.means["P@2"]


def test_nothing_judged_measures_nothing() -> None:
    """Without judgements there are no means, and no zeros either."""
    found = measure(["AP"], {}, RUN)

    assert ({}, {}) == (found.means, found.by_question)


def test_p_of_few_questions_is_exact() -> None:
    """It is the share of all assignments of signs that reach what was observed."""
    chance = random.Random(3)
    for count in range(1, 9):
        first = [chance.choice([0.0, 0.5, 1.0]) for _ in range(count)]
        second = [chance.choice([0.0, 0.5, 1.0]) for _ in range(count)]
        assert pytest.approx(obvious_p(first, second)) == randomisation_test(first, second)


def test_p_of_many_questions_is_near_the_exact_one_and_never_zero() -> None:
    """Drawn assignments estimate it; the observed one is among them."""
    chance = random.Random(4)
    first = [chance.random() for _ in range(16)]
    second = [min(1.0, value + chance.uniform(-0.3, 0.35)) for value in first]

    assert abs(obvious_p(first, second) - randomisation_test(first, second)) < 0.02
    assert 1 / (ROUNDS + 1) == randomisation_test([1.0] * 400, [0.0] * 400)
    assert 1.0 == randomisation_test([0.5] * 400, [0.5] * 400)


def test_two_systems_are_compared_on_the_questions_both_have() -> None:
    """Means, difference and counts are over these alone; a score that one lacks is left out."""
    ours = {"1": {"AP": 1.0, "RR": 1.0}, "2": {"AP": 0.25, "RR": 0.5}, "3": {"AP": 0.5}}
    theirs = {"1": {"AP": 0.5}, "2": {"AP": 0.25000004}, "4": {"AP": 1.0}}

    assert [ScoreComparison("AP", 2, 0.625, 0.375, 1.0, 1, 0)] == compare(ours, theirs)
    assert 0.25 == compare(ours, theirs)[0].difference
    with pytest.raises(DatasetError, match="no scored question in common"):
        compare(ours, {"9": {"AP": 1.0}})


def test_risk_is_the_share_of_wrong_among_the_most_confident() -> None:
    """At every coverage it equals counting them."""
    cases = [(0.9, True), (0.8, False), (0.7, True), (0.6, False)]

    assert [(0.25, 0.0), (0.5, 0.5), (0.75, pytest.approx(1 / 3)), (1.0, 0.5)] == risk_at_coverage(
        reversed(cases), steps=4
    )
    assert [] == risk_at_coverage([])


def test_the_recall_curve_is_recall_at_every_depth() -> None:
    """Its points are the share of the relevant releases among the first k, over all questions."""
    chance = random.Random(5)
    judged: dict[str, dict[str, int]] = {}
    run: dict[str, Mapping[str, float]] = {}
    for question in map(str, range(30)):
        releases = [f"r{number}" for number in range(20)]
        judged[question] = {r: 1 for r in releases if chance.random() < 0.2} or {"r1": 1}
        run[question] = {r: chance.random() for r in releases if chance.random() < 0.7}

    curve = recall_curve(judged, run, 15)

    assert [float(k) for k in range(1, 16)] == [x for x, _ in curve]
    for k, recall in curve:
        shares = []
        for question, scores in run.items():
            first = sorted(scores, key=lambda r: -scores[r])[: int(k)]
            shares.append(len(judged[question].keys() & first) / len(judged[question]))
        assert pytest.approx(sum(shares) / 30) == recall
    assert [] == recall_curve({}, run, 15)


def test_runs_of_others_are_read_by_score(tmp_path: Path) -> None:
    """White space parts the columns, ranks are not believed, ids of others are left alone."""
    path = tmp_path / "x.run"
    path.write_text(
        "\ufeffq1\tQ0  a%20b 7 0.5 BM25\nq1 Q0 b 1 1e-3 BM25\n\n"
        "q2 Q0 c%20d 1 0.25 releaseqa\n", "utf-8"
    )  # fmt: skip

    assert {"q1": {"a%20b": 0.5, "b": 0.001}, "q2": {"c d": 0.25}} == read_run(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("q1 Q0 a 1 0.5\n", "x.run:1: expected the six columns"),
        ("\nq1 Q0 a 1 high tag\n", "x.run:2: the score 'high' is not a number"),
        ("q1 Q0 a 1 nan tag\n", "the score 'nan' is not a number"),
        ("q1 Q0 a 1 2 t\nq1 Q0 a 2 1 t\n", "x.run:2: a appears twice for question q1"),
        ("\n", "is empty; expected a TREC run"),
    ],
)
def test_a_malformed_run_is_refused_with_its_line(
    tmp_path: Path, content: str, message: str
) -> None:
    """The message says which line and what is wrong with it."""
    path = tmp_path / "x.run"
    path.write_text(content)
    with pytest.raises(DatasetError, match=message):
        read_run(path)


def test_judgements_keep_what_was_judged_irrelevant(tmp_path: Path) -> None:
    """Grades of zero and below are read: some measures ask for them. Tabs let ids hold blanks."""
    path = tmp_path / "qrels"
    path.write_text("1 0 a 2\n1 0 b 0\n2\tid with blanks\t-1\n")

    assert {"1": {"a": 2, "b": 0}, "2": {"id with blanks": -1}} == read_qrels(path)
