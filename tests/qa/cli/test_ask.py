"""`ask`, `list`, `show`, `cite`, `status` and `doctor` over the sample releases."""

import json
import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from checkout import process_environment
from control_characters import raw_controls

from index.readers.scan.process import INSTALL, is_installed
from qa import open_collection
from qa.answer_json import answer_to_json

NEON = "Until when will Canada take part in Operation NEON?"
UNKNOWN = "What is the population of the capital of Mongolia?"

Run = Callable[..., Any]


def test_an_answer_comes_with_evidence_and_citation(run: Run) -> None:
    """The right passage is first, its evidence is quoted, and the citation can be checked."""
    result = run("ask", NEON, "-k", "2")

    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0].startswith("1. Canada's foreign minister ends Korea visit")
    assert [line for line in lines if line.startswith("   Evidence: ") and "April 2026" in line]
    citation = next(line.strip() for line in lines if "[releaseqa canada-korea-visit#" in line)
    assert run("cite", citation).exit_code == 0


def test_the_json_is_the_answer_of_the_library(run: Run, sample_collection: Path) -> None:
    """`--json` prints one line: what `Collection.ask` returns, and every span holds."""
    result = run("ask", NEON, "--json", "-k", "3")

    found = json.loads(result.stdout)
    with open_collection(sample_collection) as collection:
        expected = answer_to_json(collection.ask(NEON, k=3))
        document = collection.document(found["passages"][0]["release"]["id"])
    assert result.stdout.count("\n") == 1
    assert without_timing(found) == without_timing(json.loads(json.dumps(expected)))
    best = found["passages"][0]
    assert best["text"] == document.text[slice(*best["span"])]
    assert "April 2026" in found["evidence"]["text"]


