"""Stores as a stranger would craft them, and as a killed program leaves them."""

import json
import os
import sqlite3
import struct
from contextlib import closing
from pathlib import Path

from index.store.reader import STORE_NAME
from index.store.schema import MIGRATIONS
from index.store.seals import SEALED, SEALS_META, row_seal, seal_sql, sealed_columns

_MAGIC = bytes.fromhex("d9d505f920a163d7")
_SECTOR = 512


def put_journal(folder: Path, pages: dict[int, bytes] | None = None, victim: str = "") -> Path:
    """Write a rollback journal that SQLite would play back beside a store; return its path.

    See "Rollback Journal Format" in SQLite's file format: https://sqlite.org/fileformat2.html

    Args:
        folder: The collection's.
        pages: The content that pages are to get back, by number.
        victim: A file that the journal names as its super-journal, which SQLite deletes.
    """
    store = folder / STORE_NAME
    (size,) = struct.unpack(">H", store.read_bytes()[16:18])
    nonce = 4660
    header = struct.pack(
        ">IIIII", len(pages or {}), nonce, store.stat().st_size // size, _SECTOR, size
    )
    written = (_MAGIC + header).ljust(_SECTOR, b"\0")
    for number, page in (pages or {}).items():
        checksum = nonce + sum(page[i] for i in range(size - 200, 0, -200))
        written += struct.pack(">I", number) + page + struct.pack(">I", checksum & 0xFFFFFFFF)
    if victim:
        name = os.fsencode(victim)
        lock_page = 0x40000000 // size + 1
        written += struct.pack(">I", lock_page) + name
        written += struct.pack(">II", len(name), sum(name) & 0xFFFFFFFF) + _MAGIC
    journal = folder / f"{STORE_NAME}-journal"
    journal.write_bytes(written)
    return journal


def leave_hot_journal(folder: Path) -> None:
    """Leave a store as a kill within a commit does: its first page is in the journal alone."""
    store = folder / STORE_NAME
    written = store.read_bytes()
    (size,) = struct.unpack(">H", written[16:18])
    put_journal(folder, {1: written[:size]})
    store.write_bytes(written[:96] + b"\xff" * (size - 96) + written[size:])


def put_endless_view(folder: Path, table: str) -> None:
    """Put a view whose rows never end in place of a table of a store."""
    with closing(sqlite3.connect(folder / STORE_NAME)) as connection, connection:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        rows = ", ".join(f"n AS {column}" for column in columns)
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(f"DROP TABLE {table}")
        connection.execute(
            f"CREATE VIEW {table} AS WITH RECURSIVE c(n) AS "  # noqa: S608 - a test's
            f"(SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT {rows} FROM c"
        )


def put_endless_pages(folder: Path, table: str, levels: int = 5) -> None:
    """Make the pages of a table name one another so often that its rows never end.

    Each page of a chain names the next one in every cell, and the last one the old root. See
    "B-tree Pages" in SQLite's file format.
    """
    path = folder / STORE_NAME
    with closing(sqlite3.connect(path)) as connection:
        sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        ((root,),) = connection.execute(sql, (table,)).fetchall()
    data = bytearray(path.read_bytes())
    (size,) = struct.unpack(">H", data[16:18])
    old = data[(root - 1) * size : root * size]
    first = len(data) // size + 1
    cells = (size - 12) // 7

    def interior(child: int) -> bytes:
        start = size - 5 * cells
        head = struct.pack(">BHHHBI", 5, 0, cells, start, 0, child)
        pointers = b"".join(struct.pack(">H", start + 5 * n) for n in range(cells))
        body = b"".join(struct.pack(">IB", child, 1) for _ in range(cells))
        return (head + pointers).ljust(start, b"\0") + body

    data[(root - 1) * size : root * size] = interior(first)
    for level in range(levels):
        data += interior(first + level + 1)
    data += old
    data[28:32] = struct.pack(">I", len(data) // size)
    path.write_bytes(data)


def text_columns() -> list[tuple[str, str]]:
    """Every text column of the store that its tables have."""
    with sqlite3.connect(":memory:") as store:
        for _, statements in MIGRATIONS:
            for statement in statements:
                store.execute(statement)
        tables = [row[0] for row in store.execute("SELECT name FROM sqlite_schema")]
        found = [
            (table, row[1])
            for table in tables
            for row in store.execute("SELECT * FROM pragma_table_info(?)", (table,))
            if row[2] == "TEXT"
        ]
    store.close()
    return found


def fill_column(folder: Path, table: str, column: str, text: str) -> None:
    """Put a text into a column of every row; keys get the row's own key behind it."""
    key = {"meta": "name", "derived": "kind", "families": "release"}.get(table, "id")
    metadata = json.dumps({"@place": text, "@member": text, "page_starts": [text]})
    with sqlite3.connect(folder / STORE_NAME) as store:
        store.execute("PRAGMA foreign_keys = OFF")
        for (row,) in store.execute(f'SELECT "{key}" FROM "{table}"').fetchall():  # noqa: S608
            value = metadata if column == "metadata" else f"{text} {row}"
            store.execute(
                f'UPDATE "{table}" SET "{column}" = ? WHERE "{key}" = ?',  # noqa: S608
                (value, row),
            )
    store.close()


def of_version_5(folder: Path) -> None:
    """Make a store of version 5, without times and former texts of releases."""
    with closing(sqlite3.connect(folder / STORE_NAME)) as connection, connection:
        connection.create_function("row_seal", -1, row_seal)
        connection.execute("DROP INDEX releases_by_date")
        connection.execute("DROP TABLE former_releases")
        connection.execute("ALTER TABLE releases DROP COLUMN added_at")
        sealed = sealed_columns("1")
        assert sealed is not None
        connection.execute(f"UPDATE releases SET seal = {seal_sql(sealed['releases'])}")  # noqa: S608
        connection.execute(
            "UPDATE meta SET value = '1', seal = ? WHERE name = ?",
            (row_seal(SEALS_META, "1"), SEALS_META),
        )
        connection.execute("DELETE FROM migrations WHERE version > 5")
        connection.execute("PRAGMA user_version = 5")


def without_seals(folder: Path) -> None:
    """Make a store of version 4, which had no seals, from one of today."""
    of_version_5(folder)
    with closing(sqlite3.connect(folder / STORE_NAME)) as connection, connection:
        for table in SEALED.keys() - {"former_releases"}:
            connection.execute(f"ALTER TABLE {table} DROP COLUMN seal")
        connection.execute("DELETE FROM meta WHERE name = ?", (SEALS_META,))
        connection.execute("DELETE FROM migrations WHERE version > 4")
        connection.execute("PRAGMA user_version = 4")
