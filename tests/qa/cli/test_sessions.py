"""`releaseqa sessions` and `ask --session`: conversations over real releases."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from control_characters import raw_controls
from typer.testing import CliRunner

from qa.cli.app import app
from qa.paths import collection_key, sessions_file
from qa.sessions.store import open_sessions
from qa.sessions.types import Remark
from qa.types import AskOptions

Run = Callable[..., Any]
Spawn = Callable[..., Any]

VISIT = "When did Minister Joly visit Korea?"


def test_asking_in_a_session_keeps_the_turns(run: Run) -> None:
    """A follow-up is understood from the turns before; both are listed, shown and found."""
    first = run("ask", VISIT, "--session", "visit", "--words-only", "--json")
    assert first.exit_code in {0, 4}
    second = run("ask", "Who did she meet there?", "--session", "visit", "--words-only", "--json")
    assert "Who did she meet there?" == json.loads(second.stdout)["question"]
    assert "Korea" in json.loads(second.stdout)["asked_as"]
    alone = run(
        "ask", "Who did she meet there?", "--session", "visit", "--words-only", "--json",
        "--as-typed",
    )  # fmt: skip
    assert "Who did she meet there?" == json.loads(alone.stdout)["asked_as"]

    name, _, count, question = run("sessions", "list").stdout.rstrip("\n").split("\t")
    assert ("visit", "3", VISIT) == (name, count, question)
    (listed,) = map(json.loads, run("sessions", "list", "--json").stdout.splitlines())
    assert ("visit", 3) == (listed["name"], listed["questions"])
    shown = run("sessions", "show", "visit").stdout
    assert f"[1] {VISIT}" in shown
    assert "asked as: " in shown
    assert "[releaseqa canada-korea-visit#" in shown
    found = run("sessions", "search", "JOLY", "when", "visit").stdout
    assert f"visit [1] {VISIT}" in found


def test_asking_without_a_session_keeps_nothing(run: Run) -> None:
    """`ask` alone leaves no trace."""
    run("ask", VISIT, "--words-only")

    assert not sessions_file().exists()


def test_a_question_that_fails_is_a_turn(run: Run) -> None:
    """What cannot be asked is kept with the reason, and the exit code is that of the failure."""
    done = run("ask", "?!", "--session", "odd")

    assert 1 == done.exit_code
    assert "Failed: the question has no letters or digits" in run("sessions", "show", "odd").stdout


def test_sessions_are_exported_renamed_and_removed(run: Run, tmp_path: Path) -> None:
    """Each form goes to standard output or a file; a removal takes all that are named or none."""
    run("ask", VISIT, "--session", "visit", "--words-only")
    assert run("sessions", "export", "visit").stdout.startswith("# visit\n")
    out = tmp_path / "visit.html"
    assert 0 == run("sessions", "export", "visit", "-o", str(out)).exit_code
    assert out.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    found = json.loads(run("sessions", "export", "visit", "--format", "json").stdout)
    assert [VISIT] == [turn["question"] for turn in found["turns"]]

    assert 0 == run("sessions", "rename", "visit", "korea").exit_code
    refused = run("sessions", "remove", "korea", "nothing of the kind")
    assert (1, True) == (refused.exit_code, "no conversation" in refused.stderr)
    assert "korea" in run("sessions", "list").stdout
    assert 0 == run("sessions", "remove", "korea").exit_code
    assert "" == run("sessions", "list").stdout


@pytest.mark.parametrize(
    "words",
    [("show", "none"), ("export", "none"), ("rename", "none", "x"), ("remove", "none"),
     ("replay", "none")],
)  # fmt: skip
def test_a_name_that_is_not_there_is_an_error(run: Run, words: tuple[str, ...]) -> None:
    """One line says so and how to see the names."""
    done = run("sessions", *words)

    assert 1 == done.exit_code
    assert "sessions list" in done.stderr
    assert 1 == len(done.stderr.splitlines())


def test_a_name_without_meaning_is_a_usage_error(run: Run) -> None:
    """A name that could not be listed is refused before anything is asked."""
    assert 2 == run("ask", VISIT, "--session", "a\nb").exit_code
    assert 2 == run("ask", VISIT, "--session", " ").exit_code


def test_sessions_belong_to_their_collection(
    run: Run, sample_collection: Path, tmp_path: Path
) -> None:
    """Another collection's sessions are seen with --all, and by the folder they were made in,
    which need not be there any more.
    """
    other = tmp_path / "other" / ".releaseqa"
    shutil.copytree(sample_collection, other)
    run("--index", str(other), "ask", VISIT, "--session", "there", "--words-only")
    shutil.rmtree(other)

    assert "" == run("sessions", "list").stdout
    assert run("sessions", "list", "--all").stdout.rstrip("\n").endswith(str(other))
    assert "there" in run("--index", str(other), "sessions", "list").stdout
    assert VISIT in run("sessions", "search", "--all", "korea").stdout


def test_replay_of_the_same_collection_finds_no_difference(run: Run) -> None:
    """The same questions of the same collection: the same answers, follow-ups too; exit 0."""
    for question in (VISIT, "Who did she meet there?", "What is the minimum wage in Yukon?"):
        run("ask", question, "--session", "visit", "--words-only")
    before = sessions_file().read_bytes()
    done = run("sessions", "replay", "visit")

    assert (0, "") == (done.exit_code, done.stdout)
    assert "3 the same" in done.stderr
    assert before == sessions_file().read_bytes()


def test_replay_shows_what_a_changed_collection_changes(
    collection_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release that is gone takes its answer along: shown as text and as JSON, exit 1."""
    monkeypatch.chdir(collection_copy.parent)

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, list(words))
        return done.exit_code, done.stdout

    question = "How long will Canada keep taking part in Operation NEON?"
    code, _ = run("ask", question, "--session", "neon")
    assert 0 == code
    assert 0 == run("remove", "canada-korea-visit")[0]

    code, text = run("sessions", "replay", "neon")
    assert 1 == code
    assert text.startswith(("lost", "changed"))
    assert question in text
    code, text = run("sessions", "replay", "neon", "--json")
    (change,) = json.loads(text)["changes"]
    assert (1, "1", question) == (code, change["id"], change["question"])


