"""What the reader found in a passage."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.records import Span
from qa.reader.spans import (
    FoundSpan,
    WindowLogits,
    best_spans,
    log_odds,
    sentence_shares,
    trimmed,
)


@dataclass(frozen=True, slots=True)
class Page:
    """What is read of a passage.

    Attributes:
        text: Its words.
        sentences: Where they stand in the text.
        title: The headline it is below, which says what "it" and "the work" are; empty without.
    """

    text: str
    sentences: Sequence[Span] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader found in a passage.

    Attributes:
        odds: Log-odds that the passage answers; as trained, not yet calibrated.
        spans: The exact words it would give, best first, spans into the passage's text.
        shares: For each sentence, how probable it is to hold the answer, given that the
            passage does.
    """

    odds: float
    spans: tuple[FoundSpan, ...]
    shares: tuple[float, ...]


NOTHING = -20.0
"""Log-odds of a passage without words."""


def combine(windows: Sequence[WindowLogits], text: str, sentences: Sequence[Span]) -> Reading:
    """Return one reading from the windows of a passage: what the most promising of them says."""
    if not windows:
        return Reading(NOTHING, (), (0.0,) * len(sentences))
    odds = [log_odds(window) for window in windows]
    best = int(np.argmax(odds))
    found: dict[Span, float] = {}
    for candidate in best_spans(windows[best]):
        span = trimmed(text, candidate.span)
        found[span] = found.get(span, 0.0) + candidate.probability
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return Reading(
        odds[best],
        tuple(FoundSpan(span, min(1.0, p)) for span, p in ordered),
        tuple(sentence_shares(windows[best], sentences).tolist()),
    )
