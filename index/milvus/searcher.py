"""A collection in Milvus, opened for searching: `index.search.backend.SearchBackend`.

Milvus proposes passages: the nearest vectors, and the sparse vectors with the largest inner product
with the question's words. The scores that decide are computed here, as the embedded engine does:
cosines from the vectors as they were stored, BM25 from the words of the passage and the statistics
of the whole collection. So answers do not depend on how Milvus rounds, nor on how it spreads its
rows. Filters are met before passages are proposed.
"""

import threading
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.errors import CollectionNotFoundError
from index.filters import Filters
from index.milvus.bm25 import Frequencies, PassageWords, query_vector, score, term_number
from index.milvus.conditions import conditions
from index.milvus.connection import MOST_ROWS, Connection, literal
from index.milvus.lookups import PASSAGE_FIELDS, MilvusLookups, passage_row
from index.milvus.schema import Names, term_id
from index.milvus.state import EMPTY, State, read_state
from index.reports import Status
from index.search.backend import Hits
from index.search.engine import UNSEARCHED, SearchEngine
from index.search.open_indexes import open_query_encoder
from index.store.checkpoints import Checkpoint
from index.store.lookups import CACHED_PASSAGES, BatchCache
from index.store.related import replaced_among
from index.text.analyzer import extract_terms
from index.types import StoredPassage

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from index.encoders.onnx import OnnxQueryEncoder

    Float32 = npt.NDArray[np.float32]

_MORE = 25
"""Proposals beyond the results asked for, since scores are computed again."""
_ROUNDING = 1e-3
_SWITCH_SECONDS = 10.0
"""How long to wait for a publication that is becoming visible."""
_PAUSE_SECONDS = 0.2
_CACHED_TERMS = 1 << 16
_CACHED_FILTERS = 8
_REPLACEMENTS_AT_ONCE = 200


