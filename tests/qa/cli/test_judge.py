"""`releaseqa judge`: from a file to figures."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from control_characters import raw_controls

Run = Callable[..., Any]

NEON = "How long will Canada keep taking part in Operation NEON?"


def test_judgements_become_figures(run: Run, tmp_path: Path) -> None:
    """What is judged in a file is listed, written as a set, and scored by `eval`."""
    lines = (
        f"{NEON}\tcanada-korea-visit\t+\nWho cares?\tnone\t1\n"
        '{"question": "What is the capital of Mongolia?", "answerable": false}\n'
    )
    (tmp_path / "j.tsv").write_text(lines, encoding="utf-8")
    done = run("judge", str(tmp_path / "j.tsv"))
    assert 3 == done.exit_code
    assert "j.tsv:2: no passage or release 'none'" in done.stderr
    assert "2 judgements added, 1 lines failed." in done.stderr

    listed = run("judge").stdout
    assert f"{NEON}\tcanada-korea-visit\t1\n" in listed
    assert 0 == run("judge", "-", stdin=listed).exit_code
    assert 2 == len(run("judge", "--json").stdout.splitlines())

    out = tmp_path / "set"
    assert 0 == run("judge", "-o", str(out)).exit_code
    scores = json.loads(run("eval", str(out), "--words-only", "--json").stdout)
    assert (2, 1) == (scores["questions"], scores["judged"])
    assert 1.0 == scores["measures"]["Success@1"]


def test_forgetting_leaves_none(run: Run) -> None:
    """--forget takes all judgements of the collection away."""
    run("judge", "-", stdin=f"{NEON}\tcanada-korea-visit#5\t1\n")
    assert "" != run("judge").stdout
    assert 0 == run("judge", "--forget").exit_code
    assert "" == run("judge").stdout


def test_a_hostile_question_is_listed_cleaned(run: Run) -> None:
    """What a file of judgements holds does not reach the terminal as a control."""
    done = run("judge", "-", stdin="\x1b]0;x\x07\x9b2J who?\tcanada-korea-visit#1\t1\n\x1b[2J\n")
    assert 3 == done.exit_code
    assert set() == raw_controls(done.stderr)
    for words in ((), ("--json",)):
        text = run("judge", *words).stdout
        assert "who?" in text
        assert set() == raw_controls(text)


def test_a_missing_file_is_one_line(run: Run) -> None:
    """A file that is not there is named."""
    done = run("judge", "nowhere.tsv")

    assert 1 == done.exit_code
    assert "nowhere.tsv: No such file" in done.stderr
