"""A collection opened for searching, with the embedded engine.

`Searcher` is the default among the engines that `index.search.backend` describes. It joins the
store with the indexes of `index.search.open_indexes`, which are opened when they are first needed:
listing releases reads no vectors, and a lexical search loads no encoder. Nothing is written.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index.filters import Filters
from index.search.allowed import AllowedPassages, FilterCache
from index.search.engine import UNSEARCHED, SearchEngine
from index.search.open_indexes import OpenIndexes
from index.store.checkpoints import (
    Checkpoint,
    count_since,
    current_checkpoint,
    filters_since,
)
from index.store.lookups import CACHED_PASSAGES, BatchCache, StoreLookups
from index.store.reader import FINGERPRINT_META, Store
from index.store.rows import conditions

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from index.encoders.onnx import OnnxQueryEncoder

    Float32 = npt.NDArray[np.float32]


class Searcher(SearchEngine):
    """A collection for reading. Safe to share between threads.

    It holds no reference cycle, so that the indexes are freed as soon as the last question that
    uses them has ended.

    Attributes:
        folder: The collection's folder.
        store: Its store.
        indexes: Its indexes and its query encoder.
        lookups: Cached reads of passages and releases by row number.
    """

    lookups: StoreLookups

    def __init__(self, folder: Path) -> None:
        """Open the collection in `folder`; raises as `index.store.reader.Store` does."""
        self.folder = folder
        self.store = Store(folder)
        self.lookups = StoreLookups(self.store)
        self.indexes = OpenIndexes(folder, self.store)
        if self.store.is_copy:
            self.indexes.notes.append(
                "an update was killed, so a copy of the store is read, which takes longer; "
                "to repair it, run: releaseqa verify --repair"
            )
        self._filters = FilterCache(self.store, self.indexes)
        self._packed: BatchCache[int, tuple[bytes, bytes]] = BatchCache(CACHED_PASSAGES)
        self._languages: list[str] | None = None

    def close(self) -> None:
        """Close the store and the indexes."""
        self.indexes.close()
        self.store.close()

    @property
    def state(self) -> str:
        """A text that changes with everything an answer depends on."""
        return self.store.state

    @property
    def edition(self) -> str:
        """A text that changes with the releases and with the words that are searched."""
        return self.store.edition

    @property
    def fingerprint(self) -> str | None:
        """The fingerprint of the model that made the vectors; None when there are none."""
        return self.store.meta(FINGERPRINT_META)

    @property
    def notes(self) -> list[str]:
        """What a user should know, such as an index that was built in memory."""
        return self.indexes.notes

    @property
    def passages(self) -> int:
        """How many passages are searched by words."""
        return self.indexes.lexical.passages

    def checkpoint(self) -> Checkpoint:
        """Return the point in its history up to which all releases can be found."""
        return current_checkpoint(self.store)

    def filters_since(self, point: Checkpoint) -> Filters | None:
        """Return filters that the releases after a checkpoint meet; None if it is of another."""
        return filters_since(self.store, point)

    def count_since(self, point: Checkpoint) -> int:
        """Return how many releases came after a checkpoint of the same collection."""
        return count_since(self.store, point)

    def prefetch_terms(self, terms: Iterable[str]) -> None:
        """Do nothing: looking a term up takes no time worth saving."""

    def document_frequency(self, term: str) -> int:
        """Return how many passages contain `term`, headlines aside."""
        return self.indexes.lexical.document_frequency(term)

    def occurs(self, term: str) -> bool:
        """Return whether any passage or headline contains `term`."""
        return self.indexes.lexical.occurs(term)

    def terms(self, prefix: str) -> list[tuple[str, int]]:
        """Return the terms that begin with `prefix`, with the number of passages each is in."""
        return self.indexes.lexical.terms(prefix)

    def load(self) -> bool:
        """Open what a search needs, so that the next is quick; False when there are no vectors."""
        _ = self.indexes.lexical.passages
        return super().load()

    def prepare_encoder(self) -> None:
        """Export the encoder of questions on this machine, unless that was done before."""
        from index.encoders.cached_folder import is_exported

        fingerprint = self.fingerprint
        if fingerprint is not None and not is_exported(fingerprint):
            _ = self.indexes.encoder

    def _encoder_of_vectors(self) -> "OnnxQueryEncoder | None":
        return self.indexes.encoder if self.indexes.load_dense() else None

    def _replaced_under(self, filters: Filters) -> frozenset[int]:
        return self._filters.replaced(filters)

    def allowed(self, filters: Filters) -> AllowedPassages | None:
        """Return the passages that meet `filters`; None when nothing is filtered."""
        return self._filters.allowed(filters)

    def meeting(self, keys: Iterable[int], filters: Filters) -> set[int]:
        """Return those of some passages that meet `filters`."""
        allowed = self.allowed(filters)
        return set(keys) if allowed is None else {key for key in keys if key in allowed}

    def count(self, filters: Filters) -> int:
        """Return how many passages meet `filters`."""
        allowed = self.allowed(filters)
        return self.passages if allowed is None else len(allowed)

    def search_dense_many(
        self, queries: "Float32", limit: int, filters: Filters
    ) -> list[list[tuple[int, float]]]:
        """Return the results of `search_dense` for each query, searched together."""
        index = self.indexes.vectors
        if index is None:
            return [[] for _ in queries]
        allowed = self.allowed(filters)
        vectors = None if allowed is None else allowed.vectors
        first = index.search_many(queries, first_fetch(limit), vectors)
        first_passages = self._passages_of({n for hits in first for n, _ in hits}, filters)
        scale = self.cosine_scale

        def fetch(row: int, count: int) -> tuple[int, list[tuple[int, float]]]:
            hits, passages = first[row], first_passages
            if count != first_fetch(limit):
                hits = index.search(queries[row], count, vectors)
                passages = self._passages_of([number for number, _ in hits], filters)
            found = []
            for number, cosine in hits:
                keys = passages.get(number, [])
                if allowed is not None:
                    keys = [key for key in keys if key in allowed]
                if keys:
                    found.append((keys[0], scale.packaged(cosine)))
            return len(hits), found

        return [fetch_until(partial(fetch, row), limit) for row in range(len(queries))]

    def search_lexical(
        self, terms: Iterable[str], limit: int, filters: Filters
    ) -> list[tuple[int, float]]:
        """Return the passages that match terms best.

        These are passage keys and BM25 scores, best first, each text once.
        """
        wanted = list(terms)
        allowed = self.allowed(filters)

        def fetch(count: int) -> tuple[int, list[tuple[int, float]]]:
            hits = self.indexes.lexical.search(wanted, count, allowed)
            return len(hits), self._distinct(hits, filters)

        return fetch_until(fetch, limit)

    def search_dense_range(
        self, query: "Float32", least: float, filters: Filters
    ) -> dict[int, float]:
        """Return all passages near a query vector, of every kind: their keys and cosines.

        Args:
            query: Unit vector, shape (dimension,).
            least: The lowest cosine to return.
            filters: What the passages must meet.
        """
        index = self.indexes.vectors
        if index is None:
            return {}
        allowed = self.allowed(filters)
        cosines = dict(
            index.search_range(query, least, None if allowed is None else allowed.vectors)
        )
        sql = (
            "SELECT p.id, v.id FROM vectors v JOIN passages p ON p.vector_key = v.vector_key "
            "WHERE v.id IN ({keys})"
        )
        return {
            key: cosines[number]
            for key, number in self.store.rows_among(sql, cosines)
            if allowed is None or key in allowed
        }

    def search_all(
        self, words: Sequence[Collection[str]], filters: Filters, *, headlines: bool = False
    ) -> dict[int, float]:
        """Return all passages that have every one of some words: their keys and BM25 scores.

        Args:
            words: For each word, the terms that stand for it.
            filters: What the passages must meet.
            headlines: Whether a word may stand in the headline instead.
        """
        allowed = self.allowed(filters)
        found = self.indexes.lexical.search_all(words, headlines=headlines)
        if allowed is None:
            return found
        return {key: score for key, score in found.items() if key in allowed}

    def lexical_scores(self, terms: Iterable[str], keys: Sequence[int]) -> dict[int, float]:
        """Return the BM25 scores of given passages; those without a match are left out."""
        return dict(self.indexes.lexical.search(terms, len(keys), keys))

    def dense_scores(
        self, query: "Float32", keys: Iterable[int]
    ) -> dict[int, tuple[float, tuple[float, ...]]]:
        """Return the cosines of a query with passages and with their sentences.

        They are on the scale of the packaged model.
        """
        from index.search.vector import cosines_of, passage_vectors

        found = self._packed.get(keys, self.state, partial(passage_vectors, self.store))
        cosines = self._on_packaged_scale(cosines_of(list(found.values()), query))
        return dict(zip(found, cosines, strict=True))

    def release_passages(self, release: int, filters: Filters) -> list[int]:
        """Return the searchable passages of a release, each text once, ascending.

        Args:
            release: Its row number.
            filters: Only kinds and speaker are applied.
        """
        where, values = conditions(filters, "passage")
        sql = (
            f"SELECT min(p.id) FROM passages p WHERE p.release = ? AND {where}"  # noqa: S608
            f"{_searched_kinds(filters)} GROUP BY p.vector_key ORDER BY 1"
        )
        return [row[0] for row in self.store.rows(sql, [release, *values])]

    def searchable_passages_of(
        self, releases: Iterable[int], filters: Filters
    ) -> list[tuple[int, int, int]]:
        """Return the searchable passages of releases.

        Args:
            releases: Row numbers of releases.
            filters: The passages must meet them.

        Returns:
            The key, the release's key and the ordinal of each passage, ascending by key.
        """
        sql = "SELECT id, release, ordinal FROM passages WHERE release IN ({keys})"
        rows = self.store.rows_among(sql, releases)
        found = self.searchable_text_keys([key for key, _, _ in rows], filters)
        searchable = self.meeting(found, filters)
        return sorted(row for row in rows if row[0] in searchable)

    def languages(self) -> list[str]:
        """Return the languages of the collection, the most frequent first."""
        if self._languages is None:
            sql = (
                "SELECT lang FROM releases WHERE lang IS NOT NULL GROUP BY lang "
                "ORDER BY count(*) DESC, lang"
            )
            self._languages = [row[0] for row in self.store.rows(sql)]
        return self._languages

    def _passages_of(self, numbers: Iterable[int], filters: Filters) -> dict[int, list[int]]:
        """Return the searchable passages of each vector, ascending, by the vector's row number."""
        sql = (
            "SELECT v.id, p.id, p.release FROM vectors v "
            "JOIN passages p ON p.vector_key = v.vector_key "
            "WHERE v.id IN ({keys})"
        )
        replaced = self._filters.replaced(filters)
        found: dict[int, list[int]] = {}
        for number, key, release in self.store.rows_among(sql + _searched_kinds(filters), numbers):
            if release not in replaced:
                found.setdefault(number, []).append(key)
        return {number: sorted(keys) for number, keys in found.items()}

    def _distinct(
        self, hits: Sequence[tuple[int, float]], filters: Filters
    ) -> list[tuple[int, float]]:
        """Drop hits that are not searchable, and those that repeat the text of an earlier one."""
        text_keys = self.searchable_text_keys([key for key, _ in hits], filters)
        seen: set[bytes] = set()
        found = []
        for key, score in hits:
            text_key = text_keys.get(key)
            if text_key is not None and text_key not in seen:
                seen.add(text_key)
                found.append((key, score))
        return found


def _searched_kinds(filters: Filters) -> str:
    """Return the SQL condition that leaves out the kinds that are not searched by default."""
    return "" if filters.kinds else f" AND p.kind NOT IN {UNSEARCHED}"


def first_fetch(limit: int) -> int:
    """Return how many hits to fetch at first, so that `limit` usually remain."""
    return limit + limit // 2


def fetch_until(
    fetch: Callable[[int], tuple[int, list[tuple[int, float]]]], limit: int
) -> list[tuple[int, float]]:
    """Fetch more and more hits until `limit` of them remain, or there are no more.

    Args:
        fetch: Takes how many hits to fetch; returns how many there were, and those that remain.
        limit: How many to return at most.
    """
    count = first_fetch(limit)
    while True:
        fetched, remaining = fetch(count)
        if len(remaining) >= limit or fetched < count or count >= 64 * limit:
            return remaining[:limit]
        count *= 4
