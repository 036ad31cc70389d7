"""A collection in numbers, from the store alone: nothing heavy is loaded to tell them."""

from pathlib import Path

from index import derived
from index.report import Status
from index.store import FINGERPRINT_META, MODEL_META, Store


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
        derived_bytes=derived.size(folder),
        updated_at=store.meta("updated_at"),
        schema=int(store.value("PRAGMA user_version")),
        notes=tuple(_stale_notes(store)),
    )


def _stale_notes(store: Store) -> list[str]:
    current = store.derived("words")
    if current is None or current[2] != store.generation:
        return ["not everything is searchable yet; run: releaseqa index on the same sources"]
    return []
