"""Damaged index folders (bad-inputs.md 71 to 81): right answers, or a clear error."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from checkout import SUPPORT
from crafted_stores import leave_hot_journal
from damaged_files import flip
from index_parts import (
    RELEASE,
    Stopper,
    by_meaning,
    by_words,
    contents,
    fingerprint,
    index_words,
    put,
    searching,
)
from restricted import largest_file

from index.errors import (
    CollectionBusyError,
    CollectionDamagedError,
    CollectionNotFoundError,
    CollectionTooNewError,
    ReleaseIndexError,
    StorageError,
)
from index.filters import NO_FILTERS, Filters
from index.ingest import update
from index.ingest.update import remove_releases, update_collection
from index.store.reader import STORE_NAME, Store
from index.store.schema import SCHEMA_VERSION
from index.store.stats import collection_status

QUESTIONS = [
    "Which Korean minister did Mélanie Joly hold talks with in Seoul?",
    "How many emergency calls did ambulance crews answer?",
    "bridge",
    "Quel est le prix d'un permis de chasse à l'orignal?",
]

pytestmark = pytest.mark.usefixtures("exported_encoder")


def _results(folder: Path) -> list[Any]:
    """Return what both searches find, with and without filters."""
    with searching(folder) as searcher:
        return [
            found
            for question in QUESTIONS
            for filters in (NO_FILTERS, Filters(lang="en"), Filters(kinds=("quote",)))
            for found in (
                by_words(searcher, question, 8, filters),
                by_meaning(searcher, question, 8, filters),
            )
        ]


def _notes(folder: Path) -> str:
    with searching(folder) as searcher:
        assert searcher.indexes.lexical
        assert searcher.indexes.vectors
        return "; ".join(searcher.indexes.notes)


def _derived(folder: Path, kind: str) -> Path:
    (path,) = (folder / "derived").glob(f"{kind}-*")
    return path


@pytest.fixture(scope="module")
def intact(sample_collection: Path) -> list[Any]:
    """What both searches find in the undamaged collection."""
    results = _results(sample_collection)
    assert all(results)
    assert "" == _notes(sample_collection)
    return results


def _shorten(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _empty(path: Path) -> None:
    os.truncate(path, 0)


DAMAGES = pytest.mark.parametrize(
    "damage",
    [_shorten, flip, _empty, Path.unlink],
    ids=["71_truncated", "72_bit_flipped", "73_zero_bytes", "74_missing"],
)


@DAMAGES
def test_a_damaged_vector_file_changes_no_answer(
    damage: Callable[[Path], None], collection_copy: Path, intact: list[Any]
) -> None:
    """71 to 74: Without its vector file a collection finds the same, says so, and is repaired."""
    damage(_derived(collection_copy, "vectors"))
    before = fingerprint(collection_copy)

    assert intact == _results(collection_copy)
    assert "vector file is missing or damaged" in _notes(collection_copy)
    assert before == fingerprint(collection_copy)
    update_collection(collection_copy, [])
    assert "" == _notes(collection_copy)
    assert intact == _results(collection_copy)


@DAMAGES
def test_a_damaged_word_index_changes_no_answer(
    damage: Callable[[Path], None], collection_copy: Path, intact: list[Any]
) -> None:
    """71 to 74: Without its word index a collection finds the same, says so, and is repaired."""
    (path,) = _derived(collection_copy, "words").glob("*.term")
    damage(path)

    assert intact == _results(collection_copy)
    assert "word index is damaged or out of date" in _notes(collection_copy)
    update_collection(collection_copy, [])
    assert "" == _notes(collection_copy)
    assert intact == _results(collection_copy)


def test_a_missing_word_index_changes_no_answer_after_releases_were_removed(
    collection_copy: Path,
) -> None:
    """What was removed has no part in the scores, with the word index and without it."""
    with Store(collection_copy) as store:
        removed = [name for (name,) in store.rows("SELECT release_id FROM releases LIMIT 3")]
    remove_releases(collection_copy, removed)
    before = _results(collection_copy)
    shutil.rmtree(_derived(collection_copy, "words"))

    assert before == _results(collection_copy)
    update_collection(collection_copy, [])
    assert before == _results(collection_copy)


def test_74_all_derived_files_missing(collection_copy: Path, intact: list[Any]) -> None:
    """74: Without any artifact a collection finds the same."""
    shutil.rmtree(collection_copy / "derived")

    assert intact == _results(collection_copy)


@pytest.mark.parametrize("act", [Store, index_words, remove_releases], ids=lambda act: act.__name__)
def test_76_a_newer_collection_is_refused(
    act: Callable[..., object], collection_copy: Path
) -> None:
    """76: A store of a newer version is not read or changed; the message says to upgrade."""
    with sqlite3.connect(collection_copy / STORE_NAME) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    before = (collection_copy / STORE_NAME).read_bytes()

    with pytest.raises(CollectionTooNewError, match="upgrade"):
        act(collection_copy) if act is Store else act(collection_copy, [])
    assert before == (collection_copy / STORE_NAME).read_bytes()


def test_77_reading_leaves_no_trace(sample_collection: Path) -> None:
    """77: Listing and searching change no byte of the folder and add no file."""
    before = fingerprint(sample_collection)
    _results(sample_collection)
    contents(sample_collection)
    with searching(sample_collection) as searcher:
        assert 22 == collection_status(searcher.store).releases
        during = fingerprint(sample_collection)

    assert before == during == fingerprint(sample_collection)


READING = """
import json, os, sys
from pathlib import Path
import numpy as np
sys.path.insert(0, sys.argv[1])
from index_parts import by_words, searching
from index.filters import NO_FILTERS
from index.store.stats import collection_status
from index.verify.verify import verify_collection
def ask(folder):
    with searching(Path(folder)) as searcher:
        near = searcher.search_dense(np.load(sys.argv[4]), 5, NO_FILTERS)
        found = [by_words(searcher, "bridge"), near]
        found += [searcher.indexes.notes, collection_status(searcher.store).releases]
    return [*found, verify_collection(Path(folder)).damaged]
