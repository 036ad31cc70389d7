"""A collection in an archive and back: whole, or not at all."""

import errno
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from archives import Members, archive_of, declaring, members_of, put_archive, with_manifest
from checkout import ROOT, SUPPORT, process_environment
from disk_steps import disk_steps
from index_parts import contents, fingerprint
from same_collection import content_of, differences

from index.archive import restore as restoring
from index.archive.manifest import MANIFEST_NAME
from index.archive.restore import restore_archive
from index.errors import (
    ArchiveError,
    CollectionBusyError,
    CollectionNotFoundError,
    CollectionReplacedError,
    ReleaseIndexError,
    StorageError,
)
from index.store.reader import STORE_NAME, Store
from index.store.writer import StoreWriter, writing_lock
from qa.collection import open_collection

EVERY_POINT = "RELEASEQA_EVERY_POINT"
"""Environment variable that makes the test kill at every point, not at every fifth."""

QUESTION = "When did Minister Joly visit Korea?"


@pytest.fixture(scope="module", name="backup")
def _backup(sample_collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the samples."""
    path = tmp_path_factory.mktemp("backup") / "backup.zip"
    archive_of(sample_collection, path)
    return path


def change(folder: Path, sql: str, *values: object) -> None:
    """Change the store directly."""
    with sqlite3.connect(folder / STORE_NAME) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute(sql, values)
    connection.close()


def answer(folder: Path, question: str = QUESTION) -> str:
    """Return all of an answer but its times."""
    from dataclasses import replace

    with open_collection(folder) as collection:
        return repr(replace(collection.ask(question), timing={}))


def names(folder: Path) -> set[str]:
    """Return the names in a folder."""
    return {path.name for path in folder.iterdir()}


def test_a_restored_collection_is_the_same(
    sample_collection: Path, backup: Path, tmp_path: Path
) -> None:
    """Every row is there, it verifies as whole, and it gives the same answers."""
    done = restore_archive(backup, tmp_path / "new" / ".releaseqa")

    assert (0, ()) == (done.verification.damaged, done.verification.findings)
    assert 2 == done.verification.files
    assert [] == differences(content_of(sample_collection), content_of(done.folder))
    assert answer(sample_collection) == answer(done.folder)
    assert {".releaseqa"} == names(tmp_path / "new")


def test_a_backup_holds_the_store_alone(sample_collection: Path, backup: Path) -> None:
    """The indexes are not in it, and other tools can read it."""
    before = fingerprint(sample_collection)

    with zipfile.ZipFile(backup) as archive:
        assert [STORE_NAME, MANIFEST_NAME] == archive.namelist()
        assert archive.testzip() is None
        manifest = json.loads(archive.read(MANIFEST_NAME))
    assert ("releaseqa archive", 1, "backup", "1.2.3", 22) == tuple(
        manifest[name] for name in ("format", "version", "kind", "program", "releases")
    )
    assert before == fingerprint(sample_collection)


def test_what_was_removed_is_not_in_a_backup(collection_copy: Path, tmp_path: Path) -> None:
    """The store is copied without the pages that hold what was deleted."""
    secret = "zzyzx quartz " * 400
    change(collection_copy, "UPDATE meta SET value = value || ? WHERE name = 'model'", secret)
    change(collection_copy, "UPDATE meta SET value = 'm' WHERE name = 'model'")
    assert b"zzyzx" in (collection_copy / STORE_NAME).read_bytes()
    archive_of(collection_copy, tmp_path / "b.zip")

    assert b"zzyzx" not in members_of(tmp_path / "b.zip")[STORE_NAME]


WRITER = """
import sys, time
from pathlib import Path
from index.store.seals import SEALED, seal_sql
from index.store.writer import StoreWriter, writing_lock
folder = Path(sys.argv[1])
with writing_lock(folder):
    store = StoreWriter(folder)
    number = 0
    while not (folder / "stop").exists():
        number += 1
        with store.transaction():
            store.set_meta("one", str(number))
            store._database.execute("UPDATE releases SET updated_at = ?", (str(number),))
            store._database.execute(f"UPDATE releases SET seal = {seal_sql(SEALED['releases'])}")
            store.set_meta("two", str(number))
        if number == 1:
            (folder / "started").touch()
    store.close()
"""


def test_a_backup_while_another_process_writes(collection_copy: Path, tmp_path: Path) -> None:
    """Each of several backups has one committed state: no half of a transaction is in it."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, collection_copy], env=process_environment()
    )
    try:
        while not (collection_copy / "started").exists():
            assert writer.poll() is None
        seen = set()
        for number in range(5):
            path = tmp_path / f"{number}.zip"
            archive_of(collection_copy, path)
            done = restore_archive(path, tmp_path / str(number))
            with Store(done.folder) as store:
                states = {store.meta("one"), store.meta("two")}
                states |= {row[0] for row in store.rows("SELECT updated_at FROM releases")}
            assert 1 == len(states)
            assert 0 == done.verification.damaged
            seen |= states
        assert writer.poll() is None
    finally:
        (collection_copy / "stop").touch()
        writer.wait(timeout=60)
    assert len(seen) > 1  # it did write meanwhile


