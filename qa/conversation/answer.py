"""Answers a follow-up: retrieval uses the conversation, the later stages are the usual ones."""

import time
from dataclasses import replace

from qa.answering.build_answer import RankedQuestion
from qa.answering.pipeline import answer_ranked
from qa.answering.rerank import ReaderFn
from qa.conversation.retrieve import rank_candidates, texts_to_encode
from qa.conversation.understand import Understanding
from qa.query.question import parse_question
from qa.ranking.ranker import with_features_for
from qa.retrieval.retriever import Retriever
from qa.retrieval.statistics import CollectionMentions
from qa.types import Answer, AskOptions


def answer_follow_up(
    asked: str,
    understood: Understanding,
    retriever: Retriever,
    reader: ReaderFn,
    options: AskOptions,
) -> Answer:
    """Answer a question that does not stand alone.

    Args:
        asked: The question as it was asked.
        understood: What it means.
        retriever: The collection.
        reader: The reader.
        options: How it is asked.
    """
    started = time.perf_counter()
    texts = texts_to_encode(understood)
    vectors = retriever.encode(texts, words_only=options.words_only)
    encoded = time.perf_counter()
    ranked = rank_candidates(understood, retriever, options.filters, vectors)
    # Passages are judged by what the question likely means: they should not lack words that
    # were never meant.
    question = parse_question(understood.likely)
    has_vector = any(vector is not None for vector in vectors[:2])
    searcher = retriever.searcher
    found = RankedQuestion(
        asked=asked,
        question=question,
        ranked=with_features_for(question, ranked, retriever.statistics),
        mentions=CollectionMentions(searcher, options.filters),
        partial=not has_vector and any(map(searcher.supports_script, texts[:2])),
    )
    answer = answer_ranked(
        found, retriever, reader, options, began=encoded, encode_seconds=encoded - started
    )
    return replace(answer, asked_as=understood.asked_as)
