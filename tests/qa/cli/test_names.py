"""`releaseqa names`."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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


@pytest.fixture(name="town")
def _town(run: Run, tmp_path: Path) -> Run:
    """Run a command on a collection of four releases, which is not the one of the samples."""
    source = tmp_path / "town.jsonl"
    texts = {
        "one": "Premier Ann Roe opened the bridge today.\n\n“It cost $4 million in all, and it is "
        "open to everybody now,” said Premier Ann Roe.",
        "two": "Mayor Ben Roe opened a school today.\n\n“It cost $6 million in all, and it is open "
        "to everybody now,” said Mayor Ben Roe.",
        "three": "They opened a harbour today.\n\n“The harbour cost $8 million in all, and it is "
        "open to everybody now,” said Ms. Roe.",
        "four": "The Department of Public Works opened a road, as people in Truro, N.S. asked.",
    }
    with source.open("w") as file:
        for number, (name, text) in enumerate(texts.items(), 1):
            date = f"2021-0{number}-01"
            record = {"id": name, "date": date, "title": "News", "text": text}
            file.write(json.dumps(record) + "\n")
    assert run("--index", str(tmp_path / "town"), "index", str(source)).exit_code == 0
    return lambda *words, **more: run("--index", str(tmp_path / "town"), *words, **more)


def named(run: Run, *words: str) -> dict[str, list[str]]:
    """The releases of each name of a command."""
    return {found["name"]: found["release_ids"] for found in records(run, *words)}


def test_a_surname_of_several_is_whose_the_user_says(town: Run) -> None:
    """In `names`, in `said` and in filters, until it is taken back."""
    apart = {"Ann Roe": ["one"], "Ben Roe": ["two"], "Roe": ["three"]}
    assert named(town, "--type", "person") == apart
    refused = town("list", "--mentions", "Roe")
    assert refused.exit_code == 1
    assert refused.stderr == ("releaseqa: 'Roe' can be Ann Roe, Ben Roe; give one of these names\n")

    result = town("names", "--merge", "Ms Roe", "ann roe")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        "Merged: Roe and Ann Roe are one person. To take it back: releaseqa names --undo\n"
    )
    assert named(town, "--type", "person") == {"Ann Roe": ["one", "three"], "Ben Roe": ["two"]}
    said = [json.loads(line) for line in town("said", "Roe", "--json").stdout.splitlines()]
    assert sorted(one["statements"][0]["release"]["id"] for one in said) == ["one", "three"]
    for name in ("Roe", "Ann Roe"):
        assert [line.split("\t")[0] for line in town("list", "--mentions", name).stdout.splitlines()
        ] == ["three", "one"]  # fmt: skip

    assert town("names", "--undo").stderr == "Taken back: Merged: Roe and Ann Roe are one person\n"
    assert named(town, "--type", "person") == apart


def test_what_was_merged_and_parted_is_listed(town: Run) -> None:
    """As text and as JSON, the last one last."""
    assert town("names", "--decisions").stderr == "No names were merged or parted.\n"
    for words in (("--merge", "Roe", "Ann Roe"), ("--part", "Roe", "Ann Roe")):
        assert town("names", *words).exit_code == 0

    assert town("names", "--decisions").stdout.splitlines() == [
        "Merged: Roe and Ann Roe are one person",
        "Parted: Roe is not the same person as Ann Roe",
    ]
    written = town("names", "--decisions", "--json").stdout.splitlines()
    assert json.loads(written[1]) == {
        "act": "part", "type": "person", "names": ["Roe", "Ann Roe"],
    }  # fmt: skip
    assert named(town, "--type", "person")["Roe"] == ["three"]


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (("--merge", "Ann Roe"), 2, "--merge takes two names, each in quotation marks"),
        (("--merge", "Ann Roe", " "), 2, "a name has 1 to 200 characters"),
        (("--merge", "--part", "Ann Roe", "Ben Roe"), 2, "--merge and --part cannot be used"),
        (("--undo", "Ann Roe"), 2, "--undo takes no names"),
        (("--decisions", "--since", "2020"), 2, "--decisions takes no filters, --limit or format"),
        (
            ("--merge", "Ann Row", "Ben Roe"),
            1,
            "no release names 'Ann Row'; did you mean 'Ann Roe'",
        ),
        (("--merge", "Ann Roe", "Premier Ann Roe"), 1, "'Ann Roe' and 'Ann Roe' are one person al"),
        (("--part", "Ann Roe", "Ben Roe"), 1, "'Ann Roe' and 'Ben Roe' are not one person"),
        (("--part", "Ann Roe", "Ann Roe"), 1, "both names are 'Ann Roe'; give two of 'Ann Roe'"),
        (("--merge", "Ann Roe", "Truro"), 1, "'Ann Roe' names a person, 'Truro' a place; only"),
        (("--merge", "Ann Roe", "Truro", "--type", "place"), 1, "'Ann Roe' names no place, but a"),
        (("--undo",), 1, "no names were merged or parted, so there is nothing to undo"),
    ],
)
def test_what_cannot_be_decided_is_refused(
    town: Run, words: tuple[str, ...], code: int, expected: str
) -> None:
    """Nothing is recorded."""
    result = town("names", *words)

    assert (result.exit_code, result.stdout) == (code, "")
    assert expected in " ".join(result.stderr.replace("│", "").split())
    assert town("names", "--decisions").stdout == ""


ASKED = ("ask", "What did it cost?", "-k", "9", "--words-only", "--no-reader", "--json")


@pytest.mark.parametrize(
    "words",
    [
        ASKED,
        ("find", "cost", "--json"),
        ("figures", "--json"),
        ("quotes", "--json"),
        ("list", "--json"),
        ("names", "--type", "person", "--json"),
        ("said", "Ann Roe", "--json"),
    ],
    ids=lambda words: words[0],
)
def test_every_command_searches_only_what_mentions_a_name(
    town: Run, words: tuple[str, ...]
) -> None:
    """Before the best are chosen; the same without the filter has other releases as well."""

    def ids(*filters: str) -> set[str]:
        result = town(*words, *filters)
        assert result.exit_code in {0, 4}, result.stderr
        return {name for name in ("one", "two", "three", "four") if f'"{name}"' in result.stdout}

    assert ids("--mentions", "Premier Ann Roe") == {"one"}
    assert ids("--mentions", "Ann Roe", "--until", "2020") == set()
    assert ids() > {"one"} or words[0] == "said"


def test_questions_of_a_file_have_names_of_their_own(town: Run, tmp_path: Path) -> None:
    """A question about nobody fails alone, a filter of the whole run at once."""
    questions = tmp_path / "q.jsonl"
    asked = [("Ann Roe", "one"), ("Nobody Else", None), ("Ben Roe", "two")]
    with questions.open("w") as file:
        for name, _ in asked:
            record = {"question": "What did it cost?", "filters": {"mentions": name}}
            file.write(json.dumps(record) + "\n")

    result = town("batch", str(questions), "--words-only", "--no-reader")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 3
    assert [
        one["passages"][0]["release"]["id"] if "passages" in one else None for one in answers
    ] == [name for _, name in asked]
    assert answers[1]["error"].startswith("no release names 'Nobody Else'")

    refused = town("batch", str(questions), "--mentions", "Nobody Else")
    assert (refused.exit_code, refused.stdout) == (1, "")
    (tmp_path / "one.txt").write_text("What did it cost?\n")
    words = ("table", "--questions", str(tmp_path / "one.txt"), "--words-only", "--format", "csv")
    rows = csv.DictReader(io.StringIO(town(*words, "--mentions", "Ben Roe").stdout))
    assert [row["release_id"] for row in rows] == ["two"]


def test_ftm_is_what_followthemoney_reads(town: Run) -> None:
    """Each name is one entity; one that can be several is left out."""
    lines = town("names", "--format", "ftm").stdout.splitlines()
    found = {entity["id"]: entity for entity in map(json.loads, lines)}

    assert [(one["schema"], one["properties"]) for one in found.values()] == [
        ("Person", {"name": ["Ann Roe"], "position": ["Premier"]}),
        ("Person", {"name": ["Ben Roe"], "position": ["Mayor"]}),
        ("Organization", {"name": ["Department of Public Works"]}),
        ("Address", {"full": ["Truro, Nova Scotia"], "city": ["Truro"], "state": ["Nova Scotia"]}),
    ]
    assert town("names", "--merge", "Roe", "Ann Roe").exit_code == 0
    merged = json.loads(town("names", "--format", "ftm").stdout.splitlines()[0])
    assert merged["properties"]["weakAlias"] == ["Roe"]
    assert merged["id"] in found  # of its name alone

    model = pytest.importorskip("followthemoney").model
    for entity in (*found.values(), merged):
        proxy = model.get_proxy(entity)
        proxy.schema.validate(entity)
        assert proxy.to_dict()["properties"] == entity["properties"]
