"""Which passages a search may find: what filters admit, and what a newer release replaces."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.store.reader import Store
from index.store.related import replaced_among, replacements
from index.types import Filters

if TYPE_CHECKING:
    from index.search.vector import AllowedVectors, VectorIndex

_KEPT_FILTERS = 8


@dataclass(frozen=True, slots=True)
class AllowedPassages:
    """What filters admit.

    Attributes:
        keys: Row numbers of passages, ascending.
        inside: The same, to look up.
        vectors: Of vectors; None where there are none.
        replaced: Releases that are not searched because a newer one replaces them.
    """

    keys: list[int]
    inside: frozenset[int]
    vectors: "AllowedVectors | None"
    replaced: frozenset[int]


class FilterCache:
    """What the filters of the latest questions admit. Safe to share between threads.

    Args:
        store: The collection's.
        state: Returns a text that changes with what is in it.
        vectors: Returns the vector index, None where there is none.
    """

    def __init__(
        self, store: Store, state: Callable[[], str], vectors: "Callable[[], VectorIndex | None]"
    ) -> None:
        self._store, self._state, self._vectors = store, state, vectors
        self._lock = threading.Lock()
        self._found: dict[Filters, AllowedPassages] = {}
        self._found_at = ""
        self._newer: dict[int, int] | None = None
        self._replaced: frozenset[int] = frozenset()

    def of(self, filters: Filters) -> AllowedPassages | None:
        """Return what `filters` admit; None for everything."""
        if not filters:
            return None
        with self._lock:
            version = self._state()
            if version != self._found_at:
                self._found.clear()
                self._found_at = version
            if filters not in self._found:
                if len(self._found) >= _KEPT_FILTERS:
                    self._found.clear()
                self._found[filters] = self._admitted(filters)
            return self._found[filters]

    def replaced(self, filters: Filters) -> frozenset[int]:
        """Return the releases that are not searched because a newer one replaces them.

        Row numbers. One whose newer wordings the filters leave out is searched.
        """
        if not self._replacements() or not filters:
            return self._replaced
        admitted = self.of(filters)
        return self._replaced if admitted is None else admitted.replaced

    def _admitted(self, filters: Filters) -> AllowedPassages:
        keys = self._store.allowed_passages(filters)
        inside = frozenset(keys)
        sql = (
            "SELECT p.id, v.id FROM passages p JOIN vectors v "
            "ON v.vector_key = p.vector_key ORDER BY v.id"
        )
        numbers = sorted({number for key, number in self._store.iterate(sql) if key in inside})
        index = self._vectors()
        vectors = index.allow(numbers) if index is not None else None
        return AllowedPassages(keys, inside, vectors, self._replaced_under(filters))

    def _replaced_under(self, filters: Filters) -> frozenset[int]:
        newer = self._replacements()
        if not newer:
            return frozenset()
        admitted = {stored.key for stored in self._store.releases(replace(filters, kinds=()))}
        return replaced_among(newer, admitted)

    def _replacements(self) -> dict[int, int]:
        if self._newer is None:
            newer = replacements(self._store)
            self._replaced = frozenset(newer)
            self._newer = newer
        return self._newer
