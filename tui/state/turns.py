"""A conversation as data: turns, a cursor at the passage that is being read, annotations.

Pure values and functions; widgets draw them. When an answer is refined, `settle` moves the cursor
to the same passage in the new answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.filters import NO_FILTERS, Filters
from qa.presentation import ONLY_WORDS, by_release, painted
from qa.types import Answer, Highlight, RankedPassage

State = Literal["waiting", "searching", "refining", "reading", "done", "cancelled", "failed"]
"""`refining`: found by words, while the model is still loading; `reading`: found with the model,
while the reader looks for the answer span."""


@dataclass(frozen=True, slots=True)
class ChatTurn:
    """One question and its answer.

    Attributes:
        number: Position in the conversation, from 0.
        conversation: Number of the conversation since the start.
        as_typed: Asked as it is, not completed from the conversation.
        error: Why the question failed; cleaned where it is drawn.
        words_only: Searched by words alone, because the user wanted it.
        surest: Confidence that the answer has at most: of the better search that found none.
    """

    number: int
    question: str
    filters: Filters = NO_FILTERS
    state: State = "waiting"
    answer: Answer | None = None
    conversation: int = 0
    as_typed: bool = False
    error: str | None = None
    words_only: bool = False
    surest: float = 1.0

    @property
    def passages(self) -> tuple[RankedPassage, ...]:
        """The passages found so far, best first."""
        return () if self.answer is None else self.answer.passages

    @property
    def understood_as(self) -> str | None:
        """The self-contained question that was answered, where it differs from what was typed."""
        asked_as = None if self.answer is None else self.answer.asked_as
        return None if asked_as is None or asked_as == self.question.strip() else asked_as

    @property
    def is_preview(self) -> bool:
        """Whether the answer is by words only, and one with the model is to follow."""
        return self.answer is not None and self.answer.partial

    @property
    def answered(self) -> bool:
        """Whether there is an answer, and no other is to follow."""
        return self.state == "done" and self.answer is not None and self.answer.answered

    @property
    def declined(self) -> bool:
        """Whether it was found that there is no answer."""
        return self.state == "done" and self.answer is not None and not self.answer.answered

    @property
    def settled(self) -> bool:
        """Whether its state is final."""
        return self.state in {"done", "cancelled", "failed"}


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the user reads: in a turn, at one of its passages, at a piece of its evidence.

    Attributes:
        evidence: Index into `evidence_of` the passage as it is shown, or None before the user
            stepped to any.
    """

    turn: int
    passage: int
    evidence: int | None = None


@dataclass(frozen=True, slots=True)
class Annotations:
    """What the user noted about one passage.

    Attributes:
        grade: Judged as answering (above 0) or not (0); None when not judged.
    """

    grade: int | None = None
    pinned: bool = False
    note: str = ""


NO_ANNOTATIONS = Annotations()


def no_surer(answer: Answer, surest: float) -> Answer:
    """Return what words alone found after a better search had no answer: no answer either.

    Args:
        answer: Of the search by words.
        surest: The confidence of the better search.
    """
    confidence = min(answer.confidence, surest)
    if not answer.answered:
        return replace(answer, confidence=confidence)
    return replace(
        answer, answered=False, confidence=confidence, reason=ONLY_WORDS,
        evidence=None, answer=None, alternatives=(), nearest=None,
    )  # fmt: skip


def shown_passages(turn: ChatTurn) -> tuple[RankedPassage, ...]:
    """Return the passages of a turn with the highlights that are shown of them.

    Evidence is shown of an answer that is final, and of candidates no exact words: the user is to
    say which are right.
    """
    answer = turn.answer
    if answer is None:
        return ()
    kinds = {"term"}
    if turn.answered:
        kinds |= {"evidence"} if answer.alternatives else {"evidence", "answer"}
    return tuple(
        replace(passage, highlights=tuple(h for h in painted(passage) if h.kind in kinds))
        for passage in answer.passages
    )


def reading_order(passages: Sequence[RankedPassage]) -> list[int]:
    """Return the positions of passages in the order in which they are shown: by release."""
    return [passage.rank - 1 for group in by_release(passages) for passage in group]


