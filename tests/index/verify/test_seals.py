"""Verifying covers every value that an answer rests on, in new collections and in old ones."""

import random
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from crafted_stores import of_version_5, without_seals
from index_parts import contents, fingerprint, index_words, put
from interrupted_updates import make_sources
from same_collection import content_of, differences

from index.errors import ReleaseIndexError
from index.ingest.update import remove_releases, update_collection
from index.store.former_releases import former_releases
from index.store.reader import STORE_NAME, Store
from index.store.schema import SCHEMA_VERSION
from index.store.seals import SEALED, row_seal
from index.verify.repair import repair_collection
from index.verify.seals import broken_seals
from index.verify.verify import verify_collection
from qa.collection import Collection

pytestmark = pytest.mark.usefixtures("exported_encoder")


def change(folder: Path, sql: str) -> None:
    """Change the store directly."""
    with closing(sqlite3.connect(folder / STORE_NAME)) as connection, connection:
        connection.create_function("negated", 1, lambda blob: (-values(blob)).tobytes())
        assert connection.execute(sql).rowcount


def values(blob: bytes) -> Any:
    """Return the numbers of packed vectors."""
    return np.frombuffer(blob, dtype="<f2")


def damaged(folder: Path) -> set[str]:
    """Return the names of what is damaged."""
    return {f.name for f in verify_collection(folder).findings if f.verdict == "wrong"}


def test_a_seal_depends_on_every_value_and_on_where_it_ends() -> None:
    """Values that only look alike when they are joined have other seals."""
    rows = [
        (), (None,), ("",), ("-",), ("a", "b"), ("ab", ""), ("ab",), (b"1:a",), ("a", None),
        ("a:b",), ("a1:b",),
    ]  # fmt: skip

    assert len(rows) == len({row_seal(*row) for row in rows})
    assert 16 == len(row_seal("x"))
    assert row_seal(12, "é") == row_seal("12", "é".encode())  # as SQLite casts them


def test_every_column_of_a_sealed_table_is_sealed(sample_collection: Path) -> None:
    """All but row numbers, which the seals of other rows name, and the seal itself."""
    with Store(sample_collection) as store:
        columns = {
            table: {row[0] for row in store.rows("SELECT name FROM pragma_table_info(?)", (table,))}
            for table in SEALED
        }

    assert {table: set(sealed) for table, sealed in SEALED.items()} == {
        table: names - {"id", "seal"} for table, names in columns.items()
    }


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("UPDATE passages SET speaker = 'Somebody else' WHERE speaker IS NOT NULL", "passage"),
        ("UPDATE passages SET role = 'Emperor' WHERE id = 7", "passage"),
        ("UPDATE passages SET kind = 'quote' WHERE id = 9", "passage"),
        ("UPDATE releases SET date_source = 'forged' WHERE id = 2", "release"),
        ("UPDATE releases SET date_guess = '1999-01-01' WHERE id = 2", "release"),
        ("UPDATE releases SET source_id = 1 WHERE id = 3", "release"),
        ("UPDATE releases SET draft_hash = NULL WHERE id = 3", "release"),
        ("UPDATE releases SET added_at = '1999' WHERE id = 3", "release"),
        ("UPDATE sources SET sha256 = zeroblob(32) WHERE id = 4", "source"),
        ("UPDATE sources SET label = 'forged.txt' WHERE id = 4", "source"),
        ("UPDATE vectors SET sentences = negated(sentences)", "vector"),
        ("UPDATE vectors SET passage = negated(passage) WHERE id = 5", "vector"),
        ("UPDATE families SET headline = 'x' WHERE release = 6", "family"),
        ("UPDATE families SET family = 1 WHERE release = 6", "family"),
        ("UPDATE meta SET value = 'other' WHERE name = 'model'", "store"),
        ("UPDATE meta SET value = '1999' WHERE name = 'updated_at'", "store"),
    ],
)
def test_a_change_of_anything_that_is_shown_or_searched_is_found(
    sql: str, name: str, collection_copy: Path
) -> None:
    """A change that no other check can see is damage, and is named."""
    change(collection_copy, sql)

    assert name in damaged(collection_copy)
    assert damaged(collection_copy) <= {name, "vector file"}


def test_negated_sentence_vectors_are_made_again(collection_copy: Path) -> None:
    """A repair encodes again what has the right length and norm, but is not what was encoded."""
    sql = "SELECT sentences FROM vectors WHERE id = 5"
    with Store(collection_copy) as store:
        before = values(store.value(sql))
        key = store.value("SELECT vector_key FROM vectors WHERE id = 5")
    change(collection_copy, "UPDATE vectors SET sentences = negated(sentences) WHERE id = 5")
    done = repair_collection(collection_copy)

    assert ["vector"] == [found.name for found in done.mended]
    assert () == done.after.findings
    with Store(collection_copy) as store:
        again = values(store.value("SELECT sentences FROM vectors WHERE vector_key = ?", (key,)))
    assert before == pytest.approx(again, abs=0.01)


def test_a_changed_cluster_is_made_again(collection_copy: Path) -> None:
    """A repair finds the near-duplicates anew."""
    before = content_of(collection_copy)
    change(collection_copy, "UPDATE families SET family = 1 WHERE release = 6")

    assert () == repair_collection(collection_copy).after.findings
    assert [] == differences(before, content_of(collection_copy))