def test_a_collection_that_was_left_open_is_archived(collection_copy: Path, tmp_path: Path) -> None:
    """What a killed writer committed to its log is in the backup."""
    store = StoreWriter(collection_copy)
    with store.transaction():
        store.set_meta("mark", "in the log")
    copy = Path(shutil.copytree(collection_copy, tmp_path / "killed"))
    store.close()
    (copy / f"{STORE_NAME}-shm").unlink()
    before = fingerprint(copy)
    archive_of(copy, tmp_path / "b.zip")

    assert before == fingerprint(copy)
    done = restore_archive(tmp_path / "b.zip", tmp_path / "new")
    with Store(done.folder) as restored:
        assert "in the log" == restored.meta("mark")


def test_a_collection_is_replaced_only_when_asked(
    collection_copy: Path, sample_collection: Path, backup: Path
) -> None:
    """Without force nothing is touched; with it the old collection and its indexes are gone."""
    change(collection_copy, "DELETE FROM releases WHERE release_id = 'canada-korea-visit'")
    (collection_copy / "notes.txt").write_text("mine")
    before = fingerprint(collection_copy)
    with pytest.raises(ArchiveError, match=r"there is a collection in .*--force"):
        restore_archive(backup, collection_copy)
    assert before == fingerprint(collection_copy)

    with open_collection(collection_copy) as opened:
        done = restore_archive(backup, collection_copy, force=True)
        with pytest.raises(CollectionReplacedError):
            opened.ask(QUESTION)

    assert 0 == done.verification.damaged
    assert names(sample_collection) | {"notes.txt", "lock"} == names(collection_copy)
    assert 2 == len(names(collection_copy / "derived"))
    assert answer(sample_collection) == answer(collection_copy)


def test_the_log_of_the_old_collection_is_not_applied_to_the_new(
    collection_copy: Path, sample_collection: Path, backup: Path
) -> None:
    """A killed writer's log beside the old store does not change the restored one."""
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom index.store.writer import StoreWriter\n"
        "store = StoreWriter(Path(sys.argv[1]))\n"
        "with store.transaction(): store.set_meta('model', 'x')\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run(
        [sys.executable, "-c", code, collection_copy], env=process_environment(), check=False
    )
    assert f"{STORE_NAME}-wal" in names(collection_copy)

    restore_archive(backup, collection_copy, force=True)

    assert f"{STORE_NAME}-wal" not in names(collection_copy)
    assert contents(sample_collection) == contents(collection_copy)
    with Store(collection_copy) as store:
        assert "x" != store.meta("model")


@pytest.mark.parametrize("end", ["", "-wal", "-journal"])
def test_a_damaged_collection_can_be_replaced(
    collection_copy: Path, sample_collection: Path, backup: Path, end: str
) -> None:
    """That the old one cannot be opened is no reason not to restore."""
    store = collection_copy / STORE_NAME
    if end:
        Path(f"{store}{end}").write_bytes(b"no log and no journal" * 1000)
    store.write_bytes(b"no database" * 1000)

    restore_archive(backup, collection_copy, force=True)

    assert [] == differences(content_of(sample_collection), content_of(collection_copy))


