"""Two evaluations of the same questions, side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from qa.errors import DatasetError
from qa.significance import randomised

ByQuestion = Mapping[str, Mapping[str, float]]
"""Scores of each question by their names."""

DIGITS = 6
"""Decimals that scores are compared by: those a file of them holds."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One score of two systems over the questions that both have it of.

    Attributes:
        questions: How many these are.
        ours, theirs: Means.
        p: Of a paired randomisation test, two-sided: how often chance alone would make so great
            a difference.
        better, worse: Questions on which ours is higher, lower.
    """

    name: str
    questions: int
    ours: float
    theirs: float
    p: float
    better: int
    worse: int

    @property
    def difference(self) -> float:
        """How much higher ours is."""
        return self.ours - self.theirs


def compare(ours: ByQuestion, theirs: ByQuestion) -> list[Compared]:
    """Compare every score that both have, in the order of ours.

    Raises:
        DatasetError: They have no question and no score in common.
    """
    names = dict.fromkeys(name for scores in ours.values() for name in scores)
    found = [compared for name in names if (compared := _compared(name, ours, theirs))]
    if not found:
        raise DatasetError("the two have no score of a question in common; is it the same set?")
    return found


def _compared(name: str, ours: ByQuestion, theirs: ByQuestion) -> Compared | None:
    pairs = list(_pairs(name, ours, theirs))
    if not pairs:
        return None
    first, second = zip(*pairs, strict=True)
    return Compared(
        name=name,
        questions=len(pairs),
        ours=sum(first) / len(pairs),
        theirs=sum(second) / len(pairs),
        p=randomised(first, second),
        better=sum(a > b for a, b in pairs),
        worse=sum(a < b for a, b in pairs),
    )


def _pairs(name: str, ours: ByQuestion, theirs: ByQuestion) -> Iterator[tuple[float, float]]:
    for question, scores in ours.items():
        other = theirs.get(question, {})
        if name in scores and name in other:
            yield round(scores[name], DIGITS), round(other[name], DIGITS)