def test_every_flipped_bit_is_found_or_changes_nothing(tmp_path: Path) -> None:
    """After a bit of the file was flipped anywhere, what verifies as whole is as it was."""
    make_sources(tmp_path / "s")
    index_words(tmp_path / "c", [tmp_path / "s"])
    before = content_of(tmp_path / "c")
    whole = (tmp_path / "c" / STORE_NAME).read_bytes()
    used = [place for place, byte in enumerate(whole) if byte]
    found = 0
    for place in random.Random(5).sample(used, 60):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << place % 8
        (tmp_path / "c" / STORE_NAME).write_bytes(flipped)
        with suppress(ReleaseIndexError):
            if not verify_collection(tmp_path / "c").damaged:
                left = [
                    line for line in differences(before, content_of(tmp_path / "c"))
                    if not line.startswith(("findings", "artifact"))
                ]  # fmt: skip
                assert [] == left, f"byte {place}"
                continue
        found += 1

    assert found > 30


def test_a_damaged_former_release_is_found_and_dropped(tmp_path: Path) -> None:
    """It cannot be made again; what is whole stays."""
    for number, text in enumerate(("It opens in May.", "It opens in June.", "It opens in July.")):
        for name in ("a", "b"):
            put(tmp_path / "s" / f"{name}.txt", f"Bridge {name}\n\n{text}\n", age_s=60 - number)
        index_words(tmp_path / "c", [tmp_path / "s"])
    change(
        tmp_path / "c",
        "UPDATE former_releases SET text = zeroblob(9) WHERE release_id = 'a'",
    )
    assert {"former release"} == damaged(tmp_path / "c")

    done = repair_collection(tmp_path / "c")

    assert ["former release"] == [found.name for found in done.mended]
    assert 0 == done.after.damaged
    with Store(tmp_path / "c") as store:
        assert ["b", "b"] == [former.release_id for former in former_releases(store)]


def test_what_writers_do_keeps_the_seals(tmp_path: Path) -> None:
    """Adding, changing, moving and removing releases leaves every row sealed."""
    sources = tmp_path / "s"
    make_sources(sources)
    index_words(tmp_path / "c", [sources])
    twin = (sources / "c.txt").read_text(encoding="utf-8")
    put(sources / "c2.txt", twin)
    index_words(tmp_path / "c", [sources])
    (sources / "c2.txt").rename(sources / "c3.txt")
    put(sources / "d.txt", twin + "\n\nIt opens again in June.", age_s=40)
    index_words(tmp_path / "c", [sources])
    remove_releases(tmp_path / "c", ["c"])  # the first release of its cluster

    with Store(tmp_path / "c") as store:
        assert {table: [] for table in SEALED} == {
            table: broken_seals(store, table) for table in SEALED
        }
    assert set() == damaged(tmp_path / "c")


def test_an_older_collection_is_read_and_verified_with_what_it_has(
    collection_copy: Path, tmp_path: Path
) -> None:
    """A collection without seals opens, answers the same, and gets seals by the next update."""
    question = "When did Minister Joly visit Korea?"
    with Collection(collection_copy) as collection:
        expected = collection.ask(question, reader=False).passages
    before = contents(collection_copy)
    shutil.copytree(collection_copy, tmp_path / "old")
    without_seals(tmp_path / "old")
    untouched = fingerprint(tmp_path / "old")
    found = verify_collection(tmp_path / "old")

    assert (["seals"], 0) == ([f.mends for f in found.findings], found.damaged)
    assert before == contents(tmp_path / "old")
    with Collection(tmp_path / "old") as collection:
        assert expected == collection.ask(question, reader=False).passages
    assert untouched == fingerprint(tmp_path / "old")
    shutil.copytree(tmp_path / "old", tmp_path / "repaired")
    assert ["seals"] == [f.mends for f in repair_collection(tmp_path / "repaired").mended]
    update_collection(tmp_path / "old", [])
    for folder in (tmp_path / "old", tmp_path / "repaired"):
        assert () == verify_collection(folder).findings
        with Store(folder) as store:
            assert SCHEMA_VERSION == store.value("PRAGMA user_version")


def test_seals_of_an_older_version_count_until_they_are_made_anew(collection_copy: Path) -> None:
    """A damaged row of a store of version 5 is found before it is migrated, and after it."""
    of_version_5(collection_copy)
    assert () == verify_collection(collection_copy).findings
    change(collection_copy, "UPDATE releases SET date_guess = '1999-01-01' WHERE id = 2")
    assert {"release"} == damaged(collection_copy)

    update_collection(collection_copy, [])

    assert {"release"} == damaged(collection_copy)
    with Store(collection_copy) as store:
        assert [(2,)] == broken_seals(store, "releases")
        assert SCHEMA_VERSION == store.value("PRAGMA user_version")


def test_damage_of_an_older_collection_is_found_without_seals(collection_copy: Path) -> None:
    """Texts, passages and vectors of an older collection are compared as they were before."""
    without_seals(collection_copy)
    change(collection_copy, "UPDATE releases SET title = title || '!' WHERE id = 2")
    change(collection_copy, "UPDATE vectors SET passage = zeroblob(768) WHERE id = 5")

    assert {"release", "vector"} == damaged(collection_copy)
