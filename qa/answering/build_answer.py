"""From a ranked list to an `Answer`: the best passages with highlights, citations and a reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.search.backend import SearchBackend
from index.store.page_numbers import NO_PAGES, page_range
from index.store.related import NO_RELATED
from index.types import Span
from qa.answering.abstention import REMOVED, abstention_reason, below_risk_threshold
from qa.answering.alternatives import competing_answers, exact_words
from qa.answering.confidence import ConfidenceWeights, threshold_for
from qa.answering.confidence import default_weights as confidence_weights
from qa.answering.enumeration import list_items
from qa.answering.evidence import EvidenceWeights, find_evidence
from qa.answering.evidence import default_weights as evidence_weights
from qa.citations import citation_of
from qa.linear_model import logistic
from qa.query.question import ParsedQuestion
from qa.ranking.deduplicate import carriers
from qa.ranking.ranker import RankedCandidate
from qa.reader.prediction import FoundSpan
from qa.release_refs import release_ref
from qa.retrieval.passage_terms import term_spans
from qa.retrieval.types import Mentions
from qa.types import (
    Answer,
    AskOptions,
    Evidence,
    Highlight,
    PassageScores,
    RankedPassage,
    Timing,
)

DIGITS = 6
"""Decimals of a score: scores are shown as they are compared."""

LEAST_LOG_ODDS = -2.0
"""The reader's span is marked unless its log-odds that the passage answers are lower than this."""

LEAST_PROBABILITY = 0.15
"""In the first passage the span is also marked when it is at least this probable: the confidence
that the passage answers, times the reader's probability of the span if it does. A reader that
denies an answer that everything else supports often finds the right words all the same."""


@dataclass(frozen=True, slots=True)
class RankedQuestion:
    """A question with its candidates in order.

    Attributes:
        asked: The question as the user wrote it.
        question: The question as it was searched for.
        ranked: Best first.
        mentions: Which words stand beyond the candidates, for the abstention reason.
        partial: As `Answer.partial`.
    """

    asked: str
    question: ParsedQuestion
    ranked: Sequence[RankedCandidate]
    mentions: Mentions
    partial: bool


def build_answer(
    found: RankedQuestion,
    confidence: float,
    searcher: SearchBackend,
    options: AskOptions,
    timing: Timing,
) -> Answer:
    """Return the answer to a question.

    Args:
        found: The question and its candidates in their final order.
        confidence: Probability that the first of them answers.
        searcher: The collection they were found in.
        options: How the question was asked.
        timing: The time spent so far.
    """
    top = tuple(found.ranked[: options.k])
    stored = searcher.lookups.passages([r.candidate.key for r in top])
    releases = searcher.lookups.releases_by_key({p.release_key for p in stored.values()})
    present = {p.key for p in stored.values() if p.release_key in releases}
    complete = len(present) == len(top)  # else a release was removed just now
    top = tuple(r for r in top if r.candidate.key in present)
    related = searcher.lookups.related_releases(releases)
    pages = searcher.lookups.document_pages(releases)
    encoder = searcher.encoder_family
    marking, judging = evidence_weights(encoder), confidence_weights(encoder)
    threshold = threshold_for(found.ranked, options.risk, weights=judging)
    answered = bool(top) and complete and confidence >= threshold
    also_in = carriers([(ranked, stored[ranked.candidate.key]) for ranked in top], searcher)
    passages = []
    for place, ranked in enumerate(top, start=1):
        passage = stored[ranked.candidate.key]
        release = releases[passage.release_key]
        own = pages.get(release.key, NO_PAGES)
        sure = confidence if place == 1 else None
        passages.append(
            RankedPassage(
                rank=place,
                score=round(ranked.score, DIGITS),
                scores=_scores(ranked),
                release=release_ref(release, related.get(release.key, NO_RELATED)),
                passage_id=passage.passage_id,
                ordinal=passage.passage.ordinal,
                kind=passage.passage.kind,
                speaker=passage.passage.speaker,
                span=passage.passage.span,
                text=passage.text,
                highlights=_highlights(found.question, ranked, sure, marking if answered else None),
                also_in=also_in[place - 1],
                citation=citation_of(release.release, passage.passage, passage.text),
                explanation=ranked.explanation() if options.explain else (),
                pages=page_range(own.starts, passage.passage.span),
                scan_confidence=own.scan_confidence,
            )
        )
    exact = exact_words(0, passages[0]) if answered else None
    return Answer(
        id=None,
        question=found.asked,
        asked_as=found.question.text,
        answered=answered,
        confidence=round(confidence, DIGITS),
        reason=None if answered else _reason(found, confidence, threshold, options.risk, judging),
        evidence=_evidence(passages[0]) if answered else None,
        answer=exact,
        passages=tuple(passages),
        timing=timing,
        partial=found.partial,
        alternatives=competing_answers(found.question, top, passages) if exact else (),
        nearest=_nearest(top[0], marking) if top and not answered else None,
    )


