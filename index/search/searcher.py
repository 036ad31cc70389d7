"""A collection opened for searching: the store and what is derived from it, as one.

Everything is loaded when it is first needed (see `index.search.open_indexes`): listing releases needs no
vectors, a question asked in words alone needs no encoder. Nothing is written.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index.encoders.model import DEFAULT_FINGERPRINT
from index.reports import Facets, Status
from index.search import open_indexes
from index.search.allowed import AllowedPassages, FilterCache
from index.store.lookups import KEPT_PASSAGES, StoreLookups, TwoGenerationCache
from index.store.reader import FINGERPRINT_META, Store
from index.store.sql import passage_conditions
from index.store.stats import collection_facets, collection_status
from index.text.language import is_latin
from index.types import NO_FILTERS, Filters

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from index.encoders.onnx import OnnxQueryEncoder
    from index.search.lexical import LexicalIndex
    from index.search.vector import VectorIndex

    Float32 = npt.NDArray[np.float32]


_UNSEARCHED = ("headline", "dateline")
"""Kinds searched only when asked for: a headline repeats the question's words and answers little;
what it adds is known to every passage below it."""


_STATE = (
    "SELECT (SELECT value FROM meta WHERE name = 'generation'), "
    "(SELECT coalesce(max(id), 0) FROM vectors), (SELECT value FROM meta WHERE name = ?)"
)


class Searcher(StoreLookups):
    """A collection for reading. Safe to share between threads.

    Attributes:
        folder: The collection's folder.
        store: Its store.
        generation: The content's number when it was opened.
        notes: What a user should know, such as a derived file made again in memory.
    """

    def __init__(self, folder: Path) -> None:
        """Open the collection in `folder`; raises as `index.store.reader.Store` does."""
        self.folder = folder
        super().__init__(Store(folder))
        try:
            self.generation = self.store.generation
        except BaseException:  # of a damaged store nothing stays open
            self.store.close()
            raise
        self.notes: list[str] = []
        self._words_lock = threading.Lock()
        self._vectors_lock = threading.Lock()
        self._encoder_lock = threading.Lock()
        self._words: LexicalIndex | None = None
        self._vectors: VectorIndex | None = None
        self._encoder: OnnxQueryEncoder | None = None
        self._languages: list[str] | None = None
        self._admissions = FilterCache(self.store, lambda: self.state, lambda: self.vectors)
        self._packed: TwoGenerationCache[int, tuple[bytes, bytes]] = TwoGenerationCache(
            KEPT_PASSAGES
        )

    def close(self) -> None:
        """Close the store and let go of all files."""
        if self._words is not None:
            self._words.close()
        self.store.close()

    @property
    def state(self) -> str:
        """A text that changes when anything changes that an answer can depend on."""
        return "-".join(str(part) for part in self.store.rows(_STATE, (FINGERPRINT_META,))[0])

    @property
    def fingerprint(self) -> str | None:
        """Of the model that the vectors were made with; None when there are none."""
        return self.store.meta(FINGERPRINT_META)

    @property
    def words(self) -> "LexicalIndex":
        """The word index, opened when it is first asked for."""
        with self._words_lock:
            if self._words is None:
                self._words = open_indexes.open_lexical(self.folder, self.store, self.notes)
            return self._words

    @property
    def vectors(self) -> "VectorIndex | None":
        """The vector index, opened when it is first asked for; None when there are no vectors."""
        with self._vectors_lock:
            if self._vectors is None and self.fingerprint is not None:
                self._vectors = open_indexes.open_dense(self.folder, self.store, self.notes)
            return self._vectors

    @property
    def encoder(self) -> "OnnxQueryEncoder":
        """The encoder of questions, loaded when it is first asked for.

        Raises:
            ModelMismatchError: When the collection's model is not at hand.
            ModelRefusedError: When it cannot be loaded.
        """
        with self._encoder_lock:
            if self._encoder is None:
                self._encoder = open_indexes.open_encoder(self.store, self.notes)
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

    def understands(self, text: str) -> bool:
        """Whether the collection's model knows the letters of a text.

        The packaged one takes a word of other than Latin letters for its single letters, and finds
        what has as many of them (xquad-ar, fitted without it: nDCG@10 .910 with vectors, .943
        without). Another one is taken to know any; none yet may become the packaged one.
        """
        return self.fingerprint not in {None, DEFAULT_FINGERPRINT} or is_latin(text)

    def encoded(self, texts: Sequence[str]) -> "list[Float32 | None]":
        """Return the unit vector of each question, shape (dimension,).

        None for one that the collection's model does not understand, and for all as long as there
        are no vectors to compare with.
        """
        rows = [row for row, text in enumerate(texts) if self.understands(text)]
        found: list[Float32 | None] = [None] * len(texts)
        if rows and self.prepare():
            vectors = self.encoder.encode([texts[row] for row in rows])
            for row, vector in zip(rows, vectors, strict=True):
                found[row] = vector
        return found

    def allowed(self, filters: Filters) -> AllowedPassages | None:
        """Return what `filters` admit; None for everything."""
        return self._admissions.of(filters)

    def nearest(self, query: "Float32", limit: int, filters: Filters) -> list[tuple[int, float]]:
        """Return passages near in meaning: keys and cosines, best first, each text once."""
        return self.nearest_many(query[None, :], limit, filters)[0]

    def nearest_many(
        self, queries: "Float32", limit: int, filters: Filters
    ) -> list[list[tuple[int, float]]]:
        """Return what `nearest` returns for each query, found together."""
        index = self.vectors
        if index is None:
            return [[] for _ in queries]
        allowed = self.allowed(filters)
        admitted = None if allowed is None else allowed.vectors
        inside = None if allowed is None else allowed.inside
        first = index.search_many(queries, first_fetch(limit), admitted)
        passages = self._passages_of({n for hits in first for n, _ in hits}, filters)

        def fetch(row: int, count: int) -> tuple[int, list[tuple[int, float]]]:
            hits, known = first[row], passages
            if count != first_fetch(limit):
                hits = index.search(queries[row], count, admitted)
                known = self._passages_of([number for number, _ in hits], filters)
            found = []
            for number, cosine in hits:
                keys = [k for k in known.get(number, ()) if inside is None or k in inside]
                if keys:
                    found.append((keys[0], cosine))
            return len(hits), found

        return [fetch_until(partial(fetch, row), limit) for row in range(len(queries))]

    def matching(
        self, terms: Iterable[str], limit: int, filters: Filters
    ) -> list[tuple[int, float]]:
        """Return passages that match words: keys and BM25 scores, best first, each text once."""
        words = list(terms)
        allowed = self.allowed(filters)
        restriction = None if allowed is None else ("key", allowed.keys)

        def fetch(count: int) -> tuple[int, list[tuple[int, float]]]:
            hits = self.words.search(words, count, restriction)
            return len(hits), self._distinct(hits, filters)

        return fetch_until(fetch, limit)

    def match_scores(self, terms: Iterable[str], keys: Sequence[int]) -> dict[int, float]:
        """Return the BM25 scores of given passages; those that share no word are left out."""
        return dict(self.words.search(terms, len(keys), ("key", sorted(keys))))

    def cosines(
        self, query: "Float32", keys: Iterable[int]
    ) -> dict[int, tuple[float, tuple[float, ...]]]:
        """Return the cosines of a question with passages and with their sentences."""
        from index.search.vector import cosines_of, passage_vectors

        found = self._packed.get(keys, self.state, partial(passage_vectors, self.store))
        return dict(zip(found, cosines_of(list(found.values()), query), strict=True))

    def texts(self, keys: Sequence[int], filters: Filters = NO_FILTERS) -> dict[int, bytes]:
        """Return what tells the words of passages apart: equal values, equal words.

        Passages that are not searched under `filters`, or are gone, or stand in a release that a
        newer one replaces, are left out.
        """
        hidden = self._admissions.replaced(filters)
        found = self.facts(keys)
        return {
            key: text
            for key, (text, release, kind) in found.items()
            if release not in hidden and (filters.kinds or kind not in _UNSEARCHED)
        }

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

    def _passages_of(self, numbers: Iterable[int], filters: Filters) -> dict[int, list[int]]:
        """Return the passages of vectors, ascending, by the vectors' row numbers."""
        sql = (
            "SELECT v.id, p.id, p.release FROM vectors v "
            "JOIN passages p ON p.vector_key = v.vector_key "
            "WHERE v.id IN ({keys})"
        )
        hidden = self._admissions.replaced(filters)
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


