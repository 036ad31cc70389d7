"""What changed between two runs of the same questions: pure, over what matters of each outcome.

An answer is its exact words, its evidence and the passage both stand in. Times, scores and the
passages further down are no part of it: two runs whose answers are the same are the same.
"""

import json
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from qa.answer_json import Failure, Outcome, outcome_from_json
from qa.errors import ComparisonError

State = Literal["answered", "declined", "failed"]
ChangeKind = Literal["changed", "gained", "lost", "moved", "only old", "only new"]
"""`changed`: another answer, or another reason not to ask. `gained`, `lost`: answered now and not
before, or the other way round. `moved`: the same answer, its confidence moved. `only old`, `only
new`: asked in one of the runs alone."""
CHANGE_KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)

Part = Literal["words", "evidence", "passage", "release", "error"]

MOVED = 0.05
"""A confidence has moved when it differs by more than this."""

DIGITS = 6
"""Decimals that confidences are written with, and so compared with."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What matters of the outcome of one question.

    Attributes:
        state: `failed` when it could not be asked.
        confidence: In [0, 1]; None when it could not be asked.
        words: The exact words, where a reader found them.
        evidence: The sentences that answer.
        passage: The best passage's words, when it was answered.
        passage_id: Its id.
        release_id: Its release's id.
        title: Its release's headline.
        date: Its release's date, ISO.
        citation: Its citation.
        reason: Why there is no answer, or why it could not be asked.
    """

    id: str | None
    question: str
    state: State
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
        parts: Of a changed answer: what of it differs.
        old, new: None where that run did not ask it.
    """

    kind: ChangeKind
    old: Verdict | None
    new: Verdict | None
    parts: tuple[Part, ...] = ()

    @property
    def question(self) -> Verdict:
        """The question, as the newer of the runs that asked it has it."""
        found = self.new or self.old
        if found is None:
            raise ValueError("a change of nothing")
        return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs, compared.

    Attributes:
        same: Questions whose outcome is the same.
        changes: In the order of the new run; those of the old run alone at the end.
        moved: What counted as a moved confidence.
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


def verdict_of(outcome: Outcome) -> Verdict:
    """Return what matters of an outcome."""
    if isinstance(outcome, Failure):
        return Verdict(outcome.id, outcome.question, "failed", reason=outcome.error)
    confidence = round(outcome.confidence, DIGITS)
    if not outcome.answered or not outcome.passages:
        return Verdict(
            outcome.id, outcome.question, "declined", confidence, reason=outcome.reason or ""
        )
    best = outcome.passages[0]
    return Verdict(
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


def compare_verdicts(old: Verdict, new: Verdict, *, moved: float = MOVED) -> Change | None:
    """Return what changed between two outcomes of the same question, or None.

    Args:
        old: The earlier one.
        new: The later one.
        moved: Least difference of confidence that does not count yet, in [0, 1].
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


def compare(old: Iterable[Verdict], new: Sequence[Verdict], *, moved: float = MOVED) -> Comparison:
    """Compare two runs, question by question.

    Questions are the same when id and words are; what is left over then, when the words are, so
    that a question put in between does not shift those after it. Of a question that stands several
    times, the first is compared with the first.

    Args:
        old: The outcomes of the earlier run.
        new: Those of the later one.
        moved: As for `compare_verdicts`.
    """
    partners, left = _paired(old, new)
    changes: list[Change] = []
    same = 0
    for partner, verdict in zip(partners, new, strict=True):
        if partner is None:
            changes.append(Change("only new", None, verdict))
        elif (change := compare_verdicts(partner, verdict, moved=moved)) is not None:
            changes.append(change)
        else:
            same += 1
    changes += [Change("only old", verdict, None) for verdict in left]
    return Comparison(same, tuple(changes), moved)


def _paired(
    old: Iterable[Verdict], new: Sequence[Verdict]
) -> tuple[list[Verdict | None], list[Verdict]]:
    """Return the old outcome of each new one, and the old ones that are left, in their order."""
    earlier = list(old)
    partners: list[Verdict | None] = [None] * len(new)
    free = dict(enumerate(earlier))
    for by_id in (True, False):
        places: dict[tuple[str | None, str], deque[int]] = defaultdict(deque)
        for place, verdict in free.items():
            places[_key(verdict, by_id=by_id)].append(place)
        for row, verdict in enumerate(new):
            waiting = places.get(_key(verdict, by_id=by_id))
            if partners[row] is None and waiting:
                partners[row] = free.pop(waiting.popleft())
    return partners, list(free.values())


def _key(verdict: Verdict, *, by_id: bool) -> tuple[str | None, str]:
    return (verdict.id if by_id else None, verdict.question)


def _parts(old: Verdict, new: Verdict) -> Iterator[Part]:
    """Yield what differs in what two outcomes say.

    Ids count only where the words differ in place: the same words in the same release are the
    same answer, also after a passage before them came or went.
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
"""Bytes of one outcome; a longer line is none."""


def read_verdicts(path: Path) -> Iterator[Verdict]:
    """Yield what matters of each outcome of a batch, in its order, holding one at a time.

    Raises:
        ComparisonError: The file cannot be read, or holds something else; the message names the
            line.
    """
    number = 0
    try:
        with path.open("rb") as stream:
            while line := stream.readline(MAX_LINE):
                number += 1
                if line.strip():
                    yield _verdict(path, number, line)
    except OSError as error:
        raise ComparisonError(f"{path} cannot be read: {error.strerror or error}.") from error


def _verdict(path: Path, number: int, line: bytes) -> Verdict:
    # What is written in a form but does not keep to it, such as a number for a title, shows
    # itself in any of these ways.
    with suppress(ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        return _checked(verdict_of(outcome_from_json(json.loads(line))))
    raise ComparisonError(
        f"{path}, line {number}: not a record of a batch; create the file with: releaseqa batch "
        "FILE --format jsonl"
    )


def _checked(verdict: Verdict) -> Verdict:
    """Return a verdict whose values are of the kinds they should be.

    Raises:
        ValueError: They are not.
    """
    texts = (
        verdict.id, verdict.words, verdict.evidence, verdict.passage, verdict.passage_id,
        verdict.release_id, verdict.title, verdict.date, verdict.citation, verdict.reason,
    )  # fmt: skip
    if not isinstance(verdict.question, str) or not all(isinstance(t, str | None) for t in texts):
        raise ValueError("something that should be a text is none")
    return verdict
