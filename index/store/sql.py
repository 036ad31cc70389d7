"""Filters as conditions of SQL, for queries over releases `r`, sources `s` and passages `p`."""

import sqlite3
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.errors import (
    CollectionBusyError,
    CollectionDamagedError,
    ReleaseIndexError,
    StorageError,
)
from index.store.rows import SOURCE, member_path
from index.types import Filters


def release_conditions(filters: Filters) -> tuple[str, list[Any]]:
    """Return the part of a WHERE clause that concerns releases, and its values."""
    clauses: list[str] = ["1"]
    values: list[Any] = []
    for clause, value in (
        ("r.date >= ?", filters.since),
        ("substr(r.date, 1, 10) <= ?", filters.until),
        ("r.lang = ?", filters.lang),
        (f"{SOURCE} GLOB ?", filters.source),
        ("instr(casefold(r.issuer), ?) > 0", filters.issuer and filters.issuer.casefold()),
        ("r.id > ?", filters.after),
    ):
        if value:
            clauses.append(clause)
            values.append(value)
    return " AND ".join(clauses), values


def passage_conditions(filters: Filters) -> tuple[str, list[Any]]:
    """Return the part of a WHERE clause that concerns passages, and its values."""
    clauses: list[str] = ["1"]
    values: list[Any] = []
    if filters.kinds:
        clauses.append(f"p.kind IN ({placeholders(filters.kinds)})")
        values += filters.kinds
    if filters.speaker:
        clauses.append("instr(plain(p.speaker), ?) > 0")
        values.append(fold_for_search(filters.speaker))
    return " AND ".join(clauses), values


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
        "plain", 1, lambda text: fold_for_search(text) if text else "", deterministic=True
    )


def fold_for_search(name: str) -> str:
    """Return a name as it is compared: without letter case and accents, blanks as one."""
    letters = unicodedata.normalize("NFKD", " ".join(name.split()).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
