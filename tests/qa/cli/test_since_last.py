"""`--since-last` of `list`, `find` and `table`, and `--indexed-since`: what came in since."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.ingest.update import update_collection
from index.store.reader import STORE_NAME
from qa import clock

Run = Callable[..., Any]
OLD = "The old bridge over the Hill River was closed on May 2 for repairs of its piers."
NEW = "The new bridge over the Hill River opens on June 3, the town announced this week."


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, exported_encoder: None) -> Path:
    """A collection of one release in the folder `c`, and a folder of sources."""
    del exported_encoder
    (tmp_path / "news").mkdir()
    add(tmp_path, "old", f"Bridge closed\n\nMay 2, 2020\n\n{OLD}\n")
    return tmp_path


def add(folder: Path, name: str, text: str) -> None:
    """Write a source, and bring the collection up to date."""
    (folder / "news" / f"{name}.txt").write_text(text)
    update_collection(folder / "c", [folder / "news"])


def listed(run: Run, folder: Path, *words: str) -> list[str]:
    """The ids that `list` prints."""
    result = run("--index", str(folder / "c"), "list", *words)
    assert result.exit_code == 0
    return sorted(line.split("\t")[0] for line in result.stdout.splitlines())


def found(run: Run, folder: Path, *words: str) -> list[str]:
    """The ids of the releases that `find` finds."""
    result = run("--index", str(folder / "c"), "find", *words, "--words", "--json")
    assert result.exit_code in {0, 4}
    ids = (json.loads(line)["release"]["id"] for line in result.stdout.splitlines())
    return list(dict.fromkeys(ids))


def files_of(folder: Path) -> dict[Path, bytes]:
    """The bytes of every file of the collection."""
    return {path: path.read_bytes() for path in (folder / "c").rglob("*") if path.is_file()}


def test_list_shows_what_came_in_since_it_was_last_run(run: Run, folder: Path) -> None:
    """First everything, then nothing, then what is new or changed; reading writes nothing."""
    before = files_of(folder)
    assert listed(run, folder, "--since-last") == ["old"]
    assert listed(run, folder, "--since-last") == []
    assert "empty" not in run("--index", str(folder / "c"), "list", "--since-last").output
    assert before == files_of(folder)

    add(folder, "new", f"Bridge opens\n\n{NEW}\n")
    assert listed(run, folder) == ["new", "old"]
    assert listed(run, folder, "--since-last") == ["new"]
    add(folder, "old", f"Bridge closed\n\n{OLD} It opens again soon.\n")
    assert listed(run, folder, "--since-last") == ["old"]
    assert listed(run, folder, "--since-last") == []


def test_another_search_has_a_run_of_its_own(run: Run, folder: Path) -> None:
    """Other words or filters show what this search has not shown; another date is the same one."""
    assert found(run, folder, "bridge", "--since-last") == ["old"]
    assert found(run, folder, "bridge", "--until", "2w") == ["old"]
    assert found(run, folder, "bridge", "--since-last", "--until", "2w") == []
    assert found(run, folder, "piers", "--since-last") == ["old"]
    assert found(run, folder, "bridge", "--since-last", "--lang", "en") == ["old"]
    assert listed(run, folder, "--since-last") == ["old"]

    add(folder, "new", f"Bridge opens\n\n{NEW}\n")
    assert found(run, folder, "bridge", "--since-last") == ["new"]
    assert found(run, folder, "piers", "--since-last") == []


def test_a_table_has_a_row_for_each_new_release(run: Run, folder: Path) -> None:
    """The file of questions tells one table from another; standard input cannot."""
    (folder / "q.txt").write_text("When does the bridge open?\n")
    words = ["--index", str(folder / "c"), "table", "--questions", str(folder / "q.txt")]
    assert len(run(*words, "--since-last").stdout.splitlines()) == 2
    add(folder, "new", f"Bridge opens\n\n{NEW}\n")

    (row,) = run(*words, "--since-last").stdout.splitlines()[1:]

    assert row.startswith("new,")
    assert run("table", "--questions", "-", "--since-last").exit_code == 2


def test_what_nobody_has_read_is_new_again(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run whose output cannot be written does not count."""
    with monkeypatch.context() as patch:
        patch.setattr("qa.cli.context.Context.write", _broken)
        assert not run("--index", str(folder / "c"), "list", "--since-last").stdout

    assert listed(run, folder, "--since-last") == ["old"]


def test_indexed_since_is_about_the_collection(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The date is that of the update, not that of the release."""
    add(folder, "new", f"Bridge opens\n\n2019-05-02. {NEW}\n")
    with closing(sqlite3.connect(folder / "c" / STORE_NAME)) as store, store:
        sql = "UPDATE releases SET updated_at = '2024-03-04T12:00:00Z' WHERE release_id = 'old'"
        assert store.execute(sql).rowcount == 1
        sql = "UPDATE releases SET updated_at = '2024-03-06T12:00:00Z' WHERE release_id = 'new'"
        assert store.execute(sql).rowcount == 1
    monkeypatch.setattr(clock, "local_today", lambda: date(2024, 3, 7))

    assert listed(run, folder, "--indexed-since", "yesterday") == ["new"]
    assert listed(run, folder, "--indexed-since", "3d") == ["new", "old"]
    assert found(run, folder, "bridge", "--indexed-since", "tuesday") == ["new"]
    result = run("list", "--indexed-since", "soon")
    assert (result.exit_code, "--indexed-since: 'soon' is not a date" in result.stderr) == (2, True)


def _broken(*_: object) -> None:
    raise BrokenPipeError