ask(sys.argv[2])
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
assert not os.access(sys.argv[3], os.W_OK)
print(json.dumps(ask(sys.argv[3])))
"""


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that every user can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.parametrize(
    "state", ["at rest", "killed", "killed at first", "killed and copied", "journal"]
)
def test_77_a_folder_that_may_not_be_written_is_searched(
    state: str, sample_collection: Path, public: Path
) -> None:
    """77: A user who may only read the folder finds the same, also after a killed update.

    So it is when the copy on read-only media lacks the index of the log, and with a journal that
    an older version of the program left.
    """
    folder = public / ".releaseqa"
    shutil.copytree(sample_collection, folder)
    killed = state in {"killed", "killed and copied"}
    if killed:
        source = put(public / "new.txt", RELEASE)
        _killed(folder, source, KILLS["before words"])
        assert (folder / f"{STORE_NAME}-wal").stat().st_size > 0
    if state == "killed and copied":
        (folder / f"{STORE_NAME}-shm").unlink()
    if state == "killed at first":
        _killed(folder, folder, "sync.Sync.__init__ = kill")
    if state == "journal":
        leave_hot_journal(folder)
    with searching(sample_collection) as searcher:
        (query,) = searcher.indexes.encoder.encode(["bridge"])
        expected = [by_words(searcher, "bridge"), searcher.search_dense(query, 5, NO_FILTERS)]
    np.save(public / "query.npy", query)
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = fingerprint(folder)
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", READING, SUPPORT,
         sample_collection, folder, public / "query.npy"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755)

    assert (0, "") == (done.returncode, done.stderr)
    words, near, notes, releases, damaged = json.loads(done.stdout)
    assert [[list(hit) for hit in found] for found in expected] == [words, near]
    assert (22 + killed, 0) == (releases, damaged)
    assert killed == any("interrupted" in note for note in notes)
    assert (state in {"killed and copied", "journal"}) == any("copy" in note for note in notes)
    assert before == fingerprint(folder)


@pytest.mark.parametrize(
    ("step", "size"),
    [
        ("_read_all", 0),
        ("_read_all", 2_000),
        ("publish_words", 0),
        ("publish_words", 2_000),
        ("encode_pending", 2_000),
        ("publish_vectors", 0),
        ("publish_vectors", 100_000),
    ],
)
def test_78_a_disk_that_fills_up_at_any_step(
    step: str,
    size: int,
    collection_copy: Path,
    tmp_path: Path,
    intact: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """78: Whichever write fails, the update ends with one error, and the next one finishes.

    In between, the stored releases are searched as before.
    """
    lines = [
        json.dumps({"id": f"new{n}", "text": f"Zebra {n}\n\nSeen in {n} towns."}) for n in range(9)
    ]
    source = put(tmp_path / "new.jsonl", "\n".join(lines))
    real = getattr(update, step)

    def on_a_full_disk(*arguments: Any, **options: Any) -> Any:
        with largest_file(size):
            return real(*arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(update, step, on_a_full_disk)
        failed = ""
        try:
            update_collection(collection_copy, [source])
        except StorageError as error:
            failed = str(error)

    assert failed
    assert "the collection is unchanged" not in failed
    assert "\n" not in failed
    if step == "_read_all":
        assert intact == _results(collection_copy)
    with searching(collection_copy) as searcher:
        assert by_words(searcher, "Korea")
        assert by_meaning(searcher, "Korea")
    report = update_collection(collection_copy, [source])
    assert (0, 0) == (len(report.skipped), report.to_encode)
    assert 31 == len(contents(collection_copy))
    assert "" == _notes(collection_copy)
    with searching(collection_copy) as searcher:
        assert "new7#0" == by_words(searcher, "towns 7", 1)[0][0]
        assert "new7#0" == by_meaning(searcher, "Seen in 7 towns.", 1)[0][0]


def test_78_a_disk_that_is_full_from_the_start(tmp_path: Path) -> None:
    """78: Creating a collection on a full disk is one error, and no collection is left."""
    source = put(tmp_path / "a.txt", RELEASE)
    with largest_file(0), pytest.raises(StorageError, match="cannot"):
        index_words(tmp_path / "c", [source])
    with pytest.raises(CollectionNotFoundError, match="index FOLDER"):
        Store(tmp_path / "c")

    assert 1 == index_words(tmp_path / "c", [source]).added


def test_a_folder_that_cannot_be_created_is_a_clear_error(tmp_path: Path) -> None:
    """A collection below a file cannot be created: one clear error."""
    put(tmp_path / "file", "x")

    with pytest.raises(StorageError, match="cannot create"):
        index_words(tmp_path / "file" / "c", [])


HOLDING = """
import sys, time
from pathlib import Path
from index.store.writer import StoreWriter, writing_lock
with writing_lock(Path(sys.argv[1])):
    store = StoreWriter(Path(sys.argv[1]))
    with store.transaction():
        store.set_meta("updated_at", "now")
        print("held", flush=True)
        sys.stdin.read()
    store.close()
