"""Compare two runs of the same questions.

An answer is compared by its exact words, its evidence and the passage that contains them. Times,
scores and the passages further down do not count.
"""

import json
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from qa.answer_json import Failure, Outcome, OutcomeState, outcome_from_json
from qa.errors import ComparisonError

ChangeKind = Literal["changed", "gained", "lost", "moved", "only old", "only new"]
"""`changed`: another answer, or another error. `gained`: answered in the new run only; `lost`: in
the old run only. `moved`: the same answer with another confidence. `only old`, `only new`: asked in
one of the runs only."""
CHANGE_KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)

Part = Literal["words", "evidence", "passage", "release", "error"]

MOVED = 0.05
"""A confidence has moved if it differs by more than this."""

DIGITS = 6
"""Decimals that confidences are written with, and compared by."""


@dataclass(frozen=True, slots=True)
class ComparableOutcome:
    """What is compared of the outcome of one question.

    Attributes:
        state: `failed` if it could not be asked.
        confidence: In [0, 1]; None if it could not be asked.
        words: The exact words, if a reader found them.
        evidence: The sentences that answer.
        passage: The best passage's text, if it was answered.
        passage_id: Its id.
        release_id: Its release's id.
        title: Its release's headline.
        date: Its release's date, ISO.
        citation: Its citation.
        reason: Why there is no answer, or why it could not be asked.
    """

    id: str | None
    question: str
    state: OutcomeState
    confidence: float | None = None
    words: str | None = None
    evidence: str | None = None
    passage: str | None = None
    passage_id: str | None = None
    release_id: str | None = None
    title: str | None = None
    date: str | None = None
    citation: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One question whose outcome differs.

    Attributes:
        kind: How it differs.
        old, new: Its outcomes; None if that run did not ask it.
        parts: The parts of a changed answer that differ.
    """

    kind: ChangeKind
    old: ComparableOutcome | None
    new: ComparableOutcome | None
    parts: tuple[Part, ...] = ()

    @property
    def question(self) -> ComparableOutcome:
        """The outcome of the newest run that asked the question."""
        found = self.new or self.old
        if found is None:
            raise ValueError("a change needs an outcome")
        return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """The comparison of two runs.

    Attributes:
        same: The number of questions with the same outcome.
        changes: In the order of the new run, then those of the old run only.
        moved: The limit of a moved confidence.
    """

    same: int
    changes: tuple[Change, ...] = ()
    moved: float = MOVED
    counts: dict[ChangeKind, int] = field(init=False)

    def __post_init__(self) -> None:
        """Count the changes of each kind."""
        counts = dict.fromkeys(CHANGE_KINDS, 0)
        for change in self.changes:
            counts[change.kind] += 1
        object.__setattr__(self, "counts", counts)

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.changes)


def comparable(outcome: Outcome) -> ComparableOutcome:
    """Return what is compared of an outcome."""
    if isinstance(outcome, Failure):
        return ComparableOutcome(outcome.id, outcome.question, "failed", reason=outcome.error)
    confidence = round(outcome.confidence, DIGITS)
    if not outcome.answered or not outcome.passages:
        return ComparableOutcome(
            outcome.id, outcome.question, "declined", confidence, reason=outcome.reason or ""
        )
    best = outcome.passages[0]
    return ComparableOutcome(
        id=outcome.id,
        question=outcome.question,
        state="answered",
        confidence=confidence,
        words=outcome.answer.text if outcome.answer else None,
        evidence=outcome.evidence.text if outcome.evidence else None,
        passage=best.text,
        passage_id=best.passage_id,
        release_id=best.release.id,
        title=best.release.title,
        date=best.release.date,
        citation=best.citation,
    )


def compare_outcomes(
    old: ComparableOutcome, new: ComparableOutcome, *, moved: float = MOVED
) -> Change | None:
    """Return what changed between two outcomes of the same question, or None.

    Args:
        old: The earlier one.
        new: The later one.
        moved: A larger difference of confidence counts as a change, in [0, 1].
    """
    if old.state != "answered" and new.state == "answered":
        return Change("gained", old, new)
    if old.state == "answered" and new.state != "answered":
        return Change("lost", old, new)
    parts = tuple(_parts(old, new))
    if parts:
        return Change("changed", old, new, parts)
    if old.confidence is not None and new.confidence is not None:
        difference = round(abs(old.confidence - new.confidence), DIGITS)
        if difference > moved:
            return Change("moved", old, new)
    return None


def compare(
    old: Iterable[ComparableOutcome], new: Sequence[ComparableOutcome], *, moved: float = MOVED
) -> Comparison:
    """Compare two runs, question by question.

    Questions with the same id and text are paired first, then those with the same text, so that a
    question inserted in between does not shift the ones after it. If a question appears more than
    once, the first is compared with the first.

    Args:
        old: The outcomes of the earlier run.
        new: Those of the later one.
        moved: As for `compare_outcomes`.
    """
    partners, left = _paired(old, new)
    changes: list[Change] = []
    same = 0
    for partner, outcome in zip(partners, new, strict=True):
        if partner is None:
            changes.append(Change("only new", None, outcome))
        elif (change := compare_outcomes(partner, outcome, moved=moved)) is not None:
            changes.append(change)
        else:
            same += 1
    changes += [Change("only old", outcome, None) for outcome in left]
    return Comparison(same, tuple(changes), moved)


def _paired(
    old: Iterable[ComparableOutcome], new: Sequence[ComparableOutcome]
) -> tuple[list[ComparableOutcome | None], list[ComparableOutcome]]:
    """Return the old outcome of each new one, and the remaining old ones in their order."""
    earlier = list(old)
    partners: list[ComparableOutcome | None] = [None] * len(new)
    free = dict(enumerate(earlier))
    for by_id in (True, False):
        places: dict[tuple[str | None, str], deque[int]] = defaultdict(deque)
        for place, outcome in free.items():
            places[_key(outcome, by_id=by_id)].append(place)
        for row, outcome in enumerate(new):
            waiting = places.get(_key(outcome, by_id=by_id))
            if partners[row] is None and waiting:
                partners[row] = free.pop(waiting.popleft())
    return partners, list(free.values())


def _key(outcome: ComparableOutcome, *, by_id: bool) -> tuple[str | None, str]:
    return (outcome.id if by_id else None, outcome.question)


def _parts(old: ComparableOutcome, new: ComparableOutcome) -> Iterator[Part]:
    """Yield what differs between two outcomes.

    Passage ids do not count: the same text in the same release is the same answer, also if the
    number of passages before it has changed.
    """
    if old.words != new.words:
        yield "words"
    if old.evidence != new.evidence:
        yield "evidence"
    if old.passage != new.passage:
        yield "passage"
    if old.release_id != new.release_id:
        yield "release"
    if "failed" in (old.state, new.state) and old.reason != new.reason:
        yield "error"


MAX_LINE = 64_000_000
"""Most bytes of one outcome; a longer line is refused."""


def read_outcomes(path: Path) -> Iterator[ComparableOutcome]:
    """Yield what is compared of each outcome of a batch, in order, one at a time.

    Raises:
        ComparisonError: The file cannot be read or is not the output of a batch; the message
            names the line.
    """
    number = 0
    try:
        with path.open("rb") as stream:
            while line := stream.readline(MAX_LINE):
                number += 1
                if line.strip():
                    yield _parsed(path, number, line)
    except OSError as error:
        raise ComparisonError(f"{path} cannot be read: {error.strerror or error}.") from error


def _parsed(path: Path, number: int, line: bytes) -> ComparableOutcome:
    # A value of the wrong type, such as a number for a title, raises any of these.
    with suppress(ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        return _checked(comparable(outcome_from_json(json.loads(line))))
    raise ComparisonError(
        f"{path}, line {number}: not a record of a batch; create the file with: releaseqa batch "
        "FILE --format jsonl"
    )


def _checked(outcome: ComparableOutcome) -> ComparableOutcome:
    """Return an outcome whose values have the right types.

    Raises:
        ValueError: They do not.
    """
    texts = (
        outcome.id, outcome.words, outcome.evidence, outcome.passage, outcome.passage_id,
        outcome.release_id, outcome.title, outcome.date, outcome.citation, outcome.reason,
    )  # fmt: skip
    if not isinstance(outcome.question, str) or not all(isinstance(t, str | None) for t in texts):
        raise ValueError("a value that should be a string is not")
    return outcome