def test_words_only_of_the_settings_can_be_overruled(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the environment sets, the command line takes back."""
    monkeypatch.setenv("RELEASEQA_WORDS_ONLY", "1")

    by_words = json.loads(run("ask", NEON, "--json").stdout)
    by_meaning = json.loads(run("ask", NEON, "--json", "--no-words-only").stdout)

    assert {passage["scores"]["dense"] for passage in by_words["passages"]} == {None}
    assert all(passage["scores"]["dense"] for passage in by_meaning["passages"])


def without_timing(found: dict[str, Any]) -> dict[str, Any]:
    """An answer without its milliseconds."""
    return {name: value for name, value in found.items() if name != "timing"}


def test_words_of_a_question_need_no_quotes(run: Run) -> None:
    """Several arguments are one question."""
    apart = json.loads(run("ask", *NEON.split(), "--json").stdout)
    together = json.loads(run("ask", NEON, "--json").stdout)

    assert without_timing(apart) == without_timing(together)


def test_a_question_without_an_answer_is_exit_4(run: Run) -> None:
    """The nearest passages are shown, marked as no answer."""
    result = run("ask", UNKNOWN)

    assert result.exit_code == 4
    assert result.stdout.startswith("Closest passages:\n")
    assert result.stdout.endswith("I couldn't find an answer.\n")
    assert "\n1. " in result.stdout
    assert json.loads(run("ask", UNKNOWN, "--json").stdout)["answered"] is False


@pytest.mark.parametrize("question", ["", "   ", "a" * 2001])
def test_what_is_no_question_is_an_error(run: Run, question: str) -> None:
    """An empty or over-long question is one line and exit 1."""
    result = run("ask", question)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("releaseqa: the question ")
    assert result.stderr.count("\n") == 1


def test_filters_restrict_what_is_searched(run: Run) -> None:
    """Only releases of the years and languages asked for are found."""
    found = json.loads(run("ask", "Who spoke?", "--until", "2020", "--json", "-k", "20").stdout)
    dates = {passage["release"]["date"] for passage in found["passages"]}
    french = json.loads(run("ask", "Qui?", "--lang", "fr", "--json", "-k", "20").stdout)

    assert dates
    assert max(dates) <= "2020-12-31"
    assert {passage["release"]["lang"] for passage in french["passages"]} == {"fr"}


def test_settings_apply_where_the_command_line_says_nothing(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment sets the number of passages, the command line counts over it."""
    monkeypatch.setenv("RELEASEQA_K", "2")

    assert len(json.loads(run("ask", NEON, "--json").stdout)["passages"]) == 2
    assert len(json.loads(run("ask", NEON, "--json", "-k", "3").stdout)["passages"]) == 3


def test_an_explanation_names_the_scores(run: Run) -> None:
    """`--explain` shows what led to a score, and puts it into the JSON."""
    result = run("ask", NEON, "--explain", "-k", "1")
    found = json.loads(run("ask", NEON, "--explain", "--json", "-k", "1").stdout)

    assert re.search(r"^   meaning, passage +0\.\d{4}$", result.stdout, flags=re.MULTILINE)
    assert found["passages"][0]["explanation"] != {}
    assert "explanation" not in json.loads(run("ask", NEON, "--json").stdout)["passages"][0]


def test_releases_are_listed_with_tabs_in_a_pipe(run: Run) -> None:
    """A line a release: id, date, issuer, title; newest first; filters apply."""
    rows = [line.split("\t") for line in run("list").stdout.splitlines()]
    found = [json.loads(line) for line in run("list", "--json").stdout.splitlines()]

    assert {len(row) for row in rows} == {4}
    assert [row[0] for row in rows] == [release["id"] for release in found]
    assert [row[1] for row in rows] == sorted((row[1] for row in rows), reverse=True)
    assert [row[0] for row in rows if row[0] == "tirage-orignal-2020"] == [
        line.split("\t")[0] for line in run("list", "--lang", "fr").stdout.splitlines()
    ]
    assert list(found[0]) == ["id", "title", "date", "issuer", "lang", "source", "url"]


def test_a_release_is_shown_with_its_passages(run: Run, sample_collection: Path) -> None:
    """Every passage stands there with its number and kind, in order."""
    shown = run("show", "canada-korea-visit").stdout

    with open_collection(sample_collection) as collection:
        document = collection.document("canada-korea-visit")
    position = 0
    for passage in document.passages:
        words = document.text[slice(*passage.span)].split("\n")[0]
        position = shown.index(f"[{passage.ordinal}] {passage.kind}", position)
        position = shown.index(words, position)


def test_one_passage_is_shown_by_its_number_or_its_id(run: Run) -> None:
    """`--passage N` and `RELEASE#N` show the same; a number beyond the last is an error."""
    by_number = run("show", "canada-korea-visit", "--passage", "3").stdout

    assert by_number == run("show", "canada-korea-visit#3").stdout
    assert re.findall(r"^\[(\d+)\]", by_number, flags=re.MULTILINE) == ["3"]
    beyond = run("show", "canada-korea-visit", "--passage", "99")
    assert (beyond.exit_code, "no passage 99" in beyond.stderr) == (1, True)
    missing = run("show", "nothing#1")
    assert (missing.exit_code, missing.stderr.count("\n")) == (1, 1)


def test_a_citation_with_one_character_changed_is_rejected(run: Run) -> None:
    """True citations are exit 0, changed ones exit 1, with the reason."""
    citation = json.loads(run("ask", NEON, "--json").stdout)["passages"][0]["citation"]

    assert run("cite", citation).stdout == "true: the cited words are unchanged\n"
    found = json.loads(run("cite", citation, "--json").stdout)
    assert (found["ok"], found["passage_id"][: len(found["release_id"])]) == (
        True,
        found["release_id"],
    )
    assert found["text"]
    for changed in (citation.replace("6", "7", 1), citation[:-2] + "0]", "x" + citation, "none"):
        result = run("cite", changed)
        assert result.exit_code == 1
        assert result.stdout.startswith("false: ")


def test_the_status_counts_the_collection(run: Run) -> None:
    """Counts stand on lines of their own, and all of it is in the JSON."""
    found = json.loads(run("status", "--json").stdout)
    shown = run("status").stdout

    assert found["releases"] == len(run("list").stdout.splitlines())
    assert re.search(rf"^releases +{found['releases']} \(", shown, flags=re.MULTILINE)
    assert re.search(r"^to encode +nothing$", shown, flags=re.MULTILINE)
    assert found["languages"]["fr"] == 1


def test_the_doctor_finds_what_is_there(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Libraries, model, collection and settings are named; what is wrong makes exit 1."""
    result = run("doctor", "--json")
    found = {finding["name"]: finding for finding in json.loads(result.stdout)["findings"]}

    assert result.exit_code == 0
    assert found["model"]["verdict"] == "fine"
    assert found["torch"]["verdict"] == "fine"
    assert found["extra ocr"]["verdict"] == ("fine" if is_installed() else "note")
    assert found["extra ocr"]["remedy"] == (None if is_installed() else INSTALL)
    assert "22 releases" in found["collection"]["detail"]
    monkeypatch.setenv("OMP_NUM_THREADS", "many")
    wrong = run("doctor")
    assert wrong.exit_code == 1
    assert "WRONG threads: " in wrong.stdout
    assert "-> set OMP_NUM_THREADS to a number" in wrong.stdout


def test_chat_without_a_terminal_names_what_to_use(run: Run) -> None:
    """The UI needs a terminal; the way to ask without one is said."""
    result = run("chat")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "needs a terminal" in result.stderr
    assert "releaseqa ask" in result.stderr


def in_terminal(folder: Path, *words: str, env: dict[str, str] | None = None) -> str:
    """What a command writes to a terminal, output and errors."""
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "qa", *words],
        stdin=follower, stdout=follower, stderr=follower, cwd=folder,
        env=process_environment({"TERM": "xterm-256color", "COLUMNS": "80", **(env or {})}),
    ) as process:  # fmt: skip
        os.close(follower)
        shown = b""
        while select.select([leader], [], [], 60)[0]:
            try:
                part = os.read(leader, 65536)
            except OSError:  # the other side is closed
                break
            if not part:
                break
            shown += part
        process.wait(timeout=60)
    os.close(leader)
    return shown.decode()


def test_on_a_terminal_evidence_is_underlined(sample_collection: Path) -> None:
    """Styles mark the evidence on a terminal, in colour unless none is wanted; lines fit."""
    folder = sample_collection.parent
    coloured = in_terminal(folder, "ask", NEON, "-k", "1")
    plain = in_terminal(folder, "ask", NEON, "-k", "1", "--words-only", "--no-color")
    by_variable = in_terminal(folder, "list", env={"NO_COLOR": "1"})

    assert "\x1b[4;32m" in coloured
    assert re.findall(r"\x1b\[[\d;]*3\d[\d;]*m", plain + by_variable) == []
    assert "\x1b[4m" in plain
    assert "\x1b[1m" in by_variable
    assert "Evidence: " not in coloured
    width = max(len(re.sub(r"\x1b\[[\d;]*m", "", line)) for line in coloured.splitlines())
    assert width <= 80


def test_a_list_on_a_terminal_is_a_table(sample_collection: Path) -> None:
    """The table has a header and whole ids, and fits; a wide one has room for the issuer."""
    headers = {"80": ["title", "date", "id"], "120": ["title", "date", "issuer"]}
    for columns, header in headers.items():
        shown = in_terminal(sample_collection.parent, "list", env={"COLUMNS": columns})
        lines = re.sub(r"\x1b\[[\d;]*m", "", shown).splitlines()
        assert lines[0].split()[:3] == header
        assert [line for line in lines if "twillingate-trails-correction" in line.split()] != []
        assert max(map(len, lines)) <= int(columns)


def test_progress_is_shown_on_a_terminal_and_not_when_quiet(
    sample_collection: Path, tmp_path: Path
) -> None:
    """A bar with a count stands on the terminal while questions are asked, none with -q."""
    questions = tmp_path / "questions.txt"
    questions.write_text("What about the bridge?\n" * 40)
    words = ("batch", str(questions), "-o", str(tmp_path / "out.jsonl"), "--words-only")

    shown = in_terminal(sample_collection.parent, *words)
    quiet = in_terminal(sample_collection.parent, *words, "-q")

    assert "Asking" in shown
    assert "/40" in shown
    assert "40 questions: " in shown
    assert quiet == ""


def test_nothing_raw_reaches_a_pipe(run: Run) -> None:
    """No output of a command holds a control character or a mark of direction."""
    shown = "".join(
        run(*words).output
        for words in (
            ("ask", NEON), ("list",), ("show", "canada-korea-visit"), ("status",), ("doctor",),
            ("show", "\x1b[2J\u202e\x9b"), ("cite", "\x1b]0;x\x07"),
            ("--index", "/tmp/\x1b[2Jx", "list"),  # noqa: S108 - is not made
        )
    )  # fmt: skip
    assert raw_controls(shown) == set()
