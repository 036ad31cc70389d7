"""A conversation as data: its turns, and the place in it that is being read.

Pure values and functions. The screen holds a list of turns and one place; widgets draw them.
A place survives an answer that is refined: `settle` finds the same passage in the new answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.filters import NO_FILTERS, Filters
from qa.types import Answer, Highlight, RankedPassage

State = Literal["waiting", "searching", "refining", "reading", "done", "cancelled", "failed"]
"""`refining`: passages found by words are there, the meaning scores are still to come; `reading`:
those are there too, and the best passages are read for the exact words."""


@dataclass(frozen=True, slots=True)
class ChatTurn:
    """One question and what came of it.

    Attributes:
        number: Position in the conversation, from 0.
        conversation: Which of the conversations since the start it belongs to.
        as_typed: Asked as it stands, without regard to the conversation.
        error: Why the question failed, from the error raised (cleaned where it is drawn).
    """

    number: int
    question: str
    filters: Filters = NO_FILTERS
    state: State = "waiting"
    answer: Answer | None = None
    conversation: int = 0
    as_typed: bool = False
    error: str | None = None

    @property
    def passages(self) -> tuple[RankedPassage, ...]:
        """The passages found so far, best first."""
        return () if self.answer is None else self.answer.passages

    @property
    def understood_as(self) -> str | None:
        """What the question was taken to mean, where that is not what was typed."""
        asked_as = None if self.answer is None else self.answer.asked_as
        return None if asked_as is None or asked_as == self.question.strip() else asked_as

    @property
    def is_preview(self) -> bool:
        """Whether what was found by words is to be searched for by meaning too."""
        return self.answer is not None and self.answer.partial

    @property
    def settled(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in {"done", "cancelled", "failed"}


@dataclass(frozen=True, slots=True)
class Cursor:
    """What is being read: a turn, one of its passages, and one piece of evidence in it.

    Attributes:
        evidence: Index into `evidence_of(passage)`, or None before any was stepped to.
    """

    turn: int
    passage: int
    evidence: int | None = None


def evidence_of(passage: RankedPassage) -> tuple[Highlight, ...]:
    """Return the stretches of a passage that n and N stop at, in order of the text.

    An exact answer inside an evidence sentence is the same stop as the sentence.
    """
    sentences = [mark for mark in passage.highlights if mark.kind == "evidence"]
    lone = [
        mark
        for mark in passage.highlights
        if mark.kind == "answer"
        and not any(s.span[0] <= mark.span[0] and mark.span[1] <= s.span[1] for s in sentences)
    ]
    return tuple(sorted((*sentences, *lone), key=lambda mark: mark.span))


def best_evidence(passage: RankedPassage) -> int | None:
    """Return which of the evidence is surest; None when there is none."""
    marks = evidence_of(passage)
    if not marks:
        return None
    return max(range(len(marks)), key=lambda position: (marks[position].score, -position))


def passage_at(turns: Sequence[ChatTurn], place: Cursor | None) -> RankedPassage | None:
    """Return the passage at a place, or None when there is none."""
    if place is None or not 0 <= place.turn < len(turns):
        return None
    passages = turns[place.turn].passages
    return passages[place.passage] if 0 <= place.passage < len(passages) else None


def start_of(turns: Sequence[ChatTurn], number: int) -> Cursor | None:
    """Return the place of a turn's best passage, or None while it has none."""
    return Cursor(number, 0) if turns[number].passages else None


def step_passage(turns: Sequence[ChatTurn], place: Cursor | None, step: int) -> Cursor | None:
    """Return the next or previous passage, over the ends of turns; None at the end of all."""
    places = [
        Cursor(turn.number, position) for turn in turns for position in range(len(turn.passages))
    ]
    if not places:
        return None
    if place is None:
        return places[-1] if step < 0 else places[0]
    position = places.index(Cursor(place.turn, place.passage)) + step
    return places[position] if 0 <= position < len(places) else None


def edge_passage(turns: Sequence[ChatTurn], place: Cursor | None, *, last: bool) -> Cursor | None:
    """Return the first or last passage of the answer being read; again there, of all."""
    if place is None:
        return step_passage(turns, None, -1 if last else 1)
    here = Cursor(place.turn, len(turns[place.turn].passages) - 1 if last else 0)
    if here != Cursor(place.turn, place.passage):
        return here
    numbers = [turn.number for turn in turns if turn.passages]
    number = numbers[-1 if last else 0]
    return Cursor(number, len(turns[number].passages) - 1 if last else 0)


def step_evidence(turns: Sequence[ChatTurn], place: Cursor | None, step: int) -> Cursor | None:
    """Return the next or previous evidence of the answer being read; None at its end."""
    if place is None:
        return None
    stops = [
        Cursor(place.turn, position, which)
        for position, passage in enumerate(turns[place.turn].passages)
        for which in range(len(evidence_of(passage)))
    ]
    if place.evidence is not None and place in stops:
        position = stops.index(place) + step
        return stops[position] if 0 <= position < len(stops) else None
    if step > 0:
        return next((stop for stop in stops if stop.passage >= place.passage), None)
    return next((stop for stop in reversed(stops) if stop.passage <= place.passage), None)


def settle(old: ChatTurn, new: ChatTurn, place: Cursor | None) -> Cursor | None:
    """Return the place of the same passage in a turn's refined answer, else of its best."""
    if place is None or place.turn != new.number:
        return place
    reading = passage_at([old], Cursor(0, place.passage))
    for position, passage in enumerate(new.passages):
        if reading is not None and passage.passage_id == reading.passage_id:
            kept = place.evidence is not None and place.evidence < len(evidence_of(passage))
            return Cursor(place.turn, position, place.evidence if kept else None)
    return Cursor(place.turn, 0) if new.passages else None
