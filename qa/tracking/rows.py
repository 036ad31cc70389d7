"""Puts answers in rows: those that agree together, and what changed. Pure.

An answer is linked to an earlier one only if both are values of the same thing, as far as words
tell: they have the same unit, the same origin, and the same names and much the same words around
them. Where that is not certain, an answer stands alone, and nothing is said to have changed.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from index.text.analyzer import fold
from index.text.stopwords import function_words
from qa.figures.types import Figure
from qa.tracking.types import Frame, TrackedAnswer, TrackRow

LEAST_COMMON = 0.5
"""Share of the other words around two values that must be in common, for a change between them."""

Origin = Callable[[TrackedAnswer], str | None]


def track_rows(answers: Sequence[TrackedAnswer], origin: Origin) -> list[TrackRow]:
    """Return answers in rows, by the date of the first answer of each.

    Args:
        answers: By date.
        origin: Who says it.
    """
    rows: list[TrackRow] = []
    newest: dict[int, int] = {}  # the row that changed from each
    for answer in answers:
        own = origin(answer)
        latest = True  # no later row has a value of this kind and origin
        for place in reversed(range(len(rows))):
            row = rows[place]
            if not same_kind(row.last.figure, answer.figure):
                continue
            same_origin = origin(row.last) == own
            alike = any(are_alike(said.frame, answer.frame) for said in row.answers)
            if agree(row.last, answer) and _tells(answer) and (alike or (latest and same_origin)):
                rows[place] = replace(row, answers=(*row.answers, answer))
                break
            if alike and same_origin:
                end = _last_of(place, newest)
                before = rows[end]
                if agree(before.last, answer):
                    rows[end] = replace(before, answers=(*before.answers, answer))
                    break
                if answer.figure is not None:
                    newest[end] = len(rows)
                    rows.append(TrackRow((answer,), changed_from=before.last))
                    break
            latest = latest and not same_origin
        else:
            rows.append(TrackRow((answer,)))
    return rows


def supported(rows: Sequence[TrackRow]) -> list[TrackRow]:
    """Return rows without the answers that are not sure and stand alone."""
    before = {row.changed_from.passage_id for row in rows if row.changed_from is not None}
    return [
        row
        for row in rows
        if row.changed_from is not None
        or len(row.answers) > 1
        or row.first.is_sure
        or row.first.passage_id in before
    ]


def _last_of(place: int, newest: dict[int, int]) -> int:
    """Return the last row of the series that a row is in."""
    while place in newest:
        place = newest[place]
    return place


def _tells(answer: TrackedAnswer) -> bool:
    """Whether two equal values are hardly ever of different things, as small numbers may be."""
    return answer.figure is None or answer.figure.unit in {"money", "date"}


def agree(one: TrackedAnswer, two: TrackedAnswer) -> bool:
    """Whether two answers say the same: the same value, or the same content words."""
    if one.figure is None or two.figure is None:
        if one.figure is not None or two.figure is not None:
            return False
        first, second = _content(one.text), _content(two.text)
        return first <= second or second <= first
    return same_kind(one.figure, two.figure) and _amount(one.figure) == _amount(two.figure)


def same_kind(one: Figure | None, two: Figure | None) -> bool:
    """Whether two values can be compared: the same unit, currency and measure; words with words."""
    if one is None or two is None:
        return one is two
    return (one.unit, one.currency, one.per) == (two.unit, two.currency, two.per)


def are_alike(one: Frame, two: Frame) -> bool:
    """Whether the words around two values say that they are values of the same thing."""
    if one.names != two.names:
        return False
    return len(one.terms & two.terms) > LEAST_COMMON * len(one.terms | two.terms)


def _amount(figure: Figure) -> tuple[object, ...]:
    return figure.value, figure.high, figure.date


def _content(words: str) -> frozenset[str]:
    every = frozenset("".join(c if c.isalnum() else " " for c in fold(words)).split())
    return every - function_words() or every
