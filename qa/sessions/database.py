"""The database of saved sessions: its tables, and what its failures mean to a user.

The file is in WAL mode with synchronous FULL: a transaction that has ended survives a crash of
the program and of the machine, readers never wait for a writer, and writers of several processes
take turns.
"""

from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from index.store import sqlite
from index.store.syncing import make_folder
from qa.errors import SessionStoreError

_IN_MEMORY = Path(":memory:")
"""What SQLite takes for a database without a file."""


class ConflictError(Exception):
    """A write breaks a rule of the tables; the caller knows which one."""


class SessionDatabase:
    """An open file of sessions. Safe to share between threads.

    Args:
        path: The file; it and its folder are created when missing, readable by this user alone.
            None keeps the sessions in memory: no file is made, and closing forgets them.

    Raises:
        ConflictError: From `write`.
        SessionStoreError: From any method: the file cannot be opened, read or written; it is
            damaged; or a newer version of the program wrote it.
    """

    def __init__(self, path: Path | None) -> None:
        if path is None:
            path = _IN_MEMORY
        else:
            _make_file(path)
        self._database = sqlite.Database(path, partial(_error, path))
        with self._database.closed_on_error():
            self._database.execute("PRAGMA foreign_keys = ON")
            self._database.execute("PRAGMA secure_delete = ON")
            self._database.refuse_newer(MIGRATIONS)
            if self._database.version < MIGRATIONS[-1][0]:
                self._database.rows("PRAGMA journal_mode = WAL")
                self._database.migrate(MIGRATIONS)
            self._database.execute("PRAGMA synchronous = FULL")

    def close(self) -> None:
        """Close the file; it cannot be used afterwards."""
        self._database.close()

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Return all rows of a query."""
        return self._database.rows(query, values)

    def write(self, statement: str, *values: object) -> int:
        """Run a statement within `transaction`; return the key of the row it added."""
        return self._database.execute(statement, values).lastrowid or 0

    def transaction(self) -> AbstractContextManager[None]:
        """Write everything that the block writes, or nothing of it."""
        return self._database.transaction()

    def forget_removed(self) -> None:
        """Clear removed content out of the log too, unless another program is reading it."""
        self._database.rows("PRAGMA wal_checkpoint(TRUNCATE)")


def _make_file(path: Path) -> None:
    try:
        make_folder(path.parent, mode=0o700)
        path.touch(mode=0o600)
    except OSError as error:
        raise SessionStoreError(
            f"{error.filename or path} cannot be used: {error.strerror or error}; choose "
            "another folder with RELEASEQA_DATA."
        ) from error


def _error(path: Path, failure: sqlite.Failure, detail: str) -> Exception:
    """Return the exception for a failure of the file of sessions at `path`."""
    if failure == "constraint":
        return ConflictError(detail)
    if failure == "busy":
        text = "is locked by another program; try again when it has finished."
    elif failure == "refused":
        text = (
            f"cannot be used: {detail}; check the disk space and permissions, "
            "or choose another folder with RELEASEQA_DATA."
        )
    elif failure == "newer":
        text = (
            f"was written by a newer version of releaseqa ({detail}); "
            "upgrade: pip install --upgrade releaseqa"
        )
    else:
        text = (
            f"is damaged ({detail}); recover it with `sqlite3 FILE .recover`, or move it away to "
            "start a new one"
        )
    return SessionStoreError(f"{path} {text}")


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
