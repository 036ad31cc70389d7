"""The judged questions on real press releases: their answers stand where they are said to be."""

import json
from pathlib import Path

import pytest
from press_set import (
    HELD_OUT,
    QUESTIONS,
    WRITTEN,
    is_left_for_fitting,
    write_fitting_set,
    write_press_set,
)
from reading_sets import is_unseen


def releases(path: Path) -> set[tuple[str, str]]:
    """Which releases a file asks about."""
    lines = map(json.loads, path.read_text("utf-8").splitlines())
    return {(line["set"], line["release"]) for line in lines}


def test_no_release_is_asked_about_in_two_files() -> None:
    """What is chosen by the one is measured on the other, and nothing is learnt from either."""
    learnt = {one for path in WRITTEN.glob("*.jsonl") for one in releases(path)}

    assert releases(QUESTIONS)
    assert len(learnt) > 1500
    assert not releases(QUESTIONS) & releases(HELD_OUT)
    assert not (releases(QUESTIONS) | releases(HELD_OUT)) & learnt


@pytest.mark.parametrize("name", ["quac", "squad"])
def test_nothing_kept_for_evaluation_is_learnt_from(name: str, shared: Path) -> None:
    """Half of QuAC's sections are asked QuAC's own questions, ten articles of SQuAD are kept out.

    None of these has written questions.
    """
    asked = releases(WRITTEN / f"{name}-written.jsonl")

    assert len(asked) > 300
    assert not any(is_unseen(of, record, shared / "data") for of, record in asked)


def test_no_sentence_of_newswire_is_both_learnt_from_and_evaluated_on(shared: Path) -> None:
    """The two sets of TREC are of one time and share their sources."""

    def sentences(name: str) -> dict[str, str]:
        text = (shared / "data" / "eval" / name / "corpus.jsonl").read_text("utf-8")
        return {r["id"]: r["text"].casefold() for r in map(json.loads, text.splitlines())}

    known = sentences("trecqa-train")
    learnt = {known[record] for _, record in releases(WRITTEN / "trecqa-written.jsonl")}

    assert not learnt & set(sentences("trecqa-dev").values())


def test_fits_are_made_on_records_that_nothing_is_learnt_from(shared: Path, tmp_path: Path) -> None:
    """Their collection holds no other."""
    folder = write_fitting_set(shared / "data", tmp_path, WRITTEN / "quac-written.jsonl")
    asked = [json.loads(line) for line in (folder / "questions.jsonl").read_text().splitlines()]
    corpus = [json.loads(line) for line in (folder / "corpus.jsonl").read_text().splitlines()]
    known = {record["id"] for record in corpus}

    assert len(asked) > 1000
    assert {question["release"] for question in asked} == known
    assert all(map(is_left_for_fitting, known))


@pytest.mark.parametrize("path", sorted(WRITTEN.glob("*.jsonl")), ids=lambda path: path.stem)
def test_answers_to_learn_from_stand_in_their_records(
    path: Path, shared: Path, tmp_path: Path
) -> None:
    """Each is a stretch of the record without white space around it; no question comes twice."""
    folder = write_press_set(shared / "data", tmp_path, path, others=0)
    asked = [json.loads(line) for line in (folder / "questions.jsonl").read_text().splitlines()]

    assert len({q["question"].casefold() for q in asked}) == len(asked) > 500
    assert all(a and a == a.strip() for q in asked for a in q["answers"])
    assert 0.1 < sum(not q["answerable"] for q in asked) / len(asked) < 0.25


@pytest.mark.parametrize("path", [QUESTIONS, HELD_OUT], ids=["chosen by", "held out"])
def test_answers_stand_in_their_releases(path: Path, shared: Path, tmp_path: Path) -> None:
    """Each is a stretch of the release without white space around it; ids and texts differ."""
    folder = write_press_set(shared / "data", tmp_path, path)
    asked = [json.loads(line) for line in (folder / "questions.jsonl").read_text().splitlines()]
    corpus = [json.loads(line) for line in (folder / "corpus.jsonl").read_text().splitlines()]
    known = {record["id"] for record in corpus}

    assert len(asked) == len({q["id"] for q in asked}) == len({q["question"] for q in asked})
    for question in asked:
        assert question["release"] in known
        assert all(answer and answer == answer.strip() for answer in question["answers"])
    assert 1500 <= len(known) <= 1600