class MilvusSearcher(SearchEngine):
    """One publication of a collection in Milvus. Safe to share between threads.

    Attributes:
        lookups: Facts by row number.
        notes: What a user should know.
        published: Its state when it was opened.
    """

    lookups: MilvusLookups

    def __init__(self, connection: Connection) -> None:
        """Open what is published at the connection's address.

        Raises:
            CollectionNotFoundError: When nothing is.
            EngineError: When the server is away.
        """
        self._connection = connection
        self._names = Names.of(connection.address)
        self.notes: list[str] = []
        self._lock = threading.Lock()
        self.published = self._settled()
        self.lookups = MilvusLookups(connection, self.published.generation)
        self._visible = f"born <= {self.published.generation}"
        self._terms: BatchCache[str, Frequencies] = BatchCache(_CACHED_TERMS)
        self._words: BatchCache[int, PassageWords] = BatchCache(CACHED_PASSAGES)
        self._searchable: dict[Filters, str] = {}
        self._newer: dict[int, int] | None = None
        self._replaced: dict[Filters, frozenset[int]] = {}
        self._encoder: OnnxQueryEncoder | None = None

    def close(self) -> None:
        """Do nothing: the connection belongs to whoever opened it."""

    @property
    def state(self) -> str:
        """A text that changes with everything an answer depends on."""
        now = self._settled()
        return f"{now.owner}-{now.generation}"

    @property
    def edition(self) -> str:
        """The same: a publication brings words and vectors together."""
        return self.state

    @property
    def passages(self) -> int:
        """How many passages are searched by words."""
        return self.published.passages

    @property
    def fingerprint(self) -> str | None:
        """The fingerprint of the model that made the vectors; None when there are none."""
        return self.published.fingerprint

    def prepare_encoder(self) -> None:
        """Export the encoder of questions on this machine, unless that was done before."""
        if self.published.encoded:
            self._query_encoder()

    def languages(self) -> list[str]:
        """Return the languages of the collection, the most frequent first."""
        return list(self.published.languages)

    def prefetch_terms(self, terms: Iterable[str]) -> None:
        """Read how often terms occur, before they are asked for one by one."""
        self._frequencies(terms)

    def document_frequency(self, term: str) -> int:
        """Return how many passages contain `term`, headlines aside."""
        return self._frequencies([term])[term].body

    def occurs(self, term: str) -> bool:
        """Return whether any passage or headline contains `term`."""
        known = self._frequencies([term])[term]
        return known.body > 0 or known.title > 0

    def terms(self, prefix: str) -> list[tuple[str, int]]:
        """Return the terms that begin with `prefix`, with the number of passages each is in."""
        plain = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        condition = f"id like {literal(f'{plain}%')} and body > 0"
        found = [
            (str(row["id"]), int(row["body"]))
            for rows in self._connection.iterate(self._names.terms, condition, ("id", "body"))
            for row in rows
        ]
        return sorted(found)

    def count(self, filters: Filters) -> int:
        """Return how many passages meet `filters`."""
        if not filters:
            return self.passages
        return self._connection.count(self._names.passages, self._condition(filters))

    def meeting(self, keys: Iterable[int], filters: Filters) -> set[int]:
        """Return those of some passages that meet `filters`."""
        if not filters:
            return set(keys)
        rows = self._connection.query_in(
            self._names.passages, "key", keys, ("key",), self._condition(filters)
        )
        return {row["key"] for row in rows}

    def search_dense_many(self, queries: "Float32", limit: int, filters: Filters) -> list[Hits]:
        """Return the results of `search_dense` for each query, searched together."""
        if not self.published.encoded or limit < 1 or not len(queries):
            return [[] for _ in queries]
        searchable = self._searchable_condition(filters)
        found = self._connection.search(
            self._names.passages, queries.tolist(), "meaning", limit + _MORE,
            f"encoded == true and {searchable}", ("text_key",), group="text_key",
        )  # fmt: skip
        text_keys = dict.fromkeys(row["text_key"] for rows in found for row in rows)
        keys: dict[str, int] = {}
        for row in self.lookups.copies(text_keys, searchable):
            keys[row["text_key"]] = min(row["key"], keys.get(row["text_key"], row["key"]))
        results = []
        for query, rows in zip(queries, found, strict=True):
            cosines = self._cosines(query, [row["text_key"] for row in rows])
            hits = [(keys[text], cosine[0]) for text, cosine in cosines.items() if text in keys]
            results.append(_best(hits, limit))
        return results

    def search_lexical(self, terms: Iterable[str], limit: int, filters: Filters) -> Hits:
        """Return the passages that match terms best, each text once, with BM25 scores."""
        wanted = set(terms)
        weights = query_vector(self._frequencies(wanted), self.passages)
        if not weights or limit < 1:
            return []
        searchable = self._searchable_condition(filters)
        (rows,) = self._connection.search(
            self._names.passages, [weights], "words", limit + _MORE, searchable, ("text_key",),
            group="text_key",
        )  # fmt: skip
        text_of = {
            row["key"]: row["text_key"]
            for row in self.lookups.copies([row["text_key"] for row in rows], searchable)
        }
        best: dict[str, tuple[float, int]] = {}
        for key, value in self.lexical_scores(wanted, sorted(text_of)).items():
            text = text_of[key]
            best[text] = min((-value, key), best.get(text, (0.0, 0)))
        return _best([(key, -value) for value, key in best.values()], limit)

    def search_dense_range(
        self, query: "Float32", least: float, filters: Filters
    ) -> dict[int, float]:
        """Return all passages near a query vector, of every kind: their keys and cosines."""
        if not self.published.encoded:
            return {}
        (rows,) = self._connection.search(
            self._names.passages, [query.tolist()], "meaning", MOST_ROWS,
            f"encoded == true and {self._condition(filters)}", ("text_key",),
            {"radius": least - _ROUNDING},
        )  # fmt: skip
        if len(rows) >= MOST_ROWS:
            self._note(
                f"more than {MOST_ROWS:,} passages are near in meaning; the nearest are taken"
            )
        cosines = self._cosines(query, [row["text_key"] for row in rows], scaled=False)
        return {
            row["key"]: cosines[row["text_key"]][0]
            for row in rows
            if row["text_key"] in cosines and cosines[row["text_key"]][0] >= least
        }

    def search_all(
        self, words: Sequence[Collection[str]], filters: Filters, *, headlines: bool = False
    ) -> dict[int, float]:
        """Return all passages that have every one of some words: their keys and BM25 scores."""
        if not words or not all(words):
            return {}
        parts = [self._condition(filters)]
        for terms in words:
            numbers = literal([term_number(term) for term in sorted(terms)])
            either = f"array_contains_any(body_terms, {numbers})"
            if headlines:
                either += f" or array_contains_any(title_terms, {numbers})"
            parts.append(f"({either})")
        wanted = {term for terms in words for term in terms}
        frequencies = self._frequencies(wanted)
        found: dict[int, float] = {}
        for rows in self._connection.iterate(
            self._names.passages, " and ".join(parts), PASSAGE_FIELDS
        ):
            for row in rows:
                stored = passage_row(row).stored
                found[stored.key] = score(
                    _words_of(stored), wanted, frequencies, self.passages, self.published.mean,
                    1.0 if headlines else 0.0,
                )  # fmt: skip
        return found

    def lexical_scores(self, terms: Iterable[str], keys: Sequence[int]) -> dict[int, float]:
        """Return the BM25 scores of given passages; those without a match are left out."""
        wanted = set(terms)
        frequencies = self._frequencies(wanted)
        found = {
            key: score(words, wanted, frequencies, self.passages, self.published.mean)
            for key, words in self._words.get(keys, None, self._read_words).items()
        }
        return {key: value for key, value in found.items() if value > 0}

    def dense_scores(
        self, query: "Float32", keys: Iterable[int]
    ) -> dict[int, tuple[float, tuple[float, ...]]]:
        """Return the cosines of a query with passages and with their sentences."""
        rows = self.lookups.rows(keys)
        cosines = self._cosines(query, [row.text_key for row in rows.values()])
        return {key: cosines[row.text_key] for key, row in rows.items() if row.text_key in cosines}

    def release_passages(self, release: int, filters: Filters) -> list[int]:
        """Return the searchable passages of a release, each text once, ascending."""
        of_passages = Filters(kinds=filters.kinds, speaker=filters.speaker)
        also = [*conditions(of_passages), *_kinds(filters)]
        first: dict[str, int] = {}
        for row in self.lookups.passages_of([release], ("key", "text_key"), also):
            first[row["text_key"]] = min(row["key"], first.get(row["text_key"], row["key"]))
        return sorted(first.values())

    def searchable_passages_of(
        self, releases: Iterable[int], filters: Filters
    ) -> list[tuple[int, int, int]]:
        """Return key, release and ordinal of the searchable passages of releases, by key."""
        replaced = self._replaced_under(filters)
        rows = self.lookups.passages_of(
            set(releases) - replaced, ("key", "release", "ordinal"),
            [*conditions(filters), *_kinds(filters)],
        )  # fmt: skip
        return sorted((row["key"], row["release"], row["ordinal"]) for row in rows)

    def status(self) -> Status:
        """Return the collection in numbers, as it was when it was published."""
        found = dict(self.published.status)
        found["languages"] = tuple((lang, count) for lang, count in found["languages"])
        return Status(**{**found, "skipped": (), "notes": tuple(self.notes)})

    def checkpoint(self) -> Checkpoint:
        """Return the point in its history up to which all releases can be found."""
        return Checkpoint(self.published.made, self.published.newest)

    def filters_since(self, point: Checkpoint) -> Filters | None:
        """Return filters that the releases after a checkpoint meet; None if it is of another."""
        if point.made != self.published.made or point.release > self.published.highest:
            return None
        return Filters(after=point.release)

    def count_since(self, point: Checkpoint) -> int:
        """Return how many releases came after a checkpoint of the same collection."""
        condition = f"release > {point.release} and {self._visible}"
        return self._connection.count(self._names.facts, condition)

    def _settled(self) -> State:
        """Return the state, after a publication that is just becoming visible."""
        until = time.monotonic() + _SWITCH_SECONDS
        while True:
            found = None
            if self._connection.has(self._names.facts):
                found = read_state(self._connection)
            if found is None:
                raise CollectionNotFoundError(EMPTY.format(address=self._connection.address))
            if not found.switching:
                return found
            if time.monotonic() > until:
                self._note("an update was interrupted while it became visible; run `index` again")
                return found
            time.sleep(_PAUSE_SECONDS)

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def _encoder_of_vectors(self) -> "OnnxQueryEncoder | None":
        return self._query_encoder() if self.published.encoded else None

    def _query_encoder(self) -> "OnnxQueryEncoder":
        with self._lock:
            if self._encoder is None:
                model = str(self.published.model)
                self._encoder = open_query_encoder(self.fingerprint or "", model, self.notes)
            return self._encoder

    def _condition(self, filters: Filters) -> str:
        """Return what rows must meet to meet filters."""
        return " and ".join([self._visible, *conditions(filters)])

    def _searchable_condition(self, filters: Filters) -> str:
        """Return what rows must meet to be searched under filters."""
        if filters not in self._searchable:
            parts = [self._condition(filters), *_kinds(filters)]
            shown = sorted(self._replacements().keys() - self._replaced_under(filters))
            either = f" or release in {literal(shown)}" if shown else ""
            parts.append(f"(newer == 0{either})")
            if len(self._searchable) >= _CACHED_FILTERS:
                self._searchable = {}
            self._searchable = {**self._searchable, filters: " and ".join(parts)}
        return self._searchable[filters]

    def _replacements(self) -> dict[int, int]:
        """Return the releases that a newer version replaces, and by which."""
        if self._newer is None:
            self._newer = {
                row["release"]: row["newer"]
                for rows in self._connection.iterate(
                    self._names.facts, f"newer > 0 and {self._visible}", ("release", "newer")
                )
                for row in rows
            }
        return self._newer

    def _replaced_under(self, filters: Filters) -> frozenset[int]:
        newer = self._replacements()
        if not newer or not filters:
            return frozenset(newer)
        if filters not in self._replaced:
            of_releases = replace(filters, kinds=())
            also = self._condition(of_releases)
            if filters.speaker is None:
                also += " and ordinal == 0"
            rows = self._connection.query_in(
                self._names.passages, "release", set(newer.values()), ("release",), also,
                _REPLACEMENTS_AT_ONCE,
            )  # fmt: skip
            found = replaced_among(newer, {row["release"] for row in rows})
            if len(self._replaced) >= _CACHED_FILTERS:
                self._replaced = {}
            self._replaced = {**self._replaced, filters: found}
        return self._replaced[filters]

    def _frequencies(self, terms: Iterable[str]) -> Mapping[str, Frequencies]:
        return self._terms.get(terms, None, self._read_frequencies)

    def _read_frequencies(self, terms: list[str]) -> dict[str, Frequencies]:
        ids = {term_id(term): term for term in terms}
        found = dict.fromkeys(terms, Frequencies())
        fields = ("id", "body", "title")
        for row in self._connection.query_in(self._names.terms, "id", ids, fields):
            found[ids[row["id"]]] = Frequencies(row["body"], row["title"])
        return found

    def _read_words(self, keys: list[int]) -> dict[int, PassageWords]:
        return {key: _words_of(stored) for key, stored in self.lookups.passages(keys).items()}

    def _cosines(
        self, query: "Float32", text_keys: Sequence[str], *, scaled: bool = True
    ) -> dict[str, tuple[float, tuple[float, ...]]]:
        """Return the cosines of a query with texts and their sentences, by text key."""
        from index.search.vector import cosines_of

        texts = {key: row for key, row in self.lookups.texts(text_keys).items() if row.passage}
        found = cosines_of([(row.passage, row.sentences) for row in texts.values()], query)
        if scaled:
            found = self._on_packaged_scale(found)
        return dict(zip(texts, found, strict=True))


def _kinds(filters: Filters) -> list[str]:
    """Return the condition that leaves out the kinds that are not searched by default."""
    return [] if filters.kinds else [f"kind not in {literal(UNSEARCHED)}"]


def _words_of(stored: StoredPassage) -> PassageWords:
    return PassageWords.of(
        extract_terms(stored.text, stored.lang), extract_terms(stored.title, stored.lang)
    )


def _best(hits: Hits, limit: int) -> Hits:
    return sorted(hits, key=lambda hit: (-hit[1], hit[0]))[:limit]
