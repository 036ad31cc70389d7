"""What queries are made of: filters as conditions, functions for SQL, errors of SQLite."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from index.errors import (
    CollectionBusyError,
    CollectionDamagedError,
    ReleaseIndexError,
    StorageError,
)
from index.filters import FILTERS, Filters, fold_name
from index.store.rows import member_path


def conditions(filters: Filters, about: Literal["release", "passage"]) -> tuple[str, list[Any]]:
    """Return the part of a WHERE clause that is about releases or passages, and its values."""
    found = [(spec, spec.value(filters)) for spec in FILTERS if spec.about == about]
    parts = [(spec.where, spec.bind(value)) for spec, value in found if value]
    if about == "release" and filters.after:
        parts.append(("r.id > ?", filters.after))
    clauses = ["1", *(where for where, _ in parts)]
    return " AND ".join(clauses), [value for _, value in parts]


def placeholders(values: Sequence[Any]) -> str:
    """Return as many placeholders as there are values."""
    return ",".join("?" * len(values))


_REFUSALS = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN,
     sqlite3.SQLITE_PERM}
)  # fmt: skip
"""SQLite's codes for a disk that refuses; the content is not to blame."""


def translate_error(error: sqlite3.DatabaseError, path: Path) -> ReleaseIndexError:
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


def add_functions(connection: sqlite3.Connection) -> None:
    """Give SQL comparisons beyond ASCII, and a release's place in its file."""
    connection.create_function("member", 1, member_path, deterministic=True)
    connection.create_function(
        "casefold", 1, lambda text: text.casefold() if text else "", deterministic=True
    )
    connection.create_function(
        "fold_name", 1, lambda text: fold_name(text) if text else "", deterministic=True
    )