def evidence_of(passage: RankedPassage) -> tuple[Highlight, ...]:
    """Return the highlights of a shown passage that n and N stop at, in order of the text.

    An answer span inside an evidence sentence is the same stop as the sentence.
    """
    sentences = [highlight for highlight in passage.highlights if highlight.kind == "evidence"]
    others = [
        answer
        for answer in passage.highlights
        if answer.kind == "answer"
        and not any(s.span[0] <= answer.span[0] and answer.span[1] <= s.span[1] for s in sentences)
    ]
    return tuple(sorted((*sentences, *others), key=lambda highlight: highlight.span))


def best_evidence(passage: RankedPassage) -> int | None:
    """Return the index of the evidence with the highest score; None when there is none."""
    stops = evidence_of(passage)
    if not stops:
        return None
    return max(range(len(stops)), key=lambda position: (stops[position].score, -position))


def passage_at(turns: Sequence[ChatTurn], cursor: Cursor | None) -> RankedPassage | None:
    """Return the passage at a cursor, or None."""
    if cursor is None or not 0 <= cursor.turn < len(turns):
        return None
    passages = turns[cursor.turn].passages
    return passages[cursor.passage] if 0 <= cursor.passage < len(passages) else None


def start_of(turns: Sequence[ChatTurn], number: int) -> Cursor | None:
    """Return a cursor at a turn's best passage, or None while it has none."""
    return Cursor(number, 0) if turns[number].passages else None


def step_passage(turns: Sequence[ChatTurn], cursor: Cursor | None, step: int) -> Cursor | None:
    """Return the next or previous passage, across turns; None at the end of the conversation."""
    cursors = [
        Cursor(turn.number, position) for turn in turns for position in reading_order(turn.passages)
    ]
    if not cursors:
        return None
    if cursor is None:
        return cursors[-1] if step < 0 else cursors[0]
    position = cursors.index(Cursor(cursor.turn, cursor.passage)) + step
    return cursors[position] if 0 <= position < len(cursors) else None


def edge_passage(turns: Sequence[ChatTurn], cursor: Cursor | None, *, last: bool) -> Cursor | None:
    """Return the first or last passage of the answer; from there, of the conversation."""
    if cursor is None:
        return step_passage(turns, None, -1 if last else 1)
    here = _edge(turns[cursor.turn], last=last)
    if here != Cursor(cursor.turn, cursor.passage):
        return here
    numbers = [turn.number for turn in turns if turn.passages]
    return _edge(turns[numbers[-1 if last else 0]], last=last)


def _edge(turn: ChatTurn, *, last: bool) -> Cursor:
    return Cursor(turn.number, reading_order(turn.passages)[-1 if last else 0])


def step_evidence(turns: Sequence[ChatTurn], cursor: Cursor | None, step: int) -> Cursor | None:
    """Return the next or previous evidence of the answer; None at its end."""
    if cursor is None:
        return None
    turn = turns[cursor.turn]
    passages, order = shown_passages(turn), reading_order(turn.passages)
    stops = [
        Cursor(cursor.turn, position, which)
        for position in order
        for which in range(len(evidence_of(passages[position])))
    ]
    if cursor.evidence is not None and cursor in stops:
        position = stops.index(cursor) + step
        return stops[position] if 0 <= position < len(stops) else None
    here = order.index(cursor.passage)
    if step > 0:
        return next((stop for stop in stops if order.index(stop.passage) >= here), None)
    return next((stop for stop in reversed(stops) if order.index(stop.passage) <= here), None)


def settle(old: ChatTurn, new: ChatTurn, cursor: Cursor | None) -> Cursor | None:
    """Return a cursor at the same passage in a turn's refined answer, or else at its best."""
    if cursor is None or cursor.turn != new.number:
        return cursor
    passage_before = passage_at([old], Cursor(0, cursor.passage))
    for position, passage in enumerate(shown_passages(new)):
        if passage_before is not None and passage.passage_id == passage_before.passage_id:
            same = cursor.evidence is not None and cursor.evidence < len(evidence_of(passage))
            return Cursor(cursor.turn, position, cursor.evidence if same else None)
    return Cursor(cursor.turn, 0) if new.passages else None
