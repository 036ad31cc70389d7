"""Compare each row with its seal, which covers every value that an answer rests on.

What the other checks have reported already is not reported again, so this one runs after them.
"""

from collections.abc import Callable, Iterator

from index.store.reader import DIMENSION_META, Store
from index.store.seals import SEALS_META, seal_sql, sealed_columns
from index.verify.findings import Findings

_CHANGED = "a stored value was changed or damaged"
_RELEASE = (
    "SELECT t.id, r.id, CAST(r.release_id AS BLOB), s.path, {name} FROM {table} t "
    "LEFT JOIN releases r ON r.id = {release} LEFT JOIN sources s ON s.id = r.source_id "
    "WHERE t.id IN ({{keys}}) ORDER BY t.id"
)


def has_seals(store: Store) -> bool:
    """Return whether the rows of a store are sealed: an older version of the program did not."""
    return sealed_columns(store.meta(SEALS_META)) is not None


def broken_seals(store: Store, table: str) -> list[tuple[int | str, ...]]:
    """Return the row numbers, or for `meta` the names, of the rows that do not fit their seals."""
    number = {"meta": "name", "families": "release"}.get(table, "id")
    columns = sealed_columns(store.meta(SEALS_META)) or {}
    if table not in columns:
        return []
    sql = f"SELECT {number} FROM {table} WHERE seal IS NOT {seal_sql(columns[table])} ORDER BY 1"  # noqa: S608
    return store.rows(sql)


def check_seals(store: Store, findings: Findings) -> None:
    """Check every row of the tables of texts, sources and clusters, and what is recorded."""
    if not has_seals(store):
        findings.note(
            "store", store.path.name,
            "was written by an older version, so speakers, roles, sources and sentence vectors "
            "have no hash to compare with",
            "run releaseqa index on any source, or releaseqa verify --repair, to add the hashes",
            "seals",
        )  # fmt: skip
        return
    checks: dict[str, Callable[[Store, Findings, list[int]], None]] = {
        "sources": _report_sources, "releases": _report_releases, "passages": _report_passages,
        "families": _report_families, "former_releases": _report_former_releases,
    }  # fmt: skip
    for table, report in checks.items():
        numbers = [int(row[0]) for row in broken_seals(store, table)]
        if numbers:
            report(store, findings, numbers)
    for (name,) in broken_seals(store, "meta"):
        if name != DIMENSION_META or findings.dimension is None:
            findings.wrong("store", f"record of {name}", _CHANGED)


def _report_sources(store: Store, findings: Findings, numbers: list[int]) -> None:
    sql = "SELECT CAST(label AS BLOB) FROM sources WHERE id IN ({keys}) ORDER BY id"
    for (label,) in store.rows_among(sql, numbers):
        findings.wrong(
            "source", label.decode("utf-8", "replace"), "what is recorded of this file was changed"
        )


def _report_releases(store: Store, findings: Findings, numbers: list[int]) -> None:
    for key, name, source in _releases(store, "releases", "t.id", "''", findings, numbers):
        findings.bad_releases.add(key)
        findings.wrong("release", name, _CHANGED, findings.restore_release(name, source))


def _report_passages(store: Store, findings: Findings, numbers: list[int]) -> None:
    ordinal = "'#' || t.ordinal"
    for _, name, source in _releases(store, "passages", "t.release", ordinal, findings, numbers):
        remedy = findings.restore_release(name.rpartition("#")[0], source)
        findings.wrong("passage", name, _CHANGED, remedy)


def _releases(
    store: Store, table: str, release: str, ending: str, findings: Findings, numbers: list[int]
) -> Iterator[tuple[int, str, bytes | None]]:
    """Yield row number, name and source of the releases that rows belong to, if not bad yet."""
    bad = set(findings.bad_releases)
    sql = _RELEASE.format(table=table, release=release, name=ending)
    for _, key, release_id, source, end in store.rows_among(sql, numbers):
        if key is not None and key not in bad:
            yield key, release_id.decode("utf-8", "replace") + end, source


def _report_families(store: Store, findings: Findings, numbers: list[int]) -> None:
    sql = "SELECT CAST(release_id AS BLOB) FROM releases WHERE id IN ({keys}) ORDER BY id"
    for (release_id,) in store.rows_among(sql, numbers):
        findings.wrong(
            "family", release_id.decode("utf-8", "replace"),
            "its near-duplicates or what it replaces were changed", mends="families",
        )  # fmt: skip


def _report_former_releases(store: Store, findings: Findings, numbers: list[int]) -> None:
    sql = "SELECT CAST(release_id AS BLOB) FROM former_releases WHERE id IN ({keys}) ORDER BY id"
    for (release_id,) in store.rows_among(sql, numbers):
        findings.wrong(
            "former release", release_id.decode("utf-8", "replace"),
            "what is recorded of an earlier version was changed or damaged",
            "restore the collection from a backup, or drop the record: releaseqa verify --repair",
            "former releases",
        )  # fmt: skip
