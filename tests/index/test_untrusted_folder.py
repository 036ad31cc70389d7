"""An index folder of somebody else cannot do harm."""

import hashlib
import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import faiss
import numpy as np
import pytest
from crafted_stores import put_endless_pages, put_endless_view, put_journal

from index.errors import CollectionDamagedError, ReleaseIndexError, SourceError, StorageError
from index.filters import NO_FILTERS
from index.ingest.update import remove_releases, update_collection
from index.search.searcher import Searcher
from index.search.vector import read_vectors
from index.store import sqlite
from index.store.reader import STORE_NAME, Store
from index.verify.repair import repair_collection
from qa.collection import Collection


def change(folder: Path, sql: str, *values: object) -> None:
    """Change the store directly."""
    with sqlite3.connect(folder / STORE_NAME) as connection:
        connection.execute(sql, values)
    connection.close()


def update(folder: Path) -> object:
    """Add a release to a collection."""
    source = folder.parent / "new.txt"
    source.write_text("A new release\n\nThe bridge opened today.", encoding="utf-8")
    return update_collection(folder, [source])


def read(folder: Path) -> object:
    """List the releases of a collection."""
    with Store(folder) as store:
        return store.releases(NO_FILTERS)


COMMANDS = pytest.mark.parametrize(
    "act", [read, update, repair_collection], ids=lambda act: act.__name__
)
STORE_FILES = [STORE_NAME, *(f"{STORE_NAME}{end}" for end in ("-journal", "-wal", "-shm"))]


@COMMANDS
def test_a_journal_that_names_another_file_deletes_nothing(
    act: Callable[[Path], object], collection_copy: Path, tmp_path: Path, exported_encoder: None
) -> None:
    """A journal that would make SQLite delete a file is refused, and named, by every command."""
    del exported_encoder
    victim = tmp_path / "thesis.doc"
    victim.write_text("years of work", encoding="utf-8")
    put_journal(collection_copy, victim=str(victim))

    with pytest.raises(CollectionDamagedError, match=r"sqlite3-journal names another file"):
        act(collection_copy)

    assert "years of work" == victim.read_text(encoding="utf-8")


@COMMANDS
def test_what_is_no_journal_is_not_played_back(
    act: Callable[[Path], object], collection_copy: Path, exported_encoder: None
) -> None:
    """A file in place of the journal that is no journal is refused, and stays."""
    del exported_encoder
    journal = collection_copy / f"{STORE_NAME}-journal"
    journal.write_bytes(b"a poem by somebody, not a journal")

    with pytest.raises(CollectionDamagedError, match=r"sqlite3-journal is not a journal"):
        act(collection_copy)

    assert journal.read_bytes().startswith(b"a poem")


@COMMANDS
@pytest.mark.parametrize("name", [*STORE_FILES, "lock"])
def test_links_in_place_of_the_files_of_a_store_are_refused(
    name: str,
    act: Callable[[Path], object],
    collection_copy: Path,
    tmp_path: Path,
    exported_encoder: None,
) -> None:
    """A link in place of a file of the store is refused, and nothing is written to its target."""
    del exported_encoder
    victim = tmp_path / "victim"
    path = collection_copy / name
    if path.exists():
        path.rename(victim)
    else:
        victim.write_bytes(b"years of work")
    if name == "lock":
        victim.write_bytes(b"years of work")
    path.symlink_to(victim)
    before = victim.read_bytes()

    if name == "lock" and act is read:  # readers take no lock
        act(collection_copy)
    else:
        with pytest.raises(ReleaseIndexError, match=rf"{path.name} is a symbolic link"):
            act(collection_copy)

    assert before == victim.read_bytes()


@COMMANDS
@pytest.mark.parametrize("name", STORE_FILES)
def test_a_pipe_in_place_of_a_file_of_a_store_is_refused(
    name: str, act: Callable[[Path], object], collection_copy: Path, exported_encoder: None
) -> None:
    """A pipe in place of a file of the store is refused; nothing waits for it."""
    del exported_encoder
    path = collection_copy / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)

    with pytest.raises(ReleaseIndexError, match=rf"{name} is not a regular file|no collection"):
        act(collection_copy)


def test_a_linked_folder_of_artifacts_is_refused(
    collection_copy: Path, tmp_path: Path, exported_encoder: None
) -> None:
    """An update refuses a linked folder of artifacts, and changes nothing there."""
    del exported_encoder
    victim = tmp_path / "victim"
    (collection_copy / "derived").rename(victim)
    (victim / "thesis.doc").write_text("years of work", encoding="utf-8")
    (collection_copy / "derived").symlink_to(victim)
    source = tmp_path / "new.txt"
    source.write_text("A new release\n\nThe bridge opened today.", encoding="utf-8")

    with pytest.raises(StorageError, match="is a symbolic link"):
        update_collection(collection_copy, [source])

    assert "years of work" == (victim / "thesis.doc").read_text(encoding="utf-8")


