"""Reranking: the reader reads the best candidates, and its score joins the first stage's.

The first stage decides what is worth reading. The reader sees question and passage together; a
linear model (`ranking` in reading.json), fitted on articles the reader never saw, weighs its
score and the first-stage margin. Passages that were not read keep their order among themselves
and count as read without an answer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from index.structure.headline.line_types import opening_dateline_end
from index.text.analyzer import fold
from index.text.language import is_latin
from index.types import Span, overlap
from qa.linear_model import Floats, LinearModel, logistic
from qa.packaged_data import packaged
from qa.query.answer_type import answer_spans
from qa.query.dates import spell_date
from qa.query.question import ParsedQuestion
from qa.ranking.query_features import QUERY_FEATURES
from qa.ranking.ranker import RankedCandidate
from qa.reader.prediction import ReaderInput, ReaderPrediction
from qa.retrieval.types import Candidate

READER_FEATURES = ("margin", "odds", "odds_gap", "answers", "span", "offers", "agrees")
"""`margin`: of the first stage, against its best. `odds`: the reader's log-odds, in tens.
`odds_gap`: against the highest of those read. `answers`: the same as a probability. `span`: how
sure the reader is of its span. `offers`: the span is of the type asked for. `agrees`: how many of
the other passages give the same words, up to 3, in thirds."""

_EXPLAINED = tuple(f"read {name}" for name in READER_FEATURES)
CONTEXT_FEATURES = (*QUERY_FEATURES, "foreign", "best_odds", "second_odds")
"""What the weights may depend on; `foreign` is 1 for a question that is not in English, which
the packaged reader learnt least of."""

ROUNDS = (4, 8, 16)
"""Passages read by the end of each round, in their first-stage order."""

SETTLED = 6.0
"""No further round is read once a passage answers with these log-odds."""

DENIED = 0.0
"""The last round is read only if no passage answers with these log-odds."""

CLIP = 12.0
"""Log-odds beyond this say no more."""

UNREAD = -6.0
"""Log-odds of a passage that was not read: those of a passage that does not answer."""

TYPE_BONUS = 1.5
"""How many times as probable a span of the type asked for is than the reader thinks."""

_SAME_LEAD = 60
"""Characters by which a passage is recognised as the lead itself."""

ReaderFn = Callable[[str, Sequence[ReaderInput]], Sequence[ReaderPrediction]]
"""Reads passages for a question: one prediction for each."""

Leads = Callable[[Iterable[int]], Mapping[int, str]]
"""Returns the first paragraphs of releases, by row number."""


@dataclass(frozen=True, slots=True)
class RerankWeights:
    """The model that scores what was read.

    Attributes:
        model: Over READER_FEATURES, with products by CONTEXT_FEATURES.
        decisive: A passage this far below the best, in first-stage margins, is not read.
        multilingual: Whether the reader knows other languages as well as English.
    """

    model: LinearModel
    decisive: float
    multilingual: bool = False


@cache
def default_weights(encoder: str = "") -> RerankWeights:
    """Return the weights that ship with the package, for the reader of an encoder family."""
    data = packaged("reading.json", encoder)["ranking"]
    model = LinearModel.from_json(data)
    return RerankWeights(model, float(data["decisive"]), multilingual=bool(encoder))


@dataclass(frozen=True, slots=True)
class ReaderScores:
    """Candidates with what the reader found in them, and the features of both.

    Attributes:
        ranked: In first-stage order, with a prediction where the passage was read.
        values: Shape (ranked, READER_FEATURES).
        context: By the names of CONTEXT_FEATURES.
    """

    ranked: tuple[RankedCandidate, ...]
    values: Floats
    context: dict[str, float]


def is_readable(question: ParsedQuestion, weights: RerankWeights | None = None) -> bool:
    """Whether the reader knows the script of the question.

    Of other scripts than Latin the packaged reader knows single letters and no words: its scores
    make answers worse (xquad-ar: AUROC .92 with it, .95 without).

    Args:
        question: The question.
        weights: Another model than the packaged one.
    """
    return (weights or default_weights()).multilingual or is_latin(question.text)


def rerank(
    question: ParsedQuestion,
    ranked: Sequence[RankedCandidate],
    reader: ReaderFn,
    *,
    leads: Leads | None = None,
    weights: RerankWeights | None = None,
) -> list[RankedCandidate]:
    """Read the best candidates and order all anew, best first.

    Args:
        question: The question; one that is not readable keeps its order, and so does a topic that
            no passage answers: keywords may ask for a fact or for everything on a subject.
        ranked: In first-stage order.
        reader: The reader, called only when there is something to read.
        leads: Gives the first paragraphs of releases; None where passages are all there is.
        weights: Another model than the packaged one.
    """
    chosen = weights or default_weights()
    if not ranked or not is_readable(question, chosen):
        return list(ranked)
    scores = score_with_reader(question, ranked, reader, chosen.decisive, leads)
    if question.kind == "topic" and scores.context["best_odds"] < DENIED:
        return list(ranked)
    effective = chosen.model.effective(READER_FEATURES, scores.context)
    margins = np.round(scores.values @ effective + chosen.model.intercept, 9)
    # The date penalty is part of the first-stage margin only; the reader may overrule it.
    margins -= np.array([r.boilerplate_penalty for r in scores.ranked])
    order = sorted(range(len(ranked)), key=lambda i: (-margins[i], i))
    return [
        replace(
            scores.ranked[i],
            score=logistic(float(margins[i])),
            margin=float(margins[i]),
            reader_features=tuple(zip(_EXPLAINED, scores.values[i].tolist(), strict=True)),
        )
        for i in order
    ]


def score_with_reader(
    question: ParsedQuestion,
    ranked: Sequence[RankedCandidate],
    reader: ReaderFn,
    decisive: float,
    leads: Leads | None = None,
) -> ReaderScores:
    """Read the candidates that may win, and return what is known of all then.

    They are read in rounds. Most answers are found in the first; where nothing answers in the
    first two, the paragraph may be one that shares few words with the question, further down.
    """
    able = [r for r in ranked[: ROUNDS[-1]] if ranked[0].margin - r.margin <= decisive]
    done: list[RankedCandidate] = []
    for end in ROUNDS:
        best = max((_log_odds(r) for r in done), default=UNREAD)
        if best >= SETTLED or (end == ROUNDS[-1] and best >= DENIED):
            break
        chosen = able[len(done) : end]
        if not chosen:
            break
        done += read_passages(question, chosen, reader, leads)
    whole = (*done, *ranked[len(done) :])
    return ReaderScores(whole, _values(question, whole), _context(question, whole))


def read_passages(
    question: ParsedQuestion,
    chosen: Sequence[RankedCandidate],
    reader: ReaderFn,
    leads: Leads | None = None,
) -> list[RankedCandidate]:
    """Return passages with what the reader finds in each, in the same order.

    Arguments as for `rerank`.
    """
    inputs = reader_inputs(question, [r.candidate for r in chosen], leads)
    return [
        replace(r, prediction=_in_whole_text(question, r.candidate.text, prediction))
        for r, prediction in zip(chosen, reader(question.text, inputs), strict=True)
    ]


def reader_inputs(
    question: ParsedQuestion, candidates: Sequence[Candidate], leads: Leads | None = None
) -> list[ReaderInput]:
    """Return what the reader reads of each passage.

    Args:
        question: The question.
        candidates: The passages.
        leads: Gives the first paragraphs of releases; None where passages are all there is.
    """
    releases = {c.release for c in candidates if c.release is not None}
    known = leads(releases) if leads is not None else {}
    return [
        _reader_input(
            candidate,
            reading_start(question, candidate.text),
            dated=bool(question.dates),
            lead="" if candidate.release is None else known.get(candidate.release, ""),
        )
        for candidate in candidates
    ]


def _reader_input(candidate: Candidate, start: int, *, dated: bool, lead: str) -> ReaderInput:
    """Return a passage from `start` on, below the date, the headline and the lead.

    The date is given where the question names one: a reader that learnt to tell 2019 from 2020
    denies that "as of November 26" answers a question for that day of 2020. The lead is given
    because later paragraphs say "the project" and "he" of what it names.
    """
    spans = [(max(0, a - start), max(0, b - start)) for a, b in candidate.sentences]
    parts = [] if fold(candidate.title) in candidate.terms.folded else [candidate.title]
    if lead and not candidate.text.startswith(lead[:_SAME_LEAD]):
        parts.append(lead)
    above = ". ".join(parts)
    if dated and candidate.date is not None:
        above = f"{spell_date(candidate.date, candidate.lang)}: {above}".removesuffix(": ")
    return ReaderInput(candidate.text[start:], spans, above, candidate.lang or "en")


def reading_start(question: ParsedQuestion, text: str) -> int:
    """Return where in a passage the reader begins.

    A dateline says where and when a release was issued; the reader, which learnt from
    encyclopaedias, would take that for when something happened.
    """
    if question.answer_type != "date" or question.intent.publication:
        return 0
    return opening_dateline_end(text)


def _in_whole_text(
    question: ParsedQuestion, text: str, prediction: ReaderPrediction
) -> ReaderPrediction:
    """Return a prediction with spans into the whole text, the type asked for considered."""
    start = reading_start(question, text)
    moved = tuple(
        replace(found, span=(found.span[0] + start, found.span[1] + start))
        for found in prediction.spans
    )
    return prefer_answer_type(question, text, replace(prediction, spans=moved))


def prefer_answer_type(
    question: ParsedQuestion, text: str, prediction: ReaderPrediction
) -> ReaderPrediction:
    """Put the most probable span of the type asked for first, unless another is far likelier."""
    if question.answer_type is None or not prediction.spans:
        return prediction
    found = [span for span, _ in answer_spans(text, question.answer_type)]
    weighed = sorted(
        prediction.spans,
        key=lambda s: (-s.probability * (TYPE_BONUS if _meets(s.span, found) else 1.0), s.span),
    )
    return replace(prediction, spans=tuple(weighed))


def _meets(span: Span, found: Sequence[Span]) -> bool:
    return any(overlap(span, other) for other in found)


def _values(question: ParsedQuestion, ranked: Sequence[RankedCandidate]) -> Floats:
    odds = np.array([_log_odds(r) for r in ranked])
    margins = np.array([r.margin for r in ranked])
    columns = {
        "margin": np.maximum(margins - margins.max(), -15.0),
        "odds": odds / 10,
        "odds_gap": (odds - odds.max()) / 10,
        "answers": np.array([logistic(value) for value in odds]),
        "span": np.array([_span_probability(r) for r in ranked]),
        "offers": np.array([_is_of_type(question, r) for r in ranked]),
        "agrees": np.minimum(_agreement(ranked), 3) / 3,
    }
    return np.column_stack([columns[name] for name in READER_FEATURES])


def _context(question: ParsedQuestion, ranked: Sequence[RankedCandidate]) -> dict[str, float]:
    odds = sorted((_log_odds(r) for r in ranked), reverse=True)
    context = dict(zip(QUERY_FEATURES, ranked[0].features.query.tolist(), strict=True))
    context["foreign"] = float(question.lang != "en")
    context["best_odds"] = odds[0] / 10
    context["second_odds"] = (odds[1] if len(odds) > 1 else UNREAD) / 10
    return context


def _log_odds(ranked: RankedCandidate) -> float:
    value = ranked.prediction.log_odds if ranked.prediction else UNREAD
    return float(np.clip(value, -CLIP, CLIP))


def _span_probability(ranked: RankedCandidate) -> float:
    spans = ranked.prediction.spans if ranked.prediction else ()
    return spans[0].probability if spans else 0.0


def _second_probability(ranked: RankedCandidate) -> float:
    """Return the probability of the best span that shares no letter with the first."""
    spans = ranked.prediction.spans if ranked.prediction else ()
    return next(
        (other.probability for other in spans if not _meets(other.span, [spans[0].span])), 0.0
    )


def _is_of_type(question: ParsedQuestion, ranked: RankedCandidate) -> float:
    spans = ranked.prediction.spans if ranked.prediction else ()
    if question.answer_type is None or not spans:
        return 0.0
    found = [span for span, _ in answer_spans(ranked.candidate.text, question.answer_type)]
    return float(_meets(spans[0].span, found))


def predicted_span(ranked: RankedCandidate) -> Span | None:
    """Return where in a passage the reader sees the answer; None if it did not read."""
    if ranked.prediction is None or not ranked.prediction.spans:
        return None
    return ranked.prediction.spans[0].span


def predicted_words(ranked: RankedCandidate) -> str | None:
    """Return the folded words the reader would answer with; None if it did not read."""
    span = predicted_span(ranked)
    return None if span is None else " ".join(fold(ranked.candidate.text[slice(*span)]).split())


def _agreement(ranked: Sequence[RankedCandidate]) -> Floats:
    """Return how many other promising passages give each passage's words, shape (ranked,)."""
    words = [predicted_words(r) if _log_odds(r) > 0 else None for r in ranked]
    texts = [r.candidate.terms.folded for r in ranked[: ROUNDS[-1]]]
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
    return any(r.prediction is not None for r in ranked)