def _searched(filters: Filters) -> str:
    """Return the condition that leaves out kinds nobody asked for."""
    return "" if filters.kinds else f" AND p.kind NOT IN {_UNSEARCHED}"


def passages_of_releases(
    searcher: Searcher, releases: Iterable[int], filters: Filters
) -> list[tuple[int, int, int]]:
    """Return what is searched of releases: keys, releases' keys and ordinals, in order.

    Args:
        searcher: The collection.
        releases: Row numbers.
        filters: What may be searched at all.
    """
    sql = "SELECT id, release, ordinal FROM passages WHERE release IN ({keys})"
    rows = searcher.store.rows_among(sql, releases)
    inside = set(searcher.texts([key for key, _, _ in rows], filters))
    allowed = searcher.allowed(filters)
    if allowed is not None:
        inside &= allowed.inside
    return sorted((key, release, ordinal) for key, release, ordinal in rows if key in inside)


def key_of(store: Store, passage_id: str) -> int | None:
    """Return the row number of `RELEASE_ID#ORDINAL`, None when the collection has it no more."""
    release_id, _, ordinal = passage_id.rpartition("#")
    if not (ordinal.isascii() and ordinal.isdecimal()):
        return None
    sql = (
        "SELECT p.id FROM passages p JOIN releases r ON r.id = p.release "
        "WHERE r.release_id = ? AND p.ordinal = ?"
    )
    rows = store.rows(sql, (release_id, min(int(ordinal), 1 << 62)))
    return rows[0][0] if rows else None


def first_fetch(limit: int) -> int:
    """Return how many are fetched at first, so that `limit` remain most often."""
    return limit + limit // 2


def fetch_until(
    fetch: Callable[[int], tuple[int, list[tuple[int, float]]]], limit: int
) -> list[tuple[int, float]]:
    """Fetch more until `limit` passages remain of what was fetched, or there are no more."""
    count = first_fetch(limit)
    while True:
        raw, kept = fetch(count)
        if len(kept) >= limit or raw < count or count >= 64 * limit:
            return kept[:limit]
        count *= 4
