"""Families and replacements, worked out after an update and kept in the store.

Each release's signature is kept, so that only what is new is compared, with everything. A
family is named by the row of its first release; should that be removed, the others become new
again. Whatever is interrupted is made up for by the next update: a release without a family
is one that is still to be compared.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from index.dedup.corrections import Version, edition, replaced_by
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

FORM_META = "families"
"""Name under which the store keeps how its signatures were made."""

DONE_META = "families_of"
"""Name under which the store keeps the generation that its families are of."""

_BATCH = 500
"""Releases signed in a transaction."""

_KEPT = 1_024
"""Releases whose words are kept at hand."""


def link_duplicates(store: StoreWriter, cancelled: Callable[[], bool]) -> None:
    """Find the families of releases that have none yet, and what replaces what.

    Args:
        store: The collection's; its content is final for this update.
        cancelled: Asked between batches; what is missing then is made up for the next time.
    """
    current = str(store.generation)
    form = signature_version()
    if store.meta(FORM_META) != form or _misshapen(store):
        with store.transaction():
            store.drop_families()
            store.set_meta(FORM_META, form)
    elif store.meta(DONE_META) == current:
        return
    if not _sign(store, cancelled):
        return
    families = _families(store)
    versions = _versions(store, families)
    with store.transaction():
        if store.put_families(families, replaced_by(versions)):
            store.bump()  # answers name what belongs to a release
        store.set_meta(DONE_META, str(store.generation))


def _sign(store: StoreWriter, cancelled: Callable[[], bool]) -> bool:
    """Sign the releases that are not yet; False when it was cancelled before the end."""
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
                    (key, signature.astype("<u4").tobytes(), edition(text, title))
                    for (key, title, text), signature in zip(rows, signed, strict=True)
                ]
            )
    return True


def _families(store: StoreWriter) -> dict[int, int]:
    """Return the families of the releases that have none yet: rows to rows."""
    import numpy as np

    rows = store.rows("SELECT release, signature, family FROM families ORDER BY release")
    fresh = np.array([family is None for _, _, family in rows], dtype=bool)
    if not fresh.any():
        return {}
    keys = [key for key, _, _ in rows]
    found: UInt32 = np.frombuffer(b"".join(row[1] for row in rows), dtype="<u4").reshape(
        len(rows), PERMUTATIONS
    )
    partners: dict[int, list[int]] = {}
    for one, other in candidate_pairs(found, fresh):
        partners.setdefault(keys[one], []).append(keys[other])
        partners.setdefault(keys[other], []).append(keys[one])
    known = {key: family for key, _, family in rows if family is not None}
    return _joined([k for k, _, family in rows if family is None], known, partners, store)


def _joined(
    fresh: Sequence[int],
    known: Mapping[int, int],
    partners: Mapping[int, Sequence[int]],
    store: StoreWriter,
) -> dict[int, int]:
    """Return the families of `fresh` releases: of the one each has most in common with."""

    @lru_cache(maxsize=_KEPT)
    def worded(key: int) -> ReleaseShingles:
        sql = "SELECT text, title, date FROM releases WHERE id = ?"
        return shingles_of(*store.rows(sql, (key,))[0])

    families: dict[int, int] = dict(known)
    for key in fresh:
        others = [other for other in partners.get(key, ()) if other in families]
        best = _best(key, others, worded, same_release)
        if best is None:
            best = _best(
                key, others, worded, lambda new, old: corrects(new, old) or corrects(old, new)
            )
        families[key] = key if best is None else families[best]
    return {key: families[key] for key in fresh}


def _best(
    key: int,
    others: Sequence[int],
    worded: Callable[[int], ReleaseShingles],
    belongs: Callable[[ReleaseShingles, ReleaseShingles], bool],
) -> int | None:
    """Return which of the others that belong to a release it has most in common with."""
    found = [other for other in others if belongs(worded(key), worded(other))]
    return max(
        found, key=lambda other: (jaccard(worded(key).pairs, worded(other).pairs), -other),
        default=None,
    )  # fmt: skip


def replacements(store: Store) -> dict[int, int]:
    """Return which releases are replaced by which, as the store's families have it: row numbers."""
    return replaced_by(_versions(store, {}))


def _versions(store: Store, families: Mapping[int, int]) -> list[Version]:
    """Return the releases of which one may replace another: of a family, or under a headline."""
    sql = (
        "SELECT f.release, f.family, r.date, r.issuer, f.headline, f.marked, f.named_date "
        "FROM families f JOIN releases r ON r.id = f.release ORDER BY f.release"
    )
    rows: list[tuple[Any, ...]] = [
        (row[0], families.get(row[0], row[1]), *row[2:]) for row in store.rows(sql)
    ]
    sizes = Counter(row[1] for row in rows)
    announced = {row[4] for row in rows if row[5]}
    rows = [row for row in rows if sizes[row[1]] > 1 or row[4] in announced]
    signed = dict(
        store.rows_among(
            "SELECT release, signature FROM families WHERE release IN ({keys})",
            [row[0] for row in rows],
        )
    )
    return [
        Version(key, family, date, issuer, signed[key], Edition(headline, bool(marked), named))
        for key, family, date, issuer, headline, marked, named in rows
    ]


def _misshapen(store: StoreWriter) -> bool:
    """Whether a signature that is kept is none."""
    sql = "SELECT 1 FROM families WHERE length(signature) <> ? LIMIT 1"
    return bool(store.value(sql, (PERMUTATIONS * 4,)))
