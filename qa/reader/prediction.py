"""From the logits of the reader's network to answer spans.

The network scores every token of a window as the first and as the last of the answer; the
window's first token stands for "no answer here" (Devlin et al., "BERT", 2019, section 4.3).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.types import Span

Floats = npt.NDArray[np.float64]

LONGEST_ANSWER = 30
"""Word pieces of an answer span at most."""

CANDIDATES = 20
"""Spans kept of a window, before the type of answer counts."""

_EDGES = " \t\r\n,;:.!?…\"'“”„«»‘’()[]"
_PARTNERS = {"(": ")", "[": "]", "“": "”", "„": "“", "«": "»", "‘": "’", '"': '"'}
_INITIALS = re.compile(r"(?<![\w.@/-])(?:[^\W\d]{1,2}\.)+[^\W\d]{1,3}\.$")
"""An abbreviation whose full stop belongs to it, such as U.S. or Ph.D., but no web address."""


@dataclass(frozen=True, slots=True)
class WindowLogits:
    """The network's output for one window of a passage.

    Attributes:
        start, end: Logits of the passage's tokens, each of shape (tokens,).
        nothing: Logit of "no answer here", start and end added.
        offsets: Where each token stands in the passage's text.
    """

    start: Floats
    end: Floats
    nothing: float
    offsets: Sequence[Span]


@dataclass(frozen=True, slots=True)
class FoundSpan:
    """A span that may be the answer.

    Attributes:
        span: Into the passage's text.
        probability: Of being the answer, in [0, 1], given that the window holds one.
    """

    span: Span
    probability: float


def marginal_log_odds(window: WindowLogits) -> float:
    """Return the log-odds that the window holds an answer: all spans against none."""
    return _log_sum(window.start) + _log_sum(window.end) - window.nothing


def best_spans(window: WindowLogits, count: int = CANDIDATES) -> list[FoundSpan]:
    """Return the most probable spans, best first; at least one for a window with tokens."""
    by_start, by_end = _log_softmax(window.start), _log_softmax(window.end)
    scores = by_start[:, None] + by_end[None, :]
    rows, columns = np.indices(scores.shape)
    allowed = (columns >= rows) & (columns - rows < LONGEST_ANSWER)
    scores = np.where(allowed, scores, -np.inf)
    flat = scores.ravel()
    size = min(count, int(allowed.sum()))
    order = np.argpartition(-flat, size - 1)[:size]
    order = order[np.lexsort((order, -flat[order]))]
    return [
        FoundSpan(
            (window.offsets[place // len(by_end)][0], window.offsets[place % len(by_end)][1]),
            float(np.exp(flat[place])),
        )
        for place in order.tolist()
    ]


def sentence_probabilities(window: WindowLogits, sentences: Sequence[Span]) -> Floats:
    """Return the probability that the answer starts in each sentence, shape (sentences,).

    Sums to 1 where every token is in a sentence; 0 for a sentence outside the window.
    """
    p = np.exp(_log_softmax(window.start))
    begins = np.array([start for start, _ in window.offsets])
    return np.array([p[(begins >= start) & (begins < end)].sum() for start, end in sentences])


def trimmed(text: str, span: Span) -> Span:
    """Return a span without the punctuation at its edges.

    Brackets that open and close inside it stay, as in "(416) 555-0199", unless they enclose all
    of it.
    """
    start, end = span
    while start < end and text[start] in _EDGES and not _opens(text, start, end):
        start += 1
    while end > start and text[end - 1] in _EDGES and not _closes(text, start, end):
        end -= 1
    return (start, end) if end > start else span


def _opens(text: str, start: int, end: int) -> bool:
    """Whether the first character opens what the span closes before its end, or a fraction."""
    if text[start] == ".":
        return text[start + 1 : end][:1].isdigit()
    partner = _PARTNERS.get(text[start])
    place = text.find(partner, start + 1, end) if partner else -1
    return place >= 0 and any(character.isalnum() for character in text[place:end])


def _closes(text: str, start: int, end: int) -> bool:
    """Whether the last character closes what the span opened, or ends an abbreviation: U.S."""
    last, before = text[end - 1], text[start : end - 1]
    if last == ".":
        return _INITIALS.search(text[start:end]) is not None
    if last == '"':
        return before.count(last) % 2 == 1
    return any(opening in before for opening, closing in _PARTNERS.items() if closing == last)


def _log_sum(values: Floats) -> float:
    top = float(values.max())
    return top + float(np.log(np.exp(values - top).sum()))


def _log_softmax(values: Floats) -> Floats:
    result: Floats = values - _log_sum(values)
    return result


@dataclass(frozen=True, slots=True)
class ReaderInput:
    """What the reader reads of a passage.

    Attributes:
        text: Its text.
        sentences: Spans into `text`.
        title: The context above it, such as the headline, which says what "it" and "the work"
            are; empty for none.
        lang: ISO 639-1 code of its language.
    """

    text: str
    sentences: Sequence[Span] = ()
    title: str = ""
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class ReaderPrediction:
    """What the reader found in a passage.

    Attributes:
        log_odds: Log-odds that the passage answers, not yet calibrated.
        spans: Answer spans into the passage's text, best first.
        sentence_probabilities: For each sentence, the probability that the answer starts in it,
            given that the passage answers.
    """

    log_odds: float
    spans: tuple[FoundSpan, ...]
    sentence_probabilities: tuple[float, ...]


class Reader(Protocol):
    """Reads passages for a question."""

    def read(self, question: str, pages: Sequence[ReaderInput]) -> list[ReaderPrediction]:
        """Return one prediction for each input, independent of the others."""
        ...


NOTHING = -20.0
"""Log-odds of a passage without words."""


def combine(
    windows: Sequence[WindowLogits], text: str, sentences: Sequence[Span]
) -> ReaderPrediction:
    """Return the prediction of the window that most likely answers."""
    if not windows:
        return ReaderPrediction(NOTHING, (), (0.0,) * len(sentences))
    odds = [marginal_log_odds(window) for window in windows]
    best = int(np.argmax(odds))
    found: dict[Span, float] = {}
    for candidate in best_spans(windows[best]):
        span = trimmed(text, candidate.span)
        found[span] = found.get(span, 0.0) + candidate.probability
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return ReaderPrediction(
        odds[best],
        tuple(FoundSpan(span, min(1.0, p)) for span, p in ordered),
        tuple(sentence_probabilities(windows[best], sentences).tolist()),
    )
