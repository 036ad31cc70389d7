"""A ranked list to an `Answer`: the best passages with their marks, citations and reasons."""

from dataclasses import dataclass, replace

from index.search.searcher import Searcher
from index.store.page_numbers import page_range, page_starts_of
from index.store.related import NO_RELATED, RelatedReleases, related_releases
from index.types import Span, StoredPassage, StoredRelease
from qa.answering.abstention import REMOVED, Mentions, abstention_reason, below_risk_threshold
from qa.answering.confidence import is_by_words, threshold
from qa.answering.evidence import find_evidence
from qa.answering.rerank import has_prediction, is_foreign
from qa.citations import citation_of
from qa.linear_model import logistic
from qa.query.question import ParsedQuestion
from qa.ranking.deduplicate import carriers
from qa.ranking.passage_terms import term_spans, tokenize_passage
from qa.ranking.ranker import RankedCandidate
from qa.reader.prediction import FoundSpan
from qa.types import (
    Answer,
    Evidence,
    ExactAnswer,
    Highlight,
    PassageScores,
    RankedPassage,
    ReleaseRef,
    Timing,
)

DIGITS = 6
"""Decimals of a score: what is shown is what was compared."""

LEAST_ODDS = -2.0
"""The reader's words are marked where it is not surer than this that there are none."""

LEAST_SURE = 0.15
"""In the first passage they are marked, too, where they are at least as probable: the confidence
that it answers, times the reader's that these are the words if it does. A reader that denies what
everything else speaks for often knows the words all the same."""


@dataclass(frozen=True, slots=True)
class RankedAnswer:
    """A question's candidates in their order, and how sure the first is to answer.

    Attributes:
        question: As it was searched for.
        ranked: Best first.
        confidence: That the first answers.
        mentions: Knows which words are mentioned elsewhere, for the reason of no answer.
    """

    question: ParsedQuestion
    ranked: tuple[RankedCandidate, ...]
    confidence: float
    mentions: Mentions

    def limit(self, risk: float | None) -> float:
        """Return the least confidence to answer at, at a risk if one is stated."""
        if not self.ranked:
            return threshold(risk)
        return threshold(
            risk,
            read=has_prediction(self.ranked),
            foreign=is_foreign(self.ranked[0]),
            by_words=is_by_words(self.ranked),
        )

    def why_not(self, limit: float, risk: float | None) -> str:
        """Say why there is no answer at a threshold, and at the risk that led to it if any."""
        if self.confidence >= limit:
            return REMOVED
        if risk is not None and self.confidence >= self.limit(None):
            return below_risk_threshold(self.confidence, limit, risk)
        return abstention_reason(self.question, self.ranked, self.mentions)


def build_answer(
    ranking: RankedAnswer,
    searcher: Searcher,
    *,
    asked: str,
    id: str | None,  # noqa: A002 - the field's name in question files
    k: int,
    risk: float | None,
    explain: bool,
    partial: bool,
    timing: Timing,
) -> Answer:
    """Return the answer to a question.

    Args:
        ranking: What was found.
        searcher: The collection it was found in.
        asked: The question as the user wrote it.
        id: The question's id, or None.
        k: Passages at most.
        risk: Share of wrong answers to accept, or None for the usual threshold.
        explain: Whether to add the features behind each score.
        partial: As `Answer.partial`.
        timing: Time spent so far.
    """
    top = ranking.ranked[:k]
    stored = searcher.lookups.passages([r.candidate.key for r in top])
    releases = searcher.store.releases_by_key({p.release_key for p in stored.values()})
    found = [p.key for p in stored.values() if p.release_key in releases]
    whole = len(found) == len(top)  # else a release was removed just now
    top = tuple(r for r in top if r.candidate.key in found)
    belonging = related_releases(searcher.store, releases)
    pages = page_starts_of(searcher.store, releases)
    limit = ranking.limit(risk)
    answered = bool(top) and whole and ranking.confidence >= limit
    carrying = carriers([(ranked, stored[ranked.candidate.key]) for ranked in top], searcher)
    shown = (
        _passage(place, ranked, stored[ranked.candidate.key], releases, belonging, ranking,
                 also_in, mark=answered, explain=explain)
        for place, (ranked, also_in) in enumerate(zip(top, carrying, strict=True), start=1)
    )  # fmt: skip
    passages = tuple(
        replace(passage, pages=page_range(pages.get(stored[ranked.candidate.key].release_key, ()),
                                        passage.span))
        for passage, ranked in zip(shown, top, strict=True)
    )  # fmt: skip
    return Answer(
        id=id,
        question=asked,
        asked_as=ranking.question.text,
        answered=answered,
        confidence=round(ranking.confidence, DIGITS),
        reason=None if answered else ranking.why_not(limit, risk),
        evidence=_evidence(passages) if answered else None,
        answer=_exact_answer(passages) if answered else None,
        passages=passages,
        timing=timing,
        partial=partial,
    )


