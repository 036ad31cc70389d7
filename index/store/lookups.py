"""What a collection says of its passages and releases by their row numbers.

Most of it is kept: questions asked one after another find many of the same passages.
"""

import threading
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import partial
from typing import Generic, TypeVar

from index.store.reader import Store
from index.store.related import duplicate_clusters, release_frequency
from index.types import StoredPassage

KEPT_PASSAGES = 8_192
"""Passages whose words and vectors are kept, some ten kilobytes each."""


class StoreLookups:
    """Reads a store by row numbers. Safe to share between threads.

    Attributes:
        store: The store.
    """

    def __init__(self, store: Store) -> None:
        """Read `store`."""
        self.store = store
        self._passages: TwoGenerationCache[int, StoredPassage] = TwoGenerationCache(KEPT_PASSAGES)
        self._facts: TwoGenerationCache[int, tuple[bytes, int, str]] = TwoGenerationCache(
            8 * KEPT_PASSAGES
        )
        self._leads: TwoGenerationCache[int, str] = TwoGenerationCache(KEPT_PASSAGES)
        self._spread: TwoGenerationCache[int, int] = TwoGenerationCache(8 * KEPT_PASSAGES)
        self._families: TwoGenerationCache[int, int] = TwoGenerationCache(8 * KEPT_PASSAGES)

    def passages(self, keys: Iterable[int]) -> dict[int, StoredPassage]:
        """Return passages with their words, by row number; unknown keys are left out."""
        return self._passages.get(keys, self.store.generation, self.store.passages)

    def facts(self, keys: Iterable[int]) -> dict[int, tuple[bytes, int, str]]:
        """Return what tells a passage's words apart, the row number of its release and its kind."""
        return self._facts.get(keys, self.store.generation, self._read_facts)

    def spread(self, keys: Iterable[int]) -> dict[int, int]:
        """Return how many releases carry the words of passages, copies of one counted once."""
        return self._spread.get(keys, self.store.generation, partial(release_frequency, self.store))

    def leads(self, releases: Iterable[int]) -> dict[int, str]:
        """Return the first paragraphs of the bodies of releases, by row number."""
        return self._leads.get(releases, self.store.generation, self._read_leads)

    def families(self, releases: Iterable[int]) -> dict[int, int]:
        """Return the families of releases, each named by its first release: row numbers."""
        return self._families.get(
            releases, self.store.generation, partial(duplicate_clusters, self.store)
        )

    def same_text(self, keys: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
        """Return the other passages with the same words as passages: keys and release ids."""
        sql = (
            "SELECT p.id, q.id, r.release_id FROM passages p JOIN passages q "
            "ON q.vector_key = p.vector_key AND q.id <> p.id "
            "JOIN releases r ON r.id = q.release WHERE p.id IN ({keys}) "
            "ORDER BY r.release_id, q.id"
        )
        found: dict[int, list[tuple[int, str]]] = {}
        for key, other, release_id in self.store.rows_among(sql, keys):
            found.setdefault(key, []).append((other, release_id))
        return found

    def _read_leads(self, releases: Iterable[int]) -> dict[int, str]:
        sql = (
            "SELECT id, release, min(ordinal) FROM passages WHERE release IN ({keys}) "
            "AND kind IN ('body', 'quote', 'list') GROUP BY release"
        )
        first = {row[0]: row[1] for row in self.store.rows_among(sql, releases)}
        return {first[key]: passage.text for key, passage in self.passages(first).items()}

    def _read_facts(self, keys: Iterable[int]) -> dict[int, tuple[bytes, int, str]]:
        sql = "SELECT id, vector_key, release, kind FROM passages WHERE id IN ({keys})"
        return {row[0]: (row[1], row[2], row[3]) for row in self.store.rows_among(sql, keys)}


Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_MISSING = object()


class TwoGenerationCache(Generic[Key, Value]):
    """Values by key, at most some thousand of them. Safe to share between threads.

    There are two halves. What is asked for comes into the younger; when it is full, it becomes the
    elder, and what was not asked for since is let go.
    """

    def __init__(self, size: int) -> None:
        """Keep up to `size` values."""
        self._half = max(1, size // 2)
        self._young: dict[Key, Value | None] = {}
        self._old: dict[Key, Value | None] = {}
        self._version: Hashable = None
        self._lock = threading.Lock()

    def get(
        self,
        keys: Iterable[Key],
        version: Hashable,
        read: Callable[[list[Key]], Mapping[Key, Value]],
    ) -> dict[Key, Value]:
        """Return the values of keys, in their order; those that there are none of are left out.

        Args:
            keys: Which.
            version: Of what they are read from; another one than before empties this.
            read: Reads values that are not kept.
        """
        wanted = list(dict.fromkeys(keys))
        with self._lock:
            if version != self._version:
                self._young, self._old, self._version = {}, {}, version
            young, old = self._young, self._old
            known = {}
            for key in wanted:
                found = young.get(key, _MISSING)
                known[key] = old.get(key, _MISSING) if found is _MISSING else found
        missing = [key for key in wanted if known[key] is _MISSING]
        if missing:
            fresh = read(missing)
            known |= {key: fresh.get(key) for key in missing}
        with self._lock:
            if version == self._version:
                self._young |= known  # type: ignore[arg-type] # nothing is missing any more
                if len(self._young) >= self._half:
                    self._old, self._young = self._young, {}
        return {key: value for key, value in known.items() if value is not None}  # type: ignore[misc]
