"""Verifying finds every kind of damage, and repairing mends what is made from the texts."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from damaged_files import flip
from index_parts import by_meaning, by_words, fingerprint, put, searching

from index.errors import CollectionBusyError, CollectionNotFoundError, StorageError
from index.ingest.update import remove_releases, update_collection
from index.search.lexical import build_lexical_index
from index.search.vector import VectorIndex, add_from_store, identity
from index.store.artifacts import publish
from index.store.reader import STORE_NAME, Store
from index.store.writer import StoreWriter, writing_lock
from index.verify import repair as repairing
from index.verify import verify
from index.verify.findings import SHOWN, Findings, Verification
from index.verify.repair import Repair, repair_collection
from index.verify.verify import verify_collection

pytestmark = pytest.mark.usefixtures("exported_encoder")

QUESTIONS = ["Which Korean minister did Joly meet?", "bridge", "permis de chasse à l'orignal"]

ROW = "(SELECT id FROM releases WHERE release_id = 'canada-korea-visit')"
MEANINGS = {
    "VECTOR": (
        "(SELECT v.id FROM vectors v JOIN passages p ON p.vector_key = v.vector_key "
        "WHERE p.release = ROW AND p.ordinal = 3)"
    ),
    "FOURTH": "(SELECT id FROM passages WHERE release = ROW AND ordinal = 4)",
    "LAST": "(SELECT max(id) FROM passages WHERE release = ROW)",
    "ROW": ROW,
}
"""What words in statements stand for: a release, passages of it, the vector of one."""


def answers(folder: Path) -> list[Any]:
    """Return what both searches find."""
    with searching(folder) as searcher:
        found = [
            (by_words(searcher, question), by_meaning(searcher, question)) for question in QUESTIONS
        ]
        assert [] == searcher.indexes.notes
    return found


@pytest.fixture(scope="module")
def intact(sample_collection: Path) -> list[Any]:
    """What both searches find in the undamaged collection."""
    return answers(sample_collection)


def change(folder: Path, *statements: str, **values: Any) -> None:
    """Change the store directly."""
    with sqlite3.connect(folder / STORE_NAME) as connection:
        connection.create_function("flipped", 2, flipped)
        connection.create_function("glued", 2, lambda one, other: one + other)
        for statement in statements:
            for word, meaning in MEANINGS.items():
                statement = statement.replace(word, meaning)  # noqa: PLW2901
            connection.execute(statement, values)
    connection.close()


def flipped(given: bytes | str, place: int) -> bytes:
    """Return bytes with one bit flipped."""
    blob = given.encode() if isinstance(given, str) else given
    return blob[:place] + bytes([blob[place] ^ 1]) + blob[place + 1 :]


def reseal(folder: Path) -> None:
    """Give every row the seal of its values, as if a program had written them."""
    change(folder, "DELETE FROM meta WHERE name = 'seals'")
    with closing(StoreWriter(folder)):
        pass


def value(folder: Path, sql: str) -> Any:
    """Return one value of the store."""
    connection = sqlite3.connect(folder / STORE_NAME)
    (found,) = connection.execute(sql).fetchone()
    connection.close()
    return found


def wrong(found: Verification) -> list[tuple[str, str]]:
    """Return the names and places of what is damaged."""
    return [(f.name, f.place) for f in found.findings if f.verdict == "wrong"]


def notes(found: Verification) -> list[tuple[str, str]]:
    """Return the names and places of the notes."""
    return [(f.name, f.place) for f in found.findings if f.verdict == "note"]


def derived(folder: Path, kind: str) -> Path:
    """Return the artifact of a kind."""
    (path,) = (folder / "derived").glob(f"{kind}-*")
    return path


def test_a_whole_collection_is_whole_and_untouched(sample_collection: Path) -> None:
    """Everything is counted, nothing is found, and no byte is changed."""
    before = fingerprint(sample_collection)
    found = verify_collection(sample_collection)

    assert ((), 0, False) == (found.findings, found.damaged, found.broken)
    assert (22, 2) == (found.releases, found.files)
    assert value(sample_collection, "SELECT count(*) FROM passages") == found.passages
    assert value(sample_collection, "SELECT count(*) FROM vectors") == found.vectors
    assert before == fingerprint(sample_collection)


def test_a_repair_of_a_whole_collection_writes_nothing(collection_copy: Path) -> None:
    """A repair of an intact collection writes nothing."""
    before = fingerprint(collection_copy)
    done = repair_collection(collection_copy)

    assert ((), 0) == (done.mended, done.after.damaged)
    assert before == fingerprint(collection_copy)


def _shorten(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _empty(path: Path) -> None:
    os.truncate(path, 0)


DAMAGES = pytest.mark.parametrize(
    "damage",
    [_shorten, flip, _empty, Path.unlink],
    ids=["71_truncated", "72_bit_flipped", "73_zero_bytes", "74_missing"],
)


def repaired(folder: Path) -> Repair:
    """Repair a collection, and check that it is intact afterwards."""
    done = repair_collection(folder)
    assert ((), 0) == (done.after.findings, done.after.damaged)
    assert () == verify_collection(folder).findings
    return done


@DAMAGES
def test_a_damaged_vector_file_is_named_and_mended(
    damage: Callable[[Path], None], collection_copy: Path, intact: list[Any]
) -> None:
    """71 to 74: The file is named; a repair writes it again, and the results are the same."""
    path = derived(collection_copy, "vectors")
    digest = path.read_bytes()
    damage(path)
    before = fingerprint(collection_copy)
    found = verify_collection(collection_copy)

    assert [("vector file", path.name)] == wrong(found)
    assert before == fingerprint(collection_copy)
    assert [("vector file", path.name)] == [
        (f.name, f.place) for f in repaired(path.parents[1]).mended
    ]
    assert digest == path.read_bytes()
    assert intact == answers(collection_copy)


@DAMAGES
@pytest.mark.parametrize("part", ["*.term", "meta.json", "releases.u32"])
def test_a_damaged_word_index_is_named_and_mended(
    damage: Callable[[Path], None], part: str, collection_copy: Path, intact: list[Any]
) -> None:
    """71 to 74: The word index is named and repaired, whichever of its files is damaged."""
    folder = derived(collection_copy, "words")
    (path,) = folder.glob(part)
    damage(path)

    assert [("word index", folder.name)] == wrong(verify_collection(collection_copy))
    assert ["word index"] == [f.name for f in repaired(collection_copy).mended]
    assert intact == answers(collection_copy)


def test_74_all_derived_files_missing(collection_copy: Path, intact: list[Any]) -> None:
    """74: Both artifacts are named and made again."""
    shutil.rmtree(collection_copy / "derived")

    assert {"vector file", "word index"} == {
        name for name, _ in wrong(verify_collection(collection_copy))
    }
    repaired(collection_copy)
    assert intact == answers(collection_copy)


RELEASE_REMEDY = "releaseqa remove canada-korea-visit && releaseqa index "


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        (
            "UPDATE releases SET text = CAST(flipped(text, 400) AS TEXT) WHERE id = ROW",
            ("release", "canada-korea-visit"),
        ),
        (
            "UPDATE releases SET text = CAST(x'41ff42' AS TEXT) WHERE id = ROW",
            ("release", "canada-korea-visit"),
        ),
        (
            "UPDATE releases SET title = title || '.' WHERE id = ROW",
            ("release", "canada-korea-visit"),
        ),
        (
            "UPDATE releases SET metadata = '[' WHERE id = ROW",
            ("release", "canada-korea-visit"),
        ),
        (
            "UPDATE releases SET content_hash = flipped(content_hash, 3) WHERE id = ROW",
            ("release", "canada-korea-visit"),
        ),
        (
            "DELETE FROM passages WHERE release = ROW AND ordinal = 2",
            ("passage", "canada-korea-visit#3"),
        ),
        (
            "DELETE FROM passages WHERE id = LAST",
            ("passage", "canada-korea-visit, at "),
        ),
        ("DELETE FROM passages WHERE release = ROW", ("passage", "canada-korea-visit, at ")),
        (
            "UPDATE passages SET stop = stop - 1 WHERE id = FOURTH",
            ("passage", "canada-korea-visit#4"),
        ),
        (
            "UPDATE passages SET stop = 1000000 WHERE id = FOURTH",
            ("passage", "canada-korea-visit#4"),
        ),
        (
            "UPDATE passages SET vector_key = flipped(vector_key, 0) WHERE id = FOURTH",
            ("passage", "canada-korea-visit#4"),
        ),
        (
            "UPDATE passages SET sentences = glued(sentences, x'00') WHERE id = FOURTH",
            ("passage", "canada-korea-visit#4"),
        ),
        (
            "UPDATE passages SET kind = 'poem' WHERE id = FOURTH",
            ("passage", "canada-korea-visit#4"),
        ),
    ],
)  # fmt: skip
def test_a_damaged_release_is_named_with_a_remedy_that_works(
    statement: str, place: tuple[str, str], collection_copy: Path, intact: list[Any]
) -> None:
    """A text, fact or passage that is not what was read is named, never touched by a repair, and
    gone when its release was removed and its source indexed again, as the finding says.
    """
    change(collection_copy, statement)
    texts = "SELECT group_concat(hex(text) || hex(content_hash)) FROM releases"
    before = value(collection_copy, texts)
    found = verify_collection(collection_copy)

    named = [f for f in found.findings if f.verdict == "wrong" and f.mends is None]
    assert any(f.name == place[0] and f.place.startswith(place[1]) for f in named)
    assert all(RELEASE_REMEDY in str(f.remedy) for f in named)
    done = repair_collection(collection_copy)
    assert 0 < done.after.damaged
    assert before == value(collection_copy, texts)
    remove_releases(collection_copy, ["canada-korea-visit"])
    source = str(named[0].remedy).rpartition("releaseqa index ")[2]
    assert 1 == update_collection(collection_copy, [source]).added
    assert () == verify_collection(collection_copy).findings
    assert [[p for p, _ in meaning] for _, meaning in intact] == [
        [p for p, _ in meaning] for _, meaning in answers(collection_copy)
    ]


def test_the_word_index_shows_a_lost_passage(collection_copy: Path) -> None:
    """For a release of an older parser version, the word index shows that a passage is missing."""
    change(
        collection_copy,
        "UPDATE sources SET form = '2/254' "
        "WHERE id = (SELECT source_id FROM releases WHERE id = ROW)",
    )
    rehashed(collection_copy, "canada-korea-visit", "2/254")
    assert () == verify_collection(collection_copy).findings
    change(
        collection_copy,
        "DELETE FROM passages WHERE id = LAST",
    )
    words = derived(collection_copy, "words")

    assert [("release", "canada-korea-visit")] == wrong(verify_collection(collection_copy))
    assert [("release", "canada-korea-visit")] == wrong(repair_collection(collection_copy).after)
    assert words.is_dir()


def rehashed(folder: Path, release_id: str, form: str) -> None:
    """Give a release the hash that it has with another parser version."""
    from index.store.reader import Store
    from index.store.rows import content_hash

    with Store(folder) as store:
        digest = content_hash(store.release(release_id).release, form)
    change(
        folder, "UPDATE releases SET content_hash = :digest WHERE release_id = :release_id",
        digest=digest, release_id=release_id,
    )  # fmt: skip
    reseal(folder)


def test_a_release_of_an_older_parser_version_is_intact(collection_copy: Path) -> None:
    """After an interruption a source has the new parser version, and some releases the old one."""
    rehashed(collection_copy, "canada-korea-visit", "1/254")

    assert () == verify_collection(collection_copy).findings


@pytest.mark.parametrize(
    "change_of",
    [
        "passage = flipped(passage, 100)",  # the last bit of a number: its norm is as before
        "passage = substr(passage, 3)",
        "passage = glued(x'007e', substr(passage, 3))",  # not a number
        "passage = zeroblob(768)",
        "sentences = substr(sentences, 1, length(sentences) - 768)",
        "sentences = substr(sentences, 3)",
        "sentences = glued(x'007c', substr(sentences, 3))",  # infinite
    ],
)
def test_a_damaged_vector_is_named_and_encoded_again(
    change_of: str, collection_copy: Path, intact: list[Any]
) -> None:
    """The passage of a changed vector is named; a repair encodes it again."""
    change(collection_copy, f"UPDATE vectors SET {change_of} WHERE id = VECTOR")  # noqa: S608

    assert [("vector", "canada-korea-visit#3")] == wrong(verify_collection(collection_copy))
    assert ["vector"] == [f.name for f in repaired(collection_copy).mended]
    for (words, near), (found, nearest) in zip(intact, answers(collection_copy), strict=True):
        assert words == found
        assert [p for p, _ in near] == [p for p, _ in nearest]
        assert [s for _, s in near] == pytest.approx([s for _, s in nearest], abs=2e-3)


def test_a_damaged_vector_of_another_model_is_not_encoded_again(collection_copy: Path) -> None:
    """A repair loads only the packaged model, because a store can name anything."""
    change(
        collection_copy,
        "UPDATE meta SET value = :other WHERE name = 'fingerprint'",
        "UPDATE derived SET identity = :format WHERE kind = 'vectors'",
        "UPDATE meta SET value = 'some/model' WHERE name = 'model'",
        other="0123456789abcdef0123",
        format=identity("0123456789abcdef0123"),
    )
    reseal(collection_copy)
    change(collection_copy, "UPDATE vectors SET passage = zeroblob(768) WHERE id = VECTOR")
    done = repair_collection(collection_copy)

    assert () == done.mended
    assert ([], [("passages", "1")]) == (wrong(done.after), notes(done.after))
    assert "index --model some/model on" in str(done.after.findings[0].remedy)


def test_a_vector_file_of_an_earlier_version_is_not_used(
    collection_copy: Path, intact: list[Any]
) -> None:
    """The store is searched instead, which is said; a repair writes the file again."""
    change(
        collection_copy,
        "UPDATE derived SET identity = (SELECT value FROM meta WHERE name = 'fingerprint') "
        "WHERE kind = 'vectors'",
    )
    with searching(collection_copy) as searcher:
        assert [near for _, near in intact] == [by_meaning(searcher, q) for q in QUESTIONS]
        assert ["out of date" in note for note in searcher.indexes.notes] == [True]

    assert ["vector file"] == [name for name, _ in notes(verify_collection(collection_copy))]
    assert ["vector file"] == [found.name for found in repaired(collection_copy).mended]
    assert intact == answers(collection_copy)


def test_vectors_of_no_passage_and_passages_without_are_notes(collection_copy: Path) -> None:
    """Both can be left by an interrupted update; neither is damage."""
    change(
        collection_copy,
        "INSERT INTO vectors (vector_key, passage, sentences) "
        "SELECT x'00', passage, sentences FROM vectors LIMIT 1",
        "DELETE FROM vectors WHERE id = (SELECT max(id) - 1 FROM vectors)",
    )
    reseal(collection_copy)
    path = derived(collection_copy, "vectors").name
    found = verify_collection(collection_copy)

    assert [("vector file", path)] == wrong(found)  # it holds what is not there any more
    assert [("vectors", "1"), ("passages", "1")] == notes(found)
    done = repair_collection(collection_copy)
    assert ([], [("passages", "1")]) == (wrong(done.after), notes(done.after))


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE meta SET value = '383' WHERE name = 'dimension'", "count"),
        ("UPDATE derived SET last_id = last_id + 1 WHERE kind = 'vectors'", "vector file"),
        ("UPDATE derived SET last_id = last_id - 1 WHERE kind = 'words'", "word index"),
        ("UPDATE derived SET generation = 99 WHERE kind = 'words'", "word index"),
        ("UPDATE derived SET generation = 99 WHERE kind = 'vectors'", "vector file"),
        ("UPDATE derived SET sha256 = 'x' || sha256 WHERE kind = 'words'", "word index"),
        ("UPDATE derived SET name = '../../secret' WHERE kind = 'vectors'", "vector file"),
        ("UPDATE derived SET name = 'words-../../x' WHERE kind = 'words'", "word index"),
        ("UPDATE derived SET identity = 'x' WHERE kind = 'vectors'", "vector file"),
        ("UPDATE families SET signature = flipped(signature, 9) WHERE release = ROW", "family"),
        ("UPDATE families SET signature = x'00' WHERE release = ROW", "family"),
        ("DELETE FROM families WHERE release = ROW", "family"),
        ("UPDATE families SET replaced_by = ROW WHERE release = 1", "family"),
        ("UPDATE families SET family = release + 1 WHERE release < 3", "family"),
    ],
)
def test_a_wrong_count_or_record_is_named_and_mended(
    statement: str, name: str, collection_copy: Path, intact: list[Any]
) -> None:
    """Records of the store about what was made from its texts are checked."""
    assert value(collection_copy, f"SELECT {ROW}") > 1  # the statements are about two releases
    change(collection_copy, statement)
    secret = put(collection_copy.parents[1] / "secret", "mine")

    assert {name} == {found for found, _ in wrong(verify_collection(collection_copy))}
    repaired(collection_copy)
    assert intact == answers(collection_copy)
    assert "mine" == secret.read_text(encoding="utf-8")


def test_a_vector_that_the_file_skips_is_missed(collection_copy: Path, intact: list[Any]) -> None:
    """A vector that is not in the file, and older than its newest, would never be found."""
    with Store(collection_copy) as store:
        index = VectorIndex(store.dimension)
        add_from_store(index, store)
    numbers = index.numbers[1:]
    fewer = VectorIndex(index.dimension)
    fewer.add(numbers, index.vectors(numbers).astype(np.float16))
    name, digest = publish(collection_copy, "vectors", fewer.write)
    change(
        collection_copy, "UPDATE derived SET name = :name, sha256 = :digest WHERE kind = 'vectors'",
        name=name, digest=digest,
    )  # fmt: skip

    (found,) = [f for f in verify_collection(collection_copy).findings if f.verdict == "wrong"]
    assert (name, f"lacks 1 of the {len(index)} vectors") == (found.place, found.detail)
    repaired(collection_copy)
    assert intact == answers(collection_copy)


def test_a_passage_that_the_word_index_lacks_is_missed(
    collection_copy: Path, intact: list[Any]
) -> None:
    """An intact index of another store is made again."""
    smaller = collection_copy.parents[1] / "smaller"
    shutil.copytree(collection_copy, smaller)
    change(smaller, "DELETE FROM passages WHERE id = 5")
    with Store(smaller) as store:
        name, digest = publish(
            collection_copy, "words", lambda path: drop(build_lexical_index(store, path))
        )
    change(
        collection_copy, "UPDATE derived SET name = :name, sha256 = :digest WHERE kind = 'words'",
        name=name, digest=digest,
    )  # fmt: skip

    (found,) = [f for f in verify_collection(collection_copy).findings if f.verdict == "wrong"]
    assert name == found.place
    assert found.detail.startswith("lacks 1 of the ")
    repaired(collection_copy)
    assert intact == answers(collection_copy)


def drop(_: object) -> None:
    """Do nothing with it."""


def test_a_damaged_index_of_the_store_is_made_again(
    collection_copy: Path, intact: list[Any]
) -> None:
    """A damaged index of SQLite is made again from its table."""
    kept = (
        "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema "
        "WHERE name = 'releases_by_source'"
    )
    with sqlite3.connect(collection_copy / STORE_NAME) as connection:
        (row,) = connection.execute(kept).fetchall()
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_schema WHERE name = 'releases_by_source'")
    connection.close()
    change(collection_copy, "UPDATE releases SET source_id = source_id + 1 WHERE id = 1")
    reseal(collection_copy)
    with sqlite3.connect(collection_copy / STORE_NAME) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", row)
    connection.close()
    found = verify_collection(collection_copy)

    assert ({("store", STORE_NAME)}, False) == (set(wrong(found)), found.broken)
    assert any("releases_by_source" in f.detail for f in found.findings)
    repaired(collection_copy)
    assert intact == answers(collection_copy)


@pytest.mark.parametrize("table", [None, "vectors", "passages"])
def test_a_damaged_page_is_named_and_nothing_is_written(
    table: str | None, collection_copy: Path
) -> None:
    """80: The message of SQLite is reported with a remedy; a repair writes nothing."""
    path = collection_copy / STORE_NAME
    data = bytearray(path.read_bytes())
    if table is None:  # the number of free pages, in the head of the file
        data[36:40] = (5).to_bytes(4, "big")
    else:
        root = value(collection_copy, f"SELECT rootpage FROM sqlite_schema WHERE name = '{table}'")  # noqa: S608
        data[4096 * (root - 1) : 4096 * (root - 1) + 64] = b"\xa5" * 64
    path.write_bytes(data)
    (collection_copy / "derived" / ("words-" + "0" * 16)).touch()  # what a repair would remove
    before = fingerprint(collection_copy)
    done = repair_collection(collection_copy)

    assert done.after.broken
    assert "restore" in str(done.after.findings[0].remedy)
    details = [f.detail for f in done.after.findings]
    assert len(set(details)) == len(details)
    assert before == fingerprint(collection_copy)


@pytest.mark.parametrize(
    ("statement", "place"),
    [("DROP TABLE vectors", "table vectors"), ("ALTER TABLE passages DROP COLUMN role",
      "table passages"), ("DROP INDEX passages_by_vector", "index passages_by_vector")],
)  # fmt: skip
def test_a_store_without_its_tables_is_named(
    statement: str, place: str, collection_copy: Path
) -> None:
    """A missing table, column or index is named."""
    change(collection_copy, statement)

    assert [("store", place)] == wrong(verify_collection(collection_copy))


def test_what_belongs_to_nothing_is_named(collection_copy: Path) -> None:
    """A release without a source and passages without a release are named."""
    change(
        collection_copy,
        "UPDATE releases SET source_id = 999 WHERE id = ROW",
        "UPDATE passages SET release = 999 WHERE id = 1",
    )
    found = wrong(verify_collection(collection_copy))

    assert ("release", "canada-korea-visit") in found
    assert ("store", "table passages, row 1") in found


def test_stray_files_are_notes_and_only_ours_are_removed(collection_copy: Path) -> None:
    """Files left by an update are removed by a repair; files of others are left alone."""
    old = put(collection_copy / "derived" / f"vectors-{'0' * 16}", "old")
    mine = put(collection_copy / "derived" / "notes.txt", "mine")

    assert [("stray file", old.name), ("stray file", mine.name)] == notes(
        verify_collection(collection_copy)
    )
    done = repair_collection(collection_copy)
    assert [old.name] == [f.place for f in done.mended]
    assert (False, True) == (old.exists(), mine.exists())


def test_a_linked_derived_folder_is_named_and_not_written_to(
    collection_copy: Path, tmp_path: Path
) -> None:
    """A linked folder is named; no file is read or removed through it."""
    (collection_copy / "derived").rename(tmp_path / "victim")
    put(tmp_path / "victim" / f"words-{'0' * 16}", "mine")
    (collection_copy / "derived").symlink_to(tmp_path / "victim")
    before = fingerprint(tmp_path / "victim")

    assert [("derived file", "derived")] == wrong(verify_collection(collection_copy))
    assert [("derived file", "derived")] == wrong(repair_collection(collection_copy).after)
    assert before == fingerprint(tmp_path / "victim")


@pytest.mark.parametrize("kind", ["words", "vectors"])
def test_a_linked_derived_file_is_not_opened(kind: str, collection_copy: Path) -> None:
    """A link instead of an artifact is damage, whatever it leads to."""
    path = derived(collection_copy, kind)
    path.rename(collection_copy.parent / "moved")
    path.symlink_to(collection_copy.parent / "moved")

    assert [path.name] == [place for _, place in wrong(verify_collection(collection_copy))]
    repaired(collection_copy)
    assert (collection_copy.parent / "moved").exists()


@pytest.mark.parametrize(
    ("statement", "strays"),
    [
        ("DELETE FROM derived WHERE kind = 'words'", 2),
        ("UPDATE derived SET generation = generation - 1 WHERE kind = 'words'", 1),
    ],
)
def test_an_interrupted_update_is_a_note(
    statement: str, strays: int, collection_copy: Path, tmp_path: Path
) -> None:
    """What is stored but not searchable yet is not damage; a repair completes it."""
    put(tmp_path / "new.txt", "A new release\n\nThe zebra bridge opened today in the old town.")

    def stop(progress: Any) -> None:
        if progress.stage == "meaning":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update_collection(collection_copy, [tmp_path / "new.txt"], progress=stop)
    change(collection_copy, statement)  # killed before the words were written
    found = verify_collection(collection_copy)
    assert ([], ["passages", "word index", *["stray file"] * strays]) == (
        wrong(found), [name for name, _ in notes(found)],
    )  # fmt: skip
    done = repair_collection(collection_copy)
    assert ([], [("passages", "2")]) == (wrong(done.after), notes(done.after))


def test_a_folder_that_is_no_collection(tmp_path: Path) -> None:
    """A folder without a collection is an error, and nothing is created."""
    for act in (verify_collection, repair_collection):
        with pytest.raises(CollectionNotFoundError, match="index FOLDER"):
            act(tmp_path)
    assert [] == list(tmp_path.iterdir())


def test_a_collection_that_changes_meanwhile_is_not_judged(
    collection_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change by another process during the check is not taken for damage."""
    real = verify.check_releases

    def meanwhile(*arguments: Any) -> None:
        change(collection_copy, "DELETE FROM passages WHERE id = 1")
        real(*arguments)

    monkeypatch.setattr(verify, "check_releases", meanwhile)
    with pytest.raises(CollectionBusyError, match="run the command again"):
        verify_collection(collection_copy)