def test_a_collection_that_is_being_written_is_not_replaced(
    collection_copy: Path, backup: Path
) -> None:
    """Another writer comes first."""
    before = fingerprint(collection_copy)
    with writing_lock(collection_copy), pytest.raises(CollectionBusyError, match="another process"):
        restore_archive(backup, collection_copy, force=True)
    assert before == {**fingerprint(collection_copy), **before}


def truncated(members: Members) -> Members:
    """The store is shorter than the manifest says, and fits its own directory."""
    return {**members, STORE_NAME: members[STORE_NAME][:-4096]}


def flipped(members: Members) -> Members:
    """One bit of the store differs, and the archive's own checksum is right."""
    content = bytearray(members[STORE_NAME])
    content[len(content) // 2] ^= 1
    return {**members, STORE_NAME: bytes(content)}


HOSTILE: dict[str, Callable[[Members], Members]] = {
    "not those that its manifest names": truncated,
    "collection.sqlite3 in it is damaged": flipped,
    r"holds '\.\./x'": lambda m: declaring({**m, "../x": b"x"}),
    "holds '/tmp/x'": lambda m: declaring({**m, "/tmp/x": b"x"}),  # noqa: S108 - a name
    "holds 'model/../../x.json'": lambda m: declaring({**m, "model/../../x.json": b"x"}),
    "holds 'derived/x'": lambda m: declaring({**m, "derived/x": b"x"}),
    "not a backup": lambda m: {STORE_NAME: m[STORE_NAME]},
    "manifest cannot be read": lambda m: {**m, MANIFEST_NAME: b"{"},
    "manifest is too long": lambda m: {**m, MANIFEST_NAME: m[MANIFEST_NAME] + b" " * 1_000_000},
    "newer version of releaseqa": lambda m: with_manifest(m, lambda facts: facts.update(version=9)),
    "more than 200 files": lambda m: declaring(
        {**m, **{f"model/{n}.json": b"" for n in range(201)}}
    ),
    "collection cannot be used.*collection.sqlite3": lambda m: declaring(
        {**m, STORE_NAME: b"no database" * 1000}
    ),
    "collection cannot be used: .*model": lambda m: declaring({**m, "model/config.json": b"{}"}),
}


@pytest.mark.parametrize("said", HOSTILE)
def test_damaged_and_hostile_archives_leave_nothing(
    backup: Path, tmp_path: Path, said: str
) -> None:
    """One line says what is wrong; no folder appears, and nothing is written outside."""
    path = put_archive(tmp_path / "evil.zip", HOSTILE[said](members_of(backup)))
    (tmp_path / "sub").mkdir()
    before = names(tmp_path)

    with pytest.raises(ArchiveError, match=said) as caught:
        restore_archive(path, tmp_path / "sub" / "new")

    assert str(path) in str(caught.value)
    assert set() == names(tmp_path / "sub")
    assert before == names(tmp_path)


def test_a_link_in_an_archive_is_refused(backup: Path, tmp_path: Path) -> None:
    """A member that is marked as a link is not unpacked."""
    members = declaring({**members_of(backup), "releaseqa.toml": b"/etc/passwd"})
    path = put_archive(tmp_path / "evil.zip", members, links=("releaseqa.toml",))

    with pytest.raises(ArchiveError, match=r"'releaseqa\.toml' as a link"):
        restore_archive(path, tmp_path / "new")
    assert {"evil.zip"} == names(tmp_path)


def test_a_member_that_declares_less_than_it_has(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What unpacks to more than it declares is given up there, before anything is written."""
    members = members_of(backup)
    short = with_manifest(members, lambda facts: facts["files"][0].update(size=4096))
    path = put_archive(tmp_path / "evil.zip", short)
    written = bytearray(path.read_bytes())
    full = len(members[STORE_NAME]).to_bytes(4, "little")
    assert 2 == written.count(full)  # in the directory and before the member
    path.write_bytes(written.replace(full, (4096).to_bytes(4, "little")))
    monkeypatch.setattr(restoring, "_build", None)

    with pytest.raises(ArchiveError, match=r"collection\.sqlite3 (in it )?is (damaged|longer)"):
        restore_archive(path, tmp_path / "new")


@pytest.mark.parametrize("keep", [0, 10, 1000, -1, -30])
def test_a_cut_archive_is_refused(backup: Path, tmp_path: Path, keep: int) -> None:
    """A file that was cut anywhere is no archive."""
    path = tmp_path / "cut.zip"
    path.write_bytes(backup.read_bytes()[:keep])

    with pytest.raises(ArchiveError, match="cannot be restored: its directory is damaged"):
        restore_archive(path, tmp_path / "new")
    assert {"cut.zip"} == names(tmp_path)


def test_a_huge_directory_is_not_read(tmp_path: Path) -> None:
    """A directory of many megabytes would fill the memory; it is refused by its size."""
    path = tmp_path / "huge.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("README.txt")
        for number in range(50):
            info = zipfile.ZipInfo(f"model/{number}.json")
            info.comment = b"x" * 65_000
            archive.writestr(info, b"")

    with pytest.raises(ArchiveError, match="its directory is damaged"):
        restore_archive(path, tmp_path / "new")


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda _: None])
def test_what_is_no_file_is_not_opened(make: Callable[[Path], None], tmp_path: Path) -> None:
    """A folder, a pipe nobody writes to, nothing at all."""
    make(tmp_path / "x")
    with pytest.raises(ArchiveError, match=r"is not a file|no such file"):
        restore_archive(tmp_path / "x", tmp_path / "new")


def test_a_damaged_collection_does_not_replace_another(
    collection_copy: Path, tmp_path: Path, backup: Path
) -> None:
    """It is restored into a folder of its own, and what is damaged is returned."""
    damaged = Path(shutil.copytree(collection_copy, tmp_path / "damaged"))
    change(damaged, "UPDATE releases SET text = replace(text, 'Korea', 'Norge')")
    archive_of(damaged, tmp_path / "b.zip")
    before = fingerprint(collection_copy)

    with pytest.raises(ArchiveError, match=r"its collection is damaged .*another folder"):
        restore_archive(tmp_path / "b.zip", collection_copy, force=True)

    left = fingerprint(collection_copy)
    assert before == {name: left[name] for name in before}
    assert left.keys() - before.keys() <= {"lock"}
    done = restore_archive(tmp_path / "b.zip", tmp_path / "new")
    assert done.verification.damaged > 0
    assert (tmp_path / "new" / STORE_NAME).is_file()
    del backup


def test_an_empty_folder_and_one_of_other_files(backup: Path, tmp_path: Path) -> None:
    """A folder without a collection gets one; what is there stays."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    for name in ("empty", "full"):
        assert 0 == restore_archive(backup, tmp_path / name).verification.damaged
    assert "mine" == (tmp_path / "full" / "letter.txt").read_text()
    (tmp_path / "file").touch()
    with pytest.raises(ArchiveError, match="is not a folder"):
        restore_archive(backup, tmp_path / "file")


def test_links_in_the_folder_lead_nowhere(
    collection_copy: Path, backup: Path, tmp_path: Path
) -> None:
    """Links in place of the files of a collection are replaced or refused, and never followed."""
    victim = tmp_path / "victim"
    shutil.copytree(collection_copy / "derived", victim / "derived")
    (victim / "store").write_bytes(b"years of work")
    before = fingerprint(victim)
    (collection_copy / STORE_NAME).unlink()
    (collection_copy / STORE_NAME).symlink_to(victim / "store")
    restore_archive(backup, collection_copy, force=True)
    assert not (collection_copy / STORE_NAME).is_symlink()
    shutil.rmtree(collection_copy / "derived")
    (collection_copy / "derived").symlink_to(victim / "derived")
    with pytest.raises(StorageError, match="symbolic link"):
        restore_archive(backup, collection_copy, force=True)
    assert before == fingerprint(victim)


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_the_old_or_the_new(
    collection_copy: Path, backup: Path, sample_collection: Path, tmp_path: Path
) -> None:
    """Before and after each commit, renaming, removal and syncing of files.

    A new folder has a whole collection or does not exist. An old one has the old collection or the
    new. The next restoration removes what was left.
    """
    every = "1" if os.environ.get(EVERY_POINT) else "5"
    with closing(StoreWriter(collection_copy)) as store, store.transaction():
        store.set_meta("updated_at", "old")
    script = SUPPORT / "interrupted_restores.py"
    done = subprocess.run(
        [sys.executable, script, backup, collection_copy, tmp_path / "k", "--every", every],
        env=process_environment({"PYTHONPATH": f"{ROOT}{os.pathsep}{SUPPORT}"}),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (0, "") == (done.returncode, done.stderr)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert {-signal.SIGKILL, 0} == {result["status"] for result in results}
    old, new = content_of(collection_copy), content_of(sample_collection)
    seen = set()
    for result in results:
        folder = Path(result["folder"])
        if not folder.exists():
            seen.add((result["how"], "nothing", result["ended"]))
            restore_archive(backup, folder)
            assert {".releaseqa"} == names(folder.parent)
            continue
        with Store(folder) as store:
            state = "old" if store.meta("updated_at") == "old" else "new"
        seen.add((result["how"], state, result["ended"]))
        found = content_of(folder)
        lines = differences(old if state == "old" else new, found)
        left = ("files:", "strays:", "findings:")  # what the next restoration removes
        assert [] == [line for line in lines if not line.startswith(left)]
        assert [] == [finding for finding in found["findings"] if finding.verdict == "wrong"]
        if state == "old":
            restore_archive(backup, folder, force=True)
            assert [] == differences(new, content_of(folder))
            assert {".releaseqa"} == names(folder.parent)
    assert {
        ("new", "nothing", False), ("new", "new", True), ("old", "old", False), ("old", "new", True)
    } <= seen  # fmt: skip
    assert seen.isdisjoint({("old", "nothing", False), ("new", "old", False)})


@pytest.mark.parametrize("force", [False, True])
def test_a_full_disk_leaves_everything_as_it_was(
    collection_copy: Path, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    *, force: bool,
) -> None:  # fmt: skip
    """An error at any writing is told, and nothing is left of the restoration."""
    folder = collection_copy if force else tmp_path / "sub" / "new"
    before = fingerprint(collection_copy)
    real = os.fsync
    for fatal in range(1, 6):
        calls = 0

        def fsync(descriptor: int) -> None:
            nonlocal calls
            calls += 1
            if calls == fatal:  # noqa: B023 - called within the turn
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            real(descriptor)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", fsync)
            with pytest.raises(StorageError, match="No space left"):
                restore_archive(backup, folder, force=force)
        assert before == {**fingerprint(collection_copy), **before}
        assert fingerprint(collection_copy).keys() - before.keys() <= {"lock"}
        if not force:
            assert set() == names(tmp_path / "sub")


def test_a_restoration_over_a_collection_syncs_what_it_puts_there(
    collection_copy: Path, backup: Path
) -> None:
    """The artifacts and the removal of the old log before the store is replaced, its name after."""
    with disk_steps() as steps:
        restore_archive(backup, collection_copy, force=True)

    store = ("rename", collection_copy / STORE_NAME)
    place = steps.index(store)
    assert ("sync", collection_copy) == steps[place - 1]
    assert ("sync", collection_copy / "derived") == steps[place - 2]
    assert ("sync", collection_copy) == steps[place + 1]
    assert 1 == steps.count(store)


def test_a_disk_that_is_too_small_is_told_before(
    backup: Path, sample_collection: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The room that is declared is compared with the room there is."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("Usage", (), {"free": 100_000}))
    with pytest.raises(StorageError, match="has too little room: the collection needs"):
        restore_archive(backup, tmp_path / "new")
    with pytest.raises(StorageError, match="no room for a copy"):
        archive_of(sample_collection, tmp_path / "b.zip")


def test_there_has_to_be_a_collection(tmp_path: Path) -> None:
    """Without one there is nothing to archive."""
    with pytest.raises(CollectionNotFoundError):
        archive_of(tmp_path, tmp_path / "b.zip")
    with pytest.raises(ReleaseIndexError):
        restore_archive(tmp_path / "b.zip", tmp_path / "new")
