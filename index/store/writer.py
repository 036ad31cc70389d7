"""The store, written: transactions of releases and vectors, by one process at a time."""

import datetime as dt
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import CollectionBusyError, StorageError
from index.store import schema
from index.store.reader import BUSY_MS, STORE_NAME, Artifact, Store
from index.store.rows import pack_spans, vector_key
from index.store.sql import add_functions
from index.types import Edition, Passage, Release

LOCK_NAME = "lock"


@dataclass(frozen=True, slots=True)
class SourceState:
    """A file as it was when it was last read, and the version of reading it went through."""

    path: bytes
    label: str
    size: int
    mtime_ns: int
    sha256: bytes | None
    form: str


@contextmanager
def writing_lock(folder: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the right to write to the collection in `folder`.

    Raises:
        CollectionBusyError: When another process holds it and `wait` is false.
    """
    lock = FileLock(folder / LOCK_NAME, timeout=-1 if wait else 0)
    try:
        lock.acquire()
    except Timeout as error:
        raise CollectionBusyError(
            f"another releaseqa is writing to {folder}; wait for it, or use --wait"
        ) from error
    except OSError as error:
        raise StorageError(f"cannot write to {folder} ({error.strerror})") from error
    try:
        yield
    finally:
        lock.release()


class StoreWriter(Store):
    """A store open for writing; made, and brought to today's form, where need be."""

    def __init__(self, folder: Path) -> None:
        """Open or create the store of the collection in `folder`."""
        try:
            (folder / STORE_NAME).touch(mode=0o644)
        except OSError as error:
            raise StorageError(f"cannot write to {folder} ({error.strerror})") from error
        super().__init__(folder)

    def _check(self, folder: Path) -> None:
        schema.migrate(self._connection, str(folder))

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(
            self.path, check_same_thread=False, isolation_level=None, timeout=BUSY_MS / 1000
        )

    def _prepare(self) -> None:
        # A newer store is not even put in WAL mode.
        schema.check(self._connection, str(self.path.parent))
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        add_functions(self._connection)

    def close(self) -> None:
        """Fold the log back into the database, so that it rests without side files.

        Where a reader has it open in WAL mode the log stays; the next writer folds it.
        """
        try:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._connection.execute("PRAGMA busy_timeout = 200")
            self._connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error:
            pass
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is done inside, or nothing.

        Raises:
            StorageError: When the disk refuses; the store is as it was before.
        """
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield
                self._connection.execute("COMMIT")
            except sqlite3.DatabaseError as error:
                self._rollback()
                raise self._ours(error) from error
            except BaseException:
                self._rollback()
                raise

    def _rollback(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def set_meta(self, name: str, value: str) -> None:
        """Keep a fact under `name`."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def bump(self) -> None:
        """Record that content changed, and when."""
        self.set_meta("generation", str(self.generation + 1))
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        self.set_meta("updated_at", now.replace("+00:00", "Z"))

    def put_source(self, state: SourceState) -> int:
        """Record a source's state; returns its row number."""
        sql = (
            "INSERT INTO sources (path, label, size, mtime_ns, sha256, form) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET label = excluded.label, "
            "size = excluded.size, mtime_ns = excluded.mtime_ns, sha256 = excluded.sha256, "
            "form = excluded.form RETURNING id"
        )
        return int(self._connection.execute(sql, astuple(state)).fetchone()[0])

    def move_source(self, source_id: int, state: SourceState) -> None:
        """Record that a source stands elsewhere now; its releases stay."""
        self._connection.execute(
            "UPDATE sources SET path = ?, label = ?, size = ?, mtime_ns = ?, sha256 = ?, form = ? "
            "WHERE id = ?",
            (*astuple(state), source_id),
        )

    def put_release(
        self,
        source_id: int,
        release: Release,
        digest: bytes,
        passages: Sequence[Passage],
        draft: bytes | None = None,
    ) -> None:
        """Store a release and its passages, replacing one of the same id.

        Args:
            source_id: Row number of its source.
            release: The release.
            digest: Hash of its content.
            passages: Its passages.
            draft: Hash of the record it was made from, and the form that was read in.
        """
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        row = (
            release.release_id, source_id, release.title, release.text, release.date,
            release.issuer, release.lang, release.url,
            json.dumps(release.metadata, ensure_ascii=True, sort_keys=True, default=str),
            digest, now.replace("+00:00", "Z"), release.date_source, release.date_guess,
            draft,
        )  # fmt: skip
        self._connection.execute("DELETE FROM releases WHERE release_id = ?", row[:1])
        cursor = self._connection.execute(
            "INSERT INTO releases (release_id, source_id, title, text, date, issuer, lang, url, "
            "metadata, content_hash, updated_at, date_source, date_guess, draft_hash) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        key = cursor.lastrowid
        self._connection.executemany(
            "INSERT INTO passages (release, ordinal, kind, speaker, role, start, stop, "
            "sentences, vector_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    key, p.ordinal, p.kind, p.speaker, p.role, *p.span, pack_spans(p.sentences),
                    vector_key(release.text[slice(*p.span)], p.sentences),
                )
                for p in passages
            ),
        )  # fmt: skip

    def remove_releases(self, keys: Sequence[int]) -> None:
        """Remove releases by row number, with their passages."""
        self._connection.executemany("DELETE FROM releases WHERE id = ?", ((key,) for key in keys))
        self._connection.execute(
            "DELETE FROM sources WHERE id NOT IN (SELECT source_id FROM releases)"
        )

    def adopt_release(self, source_id: int, release_id: str) -> None:
        """Record that a release stands in another source now; the one it had is gone."""
        self._connection.execute(
            "UPDATE releases SET source_id = ? WHERE release_id = ?", (source_id, release_id)
        )

    def remember_draft(self, release_id: str, draft: bytes) -> None:
        """Record the hash of the record that a release would be made from again."""
        self._connection.execute(
            "UPDATE releases SET draft_hash = ? WHERE release_id = ?", (draft, release_id)
        )

    def distrust_sources(self, ids: Sequence[str]) -> None:
        """Have the sources of these releases read again by the next update."""
        self._connection.executemany(
            "UPDATE sources SET mtime_ns = -1, sha256 = NULL "
            "WHERE id = (SELECT source_id FROM releases WHERE release_id = ?)",
            ((release_id,) for release_id in ids),
        )

    def drop_orphaned_vectors(self) -> int:
        """Remove the vectors that no passage has; returns how many."""
        cursor = self._connection.execute(
            "DELETE FROM vectors WHERE vector_key NOT IN (SELECT vector_key FROM passages)"
        )
        return cursor.rowcount

    def drop_vectors(self, numbers: Sequence[int]) -> int:
        """Remove vectors by row number; returns how many were there."""
        return sum(
            self._connection.execute("DELETE FROM vectors WHERE id = ?", (number,)).rowcount
            for number in numbers
        )

    def drop_all_vectors(self) -> None:
        """Remove every vector, as when the model changes."""
        self._connection.execute("DELETE FROM vectors")
        self._connection.execute("DELETE FROM derived WHERE kind = 'vectors'")

    def put_vectors(self, rows: Sequence[tuple[bytes, bytes, bytes]]) -> None:
        """Store vectors: key, passage and sentences as float16 bytes."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO vectors (vector_key, passage, sentences) VALUES (?, ?, ?)", rows
        )

    def put_signatures(self, rows: Sequence[tuple[int, bytes, Edition]]) -> None:
        """Store what families are found by: release, signature and what it says of itself."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO families (release, signature, headline, marked, named_date) "
            "VALUES (?, ?, ?, ?, ?)",
            (
                (key, signature, said.headline, int(said.marked), said.named_date)
                for key, signature, said in rows
            ),
        )

    def put_families(self, families: Mapping[int, int], newer: Mapping[int, int]) -> bool:
        """Store families, and all that is replaced with what by; whether others belong together.

        Args:
            families: Of the releases that had none: row numbers of each family's first.
            newer: Row numbers of the releases that are replaced, and of those that replace them.
        """
        self._connection.executemany(
            "UPDATE families SET family = ? WHERE release = ?",
            ((family, key) for key, family in families.items()),
        )
        before = dict(
            self.rows("SELECT release, replaced_by FROM families WHERE replaced_by IS NOT NULL")
        )
        self._connection.executemany(
            "UPDATE families SET replaced_by = ? WHERE release = ?",
            (
                (newer.get(key), key)
                for key in {*before, *newer}
                if before.get(key) != newer.get(key)
            ),
        )
        return before != newer or any(key != family for key, family in families.items())

    def drop_families(self) -> None:
        """Forget every signature and family, as when they are found in another way."""
        self._connection.execute("DELETE FROM families")

    def drop_artifact(self, kind: str) -> None:
        """Forget the current artifact of a kind, so that the next is made from the store alone."""
        self._connection.execute("DELETE FROM derived WHERE kind = ?", (kind,))

    def rebuild_indexes(self) -> None:
        """Make SQLite's own indexes again from the tables."""
        with self.transaction():
            self._connection.execute("REINDEX")

    def put_artifact(self, kind: str, artifact: Artifact) -> None:
        """Make an artifact the current one of its kind."""
        self._connection.execute(
            "INSERT OR REPLACE INTO derived VALUES (?, ?, ?, ?, ?, ?)", (kind, *artifact)
        )


def fsync_folder(folder: Path) -> None:
    """Make renames in `folder` survive a power cut; a no-op where folders cannot be synced."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
