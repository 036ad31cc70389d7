"""The store of a collection, for reading: SQLite, the only truth of a collection.

`index.store.writer` adds the writing. A closed store has no side files, and reading creates none,
so that a reader needs no write access to the folder. During an update the database is in WAL
mode, and readers see the last committed state. `index.store.files` opens what a killed update left.
"""

import re
import shlex
import weakref
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from index.errors import (
    CollectionBusyError,
    CollectionDamagedError,
    CollectionNotFoundError,
    CollectionReplacedError,
    CollectionTooNewError,
    ReleaseIndexError,
    ReleaseNotFoundError,
    StorageError,
)
from index.filters import Filters
from index.store.close_ids import not_found
from index.store.files import (
    ReadableDatabase,
    Version,
    content_version,
    is_left_open,
    is_unwritten,
)
from index.store.rows import (
    PASSAGE,
    RELEASE,
    WHOLE_RELEASE,
    add_functions,
    conditions,
    passage_of,
    placeholders,
    release_of,
)
from index.store.schema import ADDED_AT_VERSION, MIGRATIONS, OLDEST_READABLE, schema_faults
from index.store.seals import add_seals
from index.store.sqlite import Database, Failure
from index.text.surrogates import has_surrogate
from index.types import Passage, StoredPassage, StoredRelease

STORE_NAME = "collection.sqlite3"
ARTIFACT_NAME = re.compile(r"(?:words|vectors)-[0-9a-f]{16}")
"""The names of artifacts; a file of another name is never opened as one."""

MODEL_META = "model"
FINGERPRINT_META = "fingerprint"
DIMENSION_META = "dimension"
"""Names under which the store records the model that made its vectors."""
MAX_DIMENSION = 65_536
"""More than the dimension of any encoder."""
_NUMBER = re.compile("[0-9]{1,18}")

PENDING = (
    "FROM passages p WHERE NOT EXISTS (SELECT 1 FROM vectors v WHERE v.vector_key = p.vector_key)"
)
"""The end of a query over the passages that have no vector yet."""

_SEARCHED = (
    "(SELECT value FROM meta WHERE name = 'generation'), "
    "(SELECT name FROM derived WHERE kind = 'words')"
)
_STATE = (
    f"SELECT {_SEARCHED}, "  # noqa: S608 - ours
    "(SELECT coalesce(max(id), 0) FROM vectors), "
    "(SELECT value FROM meta WHERE name = ?)"
)
_CHUNK = 500


class Artifact(NamedTuple):
    """A file or folder that was made from the store.

    Attributes:
        name: Its name in the folder of artifacts.
        sha256: Its hash, see `index.store.artifacts.sha256`.
        generation: Of the content that it was made from.
        last_id: Row number of the newest passage or vector in it.
        identity: The version of the analyzer, or the fingerprint of the model.
    """

    name: str
    sha256: str
    generation: int
    last_id: int
    identity: str


