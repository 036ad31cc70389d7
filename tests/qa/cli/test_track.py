"""`releaseqa track`."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from index.ingest.update import update_collection
from qa.cli.app import app
from qa.tracking.types import TrackOptions

Run = Callable[..., Any]

QUESTION = "What is the minimum wage?"
_BOREAL = "Government of Boreal"
_WAGES = (
    ("b1", "2020-04-01", _BOREAL, "The minimum wage is $15.20 per hour, the government said."),
    ("b2", "2020-10-01", _BOREAL, "The minimum wage is 15.20 dollars per hour, as before."),
    ("b3", "2021-07-02", _BOREAL, "The minimum wage is $15.70 per hour, the government said."),
    ("b4", "2021-09-01", _BOREAL, "The minimum wage would be $20 per hour if unions had a say."),
    ("a1", "2021-08-01", "Austral Ministry", "The minimum wage is $14.00 per hour, it said."),
    ("u1", None, _BOREAL, "The minimum wage is $16.10 per hour, the government said."),
    ("x1", "2021-08-03", _BOREAL, "A new bridge will open in the spring, the government said."),
)


@pytest.fixture(name="wages", scope="module")
def _wages(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A collection in which the minimum wage changes."""
    folder = tmp_path_factory.mktemp("wages")
    records = [
        {
            "id": name,
            "title": f"Wages and roads, notice {name}",
            "issuer": issuer,
            "date": date,
            "text": f"{words}\n\nEmployers can read more at the offices of notice {name}.",
        }
        for name, date, issuer, words in _WAGES
    ]
    (folder / "in.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    update_collection(folder / "c", [str(folder / "in.jsonl")])
    return str(folder / "c")


def test_values_are_by_date_with_what_changed(run: Run, wages: str) -> None:
    """An arrow stands between two values of one issuer; a supposed value is left out."""
    result = run("--index", wages, "track", QUESTION)
    lines = result.stdout.splitlines()

    assert result.exit_code == 0
    assert lines[:2] == ["5 answers, 2020-04-01 to 2021-08-01", "4 values, 1 change"]
    assert [line for line in lines if " per hour" in line and line[0] != " "] == [
        "$15.20 per hour (Apr 2020)",
        "15.20 dollars per hour (Oct 2020) -> $15.70 per hour (Jul 2021)",
        "$14.00 per hour (Aug 2021)",
        "$16.10 per hour",
    ]
    assert lines.index("Undated") < lines.index("$16.10 per hour")
    assert "said the same in 2 releases, 2020-04-01 to 2020-10-01" in result.stdout


def test_every_answer_can_be_checked(run: Run, wages: str) -> None:
    """It is the words of its release at the given place, and its citation is true."""
    result = run("--index", wages, "track", QUESTION, "--json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    texts = {name: words for name, _, _, words in _WAGES}
    answers = [answer for row in rows for answer in row["answers"]]

    assert [row["value"]["value"] for row in rows] == [15.2, 15.7, 14, 16.1]
    assert (rows[0]["first"], rows[0]["last"]) == ("2020-04-01", "2020-10-01")
    assert [row["changed_from"] and row["changed_from"]["date"] for row in rows] == [
        None, "2020-10-01", None, None,
    ]  # fmt: skip
    assert [answer["release"]["id"] for answer in answers] == ["b1", "b2", "b3", "a1", "u1"]
    for answer in answers:
        start, stop = answer["span"]
        assert texts[answer["release"]["id"]][start:stop] == answer["text"]
        assert run("--index", wages, "cite", answer["citation"]).exit_code == 0


def test_csv_has_a_line_for_each_answer(run: Run, wages: str) -> None:
    """Answers that agree have the same number."""
    result = run("--index", wages, "track", QUESTION, "--csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))

    assert [(row["row"], row["value"]) for row in rows] == [
        ("1", "15.2"), ("1", "15.2"), ("2", "15.7"), ("3", "14"), ("4", "16.1"),
    ]  # fmt: skip
    assert (rows[2]["changed_from"], rows[2]["changed_from_date"]) == (
        "15.20 dollars per hour",
        "2020-10-01",
    )
    assert {row["currency"] for row in rows} == {"$"}


def test_filters_and_limits(run: Run, wages: str) -> None:
    """The latest values are shown; few releases are read if so asked."""
    few = run("--index", wages, "track", QUESTION, "--issuer", "boreal", "--limit", "2")
    read = run("--index", wages, "track", QUESTION, "--releases", "1")

    assert [line for line in few.stdout.splitlines() if " per hour" in line and line[0] != " "] == [
        "15.20 dollars per hour (Oct 2020) -> $15.70 per hour (Jul 2021)",
        "$16.10 per hour",
    ]
    assert few.stdout.endswith("… and 1 before; --limit 0 shows all\n")
    assert "Read 1 of " in read.stderr


def test_by_month_each_month_has_one_answer(run: Run, wages: str) -> None:
    """Of the answers of a month, the surest."""
    result = run("--index", wages, "track", QUESTION, "--by", "month", "--csv")
    dates = [row["date"] for row in csv.DictReader(io.StringIO(result.stdout)) if row["date"]]

    assert [date[:7] for date in dates] == ["2020-04", "2020-10", "2021-07", "2021-08"]


def test_words_are_shown_without_an_arrow(run: Run, tmp_path: Path) -> None:
    """A name that replaces another may be another office."""
    records = [
        {
            "id": f"m{year}",
            "title": "Minister speaks",
            "date": f"{year}-01-01",
            "text": f"{name} is the Minister of Roads. The minister spoke about roads in {year}.",
        }
        for year, name in ((2019, "Ann Roe"), (2020, "Ann Roe"), (2021, "Cy Poe"))
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    update_collection(tmp_path / "c", [str(tmp_path / "in.jsonl")])
    result = run("--index", str(tmp_path / "c"), "track", "Who is the Minister of Roads?")

    assert [line for line in result.stdout.splitlines() if line.startswith(("Ann", "Cy"))] == [
        "Ann Roe (Jan 2019)",
        "Cy Poe (Jan 2021)",
    ]


def test_the_samples_give_the_same_words_as_they_have(run: Run) -> None:
    """A question that one release answers has one value."""
    result = run("track", "What is the minimum wage in Yukon?", "--json")
    (row,) = [json.loads(line) for line in result.stdout.splitlines()]

    assert row["value"]["value"] == 15.2
    assert row["changed_from"] is None


def test_nothing_found_and_wrong_options(run: Run, wages: str) -> None:
    """The exit codes are those of `find`."""
    none = run("--index", wages, "track", "Who won the chess championship?")

    assert none.exit_code == 4
    assert "Nothing found" in none.stderr
    assert run("track", QUESTION, "--json", "--csv").exit_code == 2
    assert run("track", QUESTION, "--releases", "0").exit_code == 2
    assert run("track", " ").exit_code == 1
    assert run("track", "كم يبلغ الحد الأدنى للأجور؟").exit_code == 1


def test_as_many_releases_are_read_as_the_library_reads() -> None:
    """The command and the library have the same default."""
    command = typer.main.get_command(app).commands["track"]  # type: ignore[attr-defined]
    (option,) = (found for found in command.params if found.name == "releases")

    assert option.default == TrackOptions().releases
