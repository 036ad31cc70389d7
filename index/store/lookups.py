"""What a collection says of its passages and releases by their row numbers.

Most of it is kept: questions asked one after another find many of the same passages.
"""

from collections.abc import Iterable
from functools import partial

from index.kept import Kept
from index.kin import families, spread
from index.records import StoredPassage
from index.store import Store

KEPT_PASSAGES = 8_192
"""Passages whose words and vectors are kept, some ten kilobytes each."""


class Details:
    """Reads a store by row numbers. Safe to share between threads.

    Attributes:
        store: The store.
    """

    def __init__(self, store: Store) -> None:
        """Read `store`."""
        self.store = store
        self._passages: Kept[int, StoredPassage] = Kept(KEPT_PASSAGES)
        self._facts: Kept[int, tuple[bytes, int, str]] = Kept(8 * KEPT_PASSAGES)
        self._leads: Kept[int, str] = Kept(KEPT_PASSAGES)
        self._spread: Kept[int, int] = Kept(8 * KEPT_PASSAGES)
        self._families: Kept[int, int] = Kept(8 * KEPT_PASSAGES)

    def passages(self, keys: Iterable[int]) -> dict[int, StoredPassage]:
        """Return passages with their words, by row number; unknown keys are left out."""
        return self._passages.get(keys, self.store.generation, self.store.passages)

    def facts(self, keys: Iterable[int]) -> dict[int, tuple[bytes, int, str]]:
        """Return what tells a passage's words apart, the row number of its release and its kind."""
        return self._facts.get(keys, self.store.generation, self._read_facts)

    def spread(self, keys: Iterable[int]) -> dict[int, int]:
        """Return how many releases carry the words of passages, copies of one counted once."""
        return self._spread.get(keys, self.store.generation, partial(spread, self.store))

    def leads(self, releases: Iterable[int]) -> dict[int, str]:
        """Return the first paragraphs of the bodies of releases, by row number."""
        return self._leads.get(releases, self.store.generation, self._read_leads)

    def families(self, releases: Iterable[int]) -> dict[int, int]:
        """Return the families of releases, each named by its first release: row numbers."""
        return self._families.get(releases, self.store.generation, partial(families, self.store))

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