def release_ref(stored: StoredRelease, belonging: RelatedReleases = NO_RELATED) -> ReleaseRef:
    """Return what is shown of a release, and which others belong to it."""
    release = stored.release
    return ReleaseRef(
        id=release.release_id,
        title=release.title,
        date=release.date,
        issuer=release.issuer,
        lang=release.lang,
        source=stored.source,
        url=release.url,
        copies=belonging.duplicates,
        replaces=belonging.replaces,
        replaced_by=belonging.replaced_by,
    )


def _passage(
    place: int,
    ranked: RankedCandidate,
    stored: StoredPassage,
    releases: dict[int, StoredRelease],
    belonging: dict[int, RelatedReleases],
    ranking: RankedAnswer,
    also_in: tuple[str, ...],
    *,
    mark: bool,
    explain: bool,
) -> RankedPassage:
    release = releases[stored.release_key]
    candidate = ranked.candidate
    sentences = candidate.sentence_cosines
    return RankedPassage(
        rank=place,
        score=round(ranked.score, DIGITS),
        scores=PassageScores(
            dense=_rounded(candidate.dense),
            sentence=_rounded(max(sentences) if sentences else None),
            lexical=_rounded(candidate.lexical),
            fused=round(ranked.score, DIGITS),
            reader=_rounded(logistic(ranked.reading.odds)) if ranked.reading else None,
        ),
        release=release_ref(release, belonging.get(release.key, NO_RELATED)),
        passage_id=stored.passage_id,
        ordinal=stored.passage.ordinal,
        kind=stored.passage.kind,
        speaker=stored.passage.speaker,
        span=stored.passage.span,
        text=stored.text,
        highlights=_highlights(
            ranking.question, ranked, ranking.confidence if place == 1 else None, mark=mark
        ),
        also_in=also_in,
        citation=citation_of(release.release, stored.passage, stored.text),
        explanation=ranked.explanation() if explain else (),
    )


def _highlights(
    question: ParsedQuestion, ranked: RankedCandidate, sure: float | None, *, mark: bool
) -> tuple[Highlight, ...]:
    candidate = ranked.candidate
    read = tokenize_passage(candidate.text, candidate.lang, candidate.sentence_spans())
    terms = question.terms(candidate.lang)
    found = [Highlight(span, "term", 1.0) for span in term_spans(read, terms)]
    evidence = find_evidence(question, ranked) if mark else None
    if evidence is not None:
        score = min(1.0, max(0.0, round(evidence.score, DIGITS)))
        found.append(Highlight(evidence.span, "evidence", score))
        exact = _exact(ranked, evidence.span, sure)
        if exact is not None:
            found.append(Highlight(exact.span, "answer", round(exact.probability, DIGITS)))
    return tuple(sorted(found, key=lambda h: (h.span[0], -h.span[1], h.kind)))


def _exact(ranked: RankedCandidate, within: Span, sure: float | None) -> FoundSpan | None:
    """Return the words the reader would answer with, among those of the evidence.

    Args:
        ranked: The passage, as it was read.
        within: The evidence.
        sure: How probable it is that the first passage answers; None for another.
    """
    if ranked.reading is None:
        return None
    inside = (
        found
        for found in ranked.reading.spans
        if within[0] <= found.span[0] and found.span[1] <= within[1]
    )
    best = next(inside, None)
    if best is None or ranked.reading.odds >= LEAST_ODDS:
        return best
    return best if (sure or 0.0) * best.probability >= LEAST_SURE else None


def _exact_answer(passages: tuple[RankedPassage, ...]) -> ExactAnswer | None:
    for highlight in passages[0].highlights:
        if highlight.kind == "answer":
            start, end = highlight.span
            return ExactAnswer(0, highlight.span, passages[0].text[start:end], highlight.score)
    return None


def _evidence(passages: tuple[RankedPassage, ...]) -> Evidence | None:
    for highlight in passages[0].highlights:
        if highlight.kind == "evidence":
            start, end = highlight.span
            return Evidence(0, highlight.span, passages[0].text[start:end])
    return None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
