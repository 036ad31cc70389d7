"""Seals: a hash of each row, so that a change of any value that an answer rests on is found.

The writer seals a row with the values that it writes, and verifying compares them. A seal tells
damage from content; it is not a signature, which somebody who changes the store could not make.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from index.store.sqlite import Database

SEALS_META = "seals"
"""Name under which the store records how its rows are sealed; missing in older stores."""
SEALS_VERSION = "3"
"""Increase it when `SEALED` changes, and add the columns so far to `_SEALED_BEFORE`."""

SEALED: dict[str, tuple[str, ...]] = {
    "meta": ("name", "value"),
    "sources": ("path", "label", "size", "mtime_ns", "sha256", "form"),
    "releases": (
        "release_id", "source_id", "title", "text", "date", "issuer", "lang", "url", "metadata",
        "content_hash", "updated_at", "date_source", "date_guess", "draft_hash",
        "added_at",
    ),
    "passages": (
        "release", "ordinal", "kind", "speaker", "role", "start", "stop", "sentences", "vector_key",
    ),
    "vectors": ("vector_key", "passage", "sentences"),
    "families": (
        "release", "signature", "headline", "marked", "named_date", "family", "replaced_by",
    ),
    "former_releases": (
        "release_id", "title", "date", "text", "text_hash", "stored_at", "replaced_at", "change",
    ),
}  # fmt: skip
"""The columns of each table that are sealed: all but row numbers. The table `derived` has no seals,
since verifying compares each of its values with the artifact that it describes."""

_VERSION_2 = {table: SEALED[table] for table in SEALED if table != "former_releases"}
_SEALED_BEFORE: dict[str, dict[str, tuple[str, ...]]] = {
    "1": {**_VERSION_2, "releases": SEALED["releases"][:-1]},
    "2": _VERSION_2,
}
"""The same for the earlier versions."""

_LENGTH = 16


def row_seal(*values: Any) -> bytes:  # noqa: ANN401 - any SQL value
    """Return the seal of the values of a row, in the order of `SEALED`, 16 bytes."""
    digest = hashlib.blake2b(digest_size=_LENGTH)
    for value in values:
        if value is None:
            digest.update(b"-")
            continue
        data = value if isinstance(value, bytes) else str(value).encode()
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.digest()


def sealed_columns(version: str | None) -> dict[str, tuple[str, ...]] | None:
    """Return the columns that a store of a version of the seals has sealed; None for no seals."""
    return SEALED if version == SEALS_VERSION else _SEALED_BEFORE.get(version or "")


def seal_sql(columns: Iterable[str]) -> str:
    """Return the SQL for what the seal of a row should be; needs `add_seals`.

    Values are cast to bytes, since a damaged text may not be UTF-8 any more.
    """
    return f"row_seal({', '.join(f'CAST({column} AS BLOB)' for column in columns)})"


def add_seals(database: Database) -> None:
    """Add the SQL function that seals are compared with."""
    database.add_function("row_seal", row_seal, arguments=-1)


def seal_all(database: Database) -> None:
    """Seal the rows of a store that are not sealed in this way yet; needs a writer's database.

    A row that does not fit its earlier seal is damaged, and stays so for `index.verify`.
    """
    version = database.value("SELECT value FROM meta WHERE name = ?", (SEALS_META,))
    if version == SEALS_VERSION:
        return
    before = sealed_columns(version) or {}
    with database.transaction():
        for table, columns in SEALED.items():
            earlier = before.get(table)
            if earlier != columns:
                intact = "" if earlier is None else f" WHERE seal IS {seal_sql(earlier)}"
                database.execute(f"UPDATE {table} SET seal = {seal_sql(columns)}{intact}")  # noqa: S608 - ours
        database.execute(
            "INSERT OR REPLACE INTO meta (name, value, seal) VALUES (?, ?, ?)",
            (SEALS_META, SEALS_VERSION, row_seal(SEALS_META, SEALS_VERSION)),
        )
