"""What the user said of names, in the store of the collection."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from archives import archive_of

from index.archive.restore import restore_archive
from index.errors import CollectionBusyError, CollectionDamagedError, StorageError
from index.ingest.update import update_collection
from index.store import name_decisions
from index.store.name_decisions import (
    LONGEST_NAME,
    META,
    NameDecision,
    add_name_decision,
    drop_last_name_decision,
    load_name_decisions,
    parse_name_decisions,
)
from index.store.reader import STORE_NAME, Store
from index.store.writer import writing_lock
from index.verify.verify import verify_collection

MERGE = NameDecision("merge", "person", ("Mr Roe", "Ann Roe"))
PART = NameDecision("part", "place", ("Truro", "Truro, Iowa"))


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    """A collection of one release, not encoded."""
    source = tmp_path / "a.txt"
    source.write_text("A bridge\n\nAnn Roe opened the bridge.")
    update_collection(tmp_path / "index", [source])
    return tmp_path / "index"


def decisions(folder: Path) -> tuple[NameDecision, ...]:
    """What is recorded."""
    with Store(folder) as store:
        return load_name_decisions(store)


def test_decisions_are_kept_in_order_and_taken_back_from_the_end(folder: Path) -> None:
    """One after another, until there is none."""
    assert decisions(folder) == ()
    add_name_decision(folder, MERGE)
    add_name_decision(folder, PART)
    assert decisions(folder) == (MERGE, PART)

    assert drop_last_name_decision(folder) == (PART,)
    assert decisions(folder) == (MERGE,)
    assert drop_last_name_decision(folder) == (MERGE,)
    assert drop_last_name_decision(folder) == ()


def test_they_survive_indexing_and_a_backup_and_are_verified(folder: Path, tmp_path: Path) -> None:
    """A change of the record is found, as of any other row."""
    add_name_decision(folder, MERGE)
    (tmp_path / "a.txt").write_text("A bridge\n\nAnn Roe closed the bridge.")
    update_collection(folder, [tmp_path / "a.txt"])
    archive_of(folder, tmp_path / "backup.zip")
    restore_archive(tmp_path / "backup.zip", tmp_path / "restored")
    assert decisions(folder) == decisions(tmp_path / "restored") == (MERGE,)
    assert not verify_collection(folder).damaged

    with closing(sqlite3.connect(folder / STORE_NAME)) as store, store:
        store.execute(
            "UPDATE meta SET value = replace(value, 'Ann', 'Eve') WHERE name = ?", (META,)
        )
    found = verify_collection(folder).findings
    assert [(one.name, one.place) for one in found if one.verdict == "wrong"] == [
        ("store", "record of name decisions")
    ]


def _record(**changes: object) -> str:
    decision = {"act": "merge", "type": "person", "names": ["Mr Roe", "Ann Roe"]} | changes
    return json.dumps({"version": 1, "decisions": [decision]})


@pytest.mark.parametrize(
    "record",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        json.dumps({"version": 2, "decisions": []}),
        json.dumps({"version": 1, "decisions": [[]]}),
        json.dumps({"version": 1, "decisions": [{}] * 10_001}),
        _record(act="drop"),
        _record(type="thing"),
        _record(names=["Ann Roe"]),
        _record(names=["Ann Roe", 1]),
        _record(names=["Ann Roe", ""]),
        _record(names=["Ann Roe", "x" * (LONGEST_NAME + 1)]),
        _record(names=["Ann Roe", "\ud800"]),
    ],
    ids=lambda record: record[:60],
)
def test_a_strangers_record_is_refused(record: str) -> None:
    """83: Not ignored: the names would be joined in another way than the user said."""
    assert parse_name_decisions(_record()) == (MERGE,)
    with pytest.raises(CollectionDamagedError, match="names --undo"):
        parse_name_decisions(record)


def test_a_record_that_cannot_be_read_is_not_written_over(folder: Path) -> None:
    """Only taking back empties it."""
    with closing(sqlite3.connect(folder / STORE_NAME)) as store, store:
        store.execute("INSERT INTO meta (name, value) VALUES (?, 'x')", (META,))

    with pytest.raises(CollectionDamagedError):
        add_name_decision(folder, MERGE)
    assert drop_last_name_decision(folder) is None
    assert decisions(folder) == ()


def test_there_is_a_limit_and_one_writer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused decision leaves those before it."""
    monkeypatch.setattr(name_decisions, "MOST", 1)
    add_name_decision(folder, MERGE)
    with pytest.raises(StorageError, match="undo some first"):
        add_name_decision(folder, PART)
    with writing_lock(folder), pytest.raises(CollectionBusyError):
        add_name_decision(folder, PART)
    assert decisions(folder) == (MERGE,)


@pytest.mark.parametrize("change", [drop_last_name_decision, lambda f: add_name_decision(f, PART)])
def test_nothing_is_searched_anew_for_a_decision(
    folder: Path, change: Callable[[Path], object]
) -> None:
    """The indexes stay those of the collection, which is not newer than they are."""
    add_name_decision(folder, MERGE)
    with Store(folder) as store:
        before = store.state, store.artifact("words")
    change(folder)
    with Store(folder) as store:
        assert (store.state, store.artifact("words")) == before
