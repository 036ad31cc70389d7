"""From a follow-up to its answer: the search knows the conversation, the rest is as for all."""

import time
from collections.abc import Callable
from dataclasses import replace

from index.search.searcher import Searcher
from qa.answering.pipeline import Way, answer_ranked
from qa.answering.rerank import ReaderFn
from qa.conversation.retrieve import rank_candidates, texts_to_encode
from qa.conversation.types import Conversation
from qa.conversation.understand import Understanding
from qa.query.question import parse_question
from qa.ranking.ranker import with_features_for
from qa.retrieval.candidates import CollectionStatistics, question_vectors
from qa.types import Answer


def answer_follow_up(
    asked: str,
    understood: Understanding,
    conversation: Conversation,
    searcher: Searcher,
    reader: Callable[[], ReaderFn],
    way: Way,
) -> Answer:
    """Answer a question that does not stand alone.

    Args:
        asked: The question as it was asked.
        understood: What it means.
        conversation: The turns before it.
        searcher: The collection.
        reader: Gives the reader, where one is wanted.
        way: How it is asked.
    """
    started = time.perf_counter()
    texts = texts_to_encode(understood, conversation)
    vectors = question_vectors(texts, searcher, words_only=way.words_only)
    encoded = time.perf_counter()
    ranked = rank_candidates(understood, conversation, searcher, way.filters, vectors)
    judged = parse_question(understood.likely)
    ranked = with_features_for(judged, ranked, CollectionStatistics(searcher))
    has_meaning = any(vector is not None for vector in vectors[:2])
    partial = not has_meaning and any(map(searcher.supports_script, texts[:2]))
    answer = answer_ranked(
        asked, judged, ranked, searcher, reader, way,
        partial=partial, began=encoded, encode=encoded - started,
    )  # fmt: skip
    return replace(answer, asked_as=understood.asked_as)
