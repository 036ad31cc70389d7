"""A collection in numbers, from the store alone: nothing heavy is loaded to tell them."""

from pathlib import Path

from index.reports import Counts, Facets, Status
from index.store import artifacts
from index.store.reader import FINGERPRINT_META, MODEL_META, Store


def collection_status(folder: Path, store: Store) -> Status:
    """Return a collection in numbers."""
    releases, dated, first, last, issuers = store.rows(
        "SELECT count(*), count(date), min(date), max(date), count(DISTINCT issuer) FROM releases"
    )[0]
    languages = store.rows(
        "SELECT coalesce(lang, '?'), count(*) FROM releases GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    return Status(
        folder=str(folder),
        releases=releases,
        passages=int(store.value("SELECT count(*) FROM passages")),
        to_encode=store.pending(),
        dated=dated,
        first_date=first,
        last_date=last,
        issuers=issuers,
        languages=tuple((lang, count) for lang, count in languages),
        model=store.meta(MODEL_META),
        fingerprint=store.meta(FINGERPRINT_META),
        store_bytes=store.path.stat().st_size,
        derived_bytes=artifacts.size(folder),
        updated_at=store.meta("updated_at"),
        schema=int(store.value("PRAGMA user_version")),
        notes=tuple(_stale_notes(store)),
    )


def _stale_notes(store: Store) -> list[str]:
    artifact = store.artifact("words")
    if artifact is None or artifact.generation != store.generation:
        return ["not everything is searchable yet; run: releaseqa index on the same sources"]
    return []


MOST = 500
"""Values of one facet that are told, the most frequent first."""


def collection_facets(store: Store) -> Facets:
    """Count a collection's issuers, years, languages, kinds and speakers.

    Raises:
        CollectionDamagedError: When the store is damaged.
    """
    return Facets(
        issuers=_counts(store, "issuer", "releases"),
        years=tuple(sorted(_counts(store, "substr(date, 1, 4)", "releases"))),
        languages=_counts(store, "lang", "releases"),
        kinds=_counts(store, "kind", "passages"),
        speakers=_counts(store, "speaker", "passages"),
    )


def _counts(store: Store, value: str, table: str) -> Counts:
    """Count the rows of a table by one of its columns; rows without a value are left out."""
    sql = (
        f"SELECT {value}, count(*) FROM {table} WHERE {value} <> '' "  # noqa: S608 - of this module
        f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MOST}"
    )
    return tuple((str(name), int(count)) for name, count in store.rows(sql))
