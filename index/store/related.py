"""Which releases belong together, as the store has it: near-duplicates and replacements.

A cluster is a set of near-duplicate releases. It is named by the row number of its first release
and stored in the column `family`.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from index.store.reader import Store

_ROWS = (
    "SELECT f.release, f.family, f.replaced_by, r.release_id "
    "FROM families f JOIN releases r ON r.id = f.release WHERE "
)
_ALL = (
    "f.family IN (SELECT family FROM families GROUP BY family HAVING count(*) > 1) "
    "OR f.replaced_by IS NOT NULL OR f.release IN (SELECT replaced_by FROM families)"
)
_OF = (
    "f.family IN (SELECT family FROM families WHERE release IN ({keys}))",
    "f.replaced_by IN ({keys})",
    "f.release IN (SELECT replaced_by FROM families WHERE release IN ({keys}))",
)


@dataclass(frozen=True, slots=True)
class RelatedReleases:
    """The releases related to a release, by release id.

    Attributes:
        duplicates: Releases with the same text, or nearly the same.
        replaces: Releases that this one corrects or updates.
        replaced_by: The release that corrects or updates this one, or None.
    """

    duplicates: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    replaced_by: str | None = None


NO_RELATED = RelatedReleases()


def related_releases(store: Store, keys: Iterable[int] | None = None) -> dict[int, RelatedReleases]:
    """Return the related releases of releases, by row number; those without any are left out.

    Args:
        store: The collection's.
        keys: Row numbers of releases; default: all.
    """
    wanted = None if keys is None else list(keys)
    if wanted is None:
        rows = store.rows(_ROWS + _ALL)
    else:
        rows = [row for part in _OF for row in store.rows_among(_ROWS + part, wanted)]
    return related_among(rows, wanted)


def related_among(
    rows: Sequence[tuple[int, int | None, int | None, str]], wanted: Sequence[int] | None
) -> dict[int, RelatedReleases]:
    """Return the related releases of releases; those without any are left out.

    Args:
        rows: Releases with those they are related to: row number, cluster, the release that
            replaces it, and id. One may be there several times.
        wanted: Row numbers of the releases; None for all of `rows`.
    """
    names = {key: name for key, _, _, name in rows}
    # Duplicates are the releases of a cluster with the same replacement, or without one.
    duplicates: dict[tuple[int | None, int | None], set[str]] = {}
    replaces: dict[int, set[str]] = {}
    for _, cluster, newer, name in rows:
        duplicates.setdefault((cluster, newer), set()).add(name)
        if newer is not None:
            replaces.setdefault(newer, set()).add(name)
    related: dict[int, RelatedReleases] = {}
    for key, cluster, newer, name in rows:
        related[key] = RelatedReleases(
            tuple(sorted(duplicates[cluster, newer] - {name})),
            tuple(sorted(replaces.get(key, ()))),
            None if newer is None else names.get(newer),
        )
    of_wanted = related if wanted is None else {k: related[k] for k in wanted if k in related}
    return {key: found for key, found in of_wanted.items() if found != NO_RELATED}


def replacements(store: Store) -> dict[int, int]:
    """Return the releases that a newer version of the same release replaces, and by which.

    These are row numbers. A mere notice, which says that something was wrong and does not repeat
    the rest, replaces nothing here.
    """
    sql = (
        "SELECT f.release, n.release FROM families f "
        "JOIN families n ON n.release = f.replaced_by AND n.family = f.family"
    )
    return dict(store.rows(sql))


def replaced_among(newer: Mapping[int, int], allowed: AbstractSet[int]) -> frozenset[int]:
    """Return the releases that have a newer version among the `allowed` releases.

    Args:
        newer: What `replacements` returned.
        allowed: Row numbers of releases.
    """
    found = set()
    for older in newer:
        seen, release = {older}, newer[older]
        while release not in seen and release not in allowed and release in newer:
            seen.add(release)
            release = newer[release]
        if release in allowed:
            found.add(older)
    return frozenset(found)


def duplicate_clusters(store: Store, keys: Iterable[int]) -> dict[int, int]:
    """Return the clusters of releases, by row number."""
    sql = "SELECT release, family FROM families WHERE family IS NOT NULL AND release IN ({keys})"
    return dict(store.rows_among(sql, keys))


def cluster_members(store: Store, keys: Iterable[int]) -> dict[int, int]:
    """Return the clusters of releases and of all other members of these, by row number."""
    sql = (
        "SELECT release, family FROM families WHERE family IN "
        "(SELECT family FROM families WHERE release IN ({keys}))"
    )
    return dict(store.rows_among(sql, keys))


def release_frequency(store: Store, keys: Iterable[int]) -> dict[int, int]:
    """Return in how many releases the text of each passage occurs, a cluster counted once."""
    sql = (
        "SELECT p.id, count(DISTINCT coalesce(f.family, q.release)) FROM passages p "
        "JOIN passages q ON q.vector_key = p.vector_key "
        "LEFT JOIN families f ON f.release = q.release "
        "WHERE p.id IN ({keys}) GROUP BY p.id"
    )
    return dict(store.rows_among(sql, keys))


def releases_with_duplicates(store: Store, keys: Iterable[int]) -> set[int]:
    """Return those of some releases whose cluster has other releases: row numbers."""
    sql = (
        "SELECT f.release FROM families f WHERE f.release IN ({keys}) AND EXISTS "
        "(SELECT 1 FROM families o WHERE o.family = f.family AND o.release <> f.release)"
    )
    return {row[0] for row in store.rows_among(sql, keys)}


def duplicates(store: Store, key: int, limit: int) -> dict[int, str]:
    """Return the ids of the other releases of a release's cluster, by row number, up to `limit`."""
    sql = (
        "SELECT o.release, r.release_id FROM families f JOIN families o ON o.family = f.family "
        "JOIN releases r ON r.id = o.release "
        "WHERE f.release = ? AND o.release <> f.release ORDER BY o.release LIMIT ?"
    )
    return dict(store.rows(sql, (key, limit)))
