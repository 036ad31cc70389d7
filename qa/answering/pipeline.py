"""From questions to answers: encoding and vector search for all at once, the rest one by one.

A single question goes the same way as many, so that its answer does not depend on how it is
asked.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.filters import Filters
from index.search.searcher import Searcher
from qa.answering.abstention import Mentions
from qa.answering.build_answer import RankedAnswer, build_answer
from qa.answering.confidence import confidence
from qa.answering.rerank import ReaderFn, is_readable, rerank
from qa.errors import QuestionError, SettingsError
from qa.query.question import ParsedQuestion, parse_question
from qa.ranking.deduplicate import deduplicate
from qa.ranking.ranker import RankedCandidate, rank
from qa.retrieval.candidates import (
    CollectionMentions,
    CollectionStatistics,
    find_candidates,
    nearest_for_each,
    question_vectors,
)
from qa.settings import check_risk
from qa.types import Answer, Timing

MAX_QUESTION = 2_000
"""Characters; a longer text is no question."""


@dataclass(frozen=True, slots=True)
class Way:
    """How questions are asked; as for `Collection.ask`."""

    k: int
    filters: Filters
    risk: float | None
    words_only: bool
    reader: bool
    explain: bool

    def __post_init__(self) -> None:
        """Refuse what has no meaning.

        Raises:
            SettingsError: `k` or `risk` has none.
        """
        if isinstance(self.k, bool) or not isinstance(self.k, int) or self.k < 1:
            raise SettingsError(f"k is {self.k!r}; it must be a whole number of at least 1")
        if self.risk is not None:
            check_risk(self.risk, "the risk")


def validate_question(question: str) -> str:
    """Return a question without surrounding white space and unstorable characters.

    Raises:
        QuestionError: When it is no text, empty or too long.
    """
    if not isinstance(question, str):
        raise QuestionError(f"the question is not a string: {question!r:.40}")
    text = question.encode("utf-8", errors="replace").decode("utf-8").strip()
    if not any(map(str.isalnum, text)):
        raise QuestionError("the question is empty; type at least one word")
    if len(text) > MAX_QUESTION:
        raise QuestionError(
            f"the question has {len(text):,} characters; at most {MAX_QUESTION:,} can be asked"
        )
    return text


def answer_questions(
    questions: Sequence[tuple[str, str]],
    searcher: Searcher,
    reader: Callable[[], ReaderFn],
    way: Way,
) -> list[Answer]:
    """Answer questions that stand alone.

    Args:
        questions: Each as it was asked, and as it is searched for.
        searcher: The collection.
        reader: Gives the reader, where one is wanted.
        way: How they are asked.
    """
    started = time.perf_counter()
    texts = [text for _, text in questions]
    vectors = question_vectors(texts, searcher, words_only=way.words_only)
    encoded = time.perf_counter()
    near = nearest_for_each(searcher, vectors, way.filters)
    together = (time.perf_counter() - encoded) / max(len(questions), 1)
    encode = (encoded - started) / max(len(questions), 1)
    statistics = CollectionStatistics(searcher)
    found = []
    for row, (asked, text) in enumerate(questions):
        began = time.perf_counter() - together
        read = parse_question(text)
        vector = vectors[row]
        ranked = rank(
            read, find_candidates(read, searcher, way.filters, vector, near[row]), statistics
        )
        partial = vector is None and searcher.supports_script(text)
        answer = answer_ranked(
            asked, read, ranked, searcher, reader, way,
            partial=partial, began=began, encode=encode,
        )  # fmt: skip
        found.append(answer)
    return found


def answer_ranked(
    asked: str,
    read: ParsedQuestion,
    ranked: Sequence[RankedCandidate],
    searcher: Searcher,
    reader: Callable[[], ReaderFn],
    way: Way,
    *,
    partial: bool,
    began: float,
    encode: float,
    mentions: Mentions | None = None,
) -> Answer:
    """Return the answer that a list of candidates in their first order leads to.

    Args:
        asked: The question as it was asked.
        read: As it is searched for.
        ranked: What was found.
        searcher: The collection.
        reader: Gives the reader, where one is wanted.
        way: How it is asked.
        partial: As `Answer.partial`.
        began: When the search for it began, by `time.perf_counter`.
        encode: Seconds spent encoding it.
        mentions: Of what was searched; None for all that the way's filters admit.
    """
    statistics = CollectionStatistics(searcher)
    ranked = deduplicate(ranked, searcher)
    if way.reader and not partial and is_readable(read):
        ranked = rerank(read, ranked, reader(), leads=searcher.lookups.lead_paragraphs)
    sure = confidence(read, ranked, statistics)
    seconds = time.perf_counter() - began
    mentions = mentions or CollectionMentions(searcher, way.filters)
    return build_answer(
        RankedAnswer(read, tuple(ranked), sure, mentions),
        searcher,
        asked=asked,
        id=None,
        k=way.k,
        risk=way.risk,
        explain=way.explain,
        partial=partial,
        timing=Timing(encode * 1000, seconds * 1000, (encode + seconds) * 1000),
    )
