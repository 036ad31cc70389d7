"""The one door to SQLite of this package: opening, transactions, and what its errors mean.

The file is in WAL mode with synchronous FULL: a transaction that has ended survives the end of
the program and of the machine, readers never wait for a writer, and writers of several
processes take turns.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import SessionStoreError
from qa.sessions import database

BUSY_SECONDS = 10.0
"""How long a writer waits for that of another process."""
_REFUSALS = frozenset({
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
})  # fmt: skip
"""SQLite's codes for a disk that refuses; the content is not to blame."""


class ConflictError(Exception):
    """What was to be written breaks a rule of the tables; the caller knows which one."""


class Database:
    """An open file of sessions. Safe to share between threads.

    Args:
        path: The file; it and its folder are made when they are missing, for this user alone.

    Raises:
        ConflictError: From `write`.
        SessionStoreError: From any method: the file cannot be opened, read or written; it is
            damaged; or a newer version of the program wrote it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        with self._translated():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            self._connection = sqlite3.connect(
                path, check_same_thread=False, isolation_level=None, timeout=BUSY_SECONDS
            )
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        """Close the file; it cannot be used afterwards."""
        with self._lock:
            self._connection.close()

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Return all rows of a query."""
        with self._lock, self._translated():
            return self._connection.execute(query, values).fetchall()

    def write(self, statement: str, *values: object) -> int:
        """Run a statement within `transaction`; returns the key of the row it added."""
        with self._translated():
            return self._connection.execute(statement, values).lastrowid or 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all that is written within one step: it happens as a whole or not at all."""
        with self._lock, self._translated():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def forget_removed(self) -> None:
        """Clear what was removed out of the log, too, as far as no one else reads it."""
        with self._lock, self._translated():
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.execute("PRAGMA secure_delete = ON")
        if self._version() < database.MIGRATIONS[-1][0]:
            self._connection.execute("PRAGMA journal_mode = WAL").fetchall()
            self._migrate()
        self._refuse_newer()
        self._connection.execute("PRAGMA synchronous = FULL")

    def _migrate(self) -> None:
        """Bring the file to today's form, one transaction a version.

        The version is read within the transaction: of two programs that open an old file at
        once, one migrates and the other finds it done.
        """
        for number, statements in database.MIGRATIONS:
            with self.transaction():
                if self._version() >= number:
                    continue
                for statement in statements:
                    self._connection.execute(statement)
                self._connection.execute(
                    "CREATE TABLE IF NOT EXISTS migrations "
                    "(version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL) STRICT"
                )
                self._connection.execute(
                    "INSERT INTO migrations VALUES (?, strftime('%Y-%m-%dT%H:%M:%SZ'))", (number,)
                )
                self._connection.execute(f"PRAGMA user_version = {number}")

    def _version(self) -> int:
        (value,) = self._connection.execute("PRAGMA user_version").fetchone()
        return int(value)

    def _refuse_newer(self) -> None:
        found, known = self._version(), database.MIGRATIONS[-1][0]
        if found > known:
            raise SessionStoreError(
                f"{self.path} was written by a newer version of releaseqa (schema {found}, but "
                f"this version supports {known}); upgrade: pip install --upgrade releaseqa"
            )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn what SQLite and the disk raise into one line with what to do."""
        try:
            yield
        except sqlite3.OperationalError as error:
            # Without a code where the connection itself failed.
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CANTOPEN) & 0xFF
            if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise SessionStoreError(
                    f"{self.path} is locked by another program; try again when it has finished."
                ) from error
            if code in _REFUSALS:
                raise SessionStoreError(
                    f"{self.path} cannot be used: {error}; check the disk space and permissions, "
                    "or choose another folder with RELEASEQA_DATA."
                ) from error
            raise self._damaged(error) from error
        except sqlite3.IntegrityError as error:
            raise ConflictError(str(error)) from error
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error
        except OSError as error:
            raise SessionStoreError(
                f"{error.filename or self.path} cannot be used: {error.strerror or error}; choose "
                "another folder with RELEASEQA_DATA."
            ) from error

    def _damaged(self, error: Exception) -> SessionStoreError:
        return SessionStoreError(
            f"{self.path} is damaged ({error}); recover it with `sqlite3 FILE .recover`, or move "
            "it away to start a new one"
        )


MIGRATIONS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (
        1,
        (
            """
            CREATE TABLE sessions (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                collection TEXT NOT NULL,       -- the folder of its index
                name TEXT NOT NULL,
                created_at TEXT NOT NULL,       -- UTC, ISO 8601
                updated_at TEXT NOT NULL,
                UNIQUE (collection, name)
            ) STRICT
            """,
            """
            CREATE TABLE turns (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                session INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                question TEXT NOT NULL,         -- as typed
                asked_as TEXT NOT NULL,         -- as searched for
                asking TEXT NOT NULL,           -- JSON: filters and options
                asked_at TEXT NOT NULL,
                state TEXT NOT NULL,            -- asked, done, cancelled or failed
                answer TEXT,                    -- JSON of the reference
                error TEXT
            ) STRICT
            """,
            "CREATE INDEX turns_by_session ON turns (session)",
            """
            CREATE TABLE remarks (
                turn INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
                passage_id TEXT NOT NULL,
                pinned INTEGER NOT NULL DEFAULT 0,
                note TEXT NOT NULL DEFAULT '',
                PRIMARY KEY (turn, passage_id)
            ) STRICT, WITHOUT ROWID
            """,
            """
            CREATE TABLE judgements (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                collection TEXT NOT NULL,
                question TEXT NOT NULL,         -- self-contained
                release_id TEXT NOT NULL,       -- '': nothing in the collection answers
                passage_id TEXT NOT NULL,       -- '': the release as a whole
                grade INTEGER NOT NULL,         -- 0: does not answer
                answers TEXT NOT NULL,          -- JSON: exact words that answer
                judged_at TEXT NOT NULL,
                UNIQUE (collection, question, release_id, passage_id)
            ) STRICT
            """,
        ),
    ),
)
