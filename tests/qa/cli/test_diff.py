"""`releaseqa diff` over outputs of `batch`."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_answers import made_answer, made_passage

from qa.answer_json import Failure, Outcome, dumps, outcome_to_json

Run = Callable[..., Any]


def output(path: Path, *outcomes: Outcome) -> str:
    """Write outcomes as `batch` does; returns the file's name."""
    path.write_text("".join(dumps(outcome_to_json(o)) + "\n" for o in outcomes), encoding="utf-8")
    return str(path)


@pytest.fixture(name="runs")
def _runs(tmp_path: Path) -> tuple[str, str]:
    """Two runs: one answer the same, one changed, one gained, one moved, one only new."""
    same = made_answer(identifier="1", question="Same?")
    other = made_answer(made_passage(evidence=(0, 19)), identifier="2", question="Changed?")
    moved = made_answer(identifier="4", question="Moved?")
    old = (
        same,
        replace(same, id="2", question="Changed?"),
        Failure("3", "Gained?", "no"),
        moved,
    )
    new = (
        same,
        other,
        replace(same, id="3", question="Gained?"),
        replace(moved, confidence=0.7),
        replace(same, id="5", question="New\x1b[2J?"),
    )
    return output(tmp_path / "old.jsonl", *old), output(tmp_path / "new.jsonl", *new)


def test_differences_are_lines_and_exit_1(run: Run, runs: tuple[str, str]) -> None:
    """Each question that differs is named with both outcomes; nothing raw reaches the screen."""
    result = run("diff", *runs)

    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    assert [line.split()[0] for line in lines if line[0] != " "] == [
        "changed", "gained", "moved", "only",
    ]  # fmt: skip
    assert lines[0] == "changed (the evidence)  2: Changed?"
    assert lines[1].startswith("  - “The bridge opens on June 3.” (0.93) New bridge opens")
    assert lines[2].startswith("  + “Work starts in May.” (0.93) ")
    assert lines[4] == "  - not asked: no"
    assert "\x1b" not in result.stdout
    assert result.stderr == "5 questions: 1 the same, 1 changed, 1 gained, 1 moved, 1 only new.\n"


def test_the_same_run_is_no_difference(run: Run, runs: tuple[str, str]) -> None:
    """A run compared with itself is exit 0 and no line."""
    result = run("diff", runs[0], runs[0])

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "4 questions: 4 the same.\n"


def test_json_holds_what_the_lines_say(run: Run, runs: tuple[str, str]) -> None:
    """Counts and changes, old and new; the two ways to ask for it are the same."""
    result = run("diff", *runs, "--json", "-q")
    found = json.loads(result.stdout)

    assert (result.exit_code, result.stderr, found["same"]) == (1, "", 1)
    assert found["counts"] == {
        "changed": 1, "gained": 1, "lost": 0, "moved": 1, "only_old": 0, "only_new": 1,
    }  # fmt: skip
    assert [change["change"] for change in found["changes"]] == [
        "changed", "gained", "moved", "only_new",
    ]  # fmt: skip
    assert found["changes"][0]["parts"] == ["evidence"]
    assert found["changes"][1]["old"]["state"] == "failed"
    assert found["changes"][3]["old"] is None
    assert run("diff", *runs, "--format", "json", "-q").stdout == result.stdout


def test_how_far_a_confidence_may_move_is_an_option(run: Run, runs: tuple[str, str]) -> None:
    """With a larger limit the moved one is the same."""
    found = json.loads(run("diff", *runs, "--json", "--confidence", "0.23").stdout)

    assert (found["counts"]["moved"], found["same"], found["threshold"]) == (0, 2, 0.23)


def test_a_page_stands_alone_and_escapes(run: Run, tmp_path: Path) -> None:
    """HTML is written whole to a file; words from outside cannot become markup."""
    words = "<script>alert(1)</script><img src=x>"
    answer = made_answer(made_passage(text=words, evidence=(0, len(words))), question=words)
    old = output(tmp_path / "<b>old.jsonl", answer)
    new = output(tmp_path / "new.jsonl", Failure("q1", words, words))
    out = tmp_path / "changes.html"

    result = run("diff", old, new, "--format", "html", "-o", str(out))
    page = out.read_text(encoding="utf-8")

    assert (result.exit_code, result.stdout) == (1, "")
    assert page.startswith("<!DOCTYPE html>")
    assert page.endswith("</html>\n")
    assert "<script" not in page.lower()
    assert "<img" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Answer lost" in page


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"\x89PNG\0\0",
        b'{"schema": 2}\n',
        b"[]\n",
        b"7\n",
        b'{"schema": 1, "id": "1", "question": 5, "error": "x"}\n',
        b"[" * 100_000,
    ],
)
def test_what_is_no_output_of_a_batch_is_one_line(
    run: Run, runs: tuple[str, str], tmp_path: Path, content: bytes | None
) -> None:
    """A missing or foreign file is exit 2, one line that names it."""
    path = tmp_path / "foreign.jsonl"
    if content is not None:
        path.write_bytes(content)

    result = run("diff", runs[0], str(path))

    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert "foreign.jsonl" in result.stderr


def test_a_torn_line_is_named(run: Run, runs: tuple[str, str], tmp_path: Path) -> None:
    """A file that was cut off in the middle is refused with the line's number."""
    path = tmp_path / "torn.jsonl"
    path.write_bytes(Path(runs[1]).read_bytes()[:-30])

    result = run("diff", runs[0], str(path))

    assert (result.exit_code, "torn.jsonl, line 5: not a record" in result.stderr) == (2, True)


def test_two_forms_at_once_are_refused(run: Run, runs: tuple[str, str]) -> None:
    """--json with --format html is usage."""
    assert run("diff", *runs, "--json", "--format", "html").exit_code == 2


def test_two_batches_of_the_same_questions_are_the_same(run: Run, tmp_path: Path) -> None:
    """What `batch` writes twice has no difference, though the times differ."""
    questions = tmp_path / "q.txt"
    questions.write_text("How long is the pathway?\n \nWho is the mayor of Ulaanbaatar?\n")
    for name in ("a.jsonl", "b.jsonl"):
        run("batch", str(questions), "--words-only", "-o", str(tmp_path / name))

    result = run("diff", str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl"), "--confidence", "0")

    assert (result.exit_code, result.stderr) == (0, "2 questions: 2 the same.\n")
