"""What is kept of releases that were changed or removed."""

import json
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from crafted_stores import of_version_5
from index_parts import contents, index_words, put

from index.ingest import parse, sync
from index.ingest.update import remove_releases
from index.store import writer
from index.store.former_releases import (
    MAX_VERSIONS,
    FormerRelease,
    former_releases,
    former_text,
    records_changes,
)
from index.store.reader import STORE_NAME, Store
from index.verify.verify import verify_collection

MAY, JUNE = "The bridge opens in May. It is new.", "The bridge opens in June. It is new."


def index_record(folder: Path, *, age_s: float = 60, **fields: str) -> None:
    """Index a file with one record, which was written some seconds ago."""
    record = {"id": "a", "title": "A bridge", "date": "2024-03-01", **fields}
    index_words(folder / "c", [put(folder / "a.jsonl", json.dumps(record), age_s=age_s)])


def kept(folder: Path) -> list[tuple[str, str, str | None, str | None]]:
    """What is recorded: change, title, date and text, the latest first."""
    with Store(folder / "c") as store:
        return [
            (former.change, former.title, former.date, former_text(store, former.key))
            for former in former_releases(store)
        ]


def test_the_former_text_of_a_changed_release_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its hash, when it was stored, and when it was replaced."""
    now = ["2024-01-01T00:00:00Z"]
    monkeypatch.setattr(writer, "_now", lambda: now[0])
    index_record(tmp_path, text=MAY)
    now[0] = "2024-01-02T00:00:00Z"
    index_record(tmp_path, text=JUNE, age_s=50)

    with Store(tmp_path / "c") as store:
        (former,) = former_releases(store)
        assert store.stored_at("a")[1] == former.replaced_at == now[0]
        assert former_text(store, former.key) == MAY
        assert former_releases(store, "b") == []
    assert former == FormerRelease(
        former.key, "a", "A bridge", "2024-03-01", sha256(MAY.encode()).digest(),
        "2024-01-01T00:00:00Z", now[0], "changed",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("title", "Another", [("changed", "A bridge", "2024-03-01", MAY)]),
        ("date", "2024-03-02", [("changed", "A bridge", "2024-03-01", MAY)]),
        ("issuer", "Somebody", []),
        ("desk", "roads", []),
        ("text", MAY, []),
    ],
)
def test_only_title_date_and_text_are_told(
    field: str, value: str, expected: list[object], tmp_path: Path
) -> None:
    """A release that says the same leaves nothing behind."""
    index_record(tmp_path, text=MAY)
    index_record(tmp_path, **{"text": MAY, field: value}, age_s=50)

    assert kept(tmp_path) == expected


def test_of_a_removed_release_no_text_stays(tmp_path: Path) -> None:
    """Its title, date and hash do; the texts that it had before go, too, and no others."""
    index_record(tmp_path, text=MAY)
    index_record(tmp_path, text=JUNE, age_s=50)
    other = {"id": "b", "text": "The ferry leaves at nine."}
    put(tmp_path / "b.jsonl", json.dumps(other), age_s=60)
    index_words(tmp_path / "c", [tmp_path / "b.jsonl"])
    put(tmp_path / "b.jsonl", json.dumps({**other, "text": "The ferry leaves at ten."}), age_s=50)
    index_words(tmp_path / "c", [tmp_path / "b.jsonl"])

    remove_releases(tmp_path / "c", ["a"])

    assert [found[0] for found in kept(tmp_path)] == ["removed", "changed", "changed"]
    assert [found[3] for found in kept(tmp_path)] == [None, "The ferry leaves at nine.", None]
    with Store(tmp_path / "c") as store:
        hashes = [former.sha256 for former in former_releases(store, "a")]
    assert hashes == [sha256(text.encode()).digest() for text in (JUNE, MAY)]
    assert not verify_collection(tmp_path / "c").damaged
    whole = (tmp_path / "c" / STORE_NAME).read_bytes()
    assert b"The ferry leaves at nine." in whole
    assert not [text for text in (JUNE, MAY) if text.encode() in whole]


def test_a_pruned_release_is_recorded(tmp_path: Path) -> None:
    """A release whose file is gone is reported first, and recorded when it is removed."""
    index_record(tmp_path / "s", text=MAY)
    put(tmp_path / "s" / "b.txt", "Ferry\n\nThe ferry leaves at nine.")
    index_words(tmp_path / "c", [tmp_path / "s"])
    (tmp_path / "s" / "a.jsonl").unlink()
    index_words(tmp_path / "c", [tmp_path / "s"])
    assert kept(tmp_path) == []

    index_words(tmp_path / "c", [tmp_path / "s"], prune=True)

    assert kept(tmp_path) == [("removed", "A bridge", "2024-03-01", None)]


def test_the_latest_versions_of_a_release_are_kept(tmp_path: Path) -> None:
    """An update for each version; the oldest are forgotten."""
    for number in range(MAX_VERSIONS + 3):
        index_record(tmp_path, text=f"The bridge opens on May {number + 1}.", age_s=90 - number)

    assert [found[3] for found in kept(tmp_path)] == [
        f"The bridge opens on May {number}." for number in range(MAX_VERSIONS + 2, 2, -1)
    ]


def test_the_latest_texts_and_records_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the limit of bytes a text is dropped, beyond that of records all of it."""
    monkeypatch.setattr(writer, "MAX_TEXT_BYTES", 2 * len(MAY))
    monkeypatch.setattr(writer, "MAX_RECORDS", 4)
    for number in range(6):
        index_record(tmp_path, text=f"{MAY[:-1]}{number}", age_s=90 - number)

    assert [found[3] for found in kept(tmp_path)] == [f"{MAY[:-1]}4", f"{MAY[:-1]}3", None, None]
    assert not verify_collection(tmp_path / "c").damaged


