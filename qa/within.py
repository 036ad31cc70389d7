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
from index.kin import NO_KIN, Kin, kin
from index.records import StoredPassage, StoredRelease
from index.searcher import Searcher
from qa.answer import Answer, ReleaseRef, Timing
from qa.assemble import Ranking, answer_from, release_ref
from qa.confidence import confidence
from qa.folding import fold
from qa.matching import Candidate
from qa.question import Question, read_question
from qa.ranking import rank
from qa.reranking import Read, rerank
from qa.retrieval import POOL, CollectionStatistics, question_terms

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Float32 = npt.NDArray[np.float32]

NOTHING_THERE = "no passage of the release meets the filters"


@dataclass(frozen=True, slots=True, eq=False)
class PreparedQuestion:
    """A question, read and encoded once.

    Attributes:
        asked: As its file has it.
        question: As it is read.
        words: Its words as they are searched for.
        vector: Its unit vector, shape (dimension,); None to search by words alone.
        filters: Which passages of a release are searched: kinds and speaker count, the rest is
            about releases.
    """

    asked: str
    question: Question
    words: tuple[str, ...]
    vector: "Float32 | None"
    filters: Filters


class ReleaseAsker:
    """Asks prepared questions of one release after another."""

    def __init__(
        self, searcher: Searcher, reader: Callable[[], Read] | None, *, risk: float | None = None
    ) -> None:
        """Ask a collection.

        Args:
            searcher: The collection.
            reader: Gives what reads, when it is first needed; None to do without.
            risk: Share of wrong answers to accept; None for the usual threshold.
        """
        self._searcher = searcher
        self._reader = reader
        self._risk = risk
        self._statistics = CollectionStatistics(searcher)
        self._kin: Mapping[int, Kin] | None = None

    def releases(self, filters: Filters) -> list[StoredRelease]:
        """Return the releases that meet `filters`, without their text, newest first."""
        return self._searcher.store.releases(filters)

    def ref(self, release: StoredRelease) -> ReleaseRef:
        """Return what is shown of a release."""
        if self._kin is None:
            self._kin = kin(self._searcher.store)
        return release_ref(release, self._kin.get(release.key, NO_KIN))

    def prepare(
        self, texts: Sequence[tuple[str, Filters]], *, words_only: bool = False
    ) -> list[PreparedQuestion]:
        """Read and encode questions, each with its filters."""
        searcher, vectors = self._searcher, None
        if texts and not words_only and searcher.prepare():
            vectors = searcher.encoder.encode([text for text, _ in texts])
        prepared = []
        for number, (text, filters) in enumerate(texts):
            question = read_question(text)
            words = tuple(question_terms(question, searcher))
            vector = None if vectors is None else vectors[number]
            prepared.append(PreparedQuestion(text, question, words, vector, filters))
        return prepared

    def ask(self, release: int, questions: Sequence[PreparedQuestion]) -> list[Answer]:
        """Answer questions from one release, its best passage alone.

        Args:
            release: Its row number; a release that is gone has no answers.
            questions: As `prepare` has returned them.
        """
        keys = {
            filters: self._searcher.passages_within(release, filters)
            for filters in {question.filters for question in questions}
        }
        whole = _Passages(self._searcher, sorted({key for found in keys.values() for key in found}))
        return [self._answer(question, whole, keys[question.filters]) for question in questions]

    def _answer(
        self, prepared: PreparedQuestion, whole: "_Passages", keys: Sequence[int]
    ) -> Answer:
        started = time.perf_counter()
        question, vector = prepared.question, prepared.vector
        candidates = whole.candidates(prepared, keys)
        ranked = fold(rank(question, candidates, self._statistics), self._searcher)
        if self._reader is not None and vector is not None:
            ranked = rerank(question, ranked, self._reader())
        sure = confidence(question, ranked, self._statistics)
        spent = (time.perf_counter() - started) * 1000
        answer = answer_from(
            Ranking(question, tuple(ranked), sure, self._statistics),
            self._searcher,
            asked=prepared.asked,
            id=None,
            k=1,
            risk=self._risk,
            explain=False,
            partial=vector is None,
            timing=Timing(0.0, spent, spent),
        )
        return answer if candidates else replace(answer, reason=NOTHING_THERE)


class _Passages:
    """The passages of a release with their vectors, read once."""

    def __init__(self, searcher: Searcher, keys: Sequence[int]) -> None:
        self._searcher = searcher
        self._stored = searcher.passages(keys)

    def candidates(self, prepared: PreparedQuestion, keys: Sequence[int]) -> list[Candidate]:
        """Return the best of given passages by meaning and by words, in the order of their keys."""
        present = [key for key in keys if key in self._stored]
        lexical = self._searcher.match_scores(prepared.words, present) if present else {}
        cosines = self._near(prepared, present)
        chosen = {
            *heapq.nlargest(POOL, lexical, key=lambda key: (lexical[key], -key)),
            *heapq.nlargest(POOL, cosines, key=lambda key: (cosines[key][0], -key)),
        }
        return [
            _candidate(self._stored[key], cosines.get(key), lexical.get(key))
            for key in sorted(chosen)
        ]

    def _near(
        self, prepared: PreparedQuestion, keys: Sequence[int]
    ) -> dict[int, tuple[float, tuple[float, ...]]]:
        """Return the cosines of a question with passages and with their sentences."""
        vector = prepared.vector
        if vector is None:
            return {}
        return self._searcher.cosines(vector, keys)


def _candidate(
    stored: StoredPassage,
    cosines: tuple[float, tuple[float, ...]] | None,
    lexical: float | None,
) -> Candidate:
    dense, of_sentences = cosines or (None, ())
    spans = stored.passage.sentences
    return Candidate(
        key=stored.key,
        text=stored.text,
        title=stored.title,
        lang=stored.lang,
        sentences=spans,
        dense=dense,
        sentence_cosines=of_sentences if len(of_sentences) == len(spans) else (),
        lexical=lexical,
        kind=stored.passage.kind,
        release=stored.release_key,
    )
