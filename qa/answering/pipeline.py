"""From questions to answers: encode and search together, then rank, rerank and judge one by one.

A single question takes the same way as many, so that its answer does not depend on how it is
asked.
"""

import time
from collections.abc import Sequence
from dataclasses import replace

from qa.answering.build_answer import RankedQuestion, build_answer
from qa.answering.confidence import confidence
from qa.answering.confidence import default_weights as confidence_weights
from qa.answering.rerank import ReaderFn, rerank
from qa.answering.rerank import default_weights as reading_weights
from qa.ranking.deduplicate import deduplicate
from qa.ranking.ranker import default_weights as ranker_weights
from qa.ranking.ranker import rank
from qa.retrieval.retriever import Retriever
from qa.retrieval.statistics import CollectionMentions
from qa.types import Answer, AskOptions, Timing


def answer_questions(
    questions: Sequence[tuple[str, str]],
    retriever: Retriever,
    reader: ReaderFn,
    options: AskOptions,
) -> list[Answer]:
    """Answer questions that stand alone.

    Args:
        questions: Each as it was asked, and as it is searched for.
        retriever: The collection.
        reader: The reader.
        options: How they are asked.
    """
    started = time.perf_counter()
    parsed = [retriever.parse(text, exact_words=options.exact_words) for _, text in questions]
    texts = [question.text for question, _ in parsed]
    vectors = retriever.encode(texts, words_only=options.words_only)
    encoded = time.perf_counter()
    neighbours = retriever.nearest(vectors, options.filters)
    share = 1 / max(len(questions), 1)
    encode_seconds = (encoded - started) * share
    search_seconds = (time.perf_counter() - encoded) * share
    weights = ranker_weights(retriever.searcher.encoder_family)
    answers = []
    for (asked, _), (question, corrections), vector, near in zip(
        questions, parsed, vectors, neighbours, strict=True
    ):
        began = time.perf_counter() - search_seconds
        candidates = retriever.candidates(question, options.filters, vector, near)
        found = RankedQuestion(
            asked=asked,
            question=question,
            ranked=rank(question, candidates, retriever.statistics, weights=weights),
            mentions=CollectionMentions(retriever.searcher, options.filters),
            partial=vector is None and retriever.searcher.supports_script(question.text),
        )
        answer = answer_ranked(
            found, retriever, reader, options, began=began, encode_seconds=encode_seconds
        )
        answers.append(replace(answer, corrections=corrections))
    return answers


def answer_ranked(
    found: RankedQuestion,
    retriever: Retriever,
    reader: ReaderFn,
    options: AskOptions,
    *,
    began: float,
    encode_seconds: float,
) -> Answer:
    """Return the answer that candidates in first-stage order lead to.

    Args:
        found: The question and its candidates.
        retriever: The collection.
        reader: The reader.
        options: How the question is asked.
        began: When the search for it began, by `time.perf_counter`.
        encode_seconds: Seconds spent encoding it.
    """
    read = read_ranked(found, retriever, reader, options)
    return answer_read(read, retriever, options, began=began, encode_seconds=encode_seconds)


def read_ranked(
    found: RankedQuestion, retriever: Retriever, reader: ReaderFn, options: AskOptions
) -> RankedQuestion:
    """Return a question with its candidates in second-stage order, near-duplicates merged."""
    searcher = retriever.searcher
    ranked = deduplicate(found.ranked, searcher)
    if options.reader and not found.partial:
        leads, weights = searcher.lookups.lead_paragraphs, reading_weights(searcher.encoder_family)
        ranked = rerank(found.question, ranked, reader, leads=leads, weights=weights)
    return replace(found, ranked=ranked)


def answer_read(
    read: RankedQuestion,
    retriever: Retriever,
    options: AskOptions,
    *,
    began: float,
    encode_seconds: float,
) -> Answer:
    """Return the answer that candidates in their final order lead to; see `answer_ranked`."""
    weights = confidence_weights(retriever.searcher.encoder_family)
    probability = confidence(read.question, read.ranked, retriever.statistics, weights=weights)
    seconds = time.perf_counter() - began
    timing = Timing(encode_seconds * 1000, seconds * 1000, (encode_seconds + seconds) * 1000)
    return build_answer(read, probability, retriever.searcher, options, timing)