def test_reading_in_another_way_is_no_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same bytes are no edit; other bytes may be one, and what was before is kept."""
    index_record(tmp_path, text=MAY)
    read_otherwise(monkeypatch, "8001")
    index_record(tmp_path, text=MAY, age_s=50)
    assert contents(tmp_path / "c")["a"][0].text == f"{MAY} 8001"
    assert kept(tmp_path) == []

    read_otherwise(monkeypatch, "8002")
    index_record(tmp_path, text=JUNE, age_s=40)
    assert kept(tmp_path) == [("reread", "A bridge", "2024-03-01", f"{MAY} 8001")]


def read_otherwise(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    """Read the texts of releases in another way, as another version of the program would."""
    monkeypatch.setattr(sync, "PARSER_VERSION", version)
    real = parse.Release

    def release(release_id: str, title: str, text: str, *more: object, **named: object) -> object:
        plain = text.partition(" 800")[0]
        return real(release_id, title, f"{plain} {version}", *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(parse, "Release", release)


def test_a_damaged_release_can_be_changed(tmp_path: Path) -> None:
    """What cannot be read is kept as the bytes that are there."""
    index_record(tmp_path, text=MAY)
    with closing(sqlite3.connect(tmp_path / "c" / STORE_NAME)) as store, store:
        store.execute("UPDATE releases SET text = CAST(X'ff' || text AS TEXT), metadata = 'x'")

    index_record(tmp_path, text=JUNE, age_s=50)

    assert kept(tmp_path) == [("reread", "A bridge", "2024-03-01", f"\ufffd{MAY}")]
    assert contents(tmp_path / "c")["a"][0].text == JUNE


def test_a_change_and_what_was_before_are_written_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An update that fails after it has stored the change leaves neither."""
    index_record(tmp_path, text=MAY)
    with monkeypatch.context() as patch:
        patch.setattr(writer.StoreWriter, "limit_former_releases", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            index_record(tmp_path, text=JUNE, age_s=50)
        with pytest.raises(KeyboardInterrupt):
            remove_releases(tmp_path / "c", ["a"])

    assert kept(tmp_path) == []
    assert contents(tmp_path / "c")["a"][0].text == MAY


def test_an_older_collection_records_from_its_next_update_on(tmp_path: Path) -> None:
    """Reading it finds nothing recorded."""
    index_record(tmp_path, text=MAY)
    index_record(tmp_path, text=JUNE, age_s=50)
    of_version_5(tmp_path / "c")
    with Store(tmp_path / "c") as store:
        assert (former_releases(store), records_changes(store)) == ([], False)

    index_record(tmp_path, text=MAY, age_s=40)

    assert kept(tmp_path) == [("changed", "A bridge", "2024-03-01", JUNE)]


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
