"""Answers a question in its conversation.

Retrieval uses the conversation; reading and judging are as for any question, but for words that
the conversation supplied: a passage of the release it is about need not repeat them.
"""

import time
from collections.abc import Callable
from dataclasses import replace

from index.search.backend import SearchBackend
from index.text.analyzer import extract_terms
from qa.answering.build_answer import RankedQuestion
from qa.answering.pipeline import answer_read, read_ranked
from qa.answering.rerank import ReaderFn
from qa.conversation.prior import ReleasePrior, holds_all, release_prior
from qa.conversation.references import References, find_references
from qa.conversation.retrieve import rank_candidates, texts_to_encode
from qa.conversation.types import Conversation
from qa.conversation.understand import NEW_TOPIC, Understanding, understand
from qa.query.question import ParsedQuestion, parse_question
from qa.ranking.ranker import RankedCandidate, with_features_for
from qa.retrieval.passage_terms import contains_term
from qa.retrieval.retriever import Retriever
from qa.retrieval.statistics import CollectionMentions
from qa.types import Answer, AskOptions

LONG_QUESTION = 6
"""Content words from which a question may stand alone whatever it seems to refer to."""
LIKELY_RELEASE = 0.2
"""Probability from which a release is one that a conversation is about."""


def answer_in_conversation(
    asked: str,
    text: str,
    before: Conversation,
    retriever: Retriever,
    reader: ReaderFn,
    options: AskOptions,
    alone: Callable[[], Answer],
) -> Answer:
    """Answer a question that may be a follow-up.

    Some are answered both ways, and the surer answer is given: one that looks self-contained,
    but asks in words of the release the conversation is about ("When did the mill shut?"), and
    one that looks like a follow-up, but may change the topic ("How much did the bridge cost?").

    Args:
        asked: The question as it was asked.
        text: The same without white space around it.
        before: The turns before it.
        retriever: The collection.
        reader: The reader.
        options: How it is asked.
        alone: Answers it without the conversation.
    """
    question, corrections = retriever.parse(text, exact_words=options.exact_words)
    text = question.text
    understood = understand(text, before)
    searcher, references = retriever.searcher, find_references(text)
    if not (understood.stands_alone or _names_something_else(references, understood, searcher)):
        follow_up = replace(
            answer_follow_up(asked, understood, retriever, reader, options),
            corrections=corrections,
        )
        if not _may_change_topic(references):
            return follow_up
        answer = alone()
        same = answer.answered and _first_passage(answer) == _first_passage(follow_up)
        return answer if same or answer.confidence >= follow_up.confidence else follow_up
    answer = alone()
    understood = understand(text, before, leans=True)
    likely = _releases_it_may_be_about(understood, searcher)
    if not likely:
        return answer
    follow_up = replace(
        answer_follow_up(asked, understood, retriever, reader, options), corrections=corrections
    )
    found = follow_up.passages[0].release.id if follow_up.passages else None
    return follow_up if found in likely and follow_up.confidence > answer.confidence else answer


def _first_passage(answer: Answer) -> str | None:
    return answer.passages[0].passage_id if answer.passages else None


def _may_change_topic(found: References) -> bool:
    """Whether a question says enough to be about something of its own.

    A short one must refer to nothing but what it names before; a long one is about something of
    its own even with an "its" or a "those".
    """
    if len(found.content) >= LONG_QUESTION:
        return True
    refers = (found.references and not found.inner) or found.opening or found.more
    return not refers and len(found.content) > NEW_TOPIC


def _names_something_else(
    found: References, understood: Understanding, searcher: SearchBackend
) -> bool:
    """Whether a question refers to nothing and names what no release found so far holds."""
    if found.refers or len(found.content) <= NEW_TOPIC:
        return False
    names = [word.text for word in found.content if word.is_name]
    prior = release_prior(understood.conversation.turns, names, searcher)
    return bool(names and prior.shares) and not prior.named


def _releases_it_may_be_about(understood: Understanding, searcher: SearchBackend) -> set[str]:
    """Return the releases a conversation is about, if they hold what a question names."""
    question = parse_question(understood.question)
    names = [word.text for word in question.words if word.is_name or word.is_number]
    others = [word.text for word in question.words if not (word.is_name or word.is_number)]
    prior = release_prior(understood.conversation.turns, names, searcher)
    ids = set()
    for key, stored in searcher.lookups.releases_by_key(prior.named).items():
        whole = f"{stored.release.title}\n{stored.release.text}"
        held = [word for word in others if holds_all(whole, [word])]
        if prior.shares[key] >= LIKELY_RELEASE and 2 * len(held) >= len(others):
            ids.add(stored.release.release_id)
    return ids


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
    read = read_ranked(found, retriever, reader, options)
    prior = release_prior(understood.conversation.turns, (), searcher)
    judged = _without_supplied(understood, read, prior)
    read = replace(
        read,
        question=judged,
        ranked=with_features_for(judged, read.ranked, retriever.statistics),
    )
    answer = answer_read(read, retriever, options, began=encoded, encode_seconds=encoded - started)
    return replace(answer, asked_as=understood.asked_as)


def _without_supplied(
    understood: Understanding, read: RankedQuestion, prior: ReleasePrior
) -> ParsedQuestion:
    """Return a question without the words that its best passage need not hold.

    A passage of a release that the conversation is about says "the plant" of what an earlier
    question named, and so do the passages of a release that nothing speaks against.
    """
    question = read.question
    own = set(extract_terms(understood.question, question.lang))
    if not read.ranked:
        return question
    top = read.ranked[0].candidate
    if prior.shares and prior.shares.get(top.release or 0, 0.0) < LIKELY_RELEASE:
        return question
    words = tuple(w for w in question.words if w.term in own or _holds(read.ranked[0], w.text))
    return replace(question, words=words) if words else question


def _holds(ranked: RankedCandidate, word: str) -> bool:
    """Whether a passage or its headline has a word."""
    candidate = ranked.candidate
    return any(
        contains_term(vocabulary, term)
        for term in extract_terms(word, candidate.lang or "en")
        for vocabulary in (candidate.terms.vocabulary, candidate.title_terms)
    )
