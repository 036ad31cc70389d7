"""The store of a collection, for writing: by one process at a time, in transactions."""

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import (
    CollectionBusyError,
    CollectionNotFoundError,
    ReleaseIndexError,
    StorageError,
    advice,
)
from index.store.files import check_files, is_unwritten, link_fault
from index.store.former_releases import (
    MAX_RECORDS,
    MAX_TEXT_BYTES,
    MAX_VERSIONS,
    ReleaseChange,
)
from index.store.reader import STORE_NAME, Artifact, Store, refuse_schema, store_error
from index.store.rows import add_functions, pack_spans, vector_key
from index.store.schema import MIGRATIONS
from index.store.seals import SEALED, add_seals, row_seal, seal_all, seal_sql
from index.store.sqlite import Database
from index.types import Edition, Passage, Release

LOCK_NAME = "lock"


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source file as it was when it was last read.

    Attributes:
        path: Absolute path, as the file system has it.
        label: The path as users see it.
        size: Bytes.
        mtime_ns: Modification time; `index.ingest.parse.UNTRUSTED` when it proves nothing.
        sha256: Of the whole file; None when it was streamed.
        parser_version: The version of the parser that read it.
    """

    path: bytes
    label: str
    size: int
    mtime_ns: int
    sha256: bytes | None
    parser_version: str


@contextmanager
def writing_lock(folder: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock for writing to the collection in `folder`.

    Raises:
        CollectionBusyError: When another process holds it and `wait` is false.
        StorageError: When the lock file cannot be created, or is a link.
    """
    fault = link_fault(folder / LOCK_NAME)
    if fault is not None:
        raise StorageError(f"cannot write to {folder}: {LOCK_NAME} {fault}")
    lock = FileLock(folder / LOCK_NAME, timeout=-1 if wait else 0)
    try:
        lock.acquire()
    except Timeout as error:
        raise CollectionBusyError(
            f"another process is writing to {folder}; try again later, or use --wait"
        ) from error
    except OSError as error:
        raise StorageError(
            f"cannot write to {folder} ({error.strerror}); {advice(error)}"
        ) from error
    try:
        yield
    finally:
        lock.release()


