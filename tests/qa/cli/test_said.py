"""`releaseqa said`."""

import csv
import io
import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.ingest.update import update_collection

Run = Callable[..., Any]

_WORDS = (
    "“The bridge will cost {} million dollars and will open to all traffic in the spring,” said {}."
)


@pytest.fixture(name="twice")
def _twice(tmp_path: Path) -> str:
    """A collection in which somebody says something twice, and another person once."""
    facts = [
        ("2020-03-01", "12", "Ann Roe"),
        ("2021-03-01", "15", "Ann Roe"),
        (None, "15", "Cy Poe"),
    ]
    records = [
        {"id": f"r{n}", "title": f"Bridge {n}", "text": _WORDS.format(much, who), "date": date}
        for n, (date, much, who) in enumerate(facts)
    ]
    (tmp_path / "r.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    update_collection(tmp_path / "c", [str(tmp_path / "r.jsonl")])
    return str(tmp_path / "c")


def test_the_head_is_followed_by_each_statement_in_its_release(run: Run) -> None:
    """A reported sentence and a quotation, with what the release calls the speaker."""
    lines = run("said", "Minister", "Joly").stdout.splitlines()

    assert lines[:2] == [
        "Mélanie Joly, Canada's Minister of Foreign Affairs",
        "2 statements in 1 release, 2023-04-17",
    ]
    assert lines[4] == "2023-04-17 · canada-korea-visit"
    assert lines[5].startswith("   Minister Joly pointed out that Canada has lately prolonged ")
    assert lines[6].startswith("   passage 5 · reported of Mélanie Joly · ")
    assert lines[10].startswith("   “Korea is a strong and trusted partner,” Minister Joly said")


def test_what_is_said_again_is_shown_once_with_the_change(run: Run, twice: str) -> None:
    """With its date, the change of wording, and who else said it."""
    lines = run("--index", twice, "said", "Ann Roe").stdout.splitlines()
    change = "“The bridge will cost [-12-] {+15+} million dollars and will open to …"

    assert lines[1:3] == [
        "2 statements in 2 releases, 2020-03-01 to 2021-03-01",
        "1 statement without repetitions",
    ]
    assert lines[-3:] == [
        "   said again: 2021-03-01 (r1)",
        f"   wording 2021-03-01: {change}",
        "   also said by Cy Poe, undated (r2)",
    ]  # fmt: skip


def test_json_has_first_and_last_and_whole_statements(run: Run, twice: str) -> None:
    """Each can be cited, and the parts of the change make up both wordings."""
    (line,) = run("--index", twice, "said", "Roe", "--json").stdout.splitlines()
    fold = json.loads(line)

    assert (fold["person"], fold["first"], fold["last"]) == ("Ann Roe", "2020-03-01", "2021-03-01")
    assert [s["form"] for s in fold["statements"]] == ["quoted", "quoted"]
    assert [c["words"] for c in fold["changes"] if c["change"] != "same"] == ["12", "15"]
    assert [other["speaker"] for other in fold["also_said_by"]] == ["Cy Poe"]
    assert run("--index", twice, "cite", fold["statements"][0]["citation"]).exit_code == 0


def test_a_spreadsheet_has_a_row_for_each_statement(run: Run, twice: str) -> None:
    """Those that are nearly the same have the same number."""
    shown = run("--index", twice, "said", "Ann Roe", "about", "bridge", "--csv").stdout
    rows = list(csv.DictReader(io.StringIO(shown)))

    assert [(row["date"], row["fold"], row["match"]) for row in rows] == [
        ("2020-03-01", "1", "words"), ("2021-03-01", "1", "words")
    ]  # fmt: skip


def test_topic_limit_and_citations(run: Run) -> None:
    """The topic chooses statements; the limit says how many are left out."""
    sanctions = run("said", "Joly", "about", "sanctions", "--words-only", "--cite").stdout
    first = run("said", "Joly", "--limit", "1").stdout

    assert "1 statement in 1 release" in sanctions
    assert 1 == sanctions.count("[releaseqa canada-korea-visit#5 ")
    assert first.endswith("… and 1 more; --limit 0 shows all\n")


def test_nothing_found_and_nobody_known(run: Run) -> None:
    """Exit 4 for a person without a statement and for a name that means nobody, with near names."""
    nothing = run("said", "Joly", "about", "zzyzx", "--words-only")
    nobody = run("said", "Nobodyatall")
    mistyped = run("said", "Jolly")
    unquoted = run("said", "Melanie", "Jolly")

    assert (nothing.exit_code, nothing.stdout) == (4, "")
    assert nothing.stderr.startswith("Nothing found: no statement of Mélanie Joly on this topic.")
    assert (nobody.exit_code, nobody.stdout) == (4, "")
    assert (mistyped.exit_code, mistyped.stdout) == (4, "")
    assert "nobody is quoted as 'Jolly'; did you mean 'Mélanie Joly'" in mistyped.stderr
    assert unquoted.exit_code == 4
    assert "no statement of Melanie Jolly. Did you mean 'Mélanie Joly'" in unquoted.stderr
    assert "nobody is quoted as 'Nobodyatall'; give a full name" in nobody.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("Joly", "--csv", "--json"),
        ("Joly", "--speaker", "joly"),
        ("Joly", "--sort", "score"),
        ("Joly", "about"),
        ("about", "coal"),
        (),
    ],
)
def test_options_that_make_no_sense_are_refused(run: Run, words: tuple[str, ...]) -> None:
    """They are usage errors."""
    assert run("said", *words).exit_code == 2


def test_ask_tells_the_command_that_shows_all(run: Run) -> None:
    """The command can be run as it stands."""
    asked = run("ask", "What did Minister Joly say about sanctions?").stdout
    (line,) = [line for line in asked.splitlines() if "releaseqa said" in line]
    command = shlex.split(line.partition(": ")[2])

    assert ["releaseqa", "said", "Minister Joly", "about", "sanctions"] == command
    assert "sanctions" in run(*command[1:]).stdout
