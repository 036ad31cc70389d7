"""The store's tables, and how older ones become today's.

`MIGRATIONS` is append-only: each entry brings a store from the version before it to its own.
The applied ones are recorded in the store, so that a store tells its history.
"""

import sqlite3

from index.errors import CollectionTooNewError

MIGRATIONS: tuple[tuple[int, str], ...] = (
    (
        1,
        """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE sources (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            path BLOB NOT NULL UNIQUE,      -- absolute, as the file system has it
            label TEXT NOT NULL,            -- as users see it
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,      -- -1: not to be trusted, read again
            sha256 BLOB,                    -- of the whole file; NULL when it was streamed
            form TEXT NOT NULL              -- version of reading and cutting it went through
        ) STRICT;
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
            updated_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX releases_by_source ON releases (source_id);
        CREATE INDEX releases_by_lang ON releases (lang);
        CREATE TABLE passages (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            release INTEGER NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
            ordinal INTEGER NOT NULL,
            kind TEXT NOT NULL,
            speaker TEXT,
            start INTEGER NOT NULL,         -- code points into the release's text
            stop INTEGER NOT NULL,
            sentences BLOB NOT NULL,        -- pairs of uint32, little-endian, into the passage
            vector_key BLOB NOT NULL,       -- of the words and sentences that are encoded
            UNIQUE (release, ordinal)
        ) STRICT;
        CREATE INDEX passages_by_vector ON passages (vector_key);
        CREATE TABLE vectors (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            vector_key BLOB NOT NULL UNIQUE,
            passage BLOB NOT NULL,          -- float16, little-endian, (dimension,)
            sentences BLOB NOT NULL         -- float16, little-endian, (sentences, dimension)
        ) STRICT;
        CREATE TABLE derived (
            kind TEXT PRIMARY KEY,          -- 'words' or 'vectors'
            name TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            generation INTEGER NOT NULL,    -- of the content it was made from
            last_id INTEGER NOT NULL,       -- the newest row in it
            identity TEXT NOT NULL          -- analyser or model
        ) STRICT, WITHOUT ROWID;
        """,
    ),
    (
        2,
        """
        ALTER TABLE releases ADD COLUMN date_source TEXT;  -- 'metadata' or 'dateline'
        ALTER TABLE releases ADD COLUMN date_guess TEXT;   -- from running text: only shown
        ALTER TABLE passages ADD COLUMN role TEXT;         -- the speaker's office
        """,
    ),
    (
        3,
        """
        CREATE TABLE families (
            release INTEGER PRIMARY KEY REFERENCES releases (id) ON DELETE CASCADE,
            signature BLOB NOT NULL,        -- MinHash of its words, uint32, little-endian
            headline TEXT NOT NULL,         -- as it is compared
            marked INTEGER NOT NULL,        -- 1: it says that it corrects or updates another
            named_date TEXT,                -- of the release that it says it replaces
            family INTEGER REFERENCES releases (id) ON DELETE SET NULL,
                                            -- its first release; NULL: still to be compared
            replaced_by INTEGER REFERENCES releases (id) ON DELETE SET NULL
        ) STRICT;
        CREATE INDEX families_by_family ON families (family);
        CREATE INDEX families_by_newer ON families (replaced_by);
        """,
    ),
    (
        4,
        """
        ALTER TABLE releases ADD COLUMN draft_hash BLOB;   -- of the record it was made from
        """,
    ),
)
SCHEMA_VERSION = MIGRATIONS[-1][0]


def version(connection: sqlite3.Connection) -> int:
    """Return the version of an opened store, 0 for an empty one."""
    (value,) = connection.execute("PRAGMA user_version").fetchone()
    return int(value)


def check(connection: sqlite3.Connection, where: str) -> None:
    """Refuse a store of a newer program.

    Raises:
        CollectionTooNewError: When its version is above `SCHEMA_VERSION`.
    """
    found = version(connection)
    if found > SCHEMA_VERSION:
        raise CollectionTooNewError(
            f"{where} was written by a newer version of releaseqa (form {found}, this one "
            f"knows {SCHEMA_VERSION}); upgrade: pip install --upgrade releaseqa"
        )


def migrate(connection: sqlite3.Connection, where: str) -> None:
    """Bring a store opened for writing to `SCHEMA_VERSION`, one transaction a step."""
    check(connection, where)
    for number, script in MIGRATIONS:
        if number <= version(connection):
            continue
        record = (
            "CREATE TABLE IF NOT EXISTS migrations "  # noqa: S608
            "(version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL) STRICT;"
            f"INSERT INTO migrations VALUES ({number}, strftime('%Y-%m-%dT%H:%M:%SZ'));"
            f"PRAGMA user_version = {number};"
        )
        connection.executescript(f"BEGIN IMMEDIATE; {script} {record} COMMIT;")
