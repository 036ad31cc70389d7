"""The collections that the confidence is fitted on hold what they are said to hold."""

import numpy as np
import pytest

pytest.importorskip("scipy", reason="the fits need the extra `train`")
from evaluation_sets import EvaluationSet, SetPassage, SetQuestion
from folds import fold_of
from verdicts import collections

ANSWER = "240 nurses"
PRESENT, ABSENT = {"all", "small 0", "few 0"}, {"paragraph absent", "article absent", "small 1"}


def made(*, by_passage: bool) -> EvaluationSet:
    """Twelve records of four passages, the third of each the only one that could answer."""
    records = [{"id": f"a{n // 4}#{n}" if not by_passage else f"r{n}"} for n in range(12)]
    passages = [
        SetPassage(record, f"Part {part} of {record}." + f" {ANSWER}" * (part == 2), "", "en", ())
        for record in range(12)
        for part in range(4)
    ]  # fmt: skip
    questions = [SetQuestion("q1", "How many?", (ANSWER,), frozenset({5}), None, 5),
                 SetQuestion("q2", "How many?", (), frozenset(), None, 5)]  # fmt: skip
    articles = [record["id"].split("#")[0] for record in records]
    return EvaluationSet("made", records, articles, passages, questions, np.zeros((48, 2)),
                         np.zeros((0, 2)), np.zeros((2, 2)), by_passage)  # fmt: skip


@pytest.mark.parametrize("by_passage", [True, False], ids=["passages judged", "records judged"])
def test_what_is_said_to_be_there_is_there_and_nothing_else(*, by_passage: bool) -> None:
    """Where passages are judged, the rest of their release may stay when the answer is absent."""
    of = made(by_passage=by_passage)
    seen: dict[str, set[bool]] = {}
    rest = set()
    for seed in range(40):
        for kind, part in collections(of, 0, np.random.default_rng(seed)):
            right = any(of.is_right(of.questions[0], int(row)) for row in part.rows)
            seen.setdefault(kind, set()).add(right)
            if kind == "paragraph absent":
                rest.add(int((of.record_of[part.rows] == 5).sum()))

    assert set(seen) == PRESENT | ABSENT | {"small 2", "few 1"}
    assert all(seen[kind] == {True} for kind in PRESENT)
    assert all(seen[kind] == {False} for kind in set(seen) - PRESENT)
    assert rest == {3 if by_passage else 0}


def test_a_question_without_an_answer_is_in_the_fold_of_its_release() -> None:
    """Else what was fitted on the release's other questions would be scored on it."""
    of = made(by_passage=True)

    assert fold_of(of.article(of.questions[1])) == fold_of(of.article(of.questions[0]))
    assert "x" == of.article(SetQuestion("x", "Who?", (), frozenset(), None))