def _reason(
    found: RankedQuestion,
    confidence: float,
    threshold: float,
    risk: float | None,
    weights: ConfidenceWeights,
) -> str:
    """Return why there is no answer at a threshold."""
    if confidence >= threshold:
        return REMOVED
    if risk is not None and confidence >= threshold_for(found.ranked, None, weights=weights):
        return below_risk_threshold(confidence, threshold, risk)
    return abstention_reason(found.question, found.ranked, found.mentions)


def _scores(ranked: RankedCandidate) -> PassageScores:
    candidate, prediction = ranked.candidate, ranked.prediction
    sentences = candidate.sentence_cosines
    return PassageScores(
        dense=_rounded(candidate.dense),
        sentence=_rounded(max(sentences) if sentences else None),
        lexical=_rounded(candidate.lexical),
        fused=round(ranked.score, DIGITS),
        reader=_rounded(logistic(prediction.log_odds)) if prediction else None,
    )


def _highlights(
    question: ParsedQuestion,
    ranked: RankedCandidate,
    sure: float | None,
    weights: EvidenceWeights | None,
) -> tuple[Highlight, ...]:
    """Return what is marked in a passage; the evidence only with weights to find it by."""
    terms = question.terms(ranked.candidate.lang)
    found = [Highlight(span, "term", 1.0) for span in term_spans(ranked.candidate.terms, terms)]
    evidence = None if weights is None else find_evidence(ranked, weights=weights)
    if evidence is not None:
        exact = _exact(ranked, evidence.span, sure)
        words = () if exact is None else _marked_words(question, ranked, exact.span)
        span = evidence.span
        if words:  # the lines of a list go on after the sentence that answers best
            span = (min(span[0], words[0][0]), max(span[1], words[-1][1]))
        score = min(1.0, max(0.0, round(evidence.score, DIGITS)))
        found.append(Highlight(span, "evidence", score))
        if exact is not None:
            probability = round(exact.probability, DIGITS)
            found += [Highlight(item, "answer", probability) for item in words]
    return tuple(sorted(found, key=lambda h: (h.span[0], -h.span[1], h.kind)))


def _exact(ranked: RankedCandidate, within: Span, sure: float | None) -> FoundSpan | None:
    """Return the reader's best span inside one sentence of the evidence, if it may be marked.

    Args:
        ranked: The passage with the reader's prediction.
        within: The evidence.
        sure: Probability that the first passage answers; None for any other passage.
    """
    if ranked.prediction is None:
        return None
    sentences = [s for s in ranked.candidate.sentences if _contains(within, s)]
    inside = (
        found
        for found in ranked.prediction.spans
        if any(_contains(sentence, found.span) for sentence in sentences)
    )
    best = next(inside, None)
    if best is None or ranked.prediction.log_odds >= LEAST_LOG_ODDS:
        return best
    return best if (sure or 0.0) * best.probability >= LEAST_PROBABILITY else None


def _marked_words(
    question: ParsedQuestion, ranked: RankedCandidate, span: Span
) -> tuple[Span, ...]:
    """Return the items of the list that the reader's span belongs to, or the span itself."""
    candidate = ranked.candidate
    if question.several is None:
        return (span,)
    items = list_items(
        question.several, question.answer_type, candidate.text, candidate.sentences, span
    )
    return items or (span,)


def _contains(outer: Span, inner: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _evidence(passage: RankedPassage) -> Evidence | None:
    for highlight in passage.highlights:
        if highlight.kind == "evidence":
            return Evidence(0, highlight.span, passage.text[slice(*highlight.span)])
    return None


def _nearest(ranked: RankedCandidate, weights: EvidenceWeights) -> Evidence | None:
    """Return the sentence that would be the evidence if the passage answered."""
    evidence = find_evidence(ranked, weights=weights)
    if evidence is None:
        return None
    return Evidence(0, evidence.span, ranked.candidate.text[slice(*evidence.span)])


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