def test_files_of_others_are_left_in_the_derived_folder(
    collection_copy: Path, tmp_path: Path, exported_encoder: None
) -> None:
    """Cleaning up removes only files that releaseqa made."""
    del exported_encoder
    stray = collection_copy / "derived" / "notes.txt"
    stray.write_text("mine", encoding="utf-8")
    source = tmp_path / "new.txt"
    source.write_text("A new release\n\nThe bridge opened today.", encoding="utf-8")

    update_collection(collection_copy, [source])

    assert stray.exists()


@pytest.mark.parametrize("fingerprint", ["../../evil", "/etc", "x" * 20])
def test_a_fingerprint_cannot_lead_to_another_folder(
    collection_copy: Path, fingerprint: str
) -> None:
    """A path instead of a fingerprint is refused, and nothing is loaded from there."""
    change(collection_copy, "UPDATE meta SET value = ? WHERE name = 'fingerprint'", fingerprint)

    with Collection(collection_copy) as collection, pytest.raises(ReleaseIndexError):
        collection.ask("When did Joly visit Korea?")


@pytest.mark.parametrize("name", ["/dev/zero", "../../secret", "vectors-../../x"])
def test_a_derived_name_cannot_lead_out(collection_copy: Path, name: str) -> None:
    """An artifact is opened only under a name that releaseqa gives."""
    change(collection_copy, "UPDATE derived SET name = ? WHERE kind = 'vectors'", name)
    searcher = Searcher(collection_copy)

    assert searcher.store.artifact("vectors") is None
    assert searcher.indexes.vectors is not None
    assert len(searcher.indexes.vectors) > 0
    searcher.close()


def test_another_kind_of_faiss_file_is_not_given_to_faiss(
    sample_collection: Path, tmp_path: Path
) -> None:
    """Only indexes of float16 codes are read: other kinds may open further files."""
    path = tmp_path / "vectors"
    product, eight = faiss.METRIC_INNER_PRODUCT, faiss.ScalarQuantizer.QT_8bit_direct
    for other in (
        faiss.IndexFlatL2(384),
        faiss.IndexIDMap2(faiss.IndexFlatIP(384)),
        faiss.IndexIDMap2(faiss.IndexScalarQuantizer(384, eight, product)),
    ):
        faiss.write_index(other, str(path))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        with pytest.raises(CollectionDamagedError, match="not a vector index"):
            read_vectors(path, digest, 384)
    assert sample_collection.exists()


def test_a_mistyped_source_makes_no_collection(tmp_path: Path) -> None:
    """Without an existing source no collection is created."""
    folder = tmp_path / ".releaseqa"

    with pytest.raises(SourceError, match="no such file"):
        update_collection(folder, [tmp_path / "relaeses"])

    assert not folder.exists()


def test_a_removed_record_comes_back_with_its_file(
    collection_copy: Path, exported_encoder: None
) -> None:
    """A removed record of a JSONL file is added again by the next update."""
    del exported_encoder
    corpus = collection_copy.parent / "c.jsonl"
    corpus.write_text(
        '{"id": "r1", "text": "The first bridge opened."}\n'
        '{"id": "r2", "text": "The second bridge opened."}\n',
        encoding="utf-8",
    )
    update_collection(collection_copy, [corpus])
    remove_releases(collection_copy, ["r2"])

    assert 1 == update_collection(collection_copy, [corpus]).added


def test_prune_keeps_what_another_source_still_holds(
    collection_copy: Path, exported_encoder: None
) -> None:
    """A release that is in two files stays when one of them is deleted."""
    del exported_encoder
    folder = collection_copy.parent / "two"
    folder.mkdir()
    line = '{"id": "x1", "text": "The old harbour closes in May."}\n'
    (folder / "a.jsonl").write_text(line, encoding="utf-8")
    (folder / "b.jsonl").write_text(
        line + '{"id": "y1", "text": "The new harbour opens."}\n', encoding="utf-8"
    )
    update_collection(collection_copy, [folder])
    (folder / "a.jsonl").unlink()

    for _ in range(2):
        report = update_collection(collection_copy, [folder], prune=True)
        assert 0 == report.removed
        searcher = Searcher(collection_copy)
        assert {"x1", "y1"} <= {r.release.release_id for r in searcher.store.releases(NO_FILTERS)}
        searcher.close()


