"""Reading a store in whatever state a killed writer left it, without writing."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from crafted_stores import leave_hot_journal
from index_parts import contents, fingerprint

from index.errors import CollectionNotFoundError, CollectionReplacedError, StorageError
from index.filters import NO_FILTERS
from index.store.reader import STORE_NAME, Store
from index.store.writer import StoreWriter
from index.verify.repair import repair_collection
from index.verify.verify import verify_collection

LOG, LOG_INDEX = f"{STORE_NAME}-wal", f"{STORE_NAME}-shm"
KILLED = """
import os, signal, sys
from pathlib import Path
from index.store.writer import StoreWriter
store = StoreWriter(Path(sys.argv[1]))
with store.transaction():
    store.set_meta("mark", "committed")
os.kill(os.getpid(), signal.SIGKILL)
"""


def kill_writer(folder: Path) -> None:
    """Leave a store as a writer does that is killed after a commit."""
    done = subprocess.run([sys.executable, "-c", KILLED, folder], check=False)
    assert -signal.SIGKILL == done.returncode
    assert {LOG, LOG_INDEX} <= {path.name for path in folder.iterdir()}


def without_memory(files: dict[str, str]) -> dict[str, str]:
    """Leave the content of the log's index out."""
    return {path: digest if path != LOG_INDEX else "" for path, digest in files.items()}


def killed(folder: Path) -> None:
    """A log and its index."""
    kill_writer(folder)


def without_index(folder: Path) -> None:
    """A log without its index, as a backup may have it."""
    kill_writer(folder)
    (folder / LOG_INDEX).unlink()


def without_log(folder: Path) -> None:
    """A header that says there is a log, as a kill just before or after it exists leaves it."""
    with closing(StoreWriter(folder)) as store, store.transaction():
        store.set_meta("mark", "committed")
    store_file = folder / STORE_NAME
    written = bytearray(store_file.read_bytes())
    written[18:20] = b"\x02\x02"
    store_file.write_bytes(written)


def with_journal(folder: Path) -> None:
    """A journal that has to be played back, as older versions could leave it."""
    with closing(StoreWriter(folder)) as store, store.transaction():
        store.set_meta("mark", "committed")
    leave_hot_journal(folder)


STATES = pytest.mark.parametrize(
    "leave", [killed, without_index, without_log, with_journal], ids=lambda leave: leave.__name__
)


@STATES
def test_what_a_killed_writer_left_is_read_without_a_trace(
    leave: Callable[[Path], None],
    collection_copy: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A reader sees what was committed, and changes no byte of the folder; no copy is left.

    Where it may write, SQLite renews the index of a log, which is memory and not content.
    """
    expected = contents(collection_copy)
    leave(collection_copy)
    before = without_memory(fingerprint(collection_copy))
    private = tmp_path / "private"
    private.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(private))

    with Store(collection_copy) as store:
        assert "committed" == store.meta("mark")
        assert [] == list(private.iterdir())
        assert (leave is not killed) == store.is_copy
    assert expected == contents(collection_copy)
    assert before == without_memory(fingerprint(collection_copy))


@STATES
def test_what_a_killed_writer_left_is_noted_and_mended(
    leave: Callable[[Path], None], collection_copy: Path
) -> None:
    """Verifying notes a store that was not closed, a repair closes it, and nothing is lost."""
    expected = contents(collection_copy)
    leave(collection_copy)
    noted = [found for found in verify_collection(collection_copy).findings if found.mends == "log"]
    repair = repair_collection(collection_copy)

    assert ["note"] == [found.verdict for found in noted]
    assert noted == [found for found in repair.mended if found.mends == "log"]
    assert () == repair.after.findings
    assert {STORE_NAME, "lock", "derived"} == {path.name for path in collection_copy.iterdir()}
    with Store(collection_copy) as store:
        assert "committed" == store.meta("mark")
        assert not store.is_copy
    assert expected == contents(collection_copy)


@STATES
def test_a_reader_of_a_copy_sees_the_next_update(
    leave: Callable[[Path], None], collection_copy: Path
) -> None:
    """A store that stays open is read in place again as soon as a writer has put it in order."""
    leave(collection_copy)
    with Store(collection_copy) as store:
        version = store.content_version
        with closing(StoreWriter(collection_copy)) as writer, writer.transaction():
            writer.set_meta("mark", "later")
        assert "later" == store.meta("mark")
        assert version != store.content_version
        assert not store.is_copy


def test_a_journal_that_appears_under_an_open_reader_is_no_error(collection_copy: Path) -> None:
    """A reader that was open before a writer was killed goes on with the committed state."""
    with Store(collection_copy) as store:
        updated = store.meta("updated_at")
        leave_hot_journal(collection_copy)
        assert updated == store.meta("updated_at")
        assert store.is_copy


def test_opening_and_closing_a_writer_makes_no_journal(
    collection_copy: Path, tmp_path: Path
) -> None:
    """No system call makes a journal, so a kill between any two of them leaves none."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    trace = tmp_path / "trace"
    code = KILLED.replace("os.kill(os.getpid(), signal.SIGKILL)", "store.close()")
    done = subprocess.run(
        ["strace", "-f", "-e", "trace=openat,open,unlink,rename", "-o", trace,
         sys.executable, "-c", code, collection_copy],
        capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode and b"PTRACE" in done.stderr.upper():
        pytest.skip("strace may not trace here")
    assert 0 == done.returncode, done.stderr
    made = [
        call for call in trace.read_text(encoding="utf-8").splitlines()
        if "O_CREAT" in call or "rename" in call
    ]  # fmt: skip
    assert any(LOG in call for call in made)
    assert [] == [call for call in made if "-journal" in call]


def test_a_copy_that_has_no_room_is_a_clear_error(
    collection_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a private copy does not fit, the message says so, and nothing is written."""
    without_index(collection_copy)
    usage = shutil.disk_usage(collection_copy)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10))

    with pytest.raises(StorageError, match="no room for a copy"):
        Store(collection_copy)


def test_a_store_that_may_not_be_read_is_a_clear_error(collection_copy: Path) -> None:
    """Without the right to read the file, the message names it and the reason."""
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (collection_copy / STORE_NAME).chmod(0)

    with pytest.raises(StorageError, match="cannot be used"):
        Store(collection_copy)


@pytest.mark.parametrize("leave", [lambda _: None, without_index], ids=["in place", "copy"])
def test_an_open_store_notices_that_it_was_deleted(
    leave: Callable[[Path], None], collection_copy: Path
) -> None:
    """A store whose folder was deleted or moved says so, and gives no old content."""
    leave(collection_copy)
    with Store(collection_copy) as store:
        assert store.meta("generation")
        shutil.rmtree(collection_copy)
        with pytest.raises(CollectionNotFoundError, match="deleted or moved while it was open"):
            store.meta("generation")


@pytest.mark.parametrize("leave", [lambda _: None, without_index], ids=["in place", "copy"])
def test_an_open_store_notices_that_it_was_replaced(
    leave: Callable[[Path], None], collection_copy: Path, tmp_path: Path
) -> None:
    """A store in whose place another was put says so."""
    shutil.copytree(collection_copy, tmp_path / "other")
    leave(collection_copy)
    with Store(collection_copy) as store:
        assert store.meta("generation")
        shutil.rmtree(collection_copy)
        (tmp_path / "other").rename(collection_copy)
        with pytest.raises(CollectionReplacedError, match="open it again"):
            store.releases(NO_FILTERS)
