"""The files of a database on disk: which of them SQLite may open, and how to read without writing.

A collection can come from a stranger, and the program that wrote it can have been killed. SQLite
trusts the files beside a database: it plays back a journal, deletes the file that the journal
names, and writes through links. So the files are checked before SQLite sees them, and what needs
a repair to be read is repaired in a private copy. See docs/decisions/0018-reading-after-a-kill.md.
"""

import os
import shutil
import stat
import struct
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from index.store.sqlite import Database, Failure, UnsettledError, is_at_rest

Result = TypeVar("Result")
Version = tuple[tuple[int, ...] | None, ...]
"""What tells the files of a database from those before or after a change."""

_JOURNAL, _LOG, _LOG_INDEX = "-journal", "-wal", "-shm"
_MAGIC = bytes.fromhex("d9d505f920a163d7")
_HEADER = struct.Struct(">8s12xII")
"""The magic number, sector size and page size of a journal."""
_SIZES = (32, 65_536)
"""The smallest and the largest sector; a page has at least 512 bytes."""
_LEAST_PAGE = 512
_FIRST_PAGE = 4096
"""Bytes of the first page of a database that this program makes."""

_ATTEMPTS = 8
_PAUSE_S = 0.02
"""How often, and how long between, files are looked at again that another process changes."""


def beside(path: Path, suffix: str) -> Path:
    """Return the file that SQLite keeps beside the database at `path`."""
    return path.with_name(path.name + suffix)


def side_files(path: Path) -> list[Path]:
    """Return the files that SQLite keeps beside the database at `path`, and that are there."""
    sides = (beside(path, end) for end in (_JOURNAL, _LOG, _LOG_INDEX))
    return [file for file in sides if os.path.lexists(file)]


def check_files(path: Path, error: Callable[[Failure, str], Exception]) -> None:
    """Refuse a database with a file that this program never makes, before SQLite acts on it.

    Args:
        path: The database; it may be missing.
        error: Takes a failure and its details; returns the exception to raise.

    Raises:
        Exception: `foreign`: a link or a pipe, or a journal that is not one or names another file.
    """
    for file in (path, *(beside(path, end) for end in (_JOURNAL, _LOG, _LOG_INDEX))):
        fault = link_fault(file)
        if fault is not None:
            raise error("foreign", f"{file.name} {fault}")
    journal = beside(path, _JOURNAL)
    try:
        fault = _journal_fault(journal)
    except OSError as failed:
        raise error("refused", str(failed)) from failed
    if fault is not None:
        raise error("foreign", f"{journal.name} {fault}; remove it")


def link_fault(path: Path) -> str | None:
    """Return why a file is not opened: it is a link, a pipe, a device or a folder; else None."""
    try:
        mode = path.lstat().st_mode
    except OSError:  # most often it does not exist
        return None
    if stat.S_ISLNK(mode):
        return "is a symbolic link, which releaseqa does not follow; remove it"
    return None if stat.S_ISREG(mode) else "is not a regular file; remove it"


def is_unwritten(path: Path) -> bool:
    """Return whether a power cut left of a new database only its size, and so no content.

    The first page of a database is written before anything else. It ends with zeros, and where
    its first sector was lost, SQLite takes the file for damaged. Call this only after that: reading
    the file drops the locks that SQLite holds on it.
    """
    try:
        return 0 < path.stat().st_size <= _FIRST_PAGE and not any(path.read_bytes())
    except OSError:
        return False


def is_left_open(path: Path) -> bool:
    """Return whether a writer has the database at `path` open, or was killed while it had."""
    return bool(side_files(path)) or not is_at_rest(path)


def _journal_fault(journal: Path) -> str | None:
    """Return why a rollback journal is not one of this program, or None.

    A transaction over several databases writes the name of a super-journal at the end of each
    journal, and SQLite deletes that file after playing back. This program never attaches a
    database, so none of its journals ends like that.
    """
    try:
        with journal.open("rb") as stream:
            head = stream.read(_HEADER.size)
            end = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, end - len(_MAGIC)))
            tail = stream.read()
    except FileNotFoundError:
        return None
    if head[:1] in {b"", b"\0"}:  # SQLite does not play it back
        return None
    if end > _HEADER.size and tail == _MAGIC:
        return "names another file, which SQLite would delete"
    magic, sector, page = _HEADER.unpack(head.ljust(_HEADER.size, b"\0"))
    sized = all(_SIZES[0] <= size <= _SIZES[1] and not size & (size - 1) for size in (sector, page))
    return None if magic == _MAGIC and sized and page >= _LEAST_PAGE else "is not a journal"


class _Opened(NamedTuple):
    """A database that was opened, and the file that it was opened from.

    Attributes:
        database: The database.
        identity: Device and number of the file.
        copied: For a private copy, the version of the files it was made from.
    """

    database: Database
    identity: tuple[int, int]
    copied: Version | None