def is_foreign(ranked: RankedCandidate) -> bool:
    """Whether a passage is not in English, of which the packaged reader learnt least."""
    return (ranked.candidate.lang or "en") != "en"


def reader_features(ranked: Sequence[RankedCandidate]) -> dict[str, float]:
    """Return the confidence model's features of the predictions of a list, at least one passage.

    A copy of the top passage is no rival of it, and another passage with the same words agrees.
    Passages that are not in English have features of their own: readers know less of them.
    """
    top = ranked[0]
    text = top.candidate.terms.folded
    rivals = [r for r in ranked[1:] if r.prediction and r.candidate.terms.folded != text]
    others = [r for r in rivals if predicted_words(r) != predicted_words(top)]
    best = max((_log_odds(r) for r in others), default=UNREAD)
    odds = _log_odds(top)
    foreign = float(is_foreign(top))
    return {
        "read foreign": foreign,
        "read foreign odds": foreign * odds / 10,
        "read foreign words": foreign * logistic(odds) * _span_probability(top),
        "read odds": odds / 10,
        "read answers": logistic(odds),
        "read span": _span_probability(top),
        "read words": logistic(odds) * _span_probability(top),
        "read second words": _second_probability(top),
        "read type": dict(top.reader_features).get("read offers", 0.0),
        "read other odds": best / 10,
        "read lead": float(np.clip(odds - best, -CLIP, CLIP)) / 10,
        "read agrees": min(len(rivals) - len(others), 3) / 3 if odds > 0 else 0.0,
        "read mean odds": float(np.mean([_log_odds(r) for r in ranked if r.prediction])) / 10,
    }
