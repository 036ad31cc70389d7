"""The one place that uses SQLite: open a file, run statements, migrate, and name what went wrong.

The store of a collection and the saved sessions are both a `Database`. Each of them says which
exception to raise for a `Failure`, so that no caller sees an exception of the sqlite3 module.
"""

import os
import sqlite3
import textwrap
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

Failure = Literal[
    "busy", "refused", "constraint", "newer", "damaged", "foreign", "deleted", "replaced"
]
"""Why a database cannot be used: another process holds its lock; the disk is full or refuses
access; a rule of the tables forbids the change; a newer program wrote it; its content is wrong;
it has a file beside it that this program never makes; while it was open, its file was deleted, or
another took its place."""

Migrations = Sequence[tuple[int, Sequence[str]]]
"""Versions in ascending order, each with the statements that bring a database to it."""

BUSY_SECONDS = 10.0
"""How long to wait for the lock of another process."""

_BATCH = 500
_MAX_MESSAGES = 100
_STEPS = 500_000
"""Steps of SQLite's virtual machine between two checks of their number and for Ctrl+C: some ten
milliseconds, since each check waits for Python's other threads."""
_LEAST_STEPS, _STEPS_PER_BYTE = 5_000_000, 20
"""How many steps a statement may take: a thousand times more than any needs on collections of real
releases, where a row takes hundreds of bytes, but only seconds for a small file."""
_LONGEST_VALUE = 256_000_000
"""Bytes of a value that are read even from a smaller file, which can grow."""

_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_REFUSED = frozenset({
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
})  # fmt: skip
_UNSETTLED = frozenset({
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY_ROLLBACK, sqlite3.SQLITE_READONLY_RECOVERY,
    sqlite3.SQLITE_READONLY_CANTINIT, sqlite3.SQLITE_READONLY_CANTLOCK,
})  # fmt: skip


class UnsettledError(Exception):
    """A database cannot be read without writing beside it.

    Its writer was killed, or is just opening or closing it.
    """


def is_at_rest(path: Path) -> bool:
    """Return whether a database has neither a log nor a journal that belong to its content.

    SQLite is asked, by a connection that takes no locks and therefore refuses a log. Reading the
    header here would be simpler, but closing the file would drop all locks that SQLite holds on it
    in this process. Nothing is written. A file that cannot be read is at rest too: opening it says
    why.
    """
    try:
        with closing(sqlite3.connect(f"{_uri(path)}&nolock=1", uri=True)) as connection:
            connection.execute("PRAGMA schema_version").fetchone()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return getattr(error, "sqlite_errorcode", None) not in _UNSETTLED
    return True


class StepLimit:
    """Counts the steps that SQLite takes for a statement, and stops it when there are too many.

    A file that a stranger made can hold a table whose rows never end: its pages name one another.
    """

    def __init__(self, path: Path) -> None:
        """Limit the steps by the size of the database at `path` and its log."""
        self._files = (path, path.with_name(f"{path.name}-wal"))
        self._bytes = 0
        self._measure()
        self.taken = 0

    @property
    def is_exceeded(self) -> bool:
        """Whether the statement took too many steps."""
        if self.taken <= _LEAST_STEPS:
            return False
        self._measure()  # it may have grown
        return self.taken > _LEAST_STEPS + _STEPS_PER_BYTE * self._bytes

    def count(self) -> bool:
        """Count some more steps; return whether to stop."""
        self.taken += _STEPS
        return self.is_exceeded

    def _measure(self) -> None:
        with suppress(OSError):  # a private copy has no name any more
            self._bytes = sum(file.stat().st_size for file in self._files if file.exists()) or (
                self._bytes
            )