class Store:
    """A collection's store, open for reading. Safe to share between threads.

    Attributes:
        path: The database file.

    Raises:
        CollectionBusyError: From any method, when another program locks the file for long.
        CollectionDamagedError: From any method, when the content of the file is wrong.
        CollectionNotFoundError, CollectionReplacedError: From any method, when the file was
            deleted, or another is in its place.
        StorageError: From any method, when the disk fails.
    """

    def __init__(self, folder: Path, *, check_schema: bool = True) -> None:
        """Open the store of the collection in `folder`.

        Args:
            folder: The collection's.
            check_schema: Refuse a store that has other tables than this program makes. Without,
                the caller checks them before it reads any.

        Raises:
            CollectionNotFoundError: When there is no store in the folder.
            CollectionTooNewError: When a newer program wrote it.
        """
        self.path = folder / STORE_NAME
        if not self.path.is_file():
            raise CollectionNotFoundError(f"no collection in {folder}; {remedy(folder)}")
        try:
            self._database: ReadableDatabase | Database = self._open(check_schema=check_schema)
        except CollectionDamagedError as error:
            if not is_unwritten(self.path):
                raise
            raise CollectionNotFoundError(
                f"no collection in {folder} yet; {remedy(folder)}"
            ) from error
        # A connection of Python's sqlite3 is part of a reference cycle, so it would stay open until
        # the garbage collector comes by, and the log of the store with it.
        weakref.finalize(self, self._database.close).atexit = False

    def _open(self, *, check_schema: bool) -> ReadableDatabase | Database:
        prepare = partial(_prepare, self.path, check_schema=check_schema)
        return ReadableDatabase(self.path, partial(store_error, self.path), prepare)

    def close(self) -> None:
        """Close the store; it cannot be used afterwards."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        return self._database.rows(sql, values)

    def rows_among(self, sql: str, keys: Iterable[Any]) -> list[tuple[Any, ...]]:
        """Return the rows of a query in which `{keys}` stands for any number of keys."""
        wanted = list(keys)
        rows: list[tuple[Any, ...]] = []
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            rows += self.rows(sql.format(keys=placeholders(chunk)), chunk)
        return rows

    def iterate(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query that returns more than should be in memory at once."""
        return self._database.iterate(sql, values)

    def value(self, sql: str, values: Sequence[Any] = ()) -> Any:  # noqa: ANN401 - any SQL value
        """Return the first column of the first row; None when there is no row."""
        rows = self.rows(sql, values)
        return rows[0][0] if rows else None

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        # Not count(*), which is a single step however many rows there are, so no limit stops it.
        return int(self.value(f"SELECT count(rowid) FROM {table}"))  # noqa: S608 - ours

    def meta(self, name: str) -> str | None:
        """Return the value recorded under `name`, or None."""
        value: str | None = self.value("SELECT value FROM meta WHERE name = ?", (name,))
        return value

    @property
    def schema_version(self) -> int:
        """The version of its tables; reading does not raise it."""
        return int(self.value("PRAGMA user_version"))

    @property
    def generation(self) -> int:
        """A number that rises with every change of content."""
        return self._number("generation")

    @property
    def dimension(self) -> int:
        """The dimension of the vectors; 0 while the store has no model.

        Raises:
            CollectionDamagedError: When the recorded value cannot be a dimension.
        """
        dimension = self._number(DIMENSION_META)
        if dimension > MAX_DIMENSION:
            raise store_error(self.path, "damaged", f"vectors of {dimension} numbers")
        return dimension

    def _number(self, name: str) -> int:
        value = self.meta(name) or "0"
        if not _NUMBER.fullmatch(value):
            raise store_error(self.path, "damaged", f"{name} is not a number")
        return int(value)

    @property
    def state(self) -> str:
        """A text that changes with everything an answer depends on."""
        return "-".join(str(part) for part in self.rows(_STATE, (FINGERPRINT_META,))[0])

    @property
    def edition(self) -> str:
        """A text that changes with the releases and with the words that are searched.

        Vectors that are added to the same releases do not change it.
        """
        return "-".join(str(part) for part in self.rows(f"SELECT {_SEARCHED}")[0])

    @property
    def is_left_open(self) -> bool:
        """Whether a writer has the store open, or was killed while it had."""
        return is_left_open(self.path)

    @property
    def is_copy(self) -> bool:
        """Whether a private copy is read, because a writer was killed."""
        return isinstance(self._database, ReadableDatabase) and self._database.is_copy

    @property
    def content_version(self) -> Version:
        """What differs after a commit to the store."""
        return content_version(self.path)

    def integrity_errors(self) -> list[str]:
        """Return what SQLite finds wrong with the file; nothing when it is whole."""
        return self._database.integrity_errors()

    def copy_to(self, path: Path) -> None:
        """Write the content as it is at this moment to `path`, where no file is.

        An update that is under way goes on; what it has not committed is not in the copy.
        """
        self._database.copy_to(path)

    def pending(self) -> int:
        """Return how many passages have no vector yet."""
        return int(self.value(f"SELECT count(*) {PENDING}"))

    def artifact(self, kind: str) -> Artifact | None:
        """Return the current artifact of a kind, `words` or `vectors`; None when there is none."""
        rows = self.rows(
            "SELECT name, sha256, generation, last_id, identity FROM derived WHERE kind = ?",
            (kind,),
        )
        if not rows or not ARTIFACT_NAME.fullmatch(str(rows[0][0])):
            return None  # a name that could lead out of the folder is never opened
        return Artifact(*rows[0])

    def releases(self, filters: Filters) -> list[StoredRelease]:
        """Return the releases that meet `filters`, without their text, newest first.

        Kinds and speaker are met by a release with a passage that meets both.
        """
        return list(self.iter_releases(filters))

    def iter_releases(self, filters: Filters) -> Iterator[StoredRelease]:
        """Yield the releases that `releases` returns."""
        where, values = _release_conditions(filters)
        sql = (
            f"SELECT {RELEASE} FROM releases r JOIN sources s ON s.id = r.source_id "  # noqa: S608
            f"WHERE {where} ORDER BY r.date DESC, r.release_id"  # no date comes last
        )
        return map(release_of, self.iterate(sql, values))

    def release_keys(self, filters: Filters) -> set[int]:
        """Return the row numbers of the releases that meet `filters`, as `releases` does."""
        where, values = _release_conditions(filters)
        sql = f"SELECT r.id FROM releases r JOIN sources s ON s.id = r.source_id WHERE {where}"  # noqa: S608
        return {row[0] for row in self.rows(sql, values)}

    def release(self, release_id: str) -> StoredRelease:
        """Return one release, with its text and metadata.

        Raises:
            ReleaseNotFoundError: When the collection has no release of that id.
        """
        sql = (
            f"SELECT {WHOLE_RELEASE} FROM releases r JOIN sources s ON s.id = r.source_id "  # noqa: S608
            "WHERE r.release_id = ?"
        )
        rows = self.rows(sql, (release_id,)) if not has_surrogate(release_id) else []
        if not rows:
            ids = [str(row[0]) for row in self.rows("SELECT release_id FROM releases")]
            raise ReleaseNotFoundError(not_found(release_id, ids))
        return release_of(rows[0])

    def stored_at(self, release_id: str) -> tuple[str | None, str | None]:
        """Return when a release first came in and when it was last changed, ISO 8601, UTC.

        The first is None where it is not known, since an older version of the program stored the
        release; both where there is no such release.
        """
        columns = "added_at" if self.schema_version >= ADDED_AT_VERSION else "NULL"
        sql = f"SELECT {columns}, updated_at FROM releases WHERE release_id = ?"  # noqa: S608
        rows = self.rows(sql, (release_id,))
        return rows[0] if rows else (None, None)

    def releases_by_key(self, keys: Iterable[int]) -> dict[int, StoredRelease]:
        """Return releases, without text, by row number."""
        sql = (
            f"SELECT {RELEASE} FROM releases r JOIN sources s ON s.id = r.source_id "  # noqa: S608
            "WHERE r.id IN ({keys})"
        )
        return {row[0]: release_of(row) for row in self.rows_among(sql, keys)}

    def passages_of(self, release_key: int) -> tuple[Passage, ...]:
        """Return the passages of a release, in order."""
        sql = f"SELECT {PASSAGE} FROM passages p WHERE p.release = ? ORDER BY p.ordinal"  # noqa: S608
        return tuple(passage_of(row) for row in self.rows(sql, (release_key,)))

    def passages(self, keys: Iterable[int]) -> dict[int, StoredPassage]:
        """Return passages with their text, by row number; unknown keys are left out."""
        sql = (
            "SELECT p.id, p.release, r.release_id, r.title, r.lang, r.date, "  # noqa: S608
            f"{PASSAGE} FROM passages p JOIN releases r ON r.id = p.release "
            "WHERE p.id IN ({keys})"
        )
        rows = self.rows_among(sql, keys)
        texts = self.release_texts({row[1] for row in rows})
        passages: dict[int, StoredPassage] = {}
        for key, release, release_id, title, lang, date, *columns in rows:
            if release in texts:  # else it was removed between the two queries
                passage = passage_of(tuple(columns))
                passages[key] = StoredPassage(
                    key,
                    release,
                    f"{release_id}#{passage.ordinal}",
                    passage,
                    texts[release][slice(*passage.span)],
                    title,
                    lang,
                    date,
                )
        return passages

    def release_texts(self, keys: Iterable[int]) -> dict[int, str]:
        """Return the texts of releases, by row number.

        Passages are cut from these texts, not by SQLite's `substr`, which counts from the start
        of the text each time and so takes quadratic time for a long release.
        """
        return dict(self.rows_among("SELECT id, text FROM releases WHERE id IN ({keys})", keys))

    def allowed_passages(self, filters: Filters) -> list[tuple[int, int | None]]:
        """Return the row numbers of the passages that meet `filters`, and of their vectors.

        A passage that is not encoded yet has None for its vector.
        """
        where, values = conditions(filters, "release")
        passage_where, passage_values = conditions(filters, "passage")
        sql = (
            "SELECT p.id, v.id FROM passages p "  # noqa: S608
            "LEFT JOIN vectors v ON v.vector_key = p.vector_key WHERE p.release IN "
            "(SELECT r.id FROM releases r JOIN sources s ON s.id = r.source_id "
            f"WHERE {where}) AND {passage_where}"
        )
        return [(row[0], row[1]) for row in self.rows(sql, [*values, *passage_values])]


def _release_conditions(filters: Filters) -> tuple[str, list[Any]]:
    """Return the part of a WHERE clause that is about releases and their passages."""
    where, values = conditions(filters, "release")
    passage_where, passage_values = conditions(filters, "passage")
    if passage_values:
        passages = f"SELECT 1 FROM passages p WHERE p.release = r.id AND {passage_where}"  # noqa: S608
        where += f" AND EXISTS ({passages})"
    return where, [*values, *passage_values]


def _prepare(path: Path, database: Database, *, check_schema: bool) -> None:
    """Make a database that was opened ready to read the store at `path`."""
    folder = path.parent
    database.execute("PRAGMA query_only = ON")
    add_functions(database)
    add_seals(database)
    database.refuse_newer(MIGRATIONS)
    version = database.version
    if version == 0:  # the first update was killed before it created the tables
        raise CollectionNotFoundError(f"no collection in {folder} yet; {remedy(folder)}")
    if version < OLDEST_READABLE:
        raise CollectionDamagedError(
            f"{folder} was written by an older version of releaseqa; to update it, run: "
            f"releaseqa --index {shlex.quote(str(folder))} index FOLDER"
        )
    if check_schema:
        refuse_schema(path, database)


def refuse_schema(path: Path, database: Database) -> None:
    """Refuse a store that has anything but the tables of its version.

    Raises:
        CollectionDamagedError: When it has; no row of it was read.
    """
    for place, detail in schema_faults(database.rows, database.version):
        raise store_error(path, "damaged", f"{place} {detail}")