"""


def test_79_a_second_writer_is_told_or_waits_and_readers_go_on(collection_copy: Path) -> None:
    """79: A second writer is refused at once or waits; readers see the previous state."""
    before = contents(collection_copy)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, collection_copy],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as holder:  # fmt: skip
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert b"held\n" == holder.stdout.readline()
        with pytest.raises(CollectionBusyError, match="--wait"):
            index_words(collection_copy, [])
        with pytest.raises(CollectionBusyError, match="--wait"):
            remove_releases(collection_copy, ["killick-1-satellite"])
        assert before == contents(collection_copy)
        with searching(collection_copy) as searcher:
            assert by_words(searcher, "Korea")
            assert "now" != collection_status(searcher.store).updated_at
        done: list[object] = []
        waiting = threading.Thread(
            target=lambda: done.append(
                remove_releases(collection_copy, ["killick-1-satellite"], wait=True)
            )
        )
        waiting.start()
        waiting.join(1)
        assert ([], True) == (done, waiting.is_alive())
        holder.stdin.close()
        waiting.join(60)
    assert 1 == len(done)
    assert 21 == len(contents(collection_copy))


@pytest.mark.parametrize("act", [contents, index_words, _results], ids=lambda act: act.__name__)
def test_80_a_damaged_page_is_named(act: Callable[..., object], collection_copy: Path) -> None:
    """80: A store with damaged pages is one error that names the file and what to do."""
    path = collection_copy / STORE_NAME
    data = bytearray(path.read_bytes())
    for start in range(4096, len(data), 4096):
        data[start : start + 64] = b"\xa5" * 64
    path.write_bytes(data)

    with pytest.raises(CollectionDamagedError, match=r"collection\.sqlite3 .*index the sources"):
        act(collection_copy, []) if act is index_words else act(collection_copy)
    assert not [fd for fd in Path("/proc/self/fd").glob("*") if fd.exists() and path.samefile(fd)]


def test_80_what_a_power_cut_left_of_a_new_store_is_no_collection(tmp_path: Path) -> None:
    """80: A first page without its first sector holds nothing: `index` begins anew."""
    put(tmp_path / "c" / STORE_NAME, bytes(4096))
    source = put(tmp_path / "a.txt", RELEASE)

    with pytest.raises(CollectionNotFoundError, match=r"no collection in .* yet"):
        Store(tmp_path / "c")
    assert 1 == index_words(tmp_path / "c", [source]).added
    assert 1 == len(contents(tmp_path / "c"))


@pytest.mark.parametrize("content", [b"no database at all" * 400, b"SQLite format 3\x00"])
def test_80_what_is_no_store_is_named(content: bytes, tmp_path: Path) -> None:
    """80: Another file in place of the store is reported as damaged and not overwritten."""
    put(tmp_path / "c" / STORE_NAME, content)

    with pytest.raises(CollectionDamagedError, match="restore it"):
        Store(tmp_path / "c")
    with pytest.raises(CollectionDamagedError, match="restore it"):
        index_words(tmp_path / "c", [])
    assert content == (tmp_path / "c" / STORE_NAME).read_bytes()


KILLS = {
    "creating": "sqlite.Database.migrate = kill",
    "while reading": "sync._BATCH = 20; moment = lambda p: p.stage == 'read' and p.done >= 20",
    "in a transaction": "writer.StoreWriter.bump_generation = kill",
    "before words": "update.publish_words = kill",
    "writing words": "artifacts.sync_file = kill",
    "before recording": "writer.StoreWriter.put_artifact = kill",
    "before meaning": "moment = lambda p: p.stage == 'meaning'",
}
KILLING = """
import os, signal, sys
from pathlib import Path
from index.ingest import embed, sync, update
from index.store import artifacts, sqlite, writer
def kill(*_): os.kill(os.getpid(), signal.SIGKILL)
moment = lambda p: False
{kill}
update.update_collection(
    Path(sys.argv[1]), [Path(sys.argv[2])], progress=lambda p: moment(p) and kill())
