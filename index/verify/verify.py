"""Whether a collection is what it says: everything stored against what it is made from.

The texts are held against their hashes, the passages against the texts, the vectors and families
against the passages, the derived files against all of these. One release or one batch of vectors
is in memory at a time. Nothing is written; `index.verify.repair` mends what is made from the texts.
"""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

from index.encoders.model import FINGERPRINT
from index.errors import CollectionBusyError, CollectionDamagedError
from index.reports import Progress
from index.store import schema
from index.store.reader import DIMENSION_META, FINGERPRINT_META, Store
from index.verify.artifacts import check_files
from index.verify.findings import Findings, Verification
from index.verify.texts import check_clusters, check_texts
from index.verify.vectors import check_vectors

_MESSAGES = 100
"""Of SQLite about itself; more say nothing new."""
_STEPS = 10_000
"""Of SQLite's machine between two looks at whether Ctrl+C was pressed."""

_OF_INDEX = re.compile(
    r"(?:row \d+ missing from|row \d+ values differ from|wrong # of entries in|"
    r"non-unique entry in) index \S+"
)
"""What SQLite says of an index that does not fit its table; all else concerns the tables."""

Report = Callable[[Progress], None]


def _silent(_: Progress) -> None:
    """Tell nobody."""


def verify_collection(folder: Path, *, progress: Report = _silent) -> Verification:
    """Look at everything that a collection holds; nothing is written.

    Args:
        folder: The collection's.
        progress: Told how far things are.

    Raises:
        CollectionBusyError: Somebody wrote to it meanwhile, so that nothing can be said.
        CollectionNotFoundError, CollectionTooNewError: There is none that can be read.
        CollectionDamagedError: The file of the store cannot even be opened.
    """
    with _CheckedStore(folder) as store:
        findings = Findings(store.path)
        before = store.value("PRAGMA data_version")
        try:
            _check(folder, store, findings, progress)
        finally:
            # Also when a check failed over what another process was changing.
            if store.value("PRAGMA data_version") != before:
                raise CollectionBusyError(
                    f"{folder} was changed while it was looked at; run this again when nothing "
                    "is written to it"
                )
        return findings.done()


def _check(folder: Path, store: "_CheckedStore", findings: Findings, progress: Report) -> None:
    progress(Progress("store", 0))
    if not _has_tables(store, findings):
        findings.broken = True
        return
    checks: tuple[Callable[[], None], ...] = (
        lambda: _check_integrity(store, findings),
        lambda: _check_facts(store, findings),
        lambda: check_texts(store, findings, progress),
        lambda: check_clusters(store, findings),
        lambda: check_vectors(folder, store, findings, progress),
        lambda: check_files(folder, store, findings),
    )
    said: set[str] = set()
    for check in checks:
        try:
            check()
        except CollectionDamagedError as error:
            # It names the store: what the other checks say is still worth knowing.
            detail, _, remedy = str(error).partition("; ")
            if detail in said:
                continue
            said.add(detail)
            findings.wrong("store", store.path.name, detail, remedy or None)
        except (AttributeError, TypeError, ValueError):
            if not findings.broken:
                raise
            # SQLite has said what it is that no check can work with.


class _CheckedStore(Store):
    """A store that is asked about itself."""

    def integrity(self) -> list[str]:
        """Return what SQLite finds wrong with its own file, nothing when it is whole."""
        self._connection.set_progress_handler(lambda: 0, _STEPS)  # where Ctrl+C comes through
        try:
            rows = self._connection.execute(f"PRAGMA integrity_check({_MESSAGES})").fetchall()
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                raise KeyboardInterrupt from error
            raise self._ours(error) from error
        finally:
            self._connection.set_progress_handler(None, 0)
        return [str(row[0]) for row in rows if row[0] != "ok"]


def _check_integrity(store: _CheckedStore, findings: Findings) -> None:
    """Have SQLite look at its pages, its indexes and its references."""
    try:
        messages = store.integrity()
    except CollectionDamagedError:
        findings.broken = True
        raise
    for message in messages:
        line = " ".join(message.split())
        if _OF_INDEX.fullmatch(line):
            findings.wrong("store", store.path.name, line, mends="indexes")
        else:
            findings.broken = True
            findings.wrong("store", store.path.name, line)
    for table, row, parent, _ in store.rows("PRAGMA foreign_key_check"):
        detail = f"what it belongs to in table {parent} is not there"
        place = f"table {table}, row {row}"
        if table == "families":
            findings.wrong("family", place, detail, mends="families")
        else:
            findings.wrong("store", place, detail)


def _has_tables(store: Store, findings: Findings) -> bool:
    """Whether the tables are those that the program makes; without them nothing can be checked."""
    model = sqlite3.connect(":memory:")
    try:
        for number, script in schema.MIGRATIONS:
            if number <= store.version:
                model.executescript(script)
        made = {tuple(row) for row in model.execute(_COLUMNS)}
        indexes = set(model.execute(_INDEXES))
    finally:
        model.close()
    missing = made - set(store.rows(_COLUMNS))
    tables = {row[0] for row in missing}
    for table in sorted(tables):
        findings.wrong("store", f"table {table}", "is not as the program makes it")
    for name, table in sorted(indexes - set(store.rows(_INDEXES))):
        if table not in tables:
            findings.wrong("store", f"index {name}", "is missing")
    for kind, name in store.rows(_OTHERS):
        findings.note("store", f"{kind} {name}", "is not of this program")
    return not missing


_COLUMNS = (
    "SELECT t.name, t.strict, c.name, c.type, c.pk FROM pragma_table_list t "
    "JOIN pragma_table_info(t.name) c WHERE t.schema = 'main' AND t.type = 'table'"
)
_INDEXES = "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index'"
_OTHERS = "SELECT type, name FROM sqlite_schema WHERE type IN ('trigger', 'view')"


def _check_facts(store: Store, findings: Findings) -> None:
    """Check what the store says of itself as a whole."""
    _ = store.generation  # raises when it is no number
    vectors = store.value("SELECT count(*) FROM vectors")
    fingerprint = store.meta(FINGERPRINT_META)
    if fingerprint is None and vectors:
        findings.wrong("store", "model", "the vectors are there, but not what they were made with")
    elif fingerprint is not None and not FINGERPRINT.fullmatch(fingerprint):
        findings.wrong("store", "model", "what the vectors were made with cannot be read")
    commonest = (
        "SELECT length(passage) / 2, count(*) FROM vectors GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
    )
    for length, count in store.rows(commonest):
        said = store.meta(DIMENSION_META)
        if 1 < vectors < 2 * count and said != str(length):
            findings.dimension = length
            findings.wrong(
                "count", DIMENSION_META, f"says {said}, but vectors have {length} numbers",
                mends="dimension",
            )  # fmt: skip
