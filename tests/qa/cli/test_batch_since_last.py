"""`batch --since-last`: answers from what came in since."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.ingest.update import remove_releases, update_collection
from index.store.checkpoints import Checkpoint, current_checkpoint, filters_since
from index.store.reader import Store
from qa.batch.checkpoint import (
    SavedCheckpoint,
    checkpoint_path,
    read_checkpoint,
    write_checkpoint,
)

Run = Callable[..., Any]
OLD = "The old bridge over the Hill River was closed on May 2 for repairs of its piers."
NEW = "The new bridge over the Hill River opens on June 3, the town announced this week."


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exported_encoder: None) -> Path:
    """A collection of one release below the working folder, and a place for marks."""
    del exported_encoder
    monkeypatch.setenv("RELEASEQA_DATA", str(tmp_path / "data"))
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "old.txt").write_text(f"Bridge closed\n\n{OLD}\n")
    update_collection(tmp_path / "c", [tmp_path / "news"])
    return tmp_path


def answered(run: Run, folder: Path, *words: str) -> tuple[list[list[str]], str]:
    """The releases that the passages of each answer come from, and what was said."""
    result = run(
        "--index", str(folder / "c"), "batch", str(folder / "q.txt"), "--since-last", "-k", "9",
        *words,
    )  # fmt: skip
    assert result.exit_code == 0
    records = [json.loads(line) for line in result.stdout.splitlines()]
    return [[p["release"]["id"] for p in record["passages"]] for record in records], result.stderr


def test_only_what_came_in_since_is_searched(run: Run, folder: Path) -> None:
    """The first run asks of everything, the next of nothing, then of what is new or changed."""
    (folder / "q.txt").write_text("When does the bridge open?\n")
    before = {path: path.read_bytes() for path in (folder / "c").rglob("*") if path.is_file()}

    assert answered(run, folder)[0] == [["old"]]
    nothing, said = answered(run, folder)
    assert nothing == [[]]
    assert said.startswith("0 new or changed releases since the last run.\n")
    assert before == {p: p.read_bytes() for p in (folder / "c").rglob("*") if p.is_file()}

    (folder / "news" / "new.txt").write_text(f"Bridge opens\n\n{NEW}\n")
    update_collection(folder / "c", [folder / "news"])
    found, said = answered(run, folder)
    assert found == [["new"]]
    assert said.startswith("1 new or changed release since the last run.\n")

    (folder / "news" / "old.txt").write_text(f"Bridge closed\n\n{OLD} It opens again soon.\n")
    update_collection(folder / "c", [folder / "news"])
    assert answered(run, folder)[0] == [["old"]]
    assert answered(run, folder)[0] == [[]]


def test_a_run_that_fails_does_not_move_the_mark(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupted, the same is asked again; another file of questions has its own mark."""
    (folder / "q.txt").write_text("When does the bridge open?\n")
    with monkeypatch.context() as patch:
        patch.setattr("qa.collection.Collection.ask_many", _interrupt)
        words = ["--index", str(folder / "c"), "batch", str(folder / "q.txt"), "--since-last"]
        assert run(*words).exit_code == 130

    assert answered(run, folder)[0] == [["old"]]
    (folder / "q.txt").rename(folder / "other.txt")
    (folder / "q.txt").symlink_to(folder / "other.txt")
    found, said = answered(run, folder)
    assert (found, "has no earlier run" in said) == ([["old"]], True)


def test_another_collection_in_its_place_is_asked_whole(run: Run, folder: Path) -> None:
    """A mark of a collection that was made anew does not count."""
    (folder / "q.txt").write_text("When does the bridge open?\n")
    answered(run, folder)
    path = checkpoint_path(folder / "c", folder / "data", str((folder / "q.txt").resolve()))
    assert path.exists()
    write_checkpoint(path, SavedCheckpoint(Checkpoint("2001-01-01T00:00:00Z", 1)))

    found, said = answered(run, folder)

    assert (found, "was last run on another collection" in said) == ([["old"]], True)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"version": 1, "point": 5}', b"\xff"])
def test_a_damaged_checkpoint_counts_as_none(run: Run, folder: Path, content: bytes) -> None:
    """Whatever the file contains, the run answers from everything and writes a good one."""
    (folder / "q.txt").write_text("When does the bridge open?\n")
    answered(run, folder)
    path = checkpoint_path(folder / "c", folder / "data", str((folder / "q.txt").resolve()))
    saved = read_checkpoint(path)
    assert saved.checkpoint.release == 1
    path.write_bytes(content)

    found, said = answered(run, folder)

    assert (found, "has no earlier run" in said) == ([["old"]], True)
    assert read_checkpoint(path) == saved


def test_the_point_stays_below_what_cannot_be_found_yet(folder: Path) -> None:
    """A release whose meaning is not encoded yet is after the point; a removed one lowers none."""
    with Store(folder / "c") as store:
        assert current_checkpoint(store).release == 1
    (folder / "news" / "new.txt").write_text(f"Bridge opens\n\n{NEW}\n")
    steps = iter([False] * 4)
    report = update_collection(folder / "c", [folder / "news"], cancelled=lambda: next(steps, True))
    with Store(folder / "c") as store:
        newest = store.value("SELECT max(id) FROM releases")
        assert current_checkpoint(store).release == (newest if not report.to_encode else newest - 1)
        point = Checkpoint(current_checkpoint(store).made, newest)
    remove_releases(folder / "c", ["new"])
    with Store(folder / "c") as store:
        filters = filters_since(store, point)
        assert filters is not None
        assert filters.after == newest
        assert filters_since(store, Checkpoint(point.made, newest + 1)) is None


def test_standard_input_has_no_mark(run: Run, folder: Path) -> None:
    """--since-last with - is usage."""
    del folder
    assert run("batch", "-", "--since-last").exit_code == 2


def _interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt
