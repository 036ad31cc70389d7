"""What a store has published, kept beside it in a small database of its own.

For each release a digest of what was published of it, and the counts that BM25 needs. Without it
everything is published again. It is committed after the rows are in Milvus, and rows have the same
keys when they are written again, so an interruption at any moment does no harm.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from index.milvus.bm25 import Frequencies, Lengths
from index.store.reader import store_error
from index.store.sqlite import Database

NAME = "milvus.sqlite3"
_MIGRATIONS = (
    (
        1,
        (
            "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
            """
            CREATE TABLE releases (
                key INTEGER PRIMARY KEY,
                born INTEGER NOT NULL,          -- generation of its first publication
                digest BLOB NOT NULL            -- of what was published of it; empty: again
            ) STRICT
            """,
            "CREATE TABLE leaving (key INTEGER PRIMARY KEY) STRICT",
            """
            CREATE TABLE terms (
                term TEXT PRIMARY KEY,
                body INTEGER NOT NULL,          -- passages that have it
                title INTEGER NOT NULL,         -- passages under a headline that has it
                published INTEGER NOT NULL      -- 0: differs from what is published
            ) STRICT, WITHOUT ROWID
            """,
        ),
    ),
)
_COUNTS = ("generation", "passages", "body_length", "title_length")


class Journal:
    """The journal of one store. Used under the store's writing lock."""

    def __init__(self, folder: Path) -> None:
        """Open the journal in a collection's folder; create it when it is missing."""
        path = folder / NAME
        self._database = Database(path, partial(store_error, path))
        with self._database.closed_on_error():
            self._database.execute("PRAGMA synchronous = FULL")
            self._database.migrate(_MIGRATIONS)

    def close(self) -> None:
        """Close it."""
        self._database.close()

    def transaction(self) -> AbstractContextManager[None]:
        """Write everything that the block writes, or nothing of it."""
        return self._database.transaction()

    def meta(self, name: str) -> str:
        """Return a recorded value; empty when there is none."""
        return str(self._database.value("SELECT value FROM meta WHERE name = ?", (name,)) or "")

    def set_meta(self, name: str, value: str) -> None:
        """Record a value."""
        self._database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def count(self, name: str) -> int:
        """Return a recorded number: generation, passages, body_length or title_length."""
        return int(self.meta(name) or 0)

    def add_to(self, name: str, more: int) -> None:
        """Change a recorded number."""
        self.set_meta(name, str(self.count(name) + more))

    @property
    def mean(self) -> Lengths:
        """The mean lengths of what is published, with what is being published."""
        passages = max(1, self.count("passages"))
        return Lengths(self.count("body_length") / passages, self.count("title_length") / passages)

    def clear(self) -> None:
        """Forget everything but the generation, since everything is published again."""
        generation = self.count("generation")
        with self.transaction():
            for table in ("meta", "releases", "leaving", "terms"):
                self._database.execute(f"DELETE FROM {table}")  # noqa: S608 - ours
            self.set_meta("generation", str(generation))

    def releases(self) -> dict[int, tuple[int, bytes]]:
        """Return, of each published release, when it was born and its digest, by key."""
        sql = "SELECT key, born, digest FROM releases"
        return {key: (born, digest) for key, born, digest in self._database.iterate(sql)}

    def put_releases(self, rows: Iterable[tuple[int, int, bytes]]) -> None:
        """Record releases: key, generation and digest."""
        self._database.execute_many("INSERT OR REPLACE INTO releases VALUES (?, ?, ?)", rows)

    def publish_again(self) -> None:
        """Have all releases published again, as when the mean lengths have changed."""
        self._database.execute("UPDATE releases SET digest = x''")

    def leave(self, keys: Iterable[int]) -> None:
        """Record that releases are to be deleted from Milvus, and are counted no more."""
        rows = [(key,) for key in keys]
        self._database.execute_many("DELETE FROM releases WHERE key = ?", rows)
        self._database.execute_many("INSERT OR IGNORE INTO leaving VALUES (?)", rows)

    def leaving(self) -> list[int]:
        """Return the releases that are to be deleted from Milvus."""
        return [row[0] for row in self._database.rows("SELECT key FROM leaving ORDER BY key")]

    def left(self) -> None:
        """Record that they are deleted."""
        self._database.execute("DELETE FROM leaving")

    def count_terms(self, counts: Mapping[str, tuple[int, int]]) -> None:
        """Add to the numbers of passages that have terms, in the passage and in the headline."""
        self._database.execute_many(
            "INSERT INTO terms VALUES (?, ?, ?, 0) ON CONFLICT (term) DO UPDATE SET "
            "body = body + excluded.body, title = title + excluded.title, published = 0",
            ((term, body, title) for term, (body, title) in counts.items()),
        )

    def changed_terms(self) -> Iterator[tuple[str, Frequencies]]:
        """Yield the terms whose numbers differ from what is published."""
        sql = "SELECT term, body, title FROM terms WHERE published = 0"
        for term, body, title in self._database.rows(sql):
            yield term, Frequencies(body, title)

    def terms_are_published(self) -> None:
        """Record that they do not differ any more."""
        self._database.execute("DELETE FROM terms WHERE body = 0 AND title = 0")
        self._database.execute("UPDATE terms SET published = 1 WHERE published = 0")