@pytest.mark.parametrize("number", [np.nan, np.inf])
@pytest.mark.parametrize("column", ["passage", "sentences"])
@pytest.mark.parametrize("copied", [False, True])
def test_a_vector_that_is_not_a_number_is_named(
    collection_copy: Path, column: str, number: float, *, copied: bool
) -> None:
    """Such vectors of a crafted store are damage, and the remedy is named."""
    with sqlite3.connect(collection_copy / STORE_NAME) as connection:
        rows = connection.execute(f"SELECT id, {column} FROM vectors").fetchall()  # noqa: S608
        for row, packed in rows:
            bad = np.full(len(packed) // 2, number, dtype="<f2").tobytes()
            connection.execute(f"UPDATE vectors SET {column} = ? WHERE id = ?", (bad, row))  # noqa: S608
        if not copied:
            connection.execute("DELETE FROM derived WHERE kind = 'vectors'")
    connection.close()

    with Collection(collection_copy) as collection:
        with pytest.raises(CollectionDamagedError, match="verify --repair"):
            collection.ask("When did Joly visit Korea?")
        assert collection.ask("When did Joly visit Korea?", words_only=True).passages


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_a_vector_file_of_no_numbers_is_damaged(tmp_path: Path, number: float) -> None:
    """A crafted file is refused although its hash is right, so the store is searched instead."""
    vectors = np.full((3, 384), 0.05, dtype=np.float32)
    vectors[1, 7] = number
    codes = faiss.IndexScalarQuantizer(
        384, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    index = faiss.IndexIDMap2(codes)
    index.add_with_ids(vectors, np.arange(3))
    path = tmp_path / "vectors"
    faiss.write_index(index, str(path))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()

    with pytest.raises(CollectionDamagedError, match="not finite"):
        read_vectors(path, digest, 384)


TABLES = ("meta", "sources", "releases", "passages", "vectors", "derived", "families")


@COMMANDS
@pytest.mark.parametrize("table", TABLES)
def test_a_view_in_place_of_a_table_is_refused(
    table: str, act: Callable[[Path], object], collection_copy: Path, exported_encoder: None
) -> None:
    """A view that never ends in place of a table is named; nothing reads it."""
    del exported_encoder
    put_endless_view(collection_copy, table)

    if act is repair_collection:
        found = repair_collection(collection_copy).after
        assert found.broken
        assert [f"view {table}"] == [finding.place for finding in found.findings]
    else:
        with pytest.raises(CollectionDamagedError, match=f"view {table} does not belong"):
            act(collection_copy)


@COMMANDS
@pytest.mark.parametrize(
    ("sql", "named"),
    [
        (
            "CREATE TRIGGER t AFTER UPDATE ON meta BEGIN DELETE FROM releases; END",
            "trigger t does not belong",
        ),
        ("CREATE VIRTUAL TABLE v USING fts5(words)", "virtual v does not belong"),
        ("ALTER TABLE meta ADD COLUMN more TEXT AS (hex(zeroblob(9)))", "table meta differs"),
        ("ALTER TABLE releases RENAME COLUMN url TO link", "table releases differs"),
    ],
)
def test_other_things_than_tables_are_refused(
    sql: str,
    named: str,
    act: Callable[[Path], object],
    collection_copy: Path,
    exported_encoder: None,
) -> None:
    """Triggers, virtual tables and columns that compute something are refused."""
    del exported_encoder
    change(collection_copy, sql)

    if act is repair_collection:
        found = repair_collection(collection_copy).after
        assert named in [f"{f.place} {f.detail}"[: len(named)] for f in found.findings]
        assert found.broken
    else:
        with pytest.raises(CollectionDamagedError, match=named):
            act(collection_copy)


@pytest.mark.parametrize("table", ["releases", "passages", "vectors"])
def test_a_table_whose_rows_never_end_is_found_damaged(
    table: str,
    collection_copy: Path,
    exported_encoder: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Pages that name one another cannot keep a command from coming to its end."""
    del exported_encoder
    monkeypatch.setattr(sqlite, "_STEPS_PER_BYTE", 1)  # as of a smaller store, for speed
    put_endless_pages(collection_copy, table)
    (collection_copy / "derived").rename(collection_copy.parent / "derived")  # read it all

    with Store(collection_copy) as store, pytest.raises(CollectionDamagedError, match="no end"):
        store.value(f"SELECT max(t.rowid + 1) FROM {table} t NOT INDEXED")  # noqa: S608 - a test's
    assert repair_collection(collection_copy).after.broken
    with Collection(collection_copy) as collection, suppress(CollectionDamagedError):
        collection.ask("When did Joly visit Korea?", reader=False)
    with suppress(CollectionDamagedError):
        update(collection_copy)
