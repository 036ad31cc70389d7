"""Search a store as plainly as possible, by looking at everything: what engines must equal."""

import math
from collections import Counter
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from index.filters import NO_FILTERS, Filters
from index.search.vector import passage_vectors, unpack
from index.store.reader import Store
from index.store.related import replaced_among, replacements
from index.text.analyzer import extract_terms

Float32 = npt.NDArray[np.float32]
UNSEARCHED = {"headline", "dateline"}


class NaiveSearch:
    """All passages of a store in memory."""

    def __init__(self, store: Store) -> None:
        self.store = store
        everything = [key for key, _ in store.allowed_passages(NO_FILTERS)]
        self.passages = store.passages(everything)
        self.words = {
            key: tuple(Counter(extract_terms(t, p.lang)) for t in (p.text, p.title))
            for key, p in self.passages.items()
        }
        count = max(1, len(self.words))
        self.mean = [sum(sum(w[f].values()) for w in self.words.values()) / count for f in (0, 1)]
        self.vectors = {
            key: unpack(packed, store.dimension)[0]
            for key, (packed, _) in passage_vectors(store, everything).items()
        }

    def meeting(self, filters: Filters) -> set[int]:
        """Return the passages that meet filters."""
        return {key for key, _ in self.store.allowed_passages(filters)}

    def searchable(self, filters: Filters) -> set[int]:
        """Return the passages that are searched under filters."""
        newer = replacements(self.store)
        kinds = Filters(**{**_values(filters), "kinds": ()})
        allowed = self.store.release_keys(kinds)
        replaced = replaced_among(newer, allowed)
        return {
            key
            for key in self.meeting(filters)
            if self.passages[key].release_key not in replaced
            and (filters.kinds or self.passages[key].passage.kind not in UNSEARCHED)
        }

    def frequency(self, term: str, field: int = 0) -> int:
        """Return how many passages have a term in the text (0) or in the headline above (1)."""
        return sum(term in words[field] for words in self.words.values())

    def bm25(self, key: int, terms: Iterable[str], title: float = 0.3) -> float:
        """Return the score of a passage; lengths are rounded as tantivy rounds them."""
        total = 0.0
        count = len(self.words)
        for field, weight in ((0, 1.0), (1, title)):
            counts = self.words[key][field]
            length = _rounded(sum(counts.values()))
            for term in set(terms):
                tf = counts[term]
                if tf:
                    df = self.frequency(term, field)
                    idf = math.log(1 + (count - df + 0.5) / (df + 0.5))
                    saturation = 1.2 * (0.25 + 0.75 * length / self.mean[field])
                    total += weight * idf * 2.2 * tf / (tf + saturation)
        return total

    def by_words(self, terms: Iterable[str], filters: Filters) -> list[tuple[int, float]]:
        """Return all searchable passages with some of the terms, each text once."""
        wanted = list(terms)
        scores = {key: self.bm25(key, wanted) for key in self.searchable(filters)}
        return self._distinct({key: score for key, score in scores.items() if score > 0})

    def by_meaning(self, query: Float32, filters: Filters) -> list[tuple[int, float]]:
        """Return all searchable passages, each text once, the nearest first."""
        keys = self.searchable(filters) & self.vectors.keys()
        return self._distinct({k: float(self.vectors[k] @ query) for k in keys})

    def _distinct(self, scores: dict[int, float]) -> list[tuple[int, float]]:
        found: dict[str, tuple[int, float]] = {}
        for key, score in sorted(scores.items(), key=lambda hit: (-hit[1], hit[0])):
            found.setdefault(self.passages[key].text, (key, score))
        return list(found.values())


def _rounded(length: int) -> int:
    """Return a length as tantivy stores it: exact to 40, then ever coarser."""
    if length < 40:
        return length
    step = 2
    while length - 24 >= 16 * step:
        step *= 2
    return 24 + (length - 24) // step * step


def _values(filters: Filters) -> dict[str, object]:
    return {name: getattr(filters, name) for name in Filters.__slots__}
