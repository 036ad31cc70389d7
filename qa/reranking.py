"""A second order of the best candidates, once the reader has read them.

The first order decides what is worth reading; the reader, which sees question and passage
together, then has its say. Its score joins the first order's in a linear model fitted like
the ranker's (`ranking` in reading.json), on articles the reader never saw. Passages it did not
read keep their order among themselves and count as read without finding anything.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from index.analysis import fold
from index.records import Span
from index.structure.head import opening
from qa.answer_types import offers
from qa.features import LIST_FEATURES
from qa.formality import handicaps
from qa.matching import Candidate
from qa.model import Floats, LinearModel, logistic, packaged
from qa.question import Question
from qa.ranking import Ranked
from qa.reader.reading import Page, Reading
from qa.reading import folded

READ_FEATURES = ("margin", "odds", "odds_gap", "answers", "span", "offers", "agrees")
"""`margin`: of the first order, against its best. `odds`: the reader's log-odds, in tens.
`odds_gap`: against the highest of those read. `answers`: the same as a probability. `span`: how
sure the reader is of its words. `offers`: they are of the kind asked for. `agrees`: how many of
the other passages give the same words, up to 3, in thirds."""

CONTEXT_FEATURES = (*LIST_FEATURES, "foreign", "best_odds", "second_odds")
"""What the weights may depend on; `foreign` is 1 for a question that is not in English, which
the reader learnt least of."""

DEPTH = 8
"""Passages read at most, in order of promise."""

CLIP = 12.0
"""Log-odds beyond this say no more."""

UNREAD = -6.0
"""Log-odds a passage counts with that was not read: those of a passage that does not answer."""

Read = Callable[[str, Sequence[Page]], Sequence[Reading]]


@dataclass(frozen=True, slots=True)
class RereadWeights:
    """The model that scores what was read.

    Attributes:
        model: Over READ_FEATURES, with products by CONTEXT_FEATURES.
        decisive: A passage this far below the best, in margins of the first order, is not read.
    """

    model: LinearModel
    decisive: float


@lru_cache(maxsize=1)
def default_weights() -> RereadWeights:
    """Return the weights that ship with the package."""
    data = packaged("reading.json")["ranking"]
    return RereadWeights(LinearModel.from_json(data), float(data["decisive"]))


@dataclass(frozen=True, slots=True)
class ReadList:
    """Candidates with what the reader found in them, and the features of both.

    Attributes:
        ranked: In the first order, each with its reading where it was read.
        values: Shape (ranked, READ_FEATURES).
        context: By the names of CONTEXT_FEATURES.
    """

    ranked: tuple[Ranked, ...]
    values: Floats
    context: dict[str, float]


def rerank(
    question: Question,
    ranked: Sequence[Ranked],
    read: Read,
    *,
    weights: RereadWeights | None = None,
) -> list[Ranked]:
    """Read the best candidates and order all anew, best first.

    Args:
        question: The question.
        ranked: In the first order.
        read: The reader.
        weights: Another model than the packaged one.
    """
    if not is_readable(question):
        return list(ranked)
    if not ranked:
        return []
    chosen = weights or default_weights()
    seen = read_list(question, ranked, read, chosen.decisive)
    effective = chosen.model.effective(READ_FEATURES, seen.context)
    margins = np.round(seen.values @ effective + chosen.model.intercept, 9)
    margins -= np.array(handicaps(question, [r.candidate for r in seen.ranked]))
    order = sorted(range(len(ranked)), key=lambda i: (-margins[i], i))
    return [
        replace(seen.ranked[i], score=logistic(float(margins[i])), margin=float(margins[i]))
        for i in order
    ]


def is_readable(question: Question) -> bool:
    """Whether there are exact words to find: a headline or a list of words asks for none."""
    return question.kind != "topic"


def read_list(
    question: Question, ranked: Sequence[Ranked], read: Read, decisive: float
) -> ReadList:
    """Read the candidates that may win, and return what is known of all then."""
    chosen = [r for r in ranked[:DEPTH] if ranked[0].margin - r.margin <= decisive]
    starts = [_read_from(question, r.candidate.text) for r in chosen]
    pages = [page_of(r.candidate, start) for r, start in zip(chosen, starts, strict=True)]
    readings = read(question.text, pages)
    done = [
        replace(r, reading=_in_its_text(question, r.candidate.text, reading))
        for r, reading in zip(chosen, readings, strict=True)
    ]
    whole = (*done, *ranked[len(chosen) :])
    return ReadList(whole, _values(question, whole), _context(question, whole))


def page_of(candidate: Candidate, start: int = 0) -> Page:
    """Return what the reader is given of a passage from a place of its text on."""
    spans = [(max(0, a - start), max(0, b - start)) for a, b in candidate.sentence_spans()]
    title = "" if folded(candidate.title) in folded(candidate.text) else candidate.title
    return Page(candidate.text[start:], spans, title)


def _in_its_text(question: Question, text: str, reading: Reading) -> Reading:
    """Return a reading with its places in the whole text, the kind asked for considered."""
    start = _read_from(question, text)
    moved = tuple(
        replace(found, span=(found.span[0] + start, found.span[1] + start))
        for found in reading.spans
    )
    return of_the_kind(question, text, replace(reading, spans=moved))


def _read_from(question: Question, text: str) -> int:
    """Return where the reader begins.

    The place and the date that open a release say where and when it went out, and a reader that
    learnt from encyclopaedias takes them for when it happened.
    """
    if question.expects != "date" or _WENT_OUT.search(fold(question.text)):
        return 0
    return opening(text)


_WENT_OUT = re.compile(r"\b(?:announc|releas|publish|issue|dated|annonc|publi|diffus)")
"""What a release does on the day of its dateline."""


def of_the_kind(question: Question, text: str, reading: Reading) -> Reading:
    """Put the most probable span of the kind asked for first, unless another is far likelier."""
    if question.expects is None or not reading.spans:
        return reading
    found = [span for span, _ in offers(text, question.expects)]
    weighed = sorted(
        reading.spans,
        key=lambda s: (-s.probability * (KIND_COUNTS if _meets(s.span, found) else 1.0), s.span),
    )
    return replace(reading, spans=tuple(weighed))


KIND_COUNTS = 1.5
"""How many times as probable a span of the kind asked for is than the reader thinks."""


def _meets(span: Span, found: Sequence[Span]) -> bool:
    return any(start < span[1] and end > span[0] for start, end in found)


def _values(question: Question, ranked: Sequence[Ranked]) -> Floats:
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
    return np.column_stack([columns[name] for name in READ_FEATURES])


def _context(question: Question, ranked: Sequence[Ranked]) -> dict[str, float]:
    seen = ranked[0].seen
    odds = sorted((_odds(r) for r in ranked), reverse=True)
    found = dict(zip(LIST_FEATURES, seen.whole.tolist(), strict=True))
    found["foreign"] = float(question.lang != "en")
    found["best_odds"] = odds[0] / 10
    found["second_odds"] = (odds[1] if len(odds) > 1 else UNREAD) / 10
    return found


def _odds(ranked: Ranked) -> float:
    value = ranked.reading.odds if ranked.reading else UNREAD
    return float(np.clip(value, -CLIP, CLIP))


def _sure(ranked: Ranked) -> float:
    spans = ranked.reading.spans if ranked.reading else ()
    return spans[0].probability if spans else 0.0


def _offers(question: Question, ranked: Ranked) -> float:
    spans = ranked.reading.spans if ranked.reading else ()
    if question.expects is None or not spans:
        return 0.0
    found = [span for span, _ in offers(ranked.candidate.text, question.expects)]
    return float(_meets(spans[0].span, found))


def exact_words(ranked: Ranked) -> str | None:
    """Return the words the reader would answer with, compared forms; None if it did not read."""
    if ranked.reading is None or not ranked.reading.spans:
        return None
    start, end = ranked.reading.spans[0].span
    return " ".join(fold(ranked.candidate.text[start:end]).split())


def _agreement(ranked: Sequence[Ranked]) -> Floats:
    """Return how many other promising passages give each passage's words, shape (ranked,)."""
    words = [exact_words(r) if _odds(r) > 0 else None for r in ranked]
    texts = [folded(r.candidate.text) for r in ranked[:DEPTH]]
    counts = np.zeros(len(ranked))
    for i in range(len(texts)):
        counts[i] = sum(
            words[j] == words[i] and texts[j] != texts[i]
            for j in range(len(texts))
            if words[i] and j != i
        )
    return counts


def was_read(ranked: Sequence[Ranked]) -> bool:
    """Whether the reader read any of a list."""
    return any(r.reading is not None for r in ranked)


def reading_features(ranked: Sequence[Ranked]) -> dict[str, float]:
    """Return what the confidence model sees of the readings of a list of at least one passage.

    A copy of the top passage is no rival of it, and another passage with the same words agrees.
    What it says of a passage that is not in English counts apart: it knows less of it.
    """
    top, words = ranked[0], folded(ranked[0].candidate.text)
    rivals = [r for r in ranked[1:] if r.reading and folded(r.candidate.text) != words]
    others = [r for r in rivals if exact_words(r) != exact_words(top)]
    best = max((_odds(r) for r in others), default=UNREAD)
    odds = _odds(top)
    foreign = float((top.candidate.lang or "en") != "en")
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