def test_replay_tells_of_questions_that_had_no_answer_then(
    run: Run, sample_collection: Path
) -> None:
    """A turn that was cut off is compared as one that failed."""
    with open_sessions() as store:
        session = store.begin(collection_key(sample_collection), "cut")
        store.ask(session.key, VISIT, AskOptions(words_only=True))
    done = run("sessions", "replay", "cut")

    assert 1 == done.exit_code
    assert VISIT in done.stdout


def test_hostile_text_is_cleaned_on_its_way_out(run: Run, sample_collection: Path) -> None:
    """Nothing that was typed or noted reaches the terminal as a control."""
    attack = "\x1b]0;owned\x07 \x9b2J \u202ewho? [bold]x[/bold]\n\x1b[2J"
    with open_sessions() as store:
        session = store.begin(collection_key(sample_collection), "[red]odd[/red]")
        key = store.ask(session.key, attack)
        store.settle(key, "failed", None, attack)
        store.remark(key, Remark("x#1", note=attack))
    for words in (("list",), ("search", "owned"), ("show", "[red]odd[/red]"), ("list", "--json"),
                  ("export", "[red]odd[/red]"), ("replay", "[red]odd[/red]"),
                  ("export", "[red]odd[/red]", "--format", "html")):  # fmt: skip
        done = run("sessions", *words)
        assert "owned" in done.stdout or words[0] == "replay"
        assert set() == raw_controls(done.stdout), words
        assert set() == raw_controls(done.stderr), words


def test_a_damaged_file_is_one_line(run: Run) -> None:
    """A file of sessions that cannot be read ends the command with the remedy."""
    sessions_file().parent.mkdir(parents=True)
    sessions_file().write_bytes(b"nothing of the kind" * 100)
    done = run("sessions", "list")

    assert 1 == done.exit_code
    assert "is damaged" in done.stderr
    assert 1 == len(done.stderr.splitlines())


def test_listing_loads_nothing_heavy(spawn: Spawn) -> None:
    """The list is there at once."""
    done = spawn("sessions", "list", env={"PYTHONPROFILEIMPORTTIME": "1"})

    loaded = done.stderr.decode()
    assert 0 == done.returncode
    assert "qa.sessions.store" in loaded
    assert [] == [
        name for name in ("numpy", "torch", "faiss", "textual") if f"| {name}\n" in loaded
    ]