"""


def _killed(folder: Path, source: Path, kill: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLING.format(kill=kill), folder, source],
        capture_output=True, check=False,
    )  # fmt: skip
    assert -signal.SIGKILL == done.returncode, done.stderr.decode()


def _many(path: Path) -> Path:
    towns = ("Gander", "Truro", "Moncton", "Regina", "Whitehorse")
    lines = []
    for number in range(45):
        town = towns[number % 5]
        text = (
            f"Grant {number} for {town}\n\nThe town of {town} gets {number} thousand dollars for "
            f"road {number * 7}, the minister said in May."
        )
        lines.append(json.dumps({"id": f"n{number}", "text": text}))
    return put(path, "\n".join(lines))


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A source of 45 records, and the collection made from it without interruption."""
    base = tmp_path_factory.mktemp("many")
    report = update_collection(base / "c", [_many(base / "many.jsonl")])
    assert (45, 0) == (report.added, report.to_encode)
    return base / "many.jsonl", base / "c"


def _same(one: Path, other: Path) -> None:
    """Assert that two collections have the same content and find the same."""
    assert contents(one) == contents(other)
    with searching(one) as first, searching(other) as second:
        for question in ("Moncton 40", "road 77", "Who gets 12 thousand dollars?"):
            assert by_words(first, question) == by_words(second, question)
            ours, theirs = by_meaning(first, question), by_meaning(second, question)
            assert [s for _, s in ours] == pytest.approx([s for _, s in theirs], abs=0.01)
        assert ([], []) == (first.indexes.notes, second.indexes.notes)
        for table in ("sources", "releases", "passages", "vectors"):
            count = f"SELECT count(*) FROM {table}"  # noqa: S608 - named two lines above
            assert first.store.value(count) == second.store.value(count)
    for folder in (one, other):
        assert {STORE_NAME, "lock", "derived"} == {path.name for path in folder.iterdir()}
        assert 2 == len(list((folder / "derived").iterdir()))


@pytest.mark.parametrize("moment", KILLS)
def test_81_killed_at_any_moment_the_next_update_goes_on(
    moment: str, uninterrupted: tuple[Path, Path]
) -> None:
    """81: After SIGKILL what was committed is kept and read, and the next update completes it."""
    source, whole = uninterrupted
    folder = whole.with_name(f"killed {moment}")
    _killed(folder, source, KILLS[moment])
    stored = 0
    if moment == "creating":
        with pytest.raises(CollectionNotFoundError):
            Store(folder)
    else:
        with searching(folder) as searcher:
            stored = collection_status(searcher.store).releases
            assert min(5, stored // 5) == len(by_words(searcher, "Moncton"))
    report = update_collection(folder, [source])

    expected = {"creating": 0, "while reading": 20, "in a transaction": 0}
    assert expected.get(moment, 45) == stored
    assert (stored, 45 - stored, 0) == (report.unchanged, report.added, report.updated)
    _same(folder, whole)


def test_81_killed_while_encoding_only_the_rest_is_encoded(
    uninterrupted: tuple[Path, Path],
) -> None:
    """81: Vectors committed before SIGKILL are kept; only the others are encoded."""
    source, whole = uninterrupted
    folder = whole.with_name("killed encoding")
    _killed(
        folder, source,
        "embed._BATCH = 20; moment = lambda p: p.stage == 'meaning' and p.done > 40",
    )  # fmt: skip
    with searching(folder) as searcher:
        left = collection_status(searcher.store).to_encode
        found = by_meaning(searcher, "roads for Gander", 5)
    stopper = Stopper()
    report = update_collection(folder, [source], progress=stopper.progress)

    assert 5 == len(found)
    assert 0 < left == report.encoded == report.passages - 40
    _same(folder, whole)


def test_every_error_has_one_base() -> None:
    """All exceptions of the package have one base class."""
    from index import errors

    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    assert 15 == len(kinds)
    assert all(issubclass(kind, ReleaseIndexError) for kind in kinds)
    assert all(f" {kind.__name__}" in f" {errors.__doc__}" for kind in kinds)