class ReadableDatabase:
    """A database that is read and never written, in whatever state its writer left it.

    SQLite itself reads a database at rest, and one that has a log and the index of that log, which
    is memory that its users share: a writer is at work, or was killed. What cannot be read without
    making files is repaired by SQLite in a private copy: a log without its index, or a journal to
    be played back. The copy has no name any more once it is open. When the files change, they are
    opened again. Safe to share between threads.
    """

    def __init__(
        self,
        path: Path,
        error: Callable[[Failure, str], Exception],
        prepare: Callable[[Database], None],
    ) -> None:
        """Open the database at `path`.

        Args:
            path: The file.
            error: As for `Database`; also for the failures of `check_files`.
            prepare: Prepares and checks a database that was opened.
        """
        self._path, self._error, self._prepare = path, error, prepare
        self._lock = threading.Lock()
        self._superseded: list[Database] = []
        self._opened = self._open()

    @property
    def is_copy(self) -> bool:
        """Whether a private copy is read, because a writer was killed."""
        return self._opened.copied is not None

    def close(self) -> None:
        """Close it; it cannot be read afterwards."""
        for database in (*self._superseded, self._opened.database):
            database.close()

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        return self._read(lambda database: database.rows(sql, values))

    def iterate(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query that returns more than should be in memory at once."""
        return self._read(lambda database: database.iterate(sql, values))

    def integrity_errors(self) -> list[str]:
        """Return what SQLite finds wrong with the file; nothing when it is whole."""
        return self._read(lambda database: database.integrity_errors())

    def copy_to(self, path: Path) -> None:
        """Write the content as it is at this moment to `path`, where no file is."""

        def copy(database: Database) -> None:
            path.unlink(missing_ok=True)  # of an attempt that failed
            database.copy_to(path)

        self._read(copy)

    def _read(self, act: Callable[[Database], Result]) -> Result:
        failed = ""
        for _ in range(_ATTEMPTS):
            database = self._current()
            try:
                return act(database)
            except UnsettledError as error:
                failed = str(error)
                self._open_again(database)
        raise self._error("refused", failed)

    def _current(self) -> Database:
        """Return the database, after a look at the file: SQLite goes on reading a deleted one."""
        database, identity, copied = self._opened
        if _identity(self._path, self._error) != identity:
            raise self._error("replaced", "another file is in its place")
        if copied is not None and copied != _version(self._path):
            return self._open_again(database)
        return database

    def _open_again(self, before: Database) -> Database:
        with self._lock:
            if self._opened.database is before:  # else another thread has done it
                self._superseded.append(before)  # which a thread may still be reading
                self._opened = self._open()
            return self._opened.database

    def _open(self) -> "_Opened":
        for attempt in range(_ATTEMPTS):
            time.sleep(_PAUSE_S if attempt else 0)
            check_files(self._path, self._error)
            identity = _identity(self._path, self._error)
            version = _version(self._path)
            with suppress(UnsettledError):
                if self._is_readable():
                    database = Database(self._path, self._error, read_only=True)
                    return _Opened(self._prepared(database), identity, None)
                copy = self._copy()
                if version == _version(self._path):
                    return _Opened(copy, identity, version)
                copy.close()  # of files that another process was changing
        raise self._error("busy", "its files change too fast to be read")

    def _is_readable(self) -> bool:
        """Return whether SQLite can read the database without writing."""
        journal, log, log_index = (
            os.path.lexists(beside(self._path, end)) for end in (_JOURNAL, _LOG, _LOG_INDEX)
        )
        return (log and log_index and not journal) or is_at_rest(self._path)

    def _prepared(self, database: Database) -> Database:
        with database.closed_on_error():
            self._prepare(database)
        return database

    def _copy(self) -> Database:
        """Return a private copy of the database in which SQLite has repaired what it needed to.

        Reading the original closes a descriptor of it, which drops the locks that SQLite holds on
        it for other readers in this process. They matter only while a writer is at work, and then
        there is no copy.
        """
        ends = [end for end in ("", _JOURNAL, _LOG) if os.path.lexists(beside(self._path, end))]
        # The folder goes at once; the open file stays readable, except on Windows.
        with tempfile.TemporaryDirectory(prefix="releaseqa-", ignore_cleanup_errors=True) as folder:
            copy = Path(folder) / self._path.name
            try:
                size = sum(beside(self._path, end).stat().st_size for end in ends)
                if size > shutil.disk_usage(folder).free:
                    raise self._error("refused", f"{tempfile.gettempdir()} has no room for a copy")
                for end in ends:
                    shutil.copyfile(beside(self._path, end), beside(copy, end))
            except OSError as failed:
                if not self._path.exists():
                    raise UnsettledError(str(failed)) from failed
                raise self._error("refused", str(failed)) from failed
            check_files(copy, self._error)
            database = Database(copy, self._error)
            with database.closed_on_error():
                database.rows("PRAGMA journal_mode = MEMORY")  # plays back the journal or the log
            return self._prepared(database)


def _identity(path: Path, error: Callable[[Failure, str], Exception]) -> tuple[int, int]:
    """Return the device and the number of a file; no other file has them while it is open."""
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError) as failed:
        raise error("deleted", str(failed)) from failed
    except OSError as failed:
        raise error("refused", str(failed)) from failed
    return status.st_dev, status.st_ino


def content_version(path: Path) -> Version:
    """Return what differs after a commit to the database at `path`.

    SQLite's own number for that (`PRAGMA data_version`) also changes without a commit, in a reader
    that may not write to the index of the log.
    """
    return _version(path)[:-1]


def _version(path: Path) -> Version:
    """Return what tells the files of a database from those before or after a change."""
    found: list[tuple[int, ...] | None] = []
    for end in ("", _JOURNAL, _LOG, _LOG_INDEX):
        try:
            status = beside(path, end).lstat()
        except OSError:
            found.append(None)
        else:
            found.append((status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns))
    return tuple(found)