class Database:
    """An open SQLite file. Safe to share between threads.

    Every method raises what `error` returns when SQLite fails, and KeyboardInterrupt on Ctrl+C
    during a long statement.
    """

    def __init__(
        self, path: Path, error: Callable[[Failure, str], Exception], *, read_only: bool = False
    ) -> None:
        """Open the database at `path`, which is created unless `read_only`.

        Args:
            path: The file.
            error: Takes a failure and its details; returns the exception to raise.
            read_only: Do not ask for write access. A method raises `UnsettledError` when the
                database cannot be read without.
        """
        self._error = error
        self._lock = threading.RLock()
        self._read_only = read_only
        self._limit = StepLimit(path)
        target = _uri(path) if read_only else path
        with self._translated():
            self._connection = sqlite3.connect(
                target, uri=read_only, check_same_thread=False, isolation_level=None,
                timeout=BUSY_SECONDS,
            )  # fmt: skip
            self._connection.set_progress_handler(self._limit.count, _STEPS)
            if read_only:
                longest = max(_LONGEST_VALUE, path.stat().st_size)
                self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest)

    def close(self) -> None:
        """Close the database; it cannot be used afterwards."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def closed_on_error(self) -> Iterator[None]:
        """Close the database when the block, which prepares it, raises."""
        try:
            yield
        except BaseException:
            self.close()
            raise

    def add_function(self, name: str, function: Callable[..., Any], *, arguments: int = 1) -> None:
        """Make a deterministic function available in SQL; -1 stands for any number of arguments."""
        self._connection.create_function(name, arguments, function, deterministic=True)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        with self._lock, self._translated():
            return self._connection.execute(sql, values).fetchall()

    def value(self, sql: str, values: Sequence[Any] = ()) -> Any:  # noqa: ANN401 - any SQL value
        """Return the first column of the first row; None when there is no row."""
        rows = self.rows(sql, values)
        return rows[0][0] if rows else None

    def iterate(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query that returns more than should be in memory at once."""
        return self._batches(self.execute(sql, values))

    def _batches(self, cursor: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
        taken = self._limit.taken
        while True:
            with self._lock, self._translated(taken):
                batch = cursor.fetchmany(_BATCH)
                taken = self._limit.taken
            if not batch:
                return
            yield from batch

    def execute(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Run a statement; return its cursor, which knows `rowcount` and `lastrowid`."""
        with self._lock, self._translated():
            return self._connection.execute(sql, values)

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each row of values."""
        with self._lock, self._translated():
            self._connection.executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write everything that the block writes, or nothing of it.

        Within another transaction of the same thread it is a part of that one.
        """
        with self._lock:
            if self._connection.in_transaction:
                begin, end = "SAVEPOINT part", "RELEASE part"
                undo: tuple[str, ...] = ("ROLLBACK TO part", "RELEASE part")
            else:
                begin, end, undo = "BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",)
            self.execute(begin)
            try:
                yield
                self.execute(end)
            except BaseException:
                if self._connection.in_transaction:
                    with suppress(sqlite3.Error):
                        for statement in undo:
                            self._connection.execute(statement)
                raise

    def keep_log(self) -> None:
        """Write through a log (WAL) from now on, so that readers are not blocked."""
        if self.value("PRAGMA journal_mode") != "wal":
            self._change_mode("MEMORY", "WAL")
        self.value("PRAGMA schema_version")  # makes the files of the log, which readers look for

    def merge_log(self) -> None:
        """Write the log back into the file, unless a reader is using it.

        After that the database is at rest: no file is beside it, and readers need none.
        """
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        self.rows("PRAGMA busy_timeout = 200")
        self._change_mode("MEMORY")

    def _change_mode(self, *modes: str) -> None:
        """Change the journal mode, and the header with it, without a journal on disk.

        The change is to a few bytes in the first sector, which a disk writes whole. With a journal
        on disk, a kill at this moment would leave one that readers could not play back.
        """
        for mode in modes:
            self.rows(f"PRAGMA journal_mode = {mode}")

    @property
    def version(self) -> int:
        """The version of the newest migration that was applied; 0 for an empty database."""
        return int(self.value("PRAGMA user_version"))

    def refuse_newer(self, migrations: Migrations) -> None:
        """Raise the `newer` failure when a later program added a migration to the database."""
        newest = migrations[-1][0]
        if self.version > newest:
            raise self._error("newer", f"schema {self.version}, but this version supports {newest}")

    def migrate(self, migrations: Migrations) -> None:
        """Apply the migrations that are missing, each in a transaction of its own, and record it.

        The version is read inside the transaction, so that of two processes which open an old
        database at the same time, one migrates it and the other finds nothing left to do.
        """
        self.refuse_newer(migrations)
        for number, statements in migrations:
            if self.version >= number:
                continue
            with self.transaction():
                if self.version >= number:
                    continue
                for statement in statements:
                    self.execute(textwrap.dedent(statement).strip())
                self.execute(
                    "CREATE TABLE IF NOT EXISTS migrations "
                    "(version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL) STRICT"
                )
                self.execute(
                    "INSERT INTO migrations VALUES (?, strftime('%Y-%m-%dT%H:%M:%SZ'))", (number,)
                )
                self.execute(f"PRAGMA user_version = {number}")

    def integrity_errors(self) -> list[str]:
        """Return what SQLite finds wrong with the file; nothing when it is whole."""
        with self._lock, self._translated():
            sql = f"PRAGMA integrity_check({_MAX_MESSAGES})"
            rows = self._connection.execute(sql).fetchall()
        return [str(row[0]) for row in rows if row[0] != "ok"]

    def copy_to(self, path: Path) -> None:
        """Write the content as it is at this moment to a new file, while others may go on writing.

        The copy has no free pages, and so nothing that was deleted.
        """
        with self._lock, self._translated():
            ((only,),) = self._connection.execute("PRAGMA query_only").fetchall()
            self._connection.execute("PRAGMA query_only = OFF")  # it would refuse the copy, too
            try:
                # As bytes, because a path need not be UTF-8.
                self._connection.execute("VACUUM INTO CAST(? AS TEXT)", (os.fsencode(path),))
            finally:
                self._connection.execute(f"PRAGMA query_only = {only}")

    @contextmanager
    def _translated(self, taken: int = 0) -> Iterator[None]:
        """Translate what SQLite raises for a statement that has taken so many steps before."""
        self._limit.taken = taken
        try:
            yield
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                if not self._limit.is_exceeded:  # Ctrl+C, which reached the progress handler
                    raise KeyboardInterrupt from error
                raise self._error("damaged", "a table has no end") from error
            if self._read_only and getattr(error, "sqlite_errorcode", None) in _UNSETTLED:
                raise UnsettledError(str(error)) from error
            raise self._error(_failure(error), str(error)) from error
        except UnicodeDecodeError as error:  # in SQLite's message, which quotes the damaged bytes
            raise self._error("damaged", f"not UTF-8: {error.object!r:.100}") from error


def _uri(path: Path) -> str:
    """Return the address under which SQLite opens a file for reading."""
    return f"{path.resolve().as_uri()}?mode=ro"


def _failure(error: sqlite3.DatabaseError) -> Failure:
    # Errors of the Python module itself, as for text that is not UTF-8, have no code.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _BUSY:
        return "busy"
    if code in _REFUSED:
        return "refused"
    return "constraint" if isinstance(error, sqlite3.IntegrityError) else "damaged"
