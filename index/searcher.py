"""A collection opened for searching: the store and what is derived from it, as one.

Everything is loaded when it is first needed (see `index.opening`): listing releases needs no
vectors, a question asked in words alone needs no encoder. Nothing is written.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index import opening
from index.conditions import passage_conditions
from index.facets import collection_facets
from index.filters import NO_FILTERS, Filters
from index.kin import replacements
from index.report import Facets, Status
from index.status import collection_status
from index.store import FINGERPRINT_META, Store

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from index.query_encoder import QueryEncoder
    from index.vectors import VectorIndex
    from index.words import WordIndex

    Float32 = npt.NDArray[np.float32]

_KEPT_FILTERS = 8
_UNSEARCHED = ("headline", "dateline")
"""Kinds searched only when asked for: a headline repeats the question's words and answers little;
what it adds is known to every passage below it."""


class Searcher:
    """A collection for reading. Safe to share between threads.

    Attributes:
        folder: The collection's folder.
        store: Its store.
        generation: The content's number when it was opened.
        notes: What a user should know, such as a derived file made again in memory.
    """

    def __init__(self, folder: Path) -> None:
        """Open the collection in `folder`; raises as `index.store.Store` does."""
        self.folder = folder
        self.store = Store(folder)
        self.generation = self.store.generation
        self.notes: list[str] = []
        self._lock = threading.Lock()
        self._words_lock = threading.Lock()
        self._vectors_lock = threading.Lock()
        self._encoder_lock = threading.Lock()
        self._words: WordIndex | None = None
        self._vectors: VectorIndex | None = None
        self._encoder: QueryEncoder | None = None
        self._languages: list[str] | None = None
        self._allowed: dict[Filters, tuple[list[int], list[int]]] = {}
        self._replacements: dict[int, int] | None = None

    def close(self) -> None:
        """Close the store and let go of all files."""
        if self._words is not None:
            self._words.close()
        self.store.close()

    @property
    def state(self) -> str:
        """A text that changes when anything changes that an answer can depend on."""
        vectors = self.store.value("SELECT coalesce(max(id), 0) FROM vectors")
        return f"{self.store.generation}-{vectors}-{self.store.meta(FINGERPRINT_META)}"

    @property
    def fingerprint(self) -> str | None:
        """Of the model that the vectors were made with; None when there are none."""
        return self.store.meta(FINGERPRINT_META)

    @property
    def words(self) -> "WordIndex":
        """The word index, opened when it is first asked for."""
        with self._words_lock:
            if self._words is None:
                self._words = opening.words(self.folder, self.store, self.notes)
            return self._words

    @property
    def vectors(self) -> "VectorIndex | None":
        """The vector index, opened when it is first asked for; None when there are no vectors."""
        with self._vectors_lock:
            if self._vectors is None and self.fingerprint is not None:
                self._vectors = opening.vectors(self.folder, self.store, self.notes)
            return self._vectors

    @property
    def encoder(self) -> "QueryEncoder":
        """The encoder of questions, loaded when it is first asked for.

        Raises:
            ModelMismatchError: When the collection's model is not at hand.
            ModelRefusedError: When it cannot be loaded.
        """
        with self._encoder_lock:
            if self._encoder is None:
                self._encoder = opening.encoder(self.store, self.notes)
            return self._encoder

    def prepare(self) -> bool:
        """Load what a question searched by meaning needs, side by side; False without vectors.

        Reading the vectors and starting the encoder both wait on memory and disk more than on
        Python, so that a thread for each shortens the first question.
        """
        if self.fingerprint is None or not self.store.value("SELECT 1 FROM vectors LIMIT 1"):
            return False
        if self._vectors is None and self._encoder is None:
            with ThreadPoolExecutor(max_workers=1) as pool:
                vectors = pool.submit(lambda: self.vectors)
                _ = self.encoder
                vectors.result()
        return self.vectors is not None and len(self.vectors) > 0

    def allowed(self, filters: Filters) -> tuple[list[int], list[int]] | None:
        """Return the passages and the vectors that `filters` admit, ascending; None for all."""
        if not filters:
            return None
        with self._lock:
            if filters not in self._allowed:
                if len(self._allowed) >= _KEPT_FILTERS:
                    self._allowed.clear()
                keys = self.store.allowed_passages(filters)
                inside = set(keys)
                sql = (
                    "SELECT p.id, v.id FROM passages p JOIN vectors v "
                    "ON v.vector_key = p.vector_key ORDER BY v.id"
                )
                numbers = {number for key, number in self.store.iterate(sql) if key in inside}
                self._allowed[filters] = (keys, sorted(numbers))
            return self._allowed[filters]

    def nearest(self, query: "Float32", limit: int, filters: Filters) -> list[tuple[int, float]]:
        """Return passages near in meaning: keys and cosines, best first, each text once."""
        index = self.vectors
        if index is None:
            return []
        allowed = self.allowed(filters)
        inside = None if allowed is None else set(allowed[0])

        def fetch(count: int) -> tuple[int, list[tuple[int, float]]]:
            hits = index.search(query, count, None if allowed is None else allowed[1])
            passages = self._passages_of([number for number, _ in hits], filters)
            found = []
            for number, cosine in hits:
                keys = [k for k in passages.get(number, ()) if inside is None or k in inside]
                if keys:
                    found.append((keys[0], cosine))
            return len(hits), found

        return _enough(fetch, limit)

    def matching(
        self, terms: Iterable[str], limit: int, filters: Filters
    ) -> list[tuple[int, float]]:
        """Return passages that match words: keys and BM25 scores, best first, each text once."""
        words = list(terms)
        allowed = self.allowed(filters)
        restriction = None if allowed is None else ("key", allowed[0])

        def fetch(count: int) -> tuple[int, list[tuple[int, float]]]:
            hits = self.words.search(words, count, restriction)
            return len(hits), self._distinct(hits, filters)

        return _enough(fetch, limit)

    def match_scores(self, terms: Iterable[str], keys: Sequence[int]) -> dict[int, float]:
        """Return the BM25 scores of given passages; those that share no word are left out."""
        return dict(self.words.search(terms, len(keys), ("key", sorted(keys))))

    def cosines(
        self, query: "Float32", keys: Iterable[int]
    ) -> dict[int, tuple[float, tuple[float, ...]]]:
        """Return the cosines of a question with passages and with their sentences."""
        from index.vectors import passage_vectors

        found = passage_vectors(self.store, keys, len(query))
        return {
            key: (float(passage @ query), tuple(float(c) for c in sentences @ query))
            for key, (passage, sentences) in found.items()
        }

    def texts(self, keys: Sequence[int], filters: Filters = NO_FILTERS) -> dict[int, bytes]:
        """Return what tells the words of passages apart: equal values, equal words.

        Passages that are not searched under `filters`, or are gone, or stand in a release that a
        newer one replaces, are left out.
        """
        sql = "SELECT p.id, p.vector_key, p.release FROM passages p WHERE p.id IN ({keys})"
        hidden = self.replaced(filters)
        rows = self.store.rows_among(sql + _searched(filters), keys)
        return {key: text for key, text, release in rows if release not in hidden}

    def passages_within(self, release: int, filters: Filters) -> list[int]:
        """Return the passages of a release that are searched, each text once, ascending.

        Args:
            release: Its row number.
            filters: Kinds and speaker count; what they say of releases does not.
        """
        where, values = passage_conditions(filters)
        sql = (
            f"SELECT min(p.id) FROM passages p WHERE p.release = ? AND {where}"  # noqa: S608
            f"{_searched(filters)} GROUP BY p.vector_key ORDER BY 1"
        )
        return [row[0] for row in self.store.rows(sql, [release, *values])]

    def same_text(self, key: int) -> list[tuple[int, str]]:
        """Return the other passages with the same words: keys and release ids."""
        sql = (
            "SELECT q.id, r.release_id FROM passages p JOIN passages q "
            "ON q.vector_key = p.vector_key AND q.id <> p.id "
            "JOIN releases r ON r.id = q.release WHERE p.id = ? ORDER BY r.release_id, q.id"
        )
        return [(row[0], row[1]) for row in self.store.rows(sql, (key,))]

    def replaced(self, filters: Filters) -> frozenset[int]:
        """Return the releases that are not searched because a newer one replaces them.

        Row numbers. One whose newer wordings the filters leave out is searched.
        """
        if self._replacements is None:
            self._replacements = replacements(self.store)
        newer = self._replacements
        if not newer or not filters:
            return frozenset(newer)
        admitted = {stored.key for stored in self.store.releases(replace(filters, kinds=()))}
        return frozenset(
            older for older in newer if any(key in admitted for key in _after(older, newer))
        )

    def languages(self) -> list[str]:
        """Return the languages of the collection, the commonest first."""
        if self._languages is not None:
            return self._languages
        sql = (
            "SELECT lang FROM releases WHERE lang IS NOT NULL GROUP BY lang "
            "ORDER BY count(*) DESC, lang"
        )
        self._languages = [row[0] for row in self.store.rows(sql)]
        return self._languages

    def status(self) -> Status:
        """Return the collection in numbers."""
        return collection_status(self.folder, self.store)

    def facets(self) -> Facets:
        """Return what the collection has to filter by."""
        return collection_facets(self.store)

    def _passages_of(self, numbers: Sequence[int], filters: Filters) -> dict[int, list[int]]:
        """Return the passages of vectors, ascending, by the vectors' row numbers."""
        sql = (
            "SELECT v.id, p.id, p.release FROM vectors v "
            "JOIN passages p ON p.vector_key = v.vector_key "
            "WHERE v.id IN ({keys})"
        )
        hidden = self.replaced(filters)
        found: dict[int, list[int]] = {}
        for number, key, release in self.store.rows_among(sql + _searched(filters), numbers):
            if release not in hidden:
                found.setdefault(number, []).append(key)
        return {number: sorted(keys) for number, keys in found.items()}

    def _distinct(
        self, hits: Sequence[tuple[int, float]], filters: Filters
    ) -> list[tuple[int, float]]:
        """Drop passages whose words came before, those not searched, those no longer there."""
        text_of = self.texts([key for key, _ in hits], filters)
        seen: set[bytes] = set()
        found = []
        for key, score in hits:
            text = text_of.get(key)
            if text is not None and text not in seen:
                seen.add(text)
                found.append((key, score))
        return found


def _after(release: int, newer: Mapping[int, int]) -> Iterator[int]:
    """Yield the releases that replaced one, then the one that did, and so on."""
    seen = {release}
    while (release := newer.get(release, release)) not in seen:
        seen.add(release)
        yield release


def _searched(filters: Filters) -> str:
    """Return the condition that leaves out kinds nobody asked for."""
    return "" if filters.kinds else f" AND p.kind NOT IN {_UNSEARCHED}"


def _enough(
    fetch: Callable[[int], tuple[int, list[tuple[int, float]]]], limit: int
) -> list[tuple[int, float]]:
    """Fetch more until `limit` passages remain of what was fetched, or there are no more."""
    count = limit + limit // 2
    while True:
        raw, kept = fetch(count)
        if len(kept) >= limit or raw < count or count >= 64 * limit:
            return kept[:limit]
        count *= 4
