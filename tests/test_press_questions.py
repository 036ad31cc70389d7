"""The judged questions on real press releases: their answers stand where they are said to be."""

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

from press_set import HELD_OUT, QUESTIONS, write_press_set  # noqa: E402


def releases(path: Path) -> set[tuple[str, str]]:
    """Which releases a file asks about."""
    lines = map(json.loads, path.read_text("utf-8").splitlines())
    return {(line["set"], line["release"]) for line in lines}


def test_no_release_is_asked_about_in_both_files() -> None:
    """What is chosen by the one is measured on the other."""
    assert releases(QUESTIONS)
    assert not releases(QUESTIONS) & releases(HELD_OUT)


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
