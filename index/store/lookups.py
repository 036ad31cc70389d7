"""Cached reads of passages and releases by row number.

Consecutive questions find many of the same passages.
"""

import threading
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import partial
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

from index.store.page_numbers import DocumentPages, document_pages
from index.store.reader import Store
from index.store.related import (
    RelatedReleases,
    duplicate_clusters,
    duplicates,
    related_releases,
    release_frequency,
    releases_with_duplicates,
)
from index.text.surrogates import has_surrogate
from index.types import StoredPassage, StoredRelease

CACHED_PASSAGES = 8_192
"""Passages whose text and vectors stay in memory, some ten kilobytes each."""


class PassageFacts(NamedTuple):
    """What decides whether a passage is searched and shown, and what is counted of it.

    Attributes:
        text_key: Equal for passages of equal text.
        release: Row number of its release.
        kind: Its kind.
        ordinal: Its number in the release.
        speaker: The person who is quoted in it, or None.
    """

    text_key: bytes
    release: int
    kind: str
    ordinal: int
    speaker: str | None


class StoreLookups:
    """Reads a store by row numbers and caches the results. Safe to share between threads."""

    def __init__(self, store: Store) -> None:
        """Read `store`."""
        self._store = store
        self._passages: BatchCache[int, StoredPassage] = BatchCache(CACHED_PASSAGES)
        self._facts: BatchCache[int, PassageFacts] = BatchCache(8 * CACHED_PASSAGES)
        self._leads: BatchCache[int, str] = BatchCache(CACHED_PASSAGES)
        self._frequency: BatchCache[int, int] = BatchCache(8 * CACHED_PASSAGES)
        self._clusters: BatchCache[int, int] = BatchCache(8 * CACHED_PASSAGES)

    def passages(self, keys: Iterable[int]) -> dict[int, StoredPassage]:
        """Return passages with their text, by row number; unknown keys are left out."""
        return self._passages.get(keys, self._store.generation, self._store.passages)

    def passage_facts(self, keys: Iterable[int]) -> dict[int, PassageFacts]:
        """Return the text key, release and kind of passages, by row number."""
        return self._facts.get(keys, self._store.generation, self._read_facts)

    def release_frequency(self, keys: Iterable[int]) -> dict[int, int]:
        """Return in how many releases the text of each passage occurs.

        The releases of one near-duplicate cluster count once.
        """
        read = partial(release_frequency, self._store)
        return self._frequency.get(keys, self._store.generation, read)

    def lead_paragraphs(self, releases: Iterable[int]) -> dict[int, str]:
        """Return the first body paragraph of releases, by row number."""
        return self._leads.get(releases, self._store.generation, self._read_leads)

    def duplicate_clusters(self, releases: Iterable[int]) -> dict[int, int]:
        """Return the near-duplicate clusters of releases, by row number.

        A cluster is named by the row number of its first release.
        """
        read = partial(duplicate_clusters, self._store)
        return self._clusters.get(releases, self._store.generation, read)

    def identical_passages(self, keys: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
        """Return the other passages with the same text: their keys and release ids."""
        sql = (
            "SELECT p.id, q.id, r.release_id FROM passages p JOIN passages q "
            "ON q.vector_key = p.vector_key AND q.id <> p.id "
            "JOIN releases r ON r.id = q.release WHERE p.id IN ({keys}) "
            "ORDER BY r.release_id, q.id"
        )
        found: dict[int, list[tuple[int, str]]] = {}
        for key, other, release_id in self._store.rows_among(sql, keys):
            found.setdefault(key, []).append((other, release_id))
        return found

    def release(self, release_id: str) -> StoredRelease:
        """Return one release, with its text and metadata; raises as `Store.release` does."""
        return self._store.release(release_id)

    def releases_by_key(self, keys: Iterable[int]) -> dict[int, StoredRelease]:
        """Return releases, without text, by row number."""
        return self._store.releases_by_key(keys)

    def related_releases(self, keys: Iterable[int]) -> dict[int, RelatedReleases]:
        """Return the related releases of releases, by row number; those without any left out."""
        return related_releases(self._store, keys)

    def document_pages(self, keys: Iterable[int]) -> dict[int, DocumentPages]:
        """Return the pages of releases, by row number; those without any are left out."""
        return document_pages(self._store, keys)

    def releases_with_duplicates(self, keys: Iterable[int]) -> set[int]:
        """Return those of some releases whose cluster has other releases: row numbers."""
        return releases_with_duplicates(self._store, keys)

    def duplicates(self, key: int, limit: int) -> dict[int, str]:
        """Return the ids of the other releases of a release's cluster, by row number."""
        return duplicates(self._store, key, limit)

    def passage_texts(self, releases: Iterable[int]) -> dict[int, list[str]]:
        """Return the texts of all passages of releases, in order, by the release's row number."""
        texts = self._store.release_texts(releases)
        return {
            key: [text[slice(*passage.span)] for passage in self._store.passages_of(key)]
            for key, text in texts.items()
        }

    def passage_key(self, passage_id: str) -> int | None:
        """Return the row number of `RELEASE_ID#ORDINAL`; None when it is not in the collection."""
        named = release_and_ordinal(passage_id)
        if named is None:
            return None
        sql = (
            "SELECT p.id FROM passages p JOIN releases r ON r.id = p.release "
            "WHERE r.release_id = ? AND p.ordinal = ?"
        )
        rows = self._store.rows(sql, named)
        return rows[0][0] if rows else None

    def _read_leads(self, releases: Iterable[int]) -> dict[int, str]:
        sql = (
            "SELECT id, release, min(ordinal) FROM passages WHERE release IN ({keys}) "
            "AND kind IN ('body', 'quote', 'list') GROUP BY release"
        )
        release_of = {row[0]: row[1] for row in self._store.rows_among(sql, releases)}
        passages = self.passages(release_of)
        return {release_of[key]: passage.text for key, passage in passages.items()}

    def _read_facts(self, keys: Iterable[int]) -> dict[int, PassageFacts]:
        sql = (
            "SELECT id, vector_key, release, kind, ordinal, speaker FROM passages "
            "WHERE id IN ({keys})"
        )
        return {row[0]: PassageFacts(*row[1:]) for row in self._store.rows_among(sql, keys)}


Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class BatchCache(Generic[Key, Value]):
    """The most recently used values, of which many are read at once. Thread-safe."""

    def __init__(self, size: int) -> None:
        """Keep up to `size` values."""
        self._size = size
        self._values: dict[Key, Value | None] = {}  # the most recently used last
        self._version: Hashable = None
        self._lock = threading.Lock()

    def get(
        self,
        keys: Iterable[Key],
        version: Hashable,
        read: Callable[[list[Key]], Mapping[Key, Value]],
    ) -> dict[Key, Value]:
        """Return the values of keys, in the order of the keys; keys without a value are left out.

        Args:
            keys: The keys.
            version: The version of the data; a new one empties the cache.
            read: Reads the values of keys that are not cached.
        """
        wanted = list(dict.fromkeys(keys))
        with self._lock:
            if version != self._version:
                self._values, self._version = {}, version
            values = {key: self._values.pop(key) for key in wanted if key in self._values}
            self._values |= values
        missing = [key for key in wanted if key not in values]
        if missing:
            fresh = read(missing)
            values |= {key: fresh.get(key) for key in missing}
            with self._lock:
                if version == self._version:
                    self._values |= values
                    excess = max(0, len(self._values) - self._size)
                    for key in list(islice(self._values, excess)):
                        del self._values[key]
        return {key: value for key in wanted if (value := values[key]) is not None}


def release_and_ordinal(passage_id: str) -> tuple[str, int] | None:
    """Return the two parts of `RELEASE_ID#ORDINAL`; None for a text that names no passage.

    A number that no engine can hold is one that no passage has.
    """
    release_id, _, ordinal = passage_id.rpartition("#")
    if not (ordinal.isascii() and ordinal.isdecimal()) or has_surrogate(release_id):
        return None
    return release_id, min(int(ordinal), 1 << 62)
