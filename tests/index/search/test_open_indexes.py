"""A store with damaged records, and one whose lexical index is out of date, are reported."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from index_parts import RELEASE, by_words, index_words, put, searching

from index.errors import CollectionDamagedError, ModelMismatchError
from index.ingest.update import update_collection
from index.store.reader import STORE_NAME, Store
from index.store.writer import StoreWriter
from index.verify.findings import Findings


def _change(folder: Path, sql: str, *values: str) -> None:
    connection = sqlite3.connect(folder / STORE_NAME)
    with connection:
        connection.execute(sql, values)
    connection.close()


def _use(folder: Path) -> None:
    """Use a store as questions and lists do."""
    with searching(folder) as searcher:
        assert searcher.indexes.vectors is not None
        assert by_words(searcher, "satellite")
        searcher.store.release("killick-1-satellite")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("generation", "many"), ("generation", "-1"), ("generation", "9" * 400),
        ("dimension", "some"), ("dimension", "383"), ("dimension", "0"),
        ("dimension", "99999999999"),
    ],
)  # fmt: skip
def test_a_damaged_number_is_named_with_what_to_do(
    name: str, value: str, collection_copy: Path
) -> None:
    """80: A wrong number in the store is a clear error."""
    shutil.rmtree(collection_copy / "derived")
    _change(collection_copy, "UPDATE meta SET value = ? WHERE name = ?", value, name)

    with pytest.raises(CollectionDamagedError, match="restore it from a backup"):
        _use(collection_copy)


def test_damaged_metadata_is_named_with_its_release(collection_copy: Path) -> None:
    """80: Damaged metadata is an error that names the release and the remedy."""
    for damaged in ("{", "[]", "[" * 100_000):
        _change(collection_copy, "UPDATE releases SET metadata = ?", damaged)

        with (
            Store(collection_copy) as store,
            pytest.raises(CollectionDamagedError, match="releaseqa remove killick-1-satellite"),
        ):
            store.release("killick-1-satellite")


def test_a_suggested_command_quotes_what_a_store_holds(collection_copy: Path) -> None:
    """Names and ids of a crafted store are one word each in the commands that messages suggest."""
    _change(collection_copy, "UPDATE meta SET value = 'evil; rm -rf x' WHERE name = 'model'")
    _change(collection_copy, "UPDATE meta SET value = ? WHERE name = 'fingerprint'", "5" * 20)
    with (
        searching(collection_copy) as searcher,
        pytest.raises(ModelMismatchError, match="index --model 'evil; rm -rf x' SOURCE"),
    ):
        _ = searcher.indexes.encoder
    with pytest.raises(ModelMismatchError, match="use --model 'evil; rm -rf x'; "):
        update_collection(collection_copy, [collection_copy])

    _change(collection_copy, "UPDATE releases SET metadata = '[]', release_id = '-rf'||id")
    with (
        Store(collection_copy) as store,
        pytest.raises(CollectionDamagedError, match="releaseqa remove -- -rf1"),
    ):
        store.release("-rf1")
    remedy = Findings(collection_copy).restore_release("-rf", b"-x; y")
    assert "releaseqa remove -- -rf && releaseqa index -- '-x; y'" in remedy


def test_an_outdated_lexical_index_is_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """81: When an update ended before publishing, a note says what is not searched."""
    folder, source = tmp_path / "c", put(tmp_path / "s" / "first.txt", RELEASE)
    index_words(folder, [source])
    put(tmp_path / "s" / "second.txt", RELEASE.replace("Halifax", "Whitehorse"))
    with monkeypatch.context() as patch:
        patch.setattr(StoreWriter, "put_artifact", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            index_words(folder, [source.parent])

    with searching(folder) as searcher:
        assert [] == by_words(searcher, "Whitehorse")
        (note,) = searcher.indexes.notes
    assert "interrupted" in note
    assert "releaseqa verify --repair" in note
    update_collection(folder, [source.parent])
    with searching(folder) as searcher:
        assert by_words(searcher, "Whitehorse")
        assert [] == searcher.indexes.notes
