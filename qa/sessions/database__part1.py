"""The tables of the sessions' file, and how older ones become today's.

`MIGRATIONS` is append-only: each entry brings a file from the version before it to its own,
statement by statement, in one transaction.
"""

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
