"""The tables of the store, as migrations, and whether a store has them and nothing else.

`MIGRATIONS` is append-only: each entry brings a store from the version before it to its own. The
first public version of the program starts with version 4.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from index.store.sqlite import Database

Rows = Callable[[str], Iterable[tuple[Any, ...]]]
"""Returns the rows of a query."""

MIGRATIONS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (
        4,
        (
            """
            CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID
            """,
            """
            CREATE TABLE sources (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                path BLOB NOT NULL UNIQUE,      -- absolute, as the file system has it
                label TEXT NOT NULL,            -- as users see it
                size INTEGER NOT NULL,
                mtime_ns INTEGER NOT NULL,      -- -1: unknown, the file has to be read again
                sha256 BLOB,                    -- of the whole file; NULL when it was streamed
                form TEXT NOT NULL              -- parser version
            ) STRICT
            """,
            """
            CREATE TABLE releases (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                release_id TEXT NOT NULL UNIQUE,
                source_id INTEGER NOT NULL REFERENCES sources (id),
                title TEXT NOT NULL,
                text TEXT NOT NULL,
                date TEXT,
                issuer TEXT,
                lang TEXT,
                url TEXT,
                metadata TEXT NOT NULL,         -- JSON object
                content_hash BLOB NOT NULL,     -- of everything above that comes from the source
                updated_at TEXT NOT NULL,
                date_source TEXT,               -- 'metadata' or 'dateline'
                date_guess TEXT,                -- from running text; shown, never filtered by
                draft_hash BLOB                 -- of the record that the release was parsed from
            ) STRICT
            """,
            "CREATE INDEX releases_by_source ON releases (source_id)",
            "CREATE INDEX releases_by_lang ON releases (lang)",
            """
            CREATE TABLE passages (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                release INTEGER NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
                ordinal INTEGER NOT NULL,
                kind TEXT NOT NULL,
                speaker TEXT,
                start INTEGER NOT NULL,         -- code points into the release's text
                stop INTEGER NOT NULL,
                sentences BLOB NOT NULL,        -- pairs of uint32, little-endian, into the passage
                vector_key BLOB NOT NULL,       -- of the text and sentences that are encoded
                role TEXT,                      -- the speaker's job title
                UNIQUE (release, ordinal)
            ) STRICT
            """,
            "CREATE INDEX passages_by_vector ON passages (vector_key)",
            """
            CREATE TABLE vectors (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                vector_key BLOB NOT NULL UNIQUE,
                passage BLOB NOT NULL,          -- float16, little-endian, (dimension,)
                sentences BLOB NOT NULL         -- float16, little-endian, (sentences, dimension)
            ) STRICT
            """,
            """
            CREATE TABLE derived (              -- the current artifacts
                kind TEXT PRIMARY KEY,          -- 'words' or 'vectors'
                name TEXT NOT NULL,
                sha256 TEXT NOT NULL,
                generation INTEGER NOT NULL,    -- of the content it was made from
                last_id INTEGER NOT NULL,       -- the newest row in it
                identity TEXT NOT NULL          -- analyzer version or model fingerprint
            ) STRICT, WITHOUT ROWID
            """,
            """
            CREATE TABLE families (             -- near-duplicate clusters
                release INTEGER PRIMARY KEY REFERENCES releases (id) ON DELETE CASCADE,
                signature BLOB NOT NULL,        -- MinHash of its words, uint32, little-endian
                headline TEXT NOT NULL,         -- normalized for comparison
                marked INTEGER NOT NULL,        -- 1: it says that it corrects or updates another
                named_date TEXT,                -- of the release that it says it replaces
                family INTEGER REFERENCES releases (id) ON DELETE SET NULL,
                                                -- the cluster's first release; NULL: not known yet
                replaced_by INTEGER REFERENCES releases (id) ON DELETE SET NULL
            ) STRICT
            """,
            "CREATE INDEX families_by_family ON families (family)",
            "CREATE INDEX families_by_newer ON families (replaced_by)",
        ),
    ),
    (
        5,
        (  # seals, see `index.store.seals`, which sees to those of the rows that are there
            "ALTER TABLE meta ADD COLUMN seal BLOB",
            "ALTER TABLE sources ADD COLUMN seal BLOB",
            "ALTER TABLE releases ADD COLUMN seal BLOB",
            "ALTER TABLE passages ADD COLUMN seal BLOB",
            "ALTER TABLE vectors ADD COLUMN seal BLOB",
            "ALTER TABLE families ADD COLUMN seal BLOB",
        ),
    ),
    (
        6,
        (  # when a release first came in; NULL: at `updated_at` or earlier
            "ALTER TABLE releases ADD COLUMN added_at TEXT",
        ),
    ),
    (
        7,
        (
            """
            CREATE TABLE former_releases (      -- as they were before a change, or a removal
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                release_id TEXT NOT NULL,
                title TEXT NOT NULL,
                date TEXT,
                text BLOB,                      -- UTF-8; NULL: not kept, or not any more
                text_hash BLOB NOT NULL,        -- SHA-256 of the text in UTF-8
                stored_at TEXT NOT NULL,        -- when it was stored
                replaced_at TEXT NOT NULL,      -- when it was changed or removed
                change TEXT NOT NULL,           -- 'changed', 'reread' or 'removed'
                seal BLOB
            ) STRICT
            """,
            "CREATE INDEX former_releases_by_id ON former_releases (release_id)",
        ),
    ),
    (
        8,
        (  # a list in order, numbers and filters by date, without the pages that hold the texts
            "CREATE INDEX releases_by_date ON releases (date DESC, release_id, issuer)",
        ),
    ),
)
SCHEMA_VERSION = MIGRATIONS[-1][0]
OLDEST_READABLE = 4
"""The oldest version with everything that reading needs. Commands that only read refuse an older
one. The seals of version 5 are only verified. An older store lacks what 6 and 7 add. The index of
version 8 makes reading faster."""
ADDED_AT_VERSION = 6
"""The version from which a release has the time when it first came in."""
FORMER_RELEASES_VERSION = 7
"""The version from which a store keeps what releases were before."""

_OTHERS = "SELECT type, name FROM sqlite_schema WHERE type NOT IN ('table', 'index')"
_VIRTUAL = (
    "SELECT type, name FROM pragma_table_list WHERE schema = 'main' AND type <> 'table' "
    "ORDER BY type DESC, name"
)
_COLUMNS = (
    'SELECT t.name, t.strict, c.name, c.type, c."notnull", c.pk, c.hidden '
    "FROM pragma_table_list t JOIN pragma_table_xinfo(t.name) c WHERE t.schema = 'main'"
)
_INDEXES = "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index'"


def schema_faults(rows: Rows, version: int) -> list[tuple[str, str]]:
    """Return what a store has in place of its tables or besides them: a name and what is wrong.

    A stranger can put a view in place of a table, whose rows never end, or a trigger that runs
    when a row is written. Only the schema is read, no row of a table.

    Args:
        rows: Queries the store.
        version: Of the schema that it says it has.
    """
    others = dict.fromkeys((*rows(_OTHERS), *rows(_VIRTUAL)))
    faults = [(f"{kind} {name}", "does not belong to releaseqa") for kind, name in others]
    if faults:
        return faults
    found = _shape_of(rows).tables
    return [
        (f"table {name}", "differs from the table that releaseqa creates")
        for name, columns in sorted(_shape(version).tables.items())
        if found.get(name) != columns
    ]


def missing_indexes(rows: Rows, version: int) -> list[tuple[str, str]]:
    """Return the indexes of SQLite that a store lacks: their names and tables."""
    return sorted(_shape(version).indexes - set(rows(_INDEXES)))


class _Shape(NamedTuple):
    """The tables of a store with their columns, and its indexes with their tables."""

    tables: dict[str, set[tuple[Any, ...]]]
    indexes: set[tuple[Any, ...]]


def _shape_of(rows: Rows) -> _Shape:
    tables: dict[str, set[tuple[Any, ...]]] = {}
    for name, *column in rows(_COLUMNS):
        tables.setdefault(name, set()).add(tuple(column))
    return _Shape(tables, set(rows(_INDEXES)))


@lru_cache
def _shape(version: int) -> _Shape:
    """Return the shape of a store of a version, from one that is made in memory."""
    model = Database(Path(":memory:"), RuntimeError)
    try:
        model.migrate([migration for migration in MIGRATIONS if migration[0] <= version])
        return _shape_of(model.rows)
    finally:
        model.close()
