"""A second order of the best candidates, once the reader has read them.

The first order decides what is worth reading; the reader, which sees question and passage
together, then has its say. Its score joins the first order's in a linear model fitted like
the ranker's (`ranking` in reading.json), on articles the reader never saw. Passages it did not
read keep their order among themselves and count as read without finding anything.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from index.text.analyzer import fold
from index.text.language import is_latin
from index.types import Span
from qa.answering.reader_input import Leads, reader_inputs, reading_start
from qa.linear_model import Floats, LinearModel, logistic, packaged
from qa.query.answer_type import answer_spans
from qa.query.question import ParsedQuestion
from qa.ranking.passage_terms import folded
from qa.ranking.query_features import QUERY_FEATURES
from qa.ranking.ranker import RankedCandidate
from qa.reader.prediction import ReaderInput, ReaderPrediction

READER_FEATURES = ("margin", "odds", "odds_gap", "answers", "span", "offers", "agrees")
"""`margin`: of the first order, against its best. `odds`: the reader's log-odds, in tens.
`odds_gap`: against the highest of those read. `answers`: the same as a probability. `span`: how
sure the reader is of its words. `answer_spans`: they are of the kind asked for. `agrees`: how many of
the other passages give the same words, up to 3, in thirds."""

_EXPLAINED = tuple(f"read {name}" for name in READER_FEATURES)
CONTEXT_FEATURES = (*QUERY_FEATURES, "foreign", "best_odds", "second_odds")
"""What the weights may depend on; `foreign` is 1 for a question that is not in English, which
the reader learnt least of."""

DEPTH = 8
"""Passages read at most, in order of promise."""

CLIP = 12.0
"""Log-odds beyond this say no more."""

UNREAD = -6.0
"""Log-odds a passage counts with that was not read: those of a passage that does not answer."""

ReaderFn = Callable[[str, Sequence[ReaderInput]], Sequence[ReaderPrediction]]


@dataclass(frozen=True, slots=True)
class RerankWeights:
    """The model that scores what was read.

    Attributes:
        model: Over READ_FEATURES, with products by CONTEXT_FEATURES.
        decisive: A passage this far below the best, in margins of the first order, is not read.
    """

    model: LinearModel
    decisive: float


@lru_cache(maxsize=1)
def default_weights() -> RerankWeights:
    """Return the weights that ship with the package."""
    data = packaged("reading.json")["ranking"]
    return RerankWeights(LinearModel.from_json(data), float(data["decisive"]))


@dataclass(frozen=True, slots=True)
class ReaderScores:
    """Candidates with what the reader found in them, and the features of both.

    Attributes:
        ranked: In the first order, each with its reading where it was read.
        values: Shape (ranked, READ_FEATURES).
        context: By the names of CONTEXT_FEATURES.
    """

    ranked: tuple[RankedCandidate, ...]
    values: Floats
    context: dict[str, float]


def rerank(
    question: ParsedQuestion,
    ranked: Sequence[RankedCandidate],
    read: ReaderFn,
    *,
    leads: Leads | None = None,
    weights: RerankWeights | None = None,
) -> list[RankedCandidate]:
    """Read the best candidates and order all anew, best first.

    Args:
        question: The question.
        ranked: In the first order.
        read: The reader.
        leads: Gives the first paragraphs of releases; None where passages are all there is.
        weights: Another model than the packaged one.
    """
    if not is_readable(question):
        return list(ranked)
    if not ranked:
        return []
    chosen = weights or default_weights()
    seen = score_with_reader(question, ranked, read, chosen.decisive, leads)
    effective = chosen.model.effective(READER_FEATURES, seen.context)
    margins = np.round(seen.values @ effective + chosen.model.intercept, 9)
    # By its date a passage has stood back in the first order; the reader may think better of it.
    margins -= np.array([r.formal for r in seen.ranked])
    order = sorted(range(len(ranked)), key=lambda i: (-margins[i], i))
    return [
        replace(
            seen.ranked[i],
            score=logistic(float(margins[i])),
            margin=float(margins[i]),
            read=tuple(zip(_EXPLAINED, seen.values[i].tolist(), strict=True)),
        )
        for i in order
    ]


def is_readable(question: ParsedQuestion) -> bool:
    """Whether there are exact words to find, and the reader knows the letters of the question.

    A headline or a list of words asks for none. Of scripts other than Latin it knows single
    letters, no words: what it says of them is worse than nothing (xquad-ar: AUROC .92 with it, .95
    without).
    """
    return question.kind != "topic" and is_latin(question.text)


def score_with_reader(
    question: ParsedQuestion,
    ranked: Sequence[RankedCandidate],
    read: ReaderFn,
    decisive: float,
    leads: Leads | None = None,
) -> ReaderScores:
    """Read the candidates that may win, and return what is known of all then."""
    chosen = [r for r in ranked[:DEPTH] if ranked[0].margin - r.margin <= decisive]
    readings = read(question.text, reader_inputs(question, [r.candidate for r in chosen], leads))
    done = [
        replace(r, reading=_in_its_text(question, r.candidate.text, reading))
        for r, reading in zip(chosen, readings, strict=True)
    ]
    whole = (*done, *ranked[len(chosen) :])
    return ReaderScores(whole, _values(question, whole), _context(question, whole))


def _in_its_text(
    question: ParsedQuestion, text: str, reading: ReaderPrediction
) -> ReaderPrediction:
    """Return a reading with its places in the whole text, the kind asked for considered."""
    start = reading_start(question, text)
    moved = tuple(
        replace(found, span=(found.span[0] + start, found.span[1] + start))
        for found in reading.spans
    )
    return of_the_kind(question, text, replace(reading, spans=moved))


def of_the_kind(question: ParsedQuestion, text: str, reading: ReaderPrediction) -> ReaderPrediction:
    """Put the most probable span of the kind asked for first, unless another is far likelier."""
    if question.expects is None or not reading.spans:
        return reading
    found = [span for span, _ in answer_spans(text, question.expects)]
    weighed = sorted(
        reading.spans,
        key=lambda s: (-s.probability * (KIND_COUNTS if _meets(s.span, found) else 1.0), s.span),
    )
    return replace(reading, spans=tuple(weighed))


KIND_COUNTS = 1.5
"""How many times as probable a span of the kind asked for is than the reader thinks."""


def _meets(span: Span, found: Sequence[Span]) -> bool:
    return any(start < span[1] and end > span[0] for start, end in found)


def _values(question: ParsedQuestion, ranked: Sequence[RankedCandidate]) -> Floats:
    odds = np.array([_odds(r) for r in ranked])
    margins = np.array([r.margin for r in ranked])
    columns = {
        "margin": np.maximum(margins - margins.max(), -15.0),
        "odds": odds / 10,
        "odds_gap": (odds - odds.max()) / 10,
        "answers": np.array([logistic(value) for value in odds]),
        "span": np.array([_sure(r) for r in ranked]),
        "offers": np.array([_offers(question, r) for r in ranked]),
        "agrees": np.minimum(_agreement(ranked), 3) / 3,
    }
    return np.column_stack([columns[name] for name in READER_FEATURES])


def _context(question: ParsedQuestion, ranked: Sequence[RankedCandidate]) -> dict[str, float]:
    seen = ranked[0].seen
    odds = sorted((_odds(r) for r in ranked), reverse=True)
    found = dict(zip(QUERY_FEATURES, seen.whole.tolist(), strict=True))
    found["foreign"] = float(question.lang != "en")
    found["best_odds"] = odds[0] / 10
    found["second_odds"] = (odds[1] if len(odds) > 1 else UNREAD) / 10
    return found


def _odds(ranked: RankedCandidate) -> float:
    value = ranked.reading.odds if ranked.reading else UNREAD
    return float(np.clip(value, -CLIP, CLIP))


def _sure(ranked: RankedCandidate) -> float:
    spans = ranked.reading.spans if ranked.reading else ()
    return spans[0].probability if spans else 0.0


def _offers(question: ParsedQuestion, ranked: RankedCandidate) -> float:
    spans = ranked.reading.spans if ranked.reading else ()
    if question.expects is None or not spans:
        return 0.0
    found = [span for span, _ in answer_spans(ranked.candidate.text, question.expects)]
    return float(_meets(spans[0].span, found))


def predicted_words(ranked: RankedCandidate) -> str | None:
    """Return the words the reader would answer with, compared forms; None if it did not read."""
    if ranked.reading is None or not ranked.reading.spans:
        return None
    start, end = ranked.reading.spans[0].span
    return " ".join(fold(ranked.candidate.text[start:end]).split())


def _agreement(ranked: Sequence[RankedCandidate]) -> Floats:
    """Return how many other promising passages give each passage's words, shape (ranked,)."""
    words = [predicted_words(r) if _odds(r) > 0 else None for r in ranked]
    texts = [folded(r.candidate.text) for r in ranked[:DEPTH]]
    counts = np.zeros(len(ranked))
    for i in range(len(texts)):
        counts[i] = sum(
            words[j] == words[i] and texts[j] != texts[i]
            for j in range(len(texts))
            if words[i] and j != i
        )
    return counts


