"""Asks a question of each release that may answer it.

Both searches look deeper than for one answer. Of each release that they find, the best passage is
read, in the order of the first stage, up to a number of releases. An answer counts if the reader
and the confidence say so, the sentence has most of what the question asks about and the release
all of its names, and the value is of a kind that answers. The thresholds were chosen on twenty
questions and measured on twenty others (benchmarks/track.py,
docs/decisions/0032-track-reads-many-releases.md).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.filters import Filters
from index.search.backend import SearchBackend
from index.store.related import NO_RELATED
from index.text.analyzer import tokenize
from index.types import Span, StoredPassage, StoredRelease
from qa.answering.confidence import confidence
from qa.answering.confidence import default_weights as confidence_weights
from qa.answering.rerank import ReaderFn, is_readable, read_passages
from qa.answering.rerank import default_weights as reading_weights
from qa.citations import citation_of
from qa.errors import QuestionError
from qa.figures.currency import dollars_of
from qa.figures.extract import DOLLAR, ReleaseFacts, in_dollars_of
from qa.query.question import ParsedQuestion, parse_question
from qa.ranking.ranker import RankedCandidate, rank
from qa.ranking.ranker import default_weights as ranker_weights
from qa.reader.prediction import FoundSpan
from qa.release_refs import release_ref
from qa.retrieval.retriever import Retriever
from qa.tracking.rows import supported, track_rows
from qa.tracking.types import Tracked, TrackedAnswer, TrackOptions
from qa.tracking.values import (
    PEOPLE,
    Statement,
    counts_what_is_asked,
    frame_of,
    has_names,
    value_of,
)
from qa.types import ReleaseRef

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Float32 = npt.NDArray[np.float32]

DEPTH = 300
"""Passages taken from each search."""
LEAST_LOG_ODDS = 0.0
"""The reader's log-odds that the passage answers, at least."""
LEAST_CONFIDENCE = 0.65
"""The calibrated probability that the passage answers, at least, as for one answer."""
SURE_CONFIDENCE, SURE_COSINE, SURE_COVERAGE = 0.93, 0.5, 0.8
"""What an answer that stands alone needs: no other release says the same, or another value of the
same thing. The cosine is that of the question and a sentence of the passage."""
LEAST_PROBABILITY = 0.5
"""The reader's probability of the value if the passage answers, at least. Where a sentence has
several ("7.8% for Hispanics and 10.9% for African Americans"), none reaches it."""
LEAST_COVERAGE = 0.5
"""Share of the question's words, by weight, that the sentence and the headline have: more than
this."""
_MONTH = len("2023-04")


@dataclass(frozen=True, slots=True)
class _Read:
    """The best passage of a release with what the reader found, and how sure it is."""

    ranked: RankedCandidate
    confidence: float


def track(text: str, retriever: Retriever, reader: ReaderFn, options: TrackOptions) -> Tracked:
    """Return what releases answer to a question.

    Args:
        text: The question, validated.
        retriever: The collection.
        reader: The reader.
        options: How they are asked.

    Raises:
        QuestionError: When the reader does not know the script of the question.
        ReleaseIndexError: When the collection or its encoder cannot be used.
    """
    question = parse_question(text)
    if not is_readable(question, reading_weights(retriever.searcher.encoder_family)):
        raise QuestionError("track can only read questions in Latin script; use find")
    (vector,) = retriever.encode([text], words_only=options.words_only)
    groups = _passages_by_release(question, retriever, vector, options.filters)
    order = _months_in_turn(groups) if options.by_month else groups
    chosen = order[: options.releases]
    read = list(_read(question, chosen, retriever, reader))
    releases, answers = _answers(question, read, retriever.searcher)
    answers = _of_one_kind(question, answers)
    if options.by_month:
        answers = _surest_of_months(answers, releases)
    answers.sort(key=lambda answer: (releases[answer.release].date or "", answer.passage_id))
    answers = _without_copies(answers, releases, retriever.searcher)

    def origin(answer: TrackedAnswer) -> str | None:
        release = releases[answer.release]
        return release.issuer or (release.url and urlsplit(release.url).netloc) or None

    dated = [answer for answer in answers if releases[answer.release].date]
    undated = [answer for answer in answers if not releases[answer.release].date]
    rows = supported(track_rows(dated, origin))
    others = supported(track_rows(undated, origin))
    return Tracked(
        question=text,
        rows=tuple(rows),
        undated=tuple(replace(row, changed_from=None) for row in others),
        releases={
            answer.release: releases[answer.release]
            for row in (*rows, *others)
            for answer in row.answers
        },
        read=len(read),
        found=len(groups),
        by_meaning=vector is not None,
    )


