"""From a follow-up to its answer: the search knows the conversation, the rest is as for all."""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from index.searcher import Searcher
from qa.answer import Answer
from qa.answering import Way, answer_of
from qa.conversation.search import search, texts_to_encode
from qa.conversation.turns import Conversation
from qa.conversation.understanding import Understanding
from qa.question import read_question
from qa.ranking import seen_for
from qa.reranking import Read
from qa.retrieval import CollectionStatistics


def answer_follow_up(
    asked: str,
    understood: Understanding,
    conversation: Conversation,
    searcher: Searcher,
    reader: Callable[[], Read],
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
    vectors, encoded = None, started
    if not way.words_only:
        vectors = searcher.encoded(texts_to_encode(understood, conversation))
        encoded = time.perf_counter()
    known = [vector for vector in vectors or () if vector is not None]
    rows = np.stack(known) if vectors and len(known) == len(vectors) else None
    ranked = search(understood, conversation, searcher, way.filters, rows)
    judged = read_question(understood.likely)
    ranked = seen_for(judged, ranked, CollectionStatistics(searcher))
    answer = answer_of(
        asked, judged, ranked, searcher, reader, way,
        partial=vectors is None, began=encoded, encode=encoded - started,
    )  # fmt: skip
    return replace(answer, asked_as=understood.asked_as)
