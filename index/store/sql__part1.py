"""What SQLite's errors mean to a user: the one place where they become ours."""

import sqlite3
from pathlib import Path

from index.errors import (
    CollectionBusyError,
    CollectionDamagedError,
    ReleaseIndexError,
    StorageError,
)

_REFUSALS = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN,
     sqlite3.SQLITE_PERM}
)  # fmt: skip
"""SQLite's codes for a disk that refuses; the content is not to blame."""


def meaning(error: sqlite3.DatabaseError, path: Path) -> ReleaseIndexError:
    """Return what an error that SQLite raised over the store at `path` means."""
    primary = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return CollectionBusyError(f"{path} is in use by another program; try again later")
    if primary in _REFUSALS:
        return StorageError(
            f"{path} cannot be used ({error}); what was stored before still stands: "
            "free some space, or mend the permissions, and run the command again"
        )
    return damaged(path, str(error))


def damaged(path: Path, how: str) -> CollectionDamagedError:
    """Return the error of a store that cannot be read."""
    return CollectionDamagedError(
        f"{path} cannot be read ({how}); restore it from a copy, or move it "
        "away and index the sources again"
    )