class StoreWriter(Store):
    """A store open for writing. All methods that write must be called in a transaction."""

    _database: Database

    def __init__(self, folder: Path) -> None:
        """Open the store of the collection in `folder`; create or migrate it when necessary."""
        path = folder / STORE_NAME
        check_files(path, partial(store_error, path))
        try:
            path.touch(mode=0o644)
        except OSError as error:
            raise StorageError(
                f"cannot write to {folder} ({error.strerror}); {advice(error)}"
            ) from error
        try:
            super().__init__(folder)
        except CollectionNotFoundError:  # a power cut took what was written of it
            if not is_unwritten(path):
                raise
            os.truncate(path, 0)
            super().__init__(folder)

    def _open(self, *, check_schema: bool) -> Database:
        database = Database(self.path, partial(store_error, self.path))
        with database.closed_on_error():
            if check_schema and database.version:
                refuse_schema(self.path, database)
            database.refuse_newer(MIGRATIONS)  # before WAL mode: a newer store stays unchanged
            database.keep_log()
            database.execute("PRAGMA synchronous = FULL")
            database.execute("PRAGMA foreign_keys = ON")
            database.execute(
                "PRAGMA secure_delete = ON"
            )  # a removed text does not stay in the file
            add_functions(database)
            add_seals(database)
            database.add_function("sha256", lambda text: hashlib.sha256(text).digest())
            database.migrate(MIGRATIONS)
            seal_all(database)
        return database

    def close(self) -> None:
        """Write the log back into the database file, so that no side files remain.

        When a reader has the store open in WAL mode the log stays, and the next writer does it.
        """
        with suppress(ReleaseIndexError):
            self._database.merge_log()
        super().close()

    def transaction(self) -> AbstractContextManager[None]:
        """Write everything that the block writes, or nothing of it.

        Raises:
            StorageError: When the disk fails; the store is as it was before.
        """
        return self._database.transaction()

    def set_meta(self, name: str, value: str) -> None:
        """Record a value under `name`."""
        self._database.execute(
            "INSERT OR REPLACE INTO meta (name, value, seal) VALUES (?, ?, ?)",
            (name, value, row_seal(name, value)),
        )

    def bump_generation(self) -> None:
        """Record that content changed, and when."""
        self.set_meta("generation", str(self.generation + 1))
        self.set_meta("updated_at", _now())

    def put_source(self, state: SourceState) -> int:
        """Record a source; return its row number."""
        sql = (
            "INSERT INTO sources (path, label, size, mtime_ns, sha256, form, seal) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET label = excluded.label, "
            "size = excluded.size, mtime_ns = excluded.mtime_ns, sha256 = excluded.sha256, "
            "form = excluded.form, seal = excluded.seal RETURNING id"
        )
        return int(self.value(sql, (*astuple(state), row_seal(*astuple(state)))))

    def move_source(self, source_id: int, state: SourceState) -> None:
        """Record that the file of a source was moved; its releases stay."""
        self._database.execute(
            "UPDATE sources SET path = ?, label = ?, size = ?, mtime_ns = ?, sha256 = ?, "
            "form = ?, seal = ? WHERE id = ?",
            (*astuple(state), row_seal(*astuple(state)), source_id),
        )

    def settle_source(self, state: SourceState) -> None:
        """Record the state of a source that is stored already; another one is left out."""
        self._database.execute(
            "UPDATE sources SET label = ?, size = ?, mtime_ns = ?, sha256 = ?, form = ?, "
            "seal = ? WHERE path = ?",
            (*astuple(state)[1:], row_seal(*astuple(state)), state.path),
        )

    def reread_sources(self, release_ids: Sequence[str]) -> None:
        """Make the next update read the sources of these releases again."""
        sql = "SELECT source_id FROM releases WHERE release_id IN ({keys})"
        sources = self.rows_among(sql, release_ids)
        self._database.execute_many(
            "UPDATE sources SET mtime_ns = -1, sha256 = NULL WHERE id = ?", sources
        )
        self._seal("sources", "id", sources)

    def put_release(
        self,
        source_id: int,
        release: Release,
        content_hash: bytes,
        passages: Sequence[Passage],
        draft_hash: bytes | None = None,
        change: ReleaseChange | None = "changed",
    ) -> None:
        """Store a release and its passages, replacing a release of the same id.

        What the release was is kept, if its title, date or text differs.

        Args:
            source_id: Row number of its source.
            release: The release.
            content_hash: See `index.store.rows.content_hash`.
            passages: Its passages.
            draft_hash: Hash of the record it was parsed from, and of the parser version.
            change: Why it is replaced; None to keep nothing of what it was.
        """
        now = _now()
        sql = "SELECT id, coalesce(added_at, updated_at) FROM releases WHERE release_id = ?"
        before = self.rows(sql, (release.release_id,))
        row = (
            release.release_id, source_id, release.title, release.text, release.date,
            release.issuer, release.lang, release.url,
            json.dumps(release.metadata, ensure_ascii=True, sort_keys=True, default=str),
            content_hash, now, release.date_source, release.date_guess, draft_hash,
            next((added for _, added in before), now),
        )  # fmt: skip
        if change is not None:
            for key, _ in before:
                self._keep_former(
                    key, change, now, unless=(release.title, release.date, release.text)
                )
        self._delete_releases([(key,) for key, _ in before])
        cursor = self._database.execute(
            "INSERT INTO releases (release_id, source_id, title, text, date, issuer, lang, url, "
            "metadata, content_hash, updated_at, date_source, date_guess, draft_hash, added_at, "
            "seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*row, row_seal(*row)),
        )
        key = cursor.lastrowid
        rows = (
            (
                key, p.ordinal, p.kind, p.speaker, p.role, *p.span, pack_spans(p.sentences),
                vector_key(release.text[slice(*p.span)], p.sentences),
            )
            for p in passages
        )  # fmt: skip
        self._database.execute_many(
            "INSERT INTO passages (release, ordinal, kind, speaker, role, start, stop, "
            "sentences, vector_key, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((*row, row_seal(*row)) for row in rows),
        )

    def remove_releases(self, keys: Sequence[int]) -> None:
        """Remove releases by row number, with their passages and the sources that become empty.

        That they were there is kept, and nothing of their texts.
        """
        now = _now()
        for key in keys:
            self._keep_former(key, "removed", now)
        self._delete_releases([(key,) for key in keys])
        self._database.execute(
            "DELETE FROM sources WHERE id NOT IN (SELECT source_id FROM releases)"
        )

    def _keep_former(
        self,
        key: int,
        change: ReleaseChange,
        now: str,
        unless: tuple[str, str | None, str] | None = None,
    ) -> None:
        """Record what a release was, before it is replaced or removed.

        Done in SQL, so that a damaged text can be replaced, too.

        Args:
            key: Its row number.
            change: How it is replaced; of one that is removed, no text is kept.
            now: When.
            unless: Record nothing if these are its title, date and text.
        """
        text = "NULL" if change == "removed" else "CAST(text AS BLOB)"
        sql = (
            "INSERT INTO former_releases "  # noqa: S608 - ours
            "(release_id, title, date, text, text_hash, stored_at, replaced_at, change) "
            f"SELECT release_id, title, date, {text}, sha256(CAST(text AS BLOB)), updated_at, ?, ? "
            "FROM releases WHERE id = ?"
        )
        values: tuple[object, ...] = (now, change, key)
        if unless is not None:
            sql += " AND (title, date, text) IS NOT (?, ?, ?)"
            values += unless
        cursor = self._database.execute(sql, values)
        if not cursor.rowcount:
            return
        same = "release_id = (SELECT release_id FROM former_releases WHERE id = ?)"
        if change == "removed":
            self._empty_former(f"{same} AND text IS NOT NULL", (cursor.lastrowid,))
        self._seal("former_releases", "id", [(cursor.lastrowid,)])
        self._database.execute(
            f"DELETE FROM former_releases WHERE {same} AND id NOT IN "  # noqa: S608 - ours
            f"(SELECT id FROM former_releases WHERE {same} ORDER BY id DESC LIMIT ?)",
            (cursor.lastrowid, cursor.lastrowid, MAX_VERSIONS),
        )

    def limit_former_releases(self) -> None:
        """Empty the oldest former texts, and forget the oldest records, beyond the limits."""
        self._database.execute(
            "DELETE FROM former_releases WHERE id <= "
            "(SELECT id FROM former_releases ORDER BY id DESC LIMIT 1 OFFSET ?)",
            (MAX_RECORDS,),
        )
        size = 0
        sql = "SELECT id, length(text) FROM former_releases WHERE text IS NOT NULL ORDER BY id DESC"
        for key, length in self.rows(sql):
            size += length
            if size > MAX_TEXT_BYTES:
                self._empty_former("id <= ? AND text IS NOT NULL", (key,))
                return

    def remove_damaged_former_releases(self) -> None:
        """Remove the records of former releases that do not fit their seals."""
        seal = seal_sql(SEALED["former_releases"])
        self._database.execute(f"DELETE FROM former_releases WHERE seal IS NOT {seal}")  # noqa: S608

    def _empty_former(self, where: str, values: Sequence[object]) -> None:
        """Drop the texts of former releases; what else is recorded of them stays."""
        keys = self.rows(f"SELECT id FROM former_releases WHERE {where}", values)  # noqa: S608 - ours
        self._database.execute_many("UPDATE former_releases SET text = NULL WHERE id = ?", keys)
        self._seal("former_releases", "id", keys)

    def _delete_releases(self, keys: Sequence[tuple[int]]) -> None:
        """Delete releases by row number, with their passages and signatures."""
        for column in ("family", "replaced_by"):  # as the deletion would, but sealed
            sql = f"SELECT release FROM families WHERE {column} = ?"  # noqa: S608 - ours
            others = [row for key in keys for row in self.rows(sql, key)]
            sql = f"UPDATE families SET {column} = NULL WHERE release = ?"  # noqa: S608 - ours
            self._database.execute_many(sql, others)
            self._seal("families", "release", others)
        self._database.execute_many("DELETE FROM releases WHERE id = ?", keys)

    def _seal(self, table: str, column: str, names: Iterable[Sequence[object]]) -> None:
        """Seal rows after an update, each by the value of a column that names it."""
        sql = f"UPDATE {table} SET seal = {seal_sql(SEALED[table])} WHERE {column} = ?"  # noqa: S608 - ours
        self._database.execute_many(sql, names)

    def move_release(self, release_id: str, source_id: int) -> None:
        """Record that a release is in another source now."""
        self._database.execute(
            "UPDATE releases SET source_id = ? WHERE release_id = ?", (source_id, release_id)
        )
        self._seal("releases", "release_id", [(release_id,)])

    def set_draft_hash(self, release_id: str, draft_hash: bytes) -> None:
        """Record the hash of the record that a release would be parsed from again."""
        self._database.execute(
            "UPDATE releases SET draft_hash = ? WHERE release_id = ?", (draft_hash, release_id)
        )
        self._seal("releases", "release_id", [(release_id,)])

    def put_vectors(self, rows: Sequence[tuple[bytes, bytes, bytes]]) -> None:
        """Store vectors: vector key, passage vector and sentence vectors as float16 bytes."""
        self._database.execute_many(
            "INSERT OR IGNORE INTO vectors (vector_key, passage, sentences, seal) "
            "VALUES (?, ?, ?, ?)",
            ((*row, row_seal(*row)) for row in rows),
        )

    def remove_vectors(self, numbers: Sequence[int]) -> int:
        """Remove vectors by row number; return how many there were."""
        return sum(
            self._database.execute("DELETE FROM vectors WHERE id = ?", (number,)).rowcount
            for number in numbers
        )

    def remove_unused_vectors(self) -> int:
        """Remove the vectors that belong to no passage; return how many there were."""
        cursor = self._database.execute(
            "DELETE FROM vectors WHERE vector_key NOT IN (SELECT vector_key FROM passages)"
        )
        return cursor.rowcount

    def remove_all_vectors(self) -> None:
        """Remove every vector, as when the model changes."""
        self._database.execute("DELETE FROM vectors")
        self.forget_artifact("vectors")

    def put_signatures(self, rows: Sequence[tuple[int, bytes, Edition]]) -> None:
        """Store what near-duplicate releases are found by: release, signature and edition."""
        self._database.execute_many(
            "INSERT OR REPLACE INTO families (release, signature, headline, marked, named_date) "
            "VALUES (?, ?, ?, ?, ?)",
            (
                (key, signature, edition.headline, int(edition.marked), edition.named_date)
                for key, signature, edition in rows
            ),
        )
        self._seal("families", "release", [(key,) for key, _, _ in rows])

    def put_clusters(self, clusters: Mapping[int, int], replaced_by: Mapping[int, int]) -> bool:
        """Store near-duplicate clusters and replacements; return whether any relation changed.

        Args:
            clusters: For each release that had no cluster, the first release of its cluster.
            replaced_by: For each release that is replaced, the release that replaces it.
        """
        self._database.execute_many(
            "UPDATE families SET family = ? WHERE release = ?",
            ((cluster, key) for key, cluster in clusters.items()),
        )
        before = dict(
            self.rows("SELECT release, replaced_by FROM families WHERE replaced_by IS NOT NULL")
        )
        changed = [
            key for key in {*before, *replaced_by} if before.get(key) != replaced_by.get(key)
        ]
        self._database.execute_many(
            "UPDATE families SET replaced_by = ? WHERE release = ?",
            ((replaced_by.get(key), key) for key in changed),
        )
        self._seal("families", "release", [(key,) for key in {*clusters, *changed}])
        return before != replaced_by or any(key != cluster for key, cluster in clusters.items())

    def remove_clusters(self) -> None:
        """Remove all signatures and clusters, as when they are computed in another way."""
        self._database.execute("DELETE FROM families")

    def put_artifact(self, kind: str, artifact: Artifact) -> None:
        """Make an artifact the current one of its kind."""
        self._database.execute(
            "INSERT OR REPLACE INTO derived VALUES (?, ?, ?, ?, ?, ?)", (kind, *artifact)
        )

    def forget_artifact(self, kind: str) -> None:
        """Forget the current artifact of a kind, so that the next is made from the store alone."""
        self._database.execute("DELETE FROM derived WHERE kind = ?", (kind,))

    def rebuild_indexes(self) -> None:
        """Rebuild SQLite's own indexes from the tables."""
        self._database.execute("REINDEX")


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
