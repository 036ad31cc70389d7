"""Verify a collection: everything stored against what it was made from.

Texts are compared with their hashes, passages with the texts, vectors and clusters with the
passages, and artifacts with all of these. Only a batch of releases or vectors is in memory at a
time. Nothing is written; `index.verify.repair` repairs what is made from the texts.
"""

import re
from collections.abc import Callable
from pathlib import Path

from index.encoders.model import FINGERPRINT
from index.errors import CollectionBusyError, CollectionDamagedError
from index.reports import Progress, no_progress
from index.store.reader import DIMENSION_META, FINGERPRINT_META, Store
from index.store.schema import missing_indexes, schema_faults
from index.verify.artifacts import check_files
from index.verify.findings import GO_ON, Findings, Verification
from index.verify.seals import check_seals
from index.verify.texts import check_clusters, check_releases

_OF_INDEX = re.compile(
    r"(?:row \d+ missing from|row \d+ values differ from|wrong # of entries in|"
    r"non-unique entry in) index \S+"
)
"""What SQLite says of an index that does not fit its table; its other messages concern tables."""

Report = Callable[[Progress], None]


def verify_collection(folder: Path, *, progress: Report = no_progress) -> Verification:
    """Check everything that a collection holds; nothing is written.

    Args:
        folder: The collection's.
        progress: Called with the progress.

    Raises:
        CollectionBusyError: Another program wrote to it meanwhile, so the result is not reliable.
        CollectionNotFoundError, CollectionTooNewError: There is no collection that can be read.
        CollectionDamagedError: The file of the store cannot even be opened.
    """
    with Store(folder, check_schema=False) as store:
        findings = Findings(folder)
        before = store.content_version
        try:
            _check(folder, store, findings, progress)
        finally:
            # Also when a check failed because another process was writing.
            if store.content_version != before:
                raise CollectionBusyError(
                    f"{folder} changed while it was being verified; run the command again when "
                    "no other process is writing to it"
                )
        return findings.done()


def _check(folder: Path, store: Store, findings: Findings, progress: Report) -> None:
    from index.verify.vectors import check_vectors

    progress(Progress("store", 0))
    checks: tuple[Callable[[], None], ...] = (
        lambda: _check_log(store, findings),
        lambda: _check_tables(store, findings),
        lambda: _check_integrity(store, findings),
        lambda: _check_facts(store, findings),
        lambda: check_releases(store, findings, progress),
        lambda: check_clusters(store, findings),
        lambda: check_seals(store, findings),
        lambda: check_vectors(folder, store, findings, progress),
        lambda: check_files(folder, store, findings),
    )
    for check in checks:
        try:
            check()
        except CollectionDamagedError as error:  # the other checks still have something to say
            detail, _, remedy = str(error).partition("; ")
            findings.wrong("store", store.path.name, detail, remedy or None)
        if findings.broken:
            return  # the content of a broken file proves nothing


def _check_log(store: Store, findings: Findings) -> None:
    """Note what a killed update left beside the store."""
    if store.is_left_open:
        findings.note(
            "store", store.path.name, "was not closed: an update was killed, or is in progress",
            GO_ON, "log",
        )  # fmt: skip


def _check_tables(store: Store, findings: Findings) -> None:
    """Check that the tables and indexes are those that the program creates."""
    version = int(store.value("PRAGMA user_version"))
    for place, detail in schema_faults(store.rows, version):
        findings.broken = True
        findings.wrong("store", place, detail)
    if not findings.broken:
        for name, _ in missing_indexes(store.rows, version):
            findings.wrong("store", f"index {name}", "is missing")


def _check_integrity(store: Store, findings: Findings) -> None:
    """Let SQLite check its pages, its indexes and its references."""
    try:
        messages = store.integrity_errors()
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
        detail = f"refers to a row of table {parent} that does not exist"
        place = f"table {table}, row {row}"
        if table == "families":
            findings.wrong("family", place, detail, mends="families")
        else:
            findings.wrong("store", place, detail)


def _check_facts(store: Store, findings: Findings) -> None:
    """Count the content, and check what the store records about itself as a whole."""
    findings.releases, findings.passages, findings.vectors = (
        store.count(table) for table in ("releases", "passages", "vectors")
    )
    _ = store.generation  # raises when it is not a number
    fingerprint = store.meta(FINGERPRINT_META)
    if fingerprint is None and findings.vectors:
        findings.wrong("store", "model", "there are vectors, but no record of their model")
    elif fingerprint is not None and not FINGERPRINT.fullmatch(fingerprint):
        findings.wrong("store", "model", "the record of the vectors' model cannot be read")
    most_frequent = (
        "SELECT length(passage) / 2, count(*) FROM vectors GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
    )
    for length, count in store.rows(most_frequent):
        recorded = store.meta(DIMENSION_META)
        if 1 < findings.vectors < 2 * count and recorded != str(length):
            findings.dimension = length
            findings.wrong(
                "count", DIMENSION_META, f"is {recorded}, but the vectors have {length} numbers",
                mends="dimension",
            )  # fmt: skip
