"""The passages that a search may return: filters, and releases that a newer one replaces."""

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.filters import Filters
from index.search.open_indexes import OpenIndexes
from index.store.reader import Store
from index.store.related import replaced_among, replacements

if TYPE_CHECKING:
    from index.search.vector import AllowedVectors

_CACHED_FILTERS = 8


@dataclass(frozen=True, slots=True)
class AllowedPassages:
    """The passages that meet some filters.

    Attributes:
        keys: Row numbers of passages, ascending.
        key_set: The same row numbers, for membership tests.
        vectors: The vectors of these passages; None when the collection has no vectors.
        replaced: Row numbers of releases that are not searched because a newer one replaces them.
    """

    keys: list[int]
    key_set: frozenset[int]
    vectors: "AllowedVectors | None"
    replaced: frozenset[int]


class FilterCache:
    """The allowed passages of the most recent filters. Safe to share between threads."""

    def __init__(self, store: Store, indexes: OpenIndexes) -> None:
        """Read `store`; select vectors in the vector index of `indexes`."""
        self._store, self._indexes = store, indexes
        self._lock = threading.Lock()
        self._allowed: dict[Filters, AllowedPassages] = {}
        self._state = ""
        self._newer: dict[int, int] | None = None
        self._replaced: frozenset[int] = frozenset()

    def allowed(self, filters: Filters) -> AllowedPassages | None:
        """Return the passages that meet `filters`; None when nothing is filtered."""
        if not filters:
            return None
        with self._lock:
            state = self._store.state
            if state != self._state:
                self._allowed.clear()
                self._state = state
            if filters not in self._allowed:
                if len(self._allowed) >= _CACHED_FILTERS:
                    self._allowed.clear()
                self._allowed[filters] = self._read(filters)
            return self._allowed[filters]

    def replaced(self, filters: Filters) -> frozenset[int]:
        """Return the releases that are not searched because a newer one replaces them.

        These are row numbers. A release is searched all the same when the filters exclude every
        newer version of it.
        """
        if not self._replacements() or not filters:
            return self._replaced
        allowed = self.allowed(filters)
        return self._replaced if allowed is None else allowed.replaced

    def _read(self, filters: Filters) -> AllowedPassages:
        keys = self._store.allowed_passages(filters)
        key_set = frozenset(keys)
        sql = (
            "SELECT p.id, v.id FROM passages p JOIN vectors v "
            "ON v.vector_key = p.vector_key ORDER BY v.id"
        )
        numbers = sorted({number for key, number in self._store.iterate(sql) if key in key_set})
        index = self._indexes.vectors
        vectors = index.allow(numbers) if index is not None else None
        return AllowedPassages(keys, key_set, vectors, self._replaced_under(filters))

    def _replaced_under(self, filters: Filters) -> frozenset[int]:
        newer = self._replacements()
        if not newer:
            return frozenset()
        allowed = {stored.key for stored in self._store.releases(replace(filters, kinds=()))}
        return replaced_among(newer, allowed)

    def _replacements(self) -> dict[int, int]:
        if self._newer is None:
            newer = replacements(self._store)
            self._replaced = frozenset(newer)
            self._newer = newer
        return self._newer
