"""The candidates for a question.

What the word search and the vector search each find best, with the scores of both for all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from index.filters import NO_FILTERS, Filters
from index.search.searcher import Searcher
from index.text.analyzer import extract_terms
from qa.answering.abstention import Scope
from qa.query.dates import Period, nearness
from qa.query.question import ParsedQuestion
from qa.ranking.penalties import asked_periods, sought_kind
from qa.ranking.term_matching import Candidate

if TYPE_CHECKING:
    import numpy.typing as npt

    Float32 = npt.NDArray[np.float32]

POOL = 50
"""Passages taken from each search; further down, neither finds what the other missed."""

SOUGHT = 20
"""Passages taken of the kind that a question asks for."""

MAX_LANGUAGES = 4
"""The question is read in as many of the collection's languages, the commonest first."""


@dataclass(frozen=True, slots=True)
class CollectionStatistics:
    """Counts of the whole collection, for `qa.ranking.term_matching.TermStatistics`."""

    searcher: Searcher

    @property
    def passages(self) -> int:
        """How many passages there are."""
        return self.searcher.lexical_index.passages

    def document_frequency(self, term: str) -> int:
        """Return how many passages hold `term`."""
        return self.searcher.lexical_index.document_frequency(term)


@dataclass(frozen=True, slots=True)
class CollectionMentions:
    """Which words a collection mentions, for `qa.answering.abstention.Mentions`.

    Attributes:
        searcher: The collection.
        filters: What was searched.
        keys: Passages of the one release that was searched; None for what the filters admit.
    """

    searcher: Searcher
    filters: Filters = NO_FILTERS
    keys: Sequence[int] | None = None

    @property
    def scope(self) -> Scope:
        """What was searched."""
        if self.keys is not None:
            return "release"
        return "filters" if self.filters else "collection"

    def any_searched(self) -> bool:
        """Whether there was any passage to search."""
        if self.keys is not None:
            return bool(self.keys)
        allowed = self.searcher.allowed(self.filters)
        return bool(self.searcher.lexical_index.passages if allowed is None else allowed.keys)

    def anywhere(self, word: str) -> bool:
        """Whether any release of the collection mentions `word`, in whatever is kept of it."""
        return bool(self.searcher.lexical_index.search(self._forms(word), 1))

    def searched(self, word: str) -> bool:
        """Whether anything that was searched mentions `word`."""
        forms = self._forms(word)
        if self.keys is not None:
            return bool(self.searcher.lexical_scores(forms, self.keys))
        return bool(self.searcher.search_lexical(forms, 1, self.filters))

    def _forms(self, word: str) -> set[str]:
        """Return the forms of a word in every language of the collection."""
        languages = (None, *self.searcher.languages())  # None: releases of no known language
        return {form for lang in languages for form in extract_terms(word, lang)}


def question_terms(question: ParsedQuestion, searcher: Searcher) -> list[str]:
    """Return the words to search for, as they are compared in the collection's languages."""
    return list(_terms_in(question.text, (*searcher.languages()[:MAX_LANGUAGES], question.lang)))


@lru_cache(maxsize=64)
def _terms_in(text: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({term for lang in set(languages) for term in extract_terms(text, lang)}))


Near = Sequence[tuple[int, float]]
"""Passages near in meaning, as `Searcher.search_dense` returns them."""


def question_vectors(
    texts: Sequence[str], searcher: Searcher, *, words_only: bool
) -> "Sequence[Float32 | None]":
    """Return the query vectors, see `Searcher.encode_queries`; None each with `words_only`."""
    return [None] * len(texts) if words_only else searcher.encode_queries(texts)


def nearest_for_each(
    searcher: Searcher, vectors: "Sequence[Float32 | None]", filters: Filters
) -> list[Near | None]:
    """Return what is near each question in meaning, the first `POOL`; None without a vector."""
    known = [vector for vector in vectors if vector is not None]
    if not known:
        return [None] * len(vectors)
    found = iter(searcher.search_dense_many(np.stack(known), POOL, filters))
    return [None if vector is None else next(found) for vector in vectors]


def find_candidates(
    question: ParsedQuestion,
    searcher: Searcher,
    filters: Filters,
    vector: "Float32 | None",
    near: Near | None = None,
) -> list[Candidate]:
    """Return the candidates of a question, in the order of their keys.

    Args:
        question: The question.
        searcher: The collection.
        filters: What may be searched at all.
        vector: The question's unit vector, shape (dimension,); None to search by words alone.
        near: What is near it, the first `POOL`, where that is known already.
    """
    matched, keys = search_both(question, searcher, filters, vector, near)
    listed = unique_texts(searcher, keys, filters)
    if named := asked_periods(question):
        listed = nearest_copies(searcher, listed, named, filters)
    return make_candidates(question, searcher, listed, vector, matched)