def _passages_by_release(
    question: ParsedQuestion, retriever: Retriever, vector: "Float32 | None", filters: Filters
) -> list[list[RankedCandidate]]:
    """Return what both searches find, best first, in groups of one release each."""
    searcher = retriever.searcher
    terms = retriever.search_terms(question)
    lexical = dict(searcher.search_lexical(terms, DEPTH, filters))
    near = [] if vector is None else searcher.search_dense(vector, DEPTH, filters)
    keys = retriever.unique_texts(sorted({*lexical, *(key for key, _ in near)}), filters)
    candidates = retriever.describe(question, keys, vector, lexical)
    groups: dict[int | None, list[RankedCandidate]] = {}
    weights = ranker_weights(searcher.encoder_family)
    for ranked in rank(question, candidates, retriever.statistics, weights=weights):
        groups.setdefault(ranked.candidate.release, []).append(ranked)
    return list(groups.values())


def _months_in_turn(groups: Sequence[list[RankedCandidate]]) -> list[list[RankedCandidate]]:
    """Return the best release of each month, then the second best of each, and so on."""
    months: dict[str, list[list[RankedCandidate]]] = {}
    for group in groups:
        months.setdefault((group[0].candidate.date or "")[:_MONTH], []).append(group)
    turns = zip_longest(*(months[month] for month in sorted(months)))
    return [group for turn in turns for group in turn if group is not None]


def _read(
    question: ParsedQuestion,
    groups: Sequence[list[RankedCandidate]],
    retriever: Retriever,
    reader: ReaderFn,
) -> Iterator[_Read]:
    """Yield the best passage of each release, read, with its confidence.

    The confidence is that of a collection of the release's passages alone, as in a table of facts:
    other releases with other answers do not make it less sure.
    """
    leads, encoder = retriever.searcher.lookups.lead_paragraphs, retriever.searcher.encoder_family
    ranking, judging = ranker_weights(encoder), confidence_weights(encoder)
    best = read_passages(question, [group[0] for group in groups], reader, leads)
    for group, first in zip(groups, best, strict=True):
        candidates = [r.candidate for r in group]
        alone = rank(question, candidates, retriever.statistics, weights=ranking)
        ranked = sorted(alone, key=lambda r: r.candidate.key != first.candidate.key)
        ranked[0] = replace(ranked[0], prediction=first.prediction)
        yield _Read(ranked[0], confidence(question, ranked, retriever.statistics, weights=judging))


def _answers(
    question: ParsedQuestion, read: Sequence[_Read], searcher: SearchBackend
) -> tuple[dict[int, ReleaseRef], list[TrackedAnswer]]:
    """Return the releases by row number, and what they answer."""
    stored = searcher.lookups.passages([one.ranked.candidate.key for one in read])
    releases = searcher.lookups.releases_by_key({p.release_key for p in stored.values()})
    leads = searcher.lookups.lead_paragraphs(releases)
    related = searcher.lookups.related_releases(releases)
    answers = []
    for one in read:
        passage = stored.get(one.ranked.candidate.key)
        if passage is None or passage.release_key not in releases:
            continue  # removed since
        release = releases[passage.release_key]
        lead = leads.get(passage.release_key, "")
        answer = _answer(question, one, passage, release, lead)
        if answer is not None:
            answers.append(answer)
    refs = {
        key: release_ref(release, related.get(key, NO_RELATED)) for key, release in releases.items()
    }
    return refs, answers


