"""The store, read: SQLite, the only truth of a collection.

`Store` answers questions about what is there and never writes; `index.store.writer` adds the
writing. At rest the database keeps no side files, so reading creates none: a reader needs no
write access to the folder. While a writer is at work the database is in WAL mode, and readers
see the last committed state.
"""

import re
import shlex
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from index.errors import (
    CollectionDamagedError,
    CollectionNotFoundError,
    ReleaseIndexError,
    ReleaseNotFoundError,
)
from index.filters import Filters
from index.store import schema
from index.store.rows import PASSAGE, RELEASE, passage_of, release_of
from index.store.sql import (
    add_functions,
    conditions,
    damaged,
    placeholders,
    translate_error,
)
from index.types import Passage, StoredPassage, StoredRelease

STORE_NAME = "collection.sqlite3"
BUSY_MS = 10_000
ARTIFACT_NAME = re.compile(r"(?:words|vectors)-[0-9a-f]{16}")
"""The names of artifacts; a file of another name is never opened as one."""

MODEL_META = "model"
FINGERPRINT_META = "fingerprint"
DIMENSION_META = "dimension"
"""Names under which the store keeps which model its vectors were made with."""
MAX_DIMENSION = 65_536
"""More numbers than a vector of any encoder has."""
_NUMBER = re.compile("[0-9]{1,18}")

PENDING = (
    "FROM passages p WHERE NOT EXISTS (SELECT 1 FROM vectors v WHERE v.vector_key = p.vector_key)"
)
"""The passages that have no vector yet, as the end of a query."""

_STATE = (
    "SELECT (SELECT value FROM meta WHERE name = 'generation'), "
    "(SELECT coalesce(max(id), 0) FROM vectors), (SELECT value FROM meta WHERE name = ?)"
)
_CHUNK = 500


class Artifact(NamedTuple):
    """A file or folder that was made from the store.

    Attributes:
        name: Its name in the folder of artifacts.
        sha256: Its hash, see `index.store.artifacts.sha256`.
        generation: Of the content that it was made from.
        last_id: Row number of the newest passage or vector in it.
        identity: The version of the analyser, or the fingerprint of the model.
    """

    name: str
    sha256: str
    generation: int
    last_id: int
    identity: str


def remedy(folder: Path) -> str:
    """Say how a collection is made in `folder`."""
    return f"make one: releaseqa --index {shlex.quote(str(folder))} index FOLDER_OF_RELEASES"


