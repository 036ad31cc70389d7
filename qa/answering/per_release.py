"""Questions asked of one release at a time, as a table of facts asks them.

The answer is the one that filtering to the release would give, but nothing is searched: a release
is short enough to look at whole, its vectors are read once for all questions, and each question is
read and encoded once for all releases. Only its words are looked up, in the release alone.
"""

import heapq
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.filters import Filters
from index.search.searcher import Searcher
from index.store.related import NO_RELATED, RelatedReleases, related_releases
from index.types import StoredRelease
from qa.answering.build_answer import release_ref
from qa.answering.pipeline import Way, answer_ranked
from qa.answering.rerank import ReaderFn
from qa.query.question import ParsedQuestion, parse_question
from qa.ranking.penalties import sought_kind
from qa.ranking.ranker import rank
from qa.retrieval.candidates import (
    POOL,
    SOUGHT,
    CollectionMentions,
    CollectionStatistics,
    make_candidates,
    question_terms,
    question_vectors,
)
from qa.types import Answer, ReleaseRef

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Float32 = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class PreparedQuestion:
    """A question, read and encoded once.

    Attributes:
        asked: As its file has it.
        question: As it is read.
        words: Its words as they are searched for.
        vector: Its unit vector, shape (dimension,); None to search by words alone.
        partial: As `Answer.partial`.
        filters: Which passages of a release are searched: kinds and speaker count, the rest is
            about releases.
    """

    asked: str
    question: ParsedQuestion
    words: tuple[str, ...]
    vector: "Float32 | None"
    partial: bool
    filters: Filters


class PerReleaseAsker:
    """Asks prepared questions of one release after another."""

    def __init__(self, searcher: Searcher, reader: Callable[[], ReaderFn], way: Way) -> None:
        """Ask a collection.

        Args:
            searcher: The collection.
            reader: Gives the reader, where one is wanted.
            way: How questions are asked, apart from their filters.
        """
        self._searcher = searcher
        self._reader = reader
        self._way = way
        self._statistics = CollectionStatistics(searcher)
        self._kin: Mapping[int, RelatedReleases] | None = None

    def releases(self, filters: Filters) -> list[StoredRelease]:
        """Return the releases that meet `filters`, without their text, newest first."""
        return self._searcher.store.releases(filters)

    def ref(self, release: StoredRelease) -> ReleaseRef:
        """Return what is shown of a release."""
        if self._kin is None:
            self._kin = related_releases(self._searcher.store)
        return release_ref(release, self._kin.get(release.key, NO_RELATED))

    def prepare(
        self, texts: Sequence[tuple[str, Filters]], *, words_only: bool = False
    ) -> list[PreparedQuestion]:
        """Read and encode questions, each with its filters."""
        searcher = self._searcher
        vectors = question_vectors([text for text, _ in texts], searcher, words_only=words_only)
        prepared = []
        for number, (text, filters) in enumerate(texts):
            question = parse_question(text)
            words = tuple(question_terms(question, searcher))
            vector = vectors[number]
            partial = vector is None and searcher.supports_script(text)
            prepared.append(PreparedQuestion(text, question, words, vector, partial, filters))
        return prepared

    def ask(self, release: int, questions: Sequence[PreparedQuestion]) -> list[Answer]:
        """Answer questions from one release, its best passage alone.

        Args:
            release: Its row number; a release that is gone has no answers.
            questions: As `prepare` has returned them.
        """
        keys: dict[Filters, list[int]] = {}
        for question in questions:
            for filters in (question.filters, _sought(question)):
                if filters is not None and filters not in keys:
                    keys[filters] = self._searcher.release_passages(release, filters)
        return [self._answer(question, keys) for question in questions]

    def _answer(self, prepared: PreparedQuestion, keys: Mapping[Filters, Sequence[int]]) -> Answer:
        """Answer a question from passages, given by the filters that admit them."""
        began = time.perf_counter()
        searcher, vector = self._searcher, prepared.vector
        admitted = keys[prepared.filters]
        lexical = searcher.lexical_scores(prepared.words, admitted) if admitted else {}
        cosines = {} if vector is None else searcher.dense_scores(vector, admitted)
        dense = {key: passage for key, (passage, _) in cosines.items()}
        chosen = {*_best(lexical, admitted, POOL), *_best(dense, admitted, POOL)}
        sought = _sought(prepared)
        if sought is not None:
            chosen |= {*_best(lexical, keys[sought], SOUGHT), *_best(dense, keys[sought], SOUGHT)}
        question = prepared.question
        candidates = make_candidates(question, searcher, sorted(chosen), vector, lexical)
        ranked = rank(question, candidates, self._statistics)
        return answer_ranked(
            prepared.asked, question, ranked, searcher, self._reader, self._way,
            partial=prepared.partial, began=began, encode=0.0,
            mentions=CollectionMentions(searcher, keys=admitted),
        )  # fmt: skip


def _sought(prepared: PreparedQuestion) -> Filters | None:
    """Return filters to the formal kind that a question asks for, if it asks for one."""
    kind = sought_kind(prepared.question)
    allowed = prepared.filters.kinds
    if kind is None or (allowed and kind not in allowed):
        return None
    return replace(prepared.filters, kinds=(kind,))


def _best(scores: Mapping[int, float], keys: Sequence[int], count: int) -> list[int]:
    """Return the keys of the highest scores, equal ones in the order of their keys."""
    scored = [key for key in keys if key in scores]
    return heapq.nlargest(count, scored, key=lambda key: (scores[key], -key))
