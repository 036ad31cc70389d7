"""The candidates for a question: the best of the lexical and of the dense search.

Both searches bring passages, and the releases that match best bring all of theirs
(`qa.retrieval.best_releases`); every candidate then gets the scores of both searches.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from index.filters import Filters
from index.search.backend import SearchBackend
from qa.query.dates import Period, nearness
from qa.query.question import ParsedQuestion, parse_question
from qa.retrieval.best_releases import best_releases
from qa.retrieval.passage_terms import PassageCache
from qa.retrieval.respelling import Respeller
from qa.retrieval.statistics import CollectionStatistics
from qa.retrieval.types import Candidate
from qa.types import Correction, respelled

if TYPE_CHECKING:
    import numpy.typing as npt

    Float32 = npt.NDArray[np.float32]

DEPTH = 50
"""Passages taken from each search; further down, neither finds what the other missed."""

SECTION_DEPTH = 20
"""Passages taken of the kind that a question asks for."""

MAX_LANGUAGES = 4
"""The question is searched for in this many of the collection's languages, the commonest first."""

Neighbours = Sequence[tuple[int, float]]
"""Passages near a vector: keys and cosines, best first."""


class Retriever:
    """Finds the candidates for questions in one open collection. Thread-safe.

    Attributes:
        searcher: The collection.
        statistics: Its document frequencies.
    """

    def __init__(self, searcher: SearchBackend, cache: PassageCache | None = None) -> None:
        """Search a collection.

        Args:
            searcher: The collection.
            cache: The terms of passages, where an earlier retriever has some already.
        """
        self.searcher = searcher
        self.statistics = CollectionStatistics(searcher)
        self.cache = cache or PassageCache()
        self._respeller = Respeller(searcher)

    def parse(
        self, text: str, *, exact_words: bool
    ) -> tuple[ParsedQuestion, tuple[Correction, ...]]:
        """Parse a question, with words that occur nowhere replaced by those that are meant.

        Args:
            text: The self-contained question, without white space around it.
            exact_words: Replace none.
        """
        question = parse_question(text)
        if exact_words:
            return question, ()
        corrections = self._respeller.corrections(question, self._languages())
        if corrections:
            question = parse_question(respelled(text, corrections))
        return question, corrections

    def encode(self, texts: Sequence[str], *, words_only: bool) -> "list[Float32 | None]":
        """Return the unit vectors of questions, each of shape (dimension,).

        None for a question that is searched by words alone: all of them with `words_only`, else
        those in letters that the model does not know, or all without vectors in the collection.
        """
        return [None] * len(texts) if words_only else list(self.searcher.encode_queries(texts))

    def nearest(
        self, vectors: "Sequence[Float32 | None]", filters: Filters
    ) -> list[Neighbours | None]:
        """Return the `DEPTH` passages nearest to each vector; None without one.

        All vectors are compared together, with the same result as one by one.
        """
        known = [vector for vector in vectors if vector is not None]
        if not known:
            return [None] * len(vectors)
        found = iter(self.searcher.search_dense_many(np.stack(known), DEPTH, filters))
        return [None if vector is None else next(found) for vector in vectors]

    def search_terms(self, question: ParsedQuestion) -> list[str]:
        """Return the words to search for, as they are compared in the collection's languages."""
        return question.search_terms(self._languages())

    def _languages(self) -> Sequence[str]:
        return self.searcher.languages()[:MAX_LANGUAGES]

    def candidates(
        self,
        question: ParsedQuestion,
        filters: Filters,
        vector: "Float32 | None",
        neighbours: Neighbours | None,
    ) -> list[Candidate]:
        """Return the candidates of a question, in the order of their keys.

        Args:
            question: The question.
            filters: What may be searched at all.
            vector: The question's unit vector, shape (dimension,); None to search by words alone.
            neighbours: The passages `nearest` to it; None without a vector.
        """
        lexical, keys = self.search(question, filters, vector, neighbours)
        siblings = self.siblings(lexical, neighbours or (), filters)
        keys = self.unique_texts(sorted({*keys, *siblings}), filters)
        if question.dates:
            keys = self._nearest_in_time(keys, question.dates, filters)
        return self.describe(question, keys, vector, lexical)

    def siblings(
        self, lexical: Mapping[int, float], neighbours: Neighbours, filters: Filters
    ) -> list[int]:
        """Return all passages of the releases that match best.

        Args:
            lexical: BM25 by key of the passages that share words with the question.
            neighbours: The passages nearest to it in meaning.
            filters: What may be searched at all.
        """
        cosines = dict(neighbours)
        facts = self.searcher.lookups.passage_facts({*lexical, *cosines})
        release_of = {key: fact.release for key, fact in facts.items()}
        chosen = best_releases(lexical, cosines, release_of)
        return [key for r in chosen for key in self.searcher.release_passages(r, filters)]

    def search(
        self,
        question: ParsedQuestion,
        filters: Filters,
        vector: "Float32 | None",
        neighbours: Neighbours | None = None,
    ) -> tuple[dict[int, float], list[int]]:
        """Return what both searches find: BM25 by key of the lexical search, and all keys.

        Arguments as for `candidates`, but neighbours that are not given are searched for.
        """
        terms = self.search_terms(question)
        lexical = dict(self.searcher.search_lexical(terms, DEPTH, filters))
        if neighbours is None:
            neighbours = (
                self.searcher.search_dense(vector, DEPTH, filters) if vector is not None else ()
            )
        keys = {*lexical, *(key for key, _ in neighbours)}
        section = question.intent.section
        if section is not None and (not filters.kinds or section in filters.kinds):
            # A question for the media contact has few words, and any passage may have more of them.
            wanted = replace(filters, kinds=(section,))
            lexical |= self.searcher.search_lexical(terms, SECTION_DEPTH, wanted)
            more = (
                self.searcher.search_dense(vector, SECTION_DEPTH, wanted)
                if vector is not None
                else ()
            )
            keys |= {*lexical, *(key for key, _ in more)}
        return lexical, sorted(keys)

    def describe(
        self,
        question: ParsedQuestion,
        keys: Sequence[int],
        vector: "Float32 | None",
        lexical: dict[int, float],
    ) -> list[Candidate]:
        """Return given passages as candidates of a question, in the order of their keys.

        Args:
            question: The question.
            keys: Of the passages, each text once.
            vector: As for `candidates`.
            lexical: BM25 of the question's words, where it is known already.
        """
        searcher = self.searcher
        cosines = searcher.dense_scores(vector, keys) if vector is not None else {}
        if missing := [key for key in keys if key not in lexical]:
            lexical = {**lexical, **searcher.lexical_scores(self.search_terms(question), missing)}
        stored = searcher.lookups.passages(keys)
        frequency = _release_frequency(
            searcher.lookups.release_frequency(keys),
            {key: passage.text for key, passage in stored.items()},
        )
        candidates = []
        for key in keys:
            passage = stored.get(key)
            if passage is None:  # removed since the lexical index was made
                continue
            dense, of_sentences = cosines.get(key, (None, ()))
            spans = passage.passage.sentences
            candidates.append(
                Candidate(
                    key=key,
                    terms=self.cache.terms(passage.text, passage.lang, spans),
                    title=passage.title,
                    title_terms=self.cache.title_terms(passage.title, passage.lang),
                    dense=dense,
                    sentence_cosines=of_sentences if len(of_sentences) == len(spans) else (),
                    lexical=lexical.get(key),
                    kind=passage.passage.kind,
                    release=passage.release_key,
                    release_frequency=frequency.get(key, 1),
                    date=passage.date,
                )
            )
        return candidates

    def unique_texts(self, keys: Sequence[int], filters: Filters) -> list[int]:
        """Return one passage of each text: the two searches may find it in different rows."""
        rows: dict[bytes, int] = {}
        for key, text in self.searcher.searchable_text_keys(keys, filters).items():
            rows[text] = min(key, rows.get(text, key))
        return sorted(rows.values())

    def _nearest_in_time(
        self, keys: Sequence[int], dates: Sequence[Period], filters: Filters
    ) -> list[int]:
        """Replace passages by those with the same words whose release is nearer to the dates.

        Bulletins repeat paragraphs word for word. The first of them stands for all, unless one is
        asked for by its date.
        """
        searcher = self.searcher
        copies = searcher.lookups.identical_passages(keys)
        others = [key for found in copies.values() for key, _ in found]
        shown = searcher.meeting(searcher.searchable_text_keys(others, filters), filters)
        known = searcher.lookups.passages([*copies, *others])

        def closeness(key: int) -> tuple[float, int]:
            value = nearness(dates, known[key].date) if key in known else None
            return (-1.0 if value is None else value, -key)

        return sorted(
            max(
                [key, *(other for other, _ in copies.get(key, ()) if other in shown)], key=closeness
            )
            if key in copies
            else key
            for key in keys
        )


def _release_frequency(counted: dict[int, int], texts: dict[int, str]) -> dict[int, int]:
    """Return how many releases carry passages, or the text that makes up most of them.

    A line that is joined to a paragraph makes a passage of its own of what all releases repeat.
    """
    repeated = [(texts[key], count) for key, count in counted.items() if count > 1 and key in texts]
    return {
        key: max(
            [count, *(n for part, n in repeated if 2 * len(part) > len(text) and part in text)]
        )
        for key, count in counted.items()
        if (text := texts.get(key)) is not None
    }