def _answer(
    question: ParsedQuestion,
    read: _Read,
    passage: StoredPassage,
    stored: StoredRelease,
    lead: str,
) -> TrackedAnswer | None:
    """Return what a release answers; None if it does not."""
    ranked, release = read.ranked, stored.release
    prediction = ranked.prediction
    if prediction is None or not prediction.spans:
        return None
    within = _sentence_of(ranked, prediction.spans[0].span)
    names = (passage.text, release.title, release.issuer or "", lead)
    if (
        within is None
        or prediction.log_odds < LEAST_LOG_ODDS
        or read.confidence < LEAST_CONFIDENCE
        or not has_names(question, names, passage.lang)
    ):
        return None
    start, end = within
    sentence = passage.text[start:end]
    coverage = _coverage(question, ranked, (sentence, release.title))
    if coverage <= LEAST_COVERAGE or not counts_what_is_asked(question, sentence, passage.lang):
        return None
    spans = tuple(
        FoundSpan((found.span[0] - start, found.span[1] - start), found.probability)
        for found in prediction.spans
        if start <= found.span[0] and found.span[1] <= end
    )
    value = value_of(question, Statement(sentence, spans, ReleaseFacts(passage.lang, passage.date)))
    if value is None or value.probability < LEAST_PROBABILITY:
        return None
    figure = value.figure
    if figure is not None and figure.currency == DOLLAR:
        dollars = dollars_of(release.issuer, release.url, (release.title, release.text))
        figure = in_dollars_of(figure, dollars)
    begin = passage.passage.span[0] + start
    return TrackedAnswer(
        release=stored.key,
        passage_id=passage.passage_id,
        text=sentence[slice(*value.span)],
        span=(begin + value.span[0], begin + value.span[1]),
        sentence=sentence,
        sentence_span=(begin, begin + len(sentence)),
        figure=figure,
        frame=frame_of(
            question, sentence, figure.span if figure else value.span, passage.lang, release.issuer
        ),
        confidence=read.confidence,
        is_sure=read.confidence >= SURE_CONFIDENCE
        and coverage >= SURE_COVERAGE
        and max(ranked.candidate.sentence_cosines, default=1.0) >= SURE_COSINE,
        citation=citation_of(release, passage.passage, passage.text),
    )


def _sentence_of(ranked: RankedCandidate, words: Span) -> Span | None:
    """Return the sentence of a passage that has some words, if one has all of them."""
    return next(
        (s for s in ranked.candidate.sentences if s[0] <= words[0] and words[1] <= s[1]), None
    )


def _coverage(question: ParsedQuestion, ranked: RankedCandidate, texts: Sequence[str]) -> float:
    """Return the share of a question's words, by weight, that texts have between them.

    Words for people count as had, since there are many of them.
    """
    lang = ranked.candidate.lang
    has = {token.term for text in texts for token in tokenize(text, lang)}
    words = zip(question.words, question.terms(lang), strict=True)
    covered = [term in has or word.text.lower() in PEOPLE for word, term in words]
    return float(ranked.features.weights @ covered)


def _of_one_kind(question: ParsedQuestion, answers: Sequence[TrackedAnswer]) -> list[TrackedAnswer]:
    """Return the answers of one unit, where the question leaves it open.

    That is money if "how much" is answered by any, and otherwise what most answers are.
    """
    if question.answer_type not in {None, "number"}:
        return list(answers)
    units = Counter(answer.figure and answer.figure.unit for answer in answers)
    unit = next((unit for unit, _ in units.most_common(1)), None)
    if question.kind == "how much" and units["money"]:
        unit = "money"
    return [a for a in answers if (a.figure and a.figure.unit) == unit]


def _surest_of_months(
    answers: Sequence[TrackedAnswer], releases: dict[int, ReleaseRef]
) -> list[TrackedAnswer]:
    """Return the answer of each month with the highest confidence, and all undated ones."""
    best: dict[str, TrackedAnswer] = {}
    for answer in answers:
        date = releases[answer.release].date
        month = date[:_MONTH] if date else answer.passage_id
        if month not in best or answer.confidence > best[month].confidence:
            best[month] = answer
    return list(best.values())


def _without_copies(
    answers: Sequence[TrackedAnswer], releases: dict[int, ReleaseRef], searcher: SearchBackend
) -> list[TrackedAnswer]:
    """Return answers; the same sentence in copies or versions of a release is there once."""
    clusters = searcher.lookups.duplicate_clusters({answer.release for answer in answers})
    first: dict[tuple[int, str], int] = {}
    single: list[TrackedAnswer] = []
    for answer in answers:
        words = " ".join(answer.sentence.split())
        same = (clusters.get(answer.release, answer.release), words)
        if same not in first:
            first[same] = len(single)
            single.append(answer)
            continue
        kept = single[first[same]]
        copies = {*kept.also_in, releases[answer.release].id}
        single[first[same]] = replace(kept, also_in=tuple(sorted(copies)))
    return single
