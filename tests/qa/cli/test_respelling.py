"""A mistyped question: what is searched instead is said, everywhere an answer is shown."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]
TYPED = "What is the new minimun wage in Yukon?"
RIGHT = TYPED.replace("minimun", "minimum")
SAID = "Searched for minimum instead of minimun; for the exact word, put it in quotation marks."


def asked(run: Run, *words: str) -> dict[str, Any]:
    """An answer without its times."""
    found: dict[str, Any] = json.loads(run("ask", *words, "--json").stdout)
    del found["timing"]
    return found


def test_the_answer_is_that_to_the_right_words(run: Run) -> None:
    """Everything is as if the word had been typed right, but for what was asked and replaced."""
    typed, right = asked(run, TYPED), asked(run, RIGHT)

    assert [{"typed": "minimun", "searched": "minimum", "span": [16, 23]}] == typed["corrections"]
    assert (TYPED, RIGHT) == (typed["question"], typed["asked_as"])
    assert right == {name: value for name, value in typed.items() if name != "corrections"} | {
        "question": RIGHT
    }


def test_it_is_said_once(run: Run) -> None:
    """The text begins with what was searched; it is no follow-up, so nothing else is added."""
    shown, right = (
        [line.rpartition(" · ")[0] or line for line in run("ask", question).stdout.splitlines()]
        for question in (TYPED, RIGHT)  # without the time, which is at the end of a line
    )

    assert SAID == shown[0]
    assert [] == [line for line in shown[1:] if "minimun" in line or line.startswith("Asked as")]
    assert right == shown[2:]


def test_it_can_be_switched_off(run: Run) -> None:
    """By the option, and by quotation marks around the word."""
    for words in ((TYPED, "--exact-words"), (TYPED.replace("minimun", '"minimun"'),)):
        answer = asked(run, *words)
        assert "corrections" not in answer
        assert answer["question"] == answer["asked_as"]


def test_a_batch_says_it_in_each_format(run: Run, tmp_path: Path) -> None:
    """JSON Lines, Markdown and HTML name the words; --exact-words replaces none."""
    questions = tmp_path / "q.txt"
    questions.write_text(f"{TYPED}\n{RIGHT}\n")
    lines = [json.loads(line) for line in run("batch", str(questions)).stdout.splitlines()]
    reports = [
        run("batch", str(questions), "--format", form).stdout for form in ("markdown", "html")
    ]
    exact = run("batch", str(questions), "--exact-words").stdout

    assert [True, False] == ["corrections" in line for line in lines]
    assert [1, 1] == [report.count(SAID) for report in reports]
    assert "corrections" not in exact


def test_a_follow_up_is_corrected_too(run: Run) -> None:
    """The words that a conversation adds and those that replace others stand side by side."""
    run("ask", RIGHT, "--session", "wage")
    answer = asked(run, "And when dose it take efect?", "--session", "wage")

    assert ["efect"] == [word["typed"] for word in answer["corrections"]]
    assert "effect" in answer["asked_as"]
    typed = asked(run, "And when does it take efect?", "--session", "wage", "--as-typed")
    assert "corrections" not in typed
