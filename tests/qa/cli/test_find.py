"""`releaseqa find`."""

import csv
import io
import json
import shlex
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from on_terminal import on_terminal

from index.ingest.update import update_collection
from index.store.reader import STORE_NAME
from qa.cli.options import words_last

Run = Callable[..., Any]


def records(run: Run, *words: str) -> list[dict[str, Any]]:
    """The passages of a command, as JSON."""
    result = run("find", "--json", *words)
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_counts_come_first_then_each_release_with_its_passages(run: Run) -> None:
    """In a pipe everything is shown; a headline that matches is not repeated as a passage."""
    lines = run("find", "bridge", "--words").stdout.splitlines()

    assert "10 passages in 6 releases, 2020-12-04 to 2026-04-06" == lines[0]
    assert lines[2:9] == [
        "2020  ██ 2", "2021  ███ 3", "2022  █ 1", "2023", "2024", "2025", "2026  ████ 4"
    ]  # fmt: skip
    assert "   4  Congressman James E. Clyburn" in lines
    assert 6 == sum(line.startswith("20") and " · " in line for line in lines)
    assert 8 == sum(line.startswith("   passage ") for line in lines)
    title = "Clyburn at start of work on new I-95 bridges over Lake Marion"
    assert 1 == sum(title in line for line in lines)
    assert not any("[releaseqa" in line for line in lines)


def test_passages_in_json_are_whole_and_citable(run: Run) -> None:
    """Each has the words where it says, and a citation that `cite` confirms."""
    found = records(run, "bridge", "--words")

    assert 10 == len(found)
    for passage in found:
        shown = [passage["text"][slice(*mark["span"])] for mark in passage["highlights"]]
        assert shown
        assert all(word.lower().startswith("bridge") for word in shown)
        assert passage["match"] == "words"
        assert passage["scores"]["lexical"] > 0
    assert run("cite", found[0]["citation"]).exit_code == 0
    assert [p["release"]["date"] for p in found] == sorted(
        (p["release"]["date"] for p in found), reverse=True
    )


def test_meaning_adds_passages_and_says_so(run: Run) -> None:
    """What only means the same is found unless words alone are asked for."""
    words = ("minimum", "wage", "rise")
    all_of_them = records(run, *words)

    assert {"words", "meaning"} >= {p["match"] for p in all_of_them}
    assert "meaning" in {p["match"] for p in all_of_them}
    assert " · by meaning\n" in run("find", *words).stdout
    assert "meaning" not in run("find", "minimum", "wage", "--words-only").stdout


def test_filters_and_counts(run: Run) -> None:
    """`--count` shows no passage; as JSON it has every number under a name."""
    counts = json.loads(
        run("find", "bridge", "--words", "--until", "2021", "--count", "--json").stdout
    )
    text = run("find", "bridge", "--words", "--until", "2021", "--count").stdout

    assert counts["passages"] == 5
    assert counts["undated"] == {"passages": 0, "releases": 0}
    assert sum(counts["by_month"].values()) == 5
    assert {"issuer": "Government of Saskatchewan", "passages": 1} in counts["by_issuer"]
    assert text.startswith("5 passages in 4 releases, 2020-12-04 to ")
    assert "passage 1" not in text


def test_the_limit_says_how_many_are_left_out(run: Run) -> None:
    """With 0 nothing is left out; JSON is limited, too."""
    text = run("find", "bridge", "--words", "--limit", "3").stdout

    assert text.endswith("… and 7 more; --limit 0 shows all\n")
    assert "more;" not in run("find", "bridge", "--words", "--limit", "0").stdout
    assert 3 == len(records(run, "bridge", "--limit", "3"))


