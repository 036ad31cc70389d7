"""Questions asked of one release at a time, as a table of facts asks them.

The answer is the one that filtering to the release would give, but nothing is searched: all
passages of a release are scored, its vectors are read once for all questions, and each question
is parsed and encoded once for all releases.
"""

import heapq
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.filters import Filters
from index.store.reader import Store
from index.store.related import NO_RELATED, RelatedReleases, related_releases
from index.types import Passage, StoredRelease
from qa.answering.build_answer import RankedQuestion
from qa.answering.pipeline import answer_ranked
from qa.answering.rerank import ReaderFn
from qa.query.question import ParsedQuestion, parse_question
from qa.ranking.ranker import default_weights as ranker_weights
from qa.ranking.ranker import rank
from qa.release_refs import release_ref
from qa.retrieval.retriever import SECTION_DEPTH, Retriever
from qa.retrieval.statistics import CollectionMentions
from qa.types import Answer, AskOptions, ReleaseRef

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Float32 = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class PreparedQuestion:
    """A question, parsed and encoded once.

    Attributes:
        asked: As its file has it.
        question: The question, parsed.
        search_terms: Its words as they are searched for.
        vector: Its unit vector, shape (dimension,); None to search by words alone.
        partial: As `Answer.partial`.
        filters: Which passages of a release are searched. Only kinds and speaker count; the other
            filters are about releases.
    """

    asked: str
    question: ParsedQuestion
    search_terms: tuple[str, ...]
    vector: "Float32 | None"
    partial: bool
    filters: Filters

    @property
    def section_filters(self) -> Filters | None:
        """Filters to the kind of paragraph that the question asks for, if it asks for one."""
        section, allowed = self.question.intent.section, self.filters.kinds
        if section is None or (allowed and section not in allowed):
            return None
        return replace(self.filters, kinds=(section,))


class PerReleaseAsker:
    """Asks prepared questions of one release after another."""

    def __init__(
        self,
        retriever: Retriever,
        store: Store,
        reader: ReaderFn,
        options: AskOptions,
        resolve: Callable[[Filters], Filters] = lambda filters: filters,
    ) -> None:
        """Ask a collection.

        Args:
            retriever: The collection.
            store: Its store.
            reader: The reader.
            options: How questions are asked, apart from their filters.
            resolve: Adds to filters which releases mention a name.
        """
        self._retriever = retriever
        self._store = store
        self._reader = reader
        self._options = options
        self._resolve = resolve
        self._related: Mapping[int, RelatedReleases] | None = None

    def releases(self, filters: Filters) -> list[StoredRelease]:
        """Return the releases that meet `filters`, without their text, newest first."""
        return self._store.releases(self._resolve(filters))

    def ref(self, release: StoredRelease) -> ReleaseRef:
        """Return what is shown of a release."""
        if self._related is None:
            self._related = related_releases(self._store)
        return release_ref(release, self._related.get(release.key, NO_RELATED))

    def passages(self, release: StoredRelease) -> tuple[str, tuple[Passage, ...]]:
        """Return the text and the passages of a release; none if it was removed."""
        text = self._store.release_texts([release.key]).get(release.key)
        return ("", ()) if text is None else (text, self._store.passages_of(release.key))

    def prepare(
        self, texts: Sequence[tuple[str, Filters]], *, words_only: bool = False
    ) -> list[PreparedQuestion]:
        """Parse and encode questions, each with its filters."""
        retriever = self._retriever
        vectors = retriever.encode([text for text, _ in texts], words_only=words_only)
        prepared = []
        for (text, filters), vector in zip(texts, vectors, strict=True):
            question = parse_question(text)
            prepared.append(
                PreparedQuestion(
                    asked=text,
                    question=question,
                    search_terms=tuple(retriever.search_terms(question)),
                    vector=vector,
                    partial=vector is None and retriever.searcher.supports_script(text),
                    filters=filters,
                )
            )
        return prepared

    def ask(self, release: int, questions: Sequence[PreparedQuestion]) -> list[Answer]:
        """Answer questions from one release alone.

        Args:
            release: Its row number; a release that was removed has no answers.
            questions: As `prepare` has returned them.
        """
        searcher = self._retriever.searcher
        keys: dict[Filters, list[int]] = {}
        for question in questions:
            for filters in (question.filters, question.section_filters):
                if filters is not None and filters not in keys:
                    keys[filters] = searcher.release_passages(release, filters)
        return [self._answer(question, keys) for question in questions]

    def _answer(self, prepared: PreparedQuestion, keys: Mapping[Filters, Sequence[int]]) -> Answer:
        """Answer a question from passages, given by the filters that allow them."""
        began = time.perf_counter()
        retriever, vector, question = self._retriever, prepared.vector, prepared.question
        allowed = keys[prepared.filters]
        searcher = retriever.searcher
        lexical = searcher.lexical_scores(prepared.search_terms, allowed) if allowed else {}
        cosines = {} if vector is None else searcher.dense_scores(vector, allowed)
        dense = {key: cosine for key, (cosine, _) in cosines.items()}
        # A search that finds anything in the only release considers all of it.
        chosen = set(allowed) if lexical or dense else set()
        if (section := prepared.section_filters) is not None:
            chosen |= {
                *_best(lexical, keys[section], SECTION_DEPTH),
                *_best(dense, keys[section], SECTION_DEPTH),
            }
        candidates = retriever.describe(question, sorted(chosen), vector, lexical)
        weights = ranker_weights(searcher.encoder_family)
        found = RankedQuestion(
            asked=prepared.asked,
            question=question,
            ranked=rank(question, candidates, retriever.statistics, weights=weights),
            mentions=CollectionMentions(searcher, keys=allowed),
            partial=prepared.partial,
        )
        return answer_ranked(
            found, retriever, self._reader, self._options, began=began, encode_seconds=0.0
        )


def _best(scores: Mapping[int, float], keys: Sequence[int], count: int) -> list[int]:
    """Return the keys of the highest scores, equal ones in the order of their keys."""
    scored = [key for key in keys if key in scores]
    return heapq.nlargest(count, scored, key=lambda key: (scores[key], -key))
