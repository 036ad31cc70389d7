"""What a release can be called: by id, by the start of one, by title, by words of the title."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.ingest.update import update_collection
from qa.collection import open_collection
from qa.errors import AmbiguousReleaseError

Run = Callable[..., Any]

RECORDS = [
    ("bridge", "2021-03-01", "Footbridge opens"),
    ("bridge-2", "2022-03-01", "Second footbridge opens"),
    ("budget-a", "2023-01-01", "Budget for  Roads"),
    ("Budget for Roads", "2023-01-02", "Ferries"),
    ("éclair", None, "STRASSE wird gebaut"),
    ("trail#4", "2023-05-05", "Trail #4 is open"),
    ("note\n\x1b[31m1", "2023-06-01", "Notice\nof \x1b[31mwork"),
    *((f"report-{n}", f"2020-01-0{n}", "Monthly report") for n in range(1, 8)),
]


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, exported_encoder: None) -> Path:
    """A collection of releases with names that are alike."""
    del exported_encoder
    lines = [
        json.dumps({"id": name, "date": date, "title": title, "text": f"Text of {name}."})
        for name, date, title in RECORDS
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(lines))
    update_collection(tmp_path / "c", [tmp_path / "in.jsonl"])
    return tmp_path / "c"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("bridge", "bridge"),  # an id, though another begins with it
        ("bridge-", "bridge-2"),
        ("Budget for Roads", "Budget for Roads"),  # the id of one, and the title of another
        ("budget  FOR roads", "budget-a"),
        ("Footbridge opens", "bridge"),  # a title, though another contains it
        ("strasse WIRD", "éclair"),
        ("straße wird gebaut", "éclair"),
        ("second foot", "bridge-2"),
        ("trail#4", "trail#4"),
        ("trail #4", "trail#4"),
        ("report-3", "report-3"),
    ],
)
def test_show_takes_every_name(run: Run, folder: Path, name: str, meant: str) -> None:
    """An id comes first, then the start of one, then a title, then a part of one."""
    shown = run("--index", str(folder), "show", name, "--json")

    assert (shown.exit_code, shown.stderr) == (0, "")
    assert meant == json.loads(shown.stdout)["id"]


@pytest.mark.parametrize("name", ["bridge-2#0", "bridge-#0", "second foot#0"])
def test_a_passage_of_any_name(run: Run, folder: Path, name: str) -> None:
    """The number of a passage can follow each name."""
    shown = json.loads(run("--index", str(folder), "show", name, "--json").stdout)

    assert ["bridge-2#0"] == [passage["passage_id"] for passage in shown["passages"]]


def test_a_name_of_several_lists_them(run: Run, folder: Path) -> None:
    """Up to five are listed with id, date and title, newest first; the rest are counted."""
    shown = run("--index", str(folder), "show", "monthly")

    assert (shown.exit_code, shown.stdout) == (1, "")
    assert shown.stderr.splitlines() == [
        "releaseqa: 7 releases match 'monthly'; give the id of one",
        *(f"  report-{n}  2020-01-0{n}  Monthly report" for n in (7, 6, 5, 4, 3)),
        "  and 2 more",
    ]


@pytest.mark.parametrize("name", ["", " ", "zzz", "\udcff", "BRIDGE-", "opens now"])
def test_what_nothing_is_called(run: Run, folder: Path, name: str) -> None:
    """Nothing is guessed from no words, undecodable bytes or a start in other letters."""
    shown = run("--index", str(folder), "show", name)

    assert (shown.exit_code, shown.stdout) == (1, "")
    assert shown.stderr.startswith("releaseqa: no release ")


def test_listed_names_are_clean(run: Run, folder: Path) -> None:
    """What is listed cannot control the terminal, and each release has one line."""
    with (folder.parent / "in.jsonl").open("a") as records:
        more = {"id": "note\n\x1b[31m2", "title": "Notice\nof \x1b[31mwork", "text": "Other."}
        records.write("\n" + json.dumps(more))
    update_collection(folder, [folder.parent / "in.jsonl"])

    shown = run("--index", str(folder), "show", "note")

    assert 3 == len(shown.stderr.splitlines())
    assert "\x1b" not in shown.stderr


def test_remove_names_what_it_removes(run: Run, folder: Path) -> None:
    """The start of an id and a whole title will do; a release that is named twice is one."""
    removed = run("--index", str(folder), "remove", "bridge-", "second footbridge OPENS", "éc")

    assert 0 == removed.exit_code
    assert removed.stderr.splitlines() == [
        "removed bridge-2  2022-03-01  Second footbridge opens",
        "removed éclair  undated  STRASSE wird gebaut",
    ]
    assert removed.stdout.startswith("0 added, 0 updated, 0 unchanged, 2 removed")
    with open_collection(folder) as collection:
        left = {release.id for release in collection.releases()}
    assert {name for name, _, _ in RECORDS} - {"bridge-2", "éclair"} == left


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("bridge", "second foot"), "no release 'second foot' in the collection; "),
        (("bridge", "report"), "7 releases match 'report'; give the id of one\n  report-7"),
        (("bridge", "monthly REPORT"), "7 releases match 'monthly REPORT'; give the id of one\n"),
    ],
)
def test_remove_guesses_nothing(run: Run, folder: Path, names: tuple[str, ...], said: str) -> None:
    """A part of a title, or a name of several, removes none, nor what was named before it."""
    removed = run("--index", str(folder), "remove", *names)

    assert (removed.exit_code, removed.stdout) == (1, "")
    assert removed.stderr.startswith(f"releaseqa: nothing was removed: {said}")
    with open_collection(folder) as collection:
        assert len(RECORDS) == len(collection.releases())


def test_python_gives_the_id_of_a_name(folder: Path) -> None:
    """`release_id` returns the id; the error of several has them as its notes."""
    with open_collection(folder) as collection:
        assert "bridge-2" == collection.release_id("second foot")
        with pytest.raises(AmbiguousReleaseError, match="7 releases") as caught:
            collection.release_id("report-")
    assert "report-7  2020-01-07  Monthly report" == caught.value.__notes__[0]