def test_a_repair_waits_for_nobody_unless_told(collection_copy: Path) -> None:
    """A repair refuses to start while another process writes."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom index.store.writer import writing_lock\n"
        "with writing_lock(Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, collection_copy], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert b"held\n" == holder.stdout.readline()
        assert 0 == verify_collection(collection_copy).damaged
        with pytest.raises(CollectionBusyError, match="--wait"):
            repair_collection(collection_copy)


def test_a_repair_that_may_not_write_says_so(
    collection_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the folder cannot be written to, the error is one line and nothing changes."""
    derived(collection_copy, "vectors").unlink()

    def refuse(*_: Any, **__: Any) -> Any:
        raise StorageError("cannot write to the folder (Permission denied)")

    monkeypatch.setattr(repairing, "writing_lock", refuse)
    before = fingerprint(collection_copy)
    with pytest.raises(StorageError, match="cannot write"):
        repair_collection(collection_copy)
    assert before == fingerprint(collection_copy)


def test_of_many_alike_the_rest_is_counted(collection_copy: Path) -> None:
    """Of many similar findings the first are kept and the others counted."""
    change(collection_copy, "UPDATE vectors SET passage = zeroblob(768)")
    found = verify_collection(collection_copy)
    count = value(collection_copy, "SELECT count(*) FROM vectors")

    assert count == found.damaged == len(found.bad_vectors)
    assert SHOWN + 1 == len(found.findings)
    assert ("vector", f"{count - SHOWN} more") == wrong(found)[-1]
    with writing_lock(collection_copy):
        StoreWriter(collection_copy).close()
    assert 0 == Findings(collection_copy).done().damaged
