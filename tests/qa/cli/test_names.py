"""`releaseqa names`."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]

RELEASES = [
    (
        "one",
        "2021-03-01",
        "Minister Ada Sow opened a bridge. “It is open,” said Sow in Truro, N.S.",
    ),
    ("two", "2022-03-01", "The Department of Health thanked Ada Sow, Minister of Finance, for it."),
    (
        "three",
        None,
        "Ms. Sow wrote to the \x1b[31m Department of Health about it, they said today.",
    ),
]


def records(run: Run, *words: str) -> list[dict[str, Any]]:
    """The names of a command, as JSON."""
    result = run("names", "--json", *words)
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def written(tmp_path: Path) -> str:
    """A file of the three releases."""
    source = tmp_path / "releases.jsonl"
    with source.open("w") as file:
        for name, date, text in RELEASES:
            file.write(json.dumps({"id": name, "date": date, "title": "News", "text": text}) + "\n")
    return str(source)


def test_names_have_releases_dates_and_roles(run: Run, tmp_path: Path) -> None:
    """A person is one entry, whatever the releases call her."""
    source, folder = written(tmp_path), str(tmp_path / "index")
    assert run("--index", folder, "index", source).exit_code == 0

    found = records(run, "--index", folder)

    assert found[0] == {
        "type": "person", "name": "Ada Sow", "releases": 3, "first": "2021-03-01",
        "last": "2022-03-01", "roles": ["Minister", "Minister of Finance"],
        "names": ["Ada Sow", "Sow"], "can_be": [], "release_ids": ["one", "two", "three"],
    }  # fmt: skip
    assert [(name["name"], name["releases"]) for name in found[1:]] == [
        ("Department of Health", 2), ("Truro, Nova Scotia", 1),
    ]  # fmt: skip


def test_text_shows_a_name_and_what_is_known_of_it(run: Run, tmp_path: Path) -> None:
    """On a line, with roles and other names below."""
    source, folder = written(tmp_path), str(tmp_path / "index")
    assert run("--index", folder, "index", source).exit_code == 0

    lines = run("--index", folder, "names", "--type", "person").stdout.splitlines()

    assert lines[0] == "Ada Sow · person · 3 releases · 2021-03-01 to 2022-03-01"
    assert [line.strip() for line in lines[1:]] == ["Minister; Minister of Finance", "also Sow"]


def test_words_types_filters_and_limit_narrow_the_list(run: Run) -> None:
    """Words are compared without letter case; the most frequent come first."""
    every = records(run)
    people = records(run, "--type", "person")

    assert [name["type"] for name in every].count("person") == len(people) > 0
    counts = [name["releases"] for name in every]
    assert counts == sorted(counts, reverse=True)
    assert [name["name"] for name in records(run, "LAKE mar")] == ["Lake Marion"]
    assert len(records(run, "--limit", "2")) == 2
    some = records(run, "--issuer", "nova scotia")
    assert {one for name in some for one in name["release_ids"]} < {
        one for name in every for one in name["release_ids"]
    }
    assert run("names", "--limit", "1").stdout.endswith("more; --limit 0 shows all\n")


def test_nothing_found_has_its_own_exit_code(run: Run) -> None:
    """And a note on standard error."""
    result = run("names", "zzzz")

    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.startswith("Nothing found")


def test_csv_has_a_row_for_each_name(run: Run) -> None:
    """With the same numbers as JSON."""
    rows = list(csv.DictReader(io.StringIO(run("names", "--csv").stdout)))

    assert [(row["type"], row["name"], int(row["releases"])) for row in rows] == [
        (name["type"], name["name"], name["releases"]) for name in records(run)
    ]
    assert run("names", "--csv", "--json").exit_code == 2
