"""The passages that a search may return: filters, and releases that a newer one replaces."""

import threading
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING

from index.filters import Filters
from index.search.open_indexes import OpenIndexes
from index.store.reader import Store
from index.store.related import replaced_among, replacements

if TYPE_CHECKING:
    from index.search.vector import AllowedVectors

_CACHED_FILTERS = 8


class AllowedPassages(AbstractSet[int]):
    """The row numbers of the passages that meet some filters, ascending.

    Attributes:
        vectors: The vectors of these passages; None when the collection has no vectors.
        replaced: Row numbers of releases that are not searched because a newer one replaces them.
    """

    def __init__(
        self, keys: Iterable[int], vectors: "AllowedVectors | None", replaced: frozenset[int]
    ) -> None:
        """Hold `keys`, which may repeat, in one byte for each row number up to the highest."""
        found = sorted(set(keys))
        self._marks = bytearray(found[-1] + 1 if found else 0)
        for key in found:
            self._marks[key] = 1
        self._count = len(found)
        self.vectors, self.replaced = vectors, replaced

    def __contains__(self, key: object) -> bool:
        return isinstance(key, int) and 0 <= key < len(self._marks) and bool(self._marks[key])

    def __iter__(self) -> Iterator[int]:
        return (key for key, mark in enumerate(self._marks) if mark)

    def __len__(self) -> int:
        return self._count

    @classmethod
    def _from_iterable(cls, keys: Iterable[int]) -> set[int]:  # type: ignore[override]
        """Return the result of an operation with another set, such as `&`."""
        return set(keys)


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
        rows = self._store.allowed_passages(filters)
        index = self._indexes.vectors
        vectors = None
        if index is not None:
            vectors = index.allow(sorted({number for _, number in rows if number is not None}))
        return AllowedPassages((key for key, _ in rows), vectors, self._replaced_under(filters))

    def _replaced_under(self, filters: Filters) -> frozenset[int]:
        newer = self._replacements()
        if not newer:
            return frozenset()
        return replaced_among(newer, self._store.release_keys(replace(filters, kinds=())))

    def _replacements(self) -> dict[int, int]:
        if self._newer is None:
            newer = replacements(self._store)
            self._replaced = frozenset(newer)
            self._newer = newer
        return self._newer