def remedy(folder: Path) -> str:
    """Return the advice on how to make a collection in `folder`."""
    return f"create one: releaseqa --index {shlex.quote(str(folder))} index FOLDER"


_ERRORS: dict[Failure, tuple[type[ReleaseIndexError], str]] = {
    "busy": (CollectionBusyError, "{path} is in use by another program; try again later"),
    "refused": (
        StorageError,
        (
            "{path} cannot be used ({detail}); everything stored before is unchanged. "
            "Free some space or correct the permissions, and run the command again"
        ),
    ),
    "newer": (
        CollectionTooNewError,
        (
            "{path.parent} was written by a newer version of releaseqa ({detail}); "
            "upgrade: pip install --upgrade releaseqa"
        ),
    ),
    "foreign": (CollectionDamagedError, "{path.parent} is not opened: {detail}"),
    "deleted": (
        CollectionNotFoundError,
        (
            "{path.parent} was deleted or moved while it was open; open it where it is now, or "
            "{remedy}"
        ),
    ),
    "replaced": (
        CollectionReplacedError,
        "{path.parent} was replaced by another collection while it was open; open it again",
    ),
}
_DAMAGED = (
    CollectionDamagedError,
    (
        "{path} cannot be read ({detail}); restore it from a backup, or move it "
        "away and index the sources again"
    ),
)


def store_error(path: Path, failure: Failure, detail: str) -> ReleaseIndexError:
    """Return the exception for a failure of the store at `path`."""
    kind, text = _ERRORS.get(failure, _DAMAGED)
    return kind(text.format(path=path, detail=detail, remedy=remedy(path.parent)))