class Store:
    """A collection's store, open for reading. Safe to share between threads.

    Raises:
        CollectionNotFoundError: When there is no store in the folder.
        CollectionTooNewError: When a newer program wrote it.
        CollectionDamagedError: From any method, when SQLite finds the file damaged.
    """

    def __init__(self, folder: Path) -> None:
        """Open the store of the collection in `folder`."""
        self.path = folder / STORE_NAME
        if not self.path.is_file():
            raise CollectionNotFoundError(f"no collection in {folder}; {remedy(folder)}")
        self._lock = threading.RLock()
        with self._translated():
            self._connection = self._connect()
            try:
                self._prepare()
                self._check(folder)
                self._version = schema.version(self._connection)
            except BaseException:
                self._connection.close()
                raise

    def _check(self, folder: Path) -> None:
        schema.check(self._connection, str(folder))
        if schema.version(self._connection) == 0:  # an update was killed before its first step
            raise CollectionNotFoundError(f"no collection in {folder} yet; {remedy(folder)}")

    def _connect(self) -> sqlite3.Connection:
        uri = f"{self.path.resolve().as_uri()}?mode=ro"
        return sqlite3.connect(
            uri, uri=True, check_same_thread=False, isolation_level=None, timeout=BUSY_MS / 1000
        )

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA query_only = ON")
        add_functions(self._connection)

    def _since_2(self, column: str) -> str:
        """Return a column that stores of the first version lack, as SQL for this one."""
        return column if self._version >= 2 else "NULL"  # noqa: PLR2004

    @property
    def version(self) -> int:
        """Of the store's tables, see `index.store.schema`."""
        return self._version

    def close(self) -> None:
        """Close the connection; the store cannot be used afterwards."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Hold the connection and turn SQLite's errors into ours: the one place for both."""
        with self._lock:
            try:
                yield
            except sqlite3.DatabaseError as error:
                raise self._ours(error) from error

    def _ours(self, error: sqlite3.DatabaseError) -> ReleaseIndexError:
        """Return what an error of SQLite means to a user."""
        return translate_error(error, self.path)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self._translated():
            return self._connection.execute(sql, values).fetchall()

    def rows_among(self, sql: str, keys: Iterable[Any]) -> list[tuple[Any, ...]]:
        """Return the rows of a query whose `{keys}` stands for `keys`, however many they are."""
        found: list[tuple[Any, ...]] = []
        for chunk in _chunks(keys):
            found += self.rows(sql.format(keys=placeholders(chunk)), chunk)
        return found

    def iterate(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query in batches, for results larger than memory should hold."""
        with self._translated():
            cursor = self._connection.execute(sql, values)
        while True:
            with self._translated():
                batch = cursor.fetchmany(_CHUNK)
            if not batch:
                return
            yield from batch

    def value(self, sql: str, values: Sequence[Any] = ()) -> Any:  # noqa: ANN401 - any SQL value
        """Return the first column of the first row, or None."""
        found = self.rows(sql, values)
        return found[0][0] if found else None

    def meta(self, name: str) -> str | None:
        """Return a fact kept under `name`, or None."""
        value: str | None = self.value("SELECT value FROM meta WHERE name = ?", (name,))
        return value

    @property
    def generation(self) -> int:
        """A number that rises with every change of content."""
        return self._number("generation")

    @property
    def dimension(self) -> int:
        """The length of a vector; 0 while the store has no model.

        Raises:
            CollectionDamagedError: When what is kept is no such length.
        """
        found = self._number(DIMENSION_META)
        if found > MAX_DIMENSION:
            raise self._damaged(f"vectors of {found} numbers")
        return found

    def _number(self, name: str) -> int:
        value = self.meta(name) or "0"
        if not _NUMBER.fullmatch(value):
            raise self._damaged(f"{name} is no number")
        return int(value)

    def _damaged(self, how: str) -> CollectionDamagedError:
        return damaged(self.path, how)

    def pending(self) -> int:
        """Return how many passages have no vector yet."""
        return int(self.value(f"SELECT count(*) {PENDING}"))

    @property
    def state(self) -> str:
        """A text that changes with everything an answer depends on."""
        return "-".join(str(part) for part in self.rows(_STATE, (FINGERPRINT_META,))[0])

    def artifact(self, kind: str) -> Artifact | None:
        """Return the current artifact of a kind, `words` or `vectors`; None when there is none."""
        found = self.rows(
            "SELECT name, sha256, generation, last_id, identity FROM derived WHERE kind = ?",
            (kind,),
        )
        if not found or not ARTIFACT_NAME.fullmatch(str(found[0][0])):
            return None  # a name that could lead out of the folder is never opened
        return Artifact(*found[0])

    def releases(self, filters: Filters) -> list[StoredRelease]:
        """Return the releases that meet `filters`, without their text, newest first.

        Those of kinds and speaker are met by a release with a passage that meets both.
        """
        where, values = conditions(filters, "release")
        of_passage, more = conditions(filters, "passage")
        if more:
            found = f"SELECT 1 FROM passages p WHERE p.release = r.id AND {of_passage}"  # noqa: S608
            where += f" AND EXISTS ({found})"
            values = [*values, *more]
        sql = (
            f"SELECT {RELEASE} FROM releases r JOIN sources s ON s.id = r.source_id "  # noqa: S608
            f"WHERE {where} ORDER BY r.date IS NULL, r.date DESC, r.release_id"
        )
        return [release_of(row) for row in self.rows(sql, values)]

    def release(self, release_id: str) -> StoredRelease:
        """Return one release, with its text and metadata.

        Raises:
            ReleaseNotFoundError: When the collection has none of that id.
        """
        found = self.rows(
            f"SELECT {RELEASE}, r.text, r.metadata, {self._since_2('r.date_source')}, "  # noqa: S608
            f"{self._since_2('r.date_guess')} FROM releases r "
            "JOIN sources s ON s.id = r.source_id WHERE r.release_id = ?",
            (release_id,),
        )
        if not found:
            raise ReleaseNotFoundError(
                f"no release {release_id!r} in the collection; see: releaseqa list"
            )
        return release_of(found[0])

    def releases_by_key(self, keys: Iterable[int]) -> dict[int, StoredRelease]:
        """Return releases, without text, by row number."""
        sql = (
            f"SELECT {RELEASE} FROM releases r JOIN sources s ON s.id = r.source_id "  # noqa: S608
            "WHERE r.id IN ({keys})"
        )
        return {row[0]: release_of(row) for row in self.rows_among(sql, keys)}

    def passages_of(self, release_key: int) -> tuple[Passage, ...]:
        """Return the passages of a release, in order."""
        sql = (
            f"SELECT {PASSAGE}, {self._since_2('p.role')} FROM passages p "  # noqa: S608
            "WHERE p.release = ? ORDER BY p.ordinal"
        )
        return tuple(passage_of(row) for row in self.rows(sql, (release_key,)))

    def passages(self, keys: Iterable[int]) -> dict[int, StoredPassage]:
        """Return passages with their words, by row number; unknown keys are left out."""
        sql = (
            f"SELECT {PASSAGE}, {self._since_2('p.role')}, p.id, p.release, "  # noqa: S608
            "r.release_id, r.title, r.lang, r.date "
            "FROM passages p JOIN releases r ON r.id = p.release WHERE p.id IN ({keys})"
        )
        rows = self.rows_among(sql, keys)
        texts = self.release_texts({row[8] for row in rows})
        found: dict[int, StoredPassage] = {}
        for row in rows:
            key, release, release_id, title, lang, date = row[7:]
            if release in texts:  # else removed between the two queries
                words = texts[release][row[3] : row[4]]
                found[key] = StoredPassage(
                    key,
                    release,
                    f"{release_id}#{row[0]}",
                    passage_of(row),
                    words,
                    title,
                    lang,
                    date,
                )
        return found

    def release_texts(self, keys: Iterable[int]) -> dict[int, str]:
        """Return the texts of releases, by row number.

        Passages are cut from them here: SQLite's `substr` counts from the start of the text
        each time, which for a long release would be its length squared.
        """
        return dict(self.rows_among("SELECT id, text FROM releases WHERE id IN ({keys})", keys))

    def allowed_passages(self, filters: Filters) -> list[int]:
        """Return the row numbers of the passages that meet `filters`, ascending."""
        where, values = conditions(filters, "release")
        of_passage, more = conditions(filters, "passage")
        sql = (
            "SELECT p.id FROM passages p JOIN releases r ON r.id = p.release "  # noqa: S608
            f"JOIN sources s ON s.id = r.source_id WHERE {where} AND {of_passage} ORDER BY p.id"
        )
        return [row[0] for row in self.rows(sql, [*values, *more])]


def _chunks(keys: Iterable[int]) -> Iterator[list[int]]:
    everything = list(keys)
    for start in range(0, len(everything), _CHUNK):
        yield everything[start : start + _CHUNK]
