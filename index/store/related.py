"""Which releases belong together, as the store has it: copies, and what replaces what."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from index.store.reader import Store

_SINCE = 3
"""The first version of the store that knows of families."""

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
    """What belongs to a release, by release ids.

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
    """Return what belongs to releases, by row number; those that stand alone are left out.

    Args:
        store: The collection's.
        keys: Row numbers of releases; None for all.
    """
    if store.version < _SINCE:
        return {}
    wanted = None if keys is None else list(keys)
    if wanted is None:
        rows = store.rows(_ROWS + _ALL)
    else:
        rows = [row for part in _OF for row in store.rows_among(_ROWS + part, wanted)]
    names = {row[0]: row[3] for row in rows}
    newer = {row[0]: row[2] for row in rows}
    # Copies of one another are those of a family that the same release replaces, or none does.
    alike: dict[tuple[int, int | None], set[str]] = {}
    replaces: dict[int, set[str]] = {}
    for _, family, by, name in rows:
        alike.setdefault((family, by), set()).add(name)
        if by is not None:
            replaces.setdefault(by, set()).add(name)
    found: dict[int, RelatedReleases] = {}
    for key, family, by, name in rows:
        found[key] = RelatedReleases(
            tuple(sorted(alike[family, by] - {name})),
            tuple(sorted(replaces.get(key, ()))),
            names.get(newer[key]) if newer[key] is not None else None,
        )
    asked = found if wanted is None else {key: found[key] for key in wanted if key in found}
    return {key: value for key, value in asked.items() if value != NO_RELATED}


def replacements(store: Store) -> dict[int, int]:
    """Return, for the releases that a newer wording of the same replaces, which: row numbers.

    A mere notice, which says that something was wrong and does not repeat the rest, replaces
    nothing here.
    """
    if store.version < _SINCE:
        return {}
    sql = (
        "SELECT f.release, n.release FROM families f "
        "JOIN families n ON n.release = f.replaced_by AND n.family = f.family"
    )
    return {row[0]: row[1] for row in store.rows(sql)}


def replaced_among(newer: Mapping[int, int], allowed: AbstractSet[int]) -> frozenset[int]:
    """Return the releases of which a newer wording is among `allowed`.

    Args:
        newer: What replaces what, as of `replacements`.
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
    """Return the families of releases, each named by its first release: row numbers."""
    if store.version < _SINCE:
        return {}
    sql = "SELECT release, family FROM families WHERE family IS NOT NULL AND release IN ({keys})"
    return dict(store.rows_among(sql, keys))


def release_frequency(store: Store, keys: Iterable[int]) -> dict[int, int]:
    """Return how many releases carry the words of passages, copies of one counted once."""
    known = store.version >= _SINCE
    of = "coalesce(f.family, q.release)" if known else "q.release"
    join = "LEFT JOIN families f ON f.release = q.release " if known else ""
    sql = (
        f"SELECT p.id, count(DISTINCT {of}) FROM passages p "  # noqa: S608
        f"JOIN passages q ON q.vector_key = p.vector_key {join}"
        "WHERE p.id IN ({keys}) GROUP BY p.id"
    )
    return dict(store.rows_among(sql, keys))


def releases_with_duplicates(store: Store, keys: Iterable[int]) -> set[int]:
    """Return those of some releases that have others in their family: row numbers."""
    if store.version < _SINCE:
        return set()
    sql = (
        "SELECT f.release FROM families f WHERE f.release IN ({keys}) AND EXISTS "
        "(SELECT 1 FROM families o WHERE o.family = f.family AND o.release <> f.release)"
    )
    return {row[0] for row in store.rows_among(sql, keys)}


def duplicates(store: Store, key: int, limit: int) -> dict[int, str]:
    """Return the other releases of a release's family: row numbers and ids, the first `limit`."""
    if store.version < _SINCE:
        return {}
    sql = (
        "SELECT o.release, r.release_id FROM families f JOIN families o ON o.family = f.family "
        "JOIN releases r ON r.id = o.release "
        "WHERE f.release = ? AND o.release <> f.release ORDER BY o.release LIMIT ?"
    )
    return dict(store.rows(sql, (key, limit)))