def search_both(
    question: ParsedQuestion,
    searcher: Searcher,
    filters: Filters,
    vector: "Float32 | None",
    near: Near | None = None,
) -> tuple[dict[int, float], list[int]]:
    """Return what both searches find: BM25 by key of those found by words, and all keys."""
    words = question_terms(question, searcher)
    matched = dict(searcher.search_lexical(words, POOL, filters))
    if near is None:
        near = searcher.search_dense(vector, POOL, filters) if vector is not None else ()
    keys = {*matched, *(key for key, _ in near)}
    kind = sought_kind(question)
    if kind is not None and (not filters.kinds or kind in filters.kinds):
        # A question for the media contact has few words, and any passage may have more of them.
        wanted = replace(filters, kinds=(kind,))
        matched |= searcher.search_lexical(words, SOUGHT, wanted)
        more = searcher.search_dense(vector, SOUGHT, wanted) if vector is not None else ()
        keys |= {*matched, *(key for key, _ in more)}
    return matched, sorted(keys)


def make_candidates(
    question: ParsedQuestion,
    searcher: Searcher,
    keys: list[int],
    vector: "Float32 | None",
    matched: dict[int, float],
) -> list[Candidate]:
    """Return given passages as candidates of a question, in the order of their keys.

    Args:
        question: The question.
        searcher: The collection.
        keys: Of the passages, each text once.
        vector: As for `find_candidates`.
        matched: BM25 of the question's words, where it is known already.
    """
    words = question_terms(question, searcher)
    cosines = searcher.dense_scores(vector, keys) if vector is not None else {}
    missing = [key for key in keys if key not in matched]
    lexical = {**matched, **searcher.lexical_scores(words, missing)} if missing else matched
    stored = searcher.lookups.passages(keys)
    spread = _within(
        searcher.lookups.release_frequency(keys), {k: p.text for k, p in stored.items()}
    )
    candidates = []
    for key in keys:
        passage = stored.get(key)
        if passage is None:  # removed since the word index was made
            continue
        dense, of_sentences = cosines.get(key, (None, ()))
        spans = passage.passage.sentences
        candidates.append(
            Candidate(
                key=key,
                text=passage.text,
                title=passage.title,
                lang=passage.lang,
                sentences=spans,
                dense=dense,
                sentence_cosines=of_sentences if len(of_sentences) == len(spans) else (),
                lexical=lexical.get(key),
                kind=passage.passage.kind,
                release=passage.release_key,
                spread=spread.get(key, 1),
                date=passage.date,
            )
        )
    return candidates


def _within(spread: dict[int, int], texts: dict[int, str]) -> dict[int, int]:
    """Return in how many releases passages stand, or what they mostly consist of.

    A line that is joined to a paragraph makes a passage of its own of what all releases repeat.
    """
    repeated = [(texts[key], count) for key, count in spread.items() if count > 1 and key in texts]
    return {
        key: max(
            [count, *(n for part, n in repeated if 2 * len(part) > len(text) and part in text)]
        )
        for key, count in spread.items()
        if (text := texts.get(key)) is not None
    }


def unique_texts(searcher: Searcher, keys: list[int], filters: Filters) -> list[int]:
    """Keep one passage of each text: the two searches may stand for it by different rows."""
    rows: dict[bytes, int] = {}
    for key, text in searcher.searchable_text_keys(keys, filters).items():
        rows[text] = min(key, rows.get(text, key))
    return sorted(rows.values())


def nearest_copies(
    searcher: Searcher, keys: Sequence[int], named: Sequence[Period], filters: Filters
) -> list[int]:
    """Replace passages by those with the same words whose release is nearer to what is named.

    Bulletins repeat paragraphs word for word; the first of them stands for all until one is asked
    for by its date.
    """
    copies = searcher.lookups.identical_passages(keys)
    others = [key for found in copies.values() for key, _ in found]
    allowed = searcher.allowed(filters)
    shown = set(searcher.searchable_text_keys(others, filters))
    if allowed is not None:
        shown &= allowed.key_set
    known = searcher.lookups.passages([*copies, *others])

    def near(key: int) -> tuple[float, int]:
        value = nearness(named, known[key].date) if key in known else None
        return (-1.0 if value is None else value, -key)

    return sorted(
        max([key, *(other for other, _ in copies.get(key, ()) if other in shown)], key=near)
        if key in copies
        else key
        for key in keys
    )