def has_prediction(ranked: Sequence[RankedCandidate]) -> bool:
    """Whether the reader read any of a list."""
    return any(r.reading is not None for r in ranked)


def is_foreign(ranked: RankedCandidate) -> bool:
    """Whether a passage is not in English, of which the reader learnt least."""
    return (ranked.candidate.lang or "en") != "en"


def reader_features(ranked: Sequence[RankedCandidate]) -> dict[str, float]:
    """Return what the confidence model sees of the readings of a list of at least one passage.

    A copy of the top passage is no rival of it, and another passage with the same words agrees.
    What it says of a passage that is not in English counts apart: it knows less of it.
    """
    top, words = ranked[0], folded(ranked[0].candidate.text)
    rivals = [r for r in ranked[1:] if r.reading and folded(r.candidate.text) != words]
    others = [r for r in rivals if predicted_words(r) != predicted_words(top)]
    best = max((_odds(r) for r in others), default=UNREAD)
    odds = _odds(top)
    foreign = float(is_foreign(top))
    return {
        "read foreign": foreign,
        "read foreign odds": foreign * odds / 10,
        "read foreign words": foreign * logistic(odds) * _sure(top),
        "read odds": odds / 10,
        "read answers": logistic(odds),
        "read span": _sure(top),
        "read words": logistic(odds) * _sure(top),
        "read other odds": best / 10,
        "read lead": float(np.clip(odds - best, -CLIP, CLIP)) / 10,
        "read agrees": min(len(rivals) - len(others), 3) / 3 if odds > 0 else 0.0,
        "read mean odds": float(np.mean([_odds(r) for r in ranked if r.reading])) / 10,
    }
