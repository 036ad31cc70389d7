"""Scores over an evaluation set."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from made_answers import made_answer, made_passage, made_release

from qa.answer_json import Failure
from qa.errors import DatasetError
from qa.evaluation.dataset import JudgedQuestion, read_dataset
from qa.evaluation.evaluate import evaluate_answers
from qa.evaluation.measures import default_measures
from qa.evaluation.scores import (
    MeanScores,
    Proportion,
    QuestionResult,
    auroc,
    contains_answer,
    question_result,
)
from qa.types import Answer, Highlight


def question(
    identifier: str = "q",
    answers: tuple[str, ...] = ("June 3",),
    relevant: dict[str, int] | None = None,
    *,
    answerable: bool = True,
) -> JudgedQuestion:
    """A judged question, by default answered by release `b`."""
    return JudgedQuestion(
        identifier, "When?", answers, answerable, {"b": 1} if relevant is None else relevant
    )


def ranked(*releases: str, confidence: float = 0.9, answered: bool = True) -> Answer:
    """An answer whose passages are of these releases, in this order."""
    passages = [
        made_passage(rank, release=made_release(release))
        for rank, release in enumerate(releases, 1)
    ]
    return replace(made_answer(*passages), confidence=confidence, answered=answered)


def scored(observed: list[QuestionResult]) -> MeanScores:
    """The scores of what was observed, by the usual measures up to a depth of 10."""
    found = evaluate_answers("set", observed, default_measures(10)).scores
    assert found is not None
    return found


def test_the_area_under_the_curve_is_the_share_of_pairs_in_order() -> None:
    """It equals counting every pair of a positive and a negative case, ties as half."""
    chance = random.Random(5)
    for _ in range(200):
        cases = [
            (chance.choice([0.1, 0.2, 0.3, 0.4]), chance.random() < 0.4)
            for _ in range(chance.randint(0, 12))
        ]
        pairs = [(p, n) for p, is_p in cases if is_p for n, is_n in cases if not is_n]
        wins = sum(1.0 if p > n else 0.5 if p == n else 0.0 for p, n in pairs)
        assert auroc(cases) == (pytest.approx(wins / len(pairs)) if pairs else None)


def test_measures_are_those_of_the_field() -> None:
    """nDCG, reciprocal rank, success and recall are as worked out by hand."""
    observed = [
        question_result(question("q1"), ranked("b", "a")),
        question_result(question("q2"), ranked("a", "c", "b")),
        question_result(question("q3", relevant={"b": 1, "z": 1}), ranked("a", "b")),
        question_result(question("q4", relevant={}, answerable=False), ranked("a")),
    ]

    scores = scored(observed)

    assert (scores.questions, scores.judged) == (4, 3)
    gain = [1.0, 1 / 2, (1 / 1.584962500721156) / (1 + 1 / 1.584962500721156)]
    assert scores.measures == {
        "nDCG@10": pytest.approx(sum(gain) / 3),
        "RR": pytest.approx((1 + 1 / 3 + 1 / 2) / 3),
        "Success@1": pytest.approx(1 / 3),
        "R@5": pytest.approx((1 + 1 + 1 / 2) / 3),
        "R@10": pytest.approx((1 + 1 + 1 / 2) / 3),
    }


def test_equal_scores_are_ranked_as_they_were_given() -> None:
    """A tie is not decided by the id: the first passage is the first."""
    tied = made_answer(
        made_passage(1, release=made_release("b"), score=0.5),
        made_passage(2, release=made_release("z"), score=0.5),
    )

    assert scored([question_result(question(), tied)]).measures["Success@1"] == 1.0


def test_evidence_is_judged_at_the_top_and_in_the_right_passage() -> None:
    """The best evidence counts, once of the top and once of the best right passage."""
    wrong = Highlight((0, 19), "evidence", 0.95)
    passage = made_passage(2, release=made_release("b"))
    two_marks = replace(passage, highlights=(wrong, *passage.highlights))
    cases = {
        "right": ranked("b"),
        "right passage second": ranked("a", "b"),
        "wrong sentence best": made_answer(replace(two_marks, rank=1)),
        "nothing marked": made_answer(made_passage(release=made_release("b"), evidence=None)),
    }

    found = {name: question_result(question(), answer) for name, answer in cases.items()}

    assert {name: seen.evidence_at_top for name, seen in found.items()} == {
        "right": True,
        "right passage second": True,  # the text is the same, so the words stand there
        "wrong sentence best": False,
        "nothing marked": False,
    }
    assert {name: seen.evidence_in_gold for name, seen in found.items()} == {
        "right": True,
        "right passage second": True,
        "wrong sentence best": False,
        "nothing marked": False,
    }
    missed = question_result(question(relevant={"q": 1}), ranked("a"))
    assert (missed.evidence_in_gold, missed.right) == (None, False)
    assert question_result(question(answers=()), ranked("b")).evidence_at_top is None


def test_abstention_is_scored_over_what_can_and_what_cannot_be_answered() -> None:
    """Shares and areas take the questions that they are about, and no others."""
    observed = [
        question_result(question("q1"), ranked("b", confidence=0.9)),
        question_result(question("q2"), ranked("a", confidence=0.4, answered=False)),
        question_result(question("q3"), ranked("a", confidence=0.8)),
        question_result(
            question("q4", relevant={}, answerable=False),
            ranked("a", confidence=0.5, answered=False),
        ),
    ]

    scores = scored(observed)

    assert scores.answered == Proportion(2, 3)
    assert scores.declined == Proportion(1, 1)
    assert scores.right_when_answered == Proportion(1, 2)
    assert scores.auroc_answerable == pytest.approx(2 / 3)
    assert scores.auroc_right == pytest.approx(1.0)


def test_a_question_that_failed_counts_as_declined() -> None:
    """What could not be asked has no ranking, no evidence and no confidence."""
    failed = question_result(question(), Failure("q", "When?", "too long"))

    assert failed == QuestionResult(question(), (), 0.0, False, False, False, None)  # noqa: FBT003
    assert scored([failed]).measures["Success@1"] == 0.0


def test_nothing_judged_gives_no_measures() -> None:
    """A set of unanswerable questions alone has no ranking to score."""
    scores = scored([question_result(question(relevant={}, answerable=False), ranked("a"))])

    assert (scores.measures, scores.auroc_answerable, scores.answered.value) == ({}, None, None)


def test_an_answer_is_found_whatever_its_case_and_blanks() -> None:
    """Letter case and white space do not count; an empty string is no answer."""
    assert contains_answer("It opens on\nJUNE  3.", ["june 3"])
    assert not contains_answer("It opens on June 4.", ["June 3", "", " "])


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    """An evaluation set."""
    (tmp_path / "corpus.jsonl").write_text('{"id": "b", "text": "It opens on June 3."}\n')
    (tmp_path / "questions.jsonl").write_text(
        '{"id": "1", "question": "When?", "answers": ["June 3"], "answerable": true}\n'
        '\n{"id": 2, "question": "Who?", "answers": [], "answerable": false}\n'
        '{"id": "3", "question": "Why?"}\n'
    )
    (tmp_path / "qrels.tsv").write_text("1\tb\t2\n1\tc\t0\n3 0 b 1\n")
    return tmp_path


def test_a_set_is_read_with_its_judgements(folder: Path) -> None:
    """Grades of zero are no relevance; without a word on it, judged means answerable."""
    found = read_dataset(folder)

    assert found.name == folder.name
    assert found.questions == (
        JudgedQuestion("1", "When?", ("June 3",), True, {"b": 2, "c": 0}),  # noqa: FBT003
        JudgedQuestion("2", "Who?", (), False, {}),  # noqa: FBT003
        JudgedQuestion("3", "Why?", (), True, {"b": 1}),  # noqa: FBT003
    )
    assert found.questions[0].relevant == {"b": 2}


@pytest.mark.parametrize("name", ["corpus.jsonl", "questions.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    """A folder that lacks a file is no evaluation set; the message says which it lacks."""
    (folder / name).unlink()
    with pytest.raises(DatasetError, match=f"has no {name}"):
        read_dataset(folder)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("qrels.tsv", "1\tb\n", "qrels.tsv:1: expected question id, release id and grade"),
        ("qrels.tsv", "\n1\tb\tgood\n", "qrels.tsv:2: the grade 'good' is not a whole number"),
        ("questions.jsonl", "{", "questions.jsonl:1: not valid JSON"),
        (
            "questions.jsonl",
            '{"id": "1"}\n',
            "questions.jsonl:1: not a JSON object with a question",
        ),
        ("questions.jsonl", '{"question": "Who?"}\n', "the id is missing or duplicated"),
        (
            "questions.jsonl",
            '{"id": "1", "question": "Who?"}\n' * 2,
            "questions.jsonl:2: the id is missing or duplicated",
        ),
        (
            "questions.jsonl",
            '{"id": "1", "question": "?", "answers": "x"}',
            "are not a list of strings",
        ),
        ("questions.jsonl", "\n", "contains no questions"),
    ],
)
def test_a_malformed_line_is_named(folder: Path, name: str, content: str, message: str) -> None:
    """A wrong line is an error with its file and number."""
    (folder / name).write_text(content)
    with pytest.raises(DatasetError, match=message):
        read_dataset(folder)