def test_on_a_terminal_a_screenful_is_shown(
    sample_collection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten passages, unless more are asked for."""
    find = ("--index", str(sample_collection), "find", "the", "--words")
    few = [line.rstrip() for line in on_terminal(monkeypatch, *find, width=80)]
    every = on_terminal(monkeypatch, *find, "--limit", "0", width=80)

    assert few[-1].startswith("… and ")
    assert few[-1].endswith(" more; --limit 0 shows all")
    assert len(every) > 3 * len(few)
    assert max(map(len, every)) <= 80


def test_undated_releases_are_counted_apart(tmp_path: Path, run: Run) -> None:
    """The head says how many there are; nothing dated is needed."""
    dated = {"id": "a", "title": "Road", "text": "The road is open.", "date": "2021-03-03"}
    undated = {"id": "b", "title": "Road", "text": "The road is closed. The road is long."}
    for name, found in (("both", [dated, undated]), ("undated", [undated])):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, found)))
        update_collection(tmp_path / name, [tmp_path / f"{name}.jsonl"])
    both = run("--index", str(tmp_path / "both"), "find", "road", "--words").stdout
    alone = run("--index", str(tmp_path / "undated"), "find", "road", "--words").stdout

    assert "Undated: 1 passage in 1 release" in both
    assert "undated · b" in both
    assert alone.startswith("1 passage in 1 release, undated\n")


def test_a_spreadsheet_has_a_row_for_each_passage(run: Run) -> None:
    """With the citation, and how it was found."""
    rows = list(csv.DictReader(io.StringIO(run("find", "bridge", "--words", "--csv").stdout)))

    assert 10 == len(rows)
    assert {"words"} == {row["match"] for row in rows}
    assert all("[releaseqa" in row["citation"] for row in rows)


def test_citations_are_shown_on_request(run: Run) -> None:
    """One for each passage, also for the headline."""
    shown = run("find", "bridge", "--words", "--cite").stdout

    assert 10 == shown.count("[releaseqa ")


@pytest.mark.parametrize(
    "words", [("zzyzx", "--words"), ("bridge", "-bridge"), ("zzyzx", "--json")]
)
def test_nothing_found_is_said(run: Run, words: tuple[str, ...]) -> None:
    """Nothing on standard output, a line on standard error, exit 4 as of `ask`."""
    result = run("find", *words)

    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.startswith("Nothing found: ")


def test_a_word_with_a_minus_is_left_out_and_options_stay_options(run: Run) -> None:
    """Wherever it stands, before or after options, as a word or a phrase."""
    every = {p["passage_id"] for p in records(run, "bridge", "--words")}
    fewer = {p["passage_id"] for p in records(run, "-lake", "bridge", "--words", "-q")}
    phrase = {p["passage_id"] for p in records(run, "--words", "bridge", "-hillsborough bridge")}

    assert fewer < every
    assert phrase < every
    assert fewer != phrase


def test_values_of_options_are_no_words() -> None:
    """Only what is no option's value, and has two letters or more, is moved behind `--`."""
    given = shlex.split("a -bc --issuer -de -q --limit=-1 -f -- -g -hi")

    assert words_last(given, {"--issuer"}) == shlex.split(
        "a --issuer -de -q --limit=-1 -f -- -bc -g -hi"
    )
    assert words_last(["a", "-q"], set()) == ["a", "-q"]


@pytest.mark.parametrize(
    "words", [("x", "--csv", "--json"), ("x", "--csv", "--count"), ("x", "--limit", "-1"), ()]
)
def test_options_that_make_no_sense_are_refused(run: Run, words: tuple[str, ...]) -> None:
    """They are usage errors."""
    assert run("find", *words).exit_code == 2


def test_ask_tells_the_command_that_finds_everything(run: Run) -> None:
    """The command can be run as it stands."""
    asked = run("ask", "List all releases about the minimum wage", "--until", "2022").stdout
    (line,) = [line for line in asked.splitlines() if "releaseqa find" in line]
    command = shlex.split(line.partition(": ")[2])

    assert ["releaseqa", "find", "minimum", "wage", "--until", "2022-12-31"] == command
    assert "minimum wage" in run(*command[1:]).stdout


def test_the_thresholds_are_those_of_the_packaged_model(
    sample_collection: Path, tmp_path: Path, run: Run
) -> None:
    """In a collection with another model, only words are searched, and a note says so."""
    copy = Path(shutil.copytree(sample_collection, tmp_path / "c"))
    with sqlite3.connect(copy / STORE_NAME) as store:
        store.execute("UPDATE meta SET value = 'another' WHERE name = 'fingerprint'")
    store.close()
    result = run("--index", str(copy), "find", "minimum", "wage")

    assert "by meaning" not in result.stdout
    assert "minimum wage" in result.stdout
    assert result.stderr.startswith("Searched by words only")


@pytest.mark.parametrize(
    "words",
    [
        ("find", "bridge"),
        ("list",),
        ("figures",),
        ("track", "What is the minimum wage?"),
        ("ask", "What is the minimum wage?"),
        ("said", "Joly"),
    ],
)
def test_an_issuer_that_no_release_has_is_told_with_near_ones(
    run: Run, words: tuple[str, ...]
) -> None:
    """On standard error; an issuer that has no release of the search is not mistyped."""
    mistyped = run(*words, "--issuer", "saskatchewn")
    known = run(*words, "--issuer", "saskatchewan", "--since", "2200")

    assert (
        "No release has an issuer with 'saskatchewn' in its name; "
        "did you mean 'Government of Saskatchewan'" in mistyped.stderr
    )
    assert "in its name" not in known.stderr
