"""A collection in numbers, read from the store alone, without opening an index."""

from index.filters import FILTERS, FilterSpec
from index.reports import Counts, Facets, Status
from index.store import artifacts
from index.store.reader import FINGERPRINT_META, MODEL_META, Store
from index.store.stored_skips import read_skips

MAX_VALUES = 500
"""Values of a filter that are returned at most, the most frequent first."""


def collection_status(store: Store) -> Status:
    """Return a collection in numbers."""
    releases, dated, first, last, issuers = store.rows(
        "SELECT count(*), count(date), min(date), max(date), count(DISTINCT issuer) FROM releases"
    )[0]
    languages = store.rows(
        "SELECT coalesce(lang, '?'), count(*) FROM releases GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    return Status(
        folder=str(store.path.parent),
        releases=releases,
        passages=store.count("passages"),
        to_encode=store.pending(),
        dated=dated,
        first_date=first,
        last_date=last,
        issuers=issuers,
        languages=tuple((lang, count) for lang, count in languages),
        model=store.meta(MODEL_META),
        fingerprint=store.meta(FINGERPRINT_META),
        store_bytes=store.path.stat().st_size,
        derived_bytes=artifacts.total_size(store.path.parent),
        updated_at=store.meta("updated_at"),
        schema=int(store.value("PRAGMA user_version")),
        skipped=tuple(skip for marks in read_skips(store).values() for skip in marks.values()),
        notes=tuple(_notes(store)),
    )


def _notes(store: Store) -> list[str]:
    artifact = store.artifact("words")
    if artifact is None or artifact.generation != store.generation:
        return ["not everything is searchable yet; run: releaseqa index on the same sources"]
    return []


def collection_facets(store: Store) -> Facets:
    """Count the values that a collection has for each filter, in releases or in passages.

    The most frequent value comes first; for dates, the latest year.

    Raises:
        CollectionDamagedError: When the store is damaged.
    """
    return {spec.name: _counts(store, spec) for spec in FILTERS if spec.values is not None}


def _counts(store: Store, spec: FilterSpec) -> Counts:
    """Count the values of a filter; rows without a value are left out."""
    table = "releases r" if spec.about == "release" else "passages p"
    order = "1 DESC" if spec.edge is not None else "2 DESC, 1"
    sql = (
        f"SELECT {spec.values}, count(*) FROM {table} WHERE {spec.values} <> '' "  # noqa: S608 - ours
        f"GROUP BY 1 ORDER BY {order} LIMIT {MAX_VALUES}"
    )
    return tuple((str(name), int(count)) for name, count in store.rows(sql))
