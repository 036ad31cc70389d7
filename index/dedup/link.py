"""Find near-duplicate clusters and replacements after an update, and keep them in the store.

The signature of every release is stored, so that only new releases are compared, each with all
others. A cluster is named by the row of its first release; when that release is removed, the
others have no cluster and are compared again. After an interruption the next update goes on: a
release without a cluster is one that has still to be compared.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from index.dedup.corrections import ReleaseVersion, find_edition, find_replacements
from index.dedup.near_duplicates import (
    PERMUTATIONS,
    ReleaseShingles,
    candidate_pairs,
    corrects,
    jaccard,
    same_release,
    shingles_of,
    signature_version,
    signatures,
)
from index.store.reader import Store
from index.store.writer import StoreWriter
from index.types import Edition

if TYPE_CHECKING:
    from index.dedup.near_duplicates import UInt32

SIGNATURE_META = "families"
"""Name under which the store records how its signatures were made."""

CLUSTERED_META = "families_of"
"""Name under which the store records the generation that its clusters were found for."""

_BATCH = 500
"""Releases whose signatures are stored in one transaction."""

_CACHED_RELEASES = 1_024
"""Releases whose shingles stay in memory while new releases are compared."""


def link_duplicates(store: StoreWriter, cancelled: Callable[[], bool]) -> None:
    """Find the clusters of the releases that have none, and which release replaces which.

    Args:
        store: The collection's; its releases are final for this update.
        cancelled: Asked between batches; when true, the next update finds the rest.
    """
    if store.meta(SIGNATURE_META) != signature_version() or has_bad_signatures(store):
        with store.transaction():
            store.remove_clusters()
            store.set_meta(SIGNATURE_META, signature_version())
    elif store.meta(CLUSTERED_META) == str(store.generation):
        return
    if not _sign(store, cancelled):
        return
    clusters = _find_clusters(store)
    replaced_by = find_replacements(_versions(store, clusters))
    with store.transaction():
        if store.put_clusters(clusters, replaced_by):
            store.bump_generation()  # answers name the related releases
        store.set_meta(CLUSTERED_META, str(store.generation))


def clusters_are_current(store: Store) -> bool:
    """Return whether the clusters in the store are those of all its releases."""
    return store.meta(SIGNATURE_META) == signature_version() and (
        store.meta(CLUSTERED_META) == str(store.generation)
    )


def stored_replacements(store: Store) -> dict[int, int]:
    """Return the releases that are replaced, and by which, from the clusters in the store."""
    return find_replacements(_versions(store, {}))


def has_bad_signatures(store: Store) -> bool:
    """Return whether a stored signature has the wrong length."""
    sql = "SELECT 1 FROM families WHERE length(signature) <> ? LIMIT 1"
    return bool(store.value(sql, (PERMUTATIONS * 4,)))


def _sign(store: StoreWriter, cancelled: Callable[[], bool]) -> bool:
    """Store the signatures that are missing; return False when cancelled before the end."""
    sql = (
        "SELECT r.id, r.title, r.text FROM releases r WHERE NOT EXISTS "
        "(SELECT 1 FROM families f WHERE f.release = r.id) ORDER BY r.id LIMIT ?"
    )
    while rows := store.rows(sql, (_BATCH,)):
        if cancelled():
            return False
        signed = signatures([text for _, _, text in rows])
        with store.transaction():
            store.put_signatures(
                [
                    (key, signature.astype("<u4").tobytes(), find_edition(text, title))
                    for (key, title, text), signature in zip(rows, signed, strict=True)
                ]
            )
    return True


def _find_clusters(store: StoreWriter) -> dict[int, int]:
    """Return the clusters of the releases that have none yet, by row number."""
    import numpy as np

    rows = store.rows("SELECT release, signature, family FROM families ORDER BY release")
    is_new = np.array([cluster is None for _, _, cluster in rows], dtype=bool)
    if not is_new.any():
        return {}
    keys = [key for key, _, _ in rows]
    signed: UInt32 = np.frombuffer(b"".join(row[1] for row in rows), dtype="<u4").reshape(
        len(rows), PERMUTATIONS
    )
    candidates: dict[int, list[int]] = {}
    for one, other in candidate_pairs(signed, is_new):
        candidates.setdefault(keys[one], []).append(keys[other])
        candidates.setdefault(keys[other], []).append(keys[one])
    clusters = {key: cluster for key, _, cluster in rows if cluster is not None}
    new = [key for key, _, cluster in rows if cluster is None]
    return _assign_clusters(new, clusters, candidates, store)


def _assign_clusters(
    new: Sequence[int],
    known: Mapping[int, int],
    candidates: Mapping[int, Sequence[int]],
    store: StoreWriter,
) -> dict[int, int]:
    """Return the clusters of `new` releases: each joins that of the release most like it."""

    @lru_cache(maxsize=_CACHED_RELEASES)
    def shingles(key: int) -> ReleaseShingles:
        sql = "SELECT text, title, date FROM releases WHERE id = ?"
        return shingles_of(*store.rows(sql, (key,))[0])

    clusters: dict[int, int] = dict(known)
    for key in new:
        others = [other for other in candidates.get(key, ()) if other in clusters]
        best = _most_similar(key, others, shingles, same_release)
        if best is None:
            best = _most_similar(
                key, others, shingles, lambda new, old: corrects(new, old) or corrects(old, new)
            )
        clusters[key] = key if best is None else clusters[best]
    return {key: clusters[key] for key in new}


def _most_similar(
    key: int,
    others: Sequence[int],
    shingles: Callable[[int], ReleaseShingles],
    belongs: Callable[[ReleaseShingles, ReleaseShingles], bool],
) -> int | None:
    """Return which of the others that belong to a release has most bigrams in common with it."""
    found = [other for other in others if belongs(shingles(key), shingles(other))]
    return max(
        found,
        key=lambda other: (jaccard(shingles(key).bigrams, shingles(other).bigrams), -other),
        default=None,
    )


def _versions(store: Store, clusters: Mapping[int, int]) -> list[ReleaseVersion]:
    """Return the releases that may replace one another: of a cluster, or under one headline.

    Args:
        store: The collection's.
        clusters: Clusters that are not stored yet.
    """
    sql = (
        "SELECT f.release, f.family, r.date, r.issuer, f.headline, f.marked, f.named_date "
        "FROM families f JOIN releases r ON r.id = f.release ORDER BY f.release"
    )
    rows: list[tuple[Any, ...]] = [
        (row[0], clusters.get(row[0], row[1]), *row[2:]) for row in store.rows(sql)
    ]
    sizes = Counter(row[1] for row in rows)
    marked_headlines = {row[4] for row in rows if row[5]}
    rows = [row for row in rows if sizes[row[1]] > 1 or row[4] in marked_headlines]
    signed = dict(
        store.rows_among(
            "SELECT release, signature FROM families WHERE release IN ({keys})",
            [row[0] for row in rows],
        )
    )
    return [
        ReleaseVersion(
            key, cluster, date, issuer, signed[key], Edition(headline, bool(marked), named_date)
        )
        for key, cluster, date, issuer, headline, marked, named_date in rows
    ]
