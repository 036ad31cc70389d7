"""Two evaluations of the same questions, side by side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import DatasetError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


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
        raise DatasetError(
            "the two runs have no scored question in common; check that they use the same dataset."
        )
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


ROUNDS = 10_000
"""Assignments of signs drawn; all of them are tried where there are no more."""
SEED = 11

_CELLS = 1 << 21
_EQUAL = 1e-12


def randomised(first: Sequence[float], second: Sequence[float]) -> float:
    """Return the two-sided p of a paired randomisation test over sign flips.

    Args:
        first: A score a question.
        second: The other system's scores of the same questions, in the same order.

    Returns:
        In (0, 1]; the same for the same scores. Exact for up to 13 questions, else of 10,000
        draws, the observed signs counted among them; 1 without questions.
    """
    import numpy as np

    differences = np.array(first, dtype=float) - np.array(second, dtype=float)
    if not differences.any():
        return 1.0
    count = len(differences)
    least = abs(float(differences.mean())) - _EQUAL
    if 1 << count <= ROUNDS:
        flips = np.arange(1 << count)[:, None] >> np.arange(count) & 1
        return float((abs(_means(flips, differences)) >= least).mean())
    random = np.random.default_rng(SEED)
    rows = max(1, _CELLS // count)  # so that memory does not grow with the questions
    reached = 1
    for start in range(0, ROUNDS, rows):
        size = (min(rows, ROUNDS - start), count)
        flips = random.integers(0, 2, size=size, dtype=np.int8)
        reached += int((abs(_means(flips, differences)) >= least).sum())
    return reached / (ROUNDS + 1)


def _means(
    flips: "npt.NDArray[np.integer]", differences: "npt.NDArray[np.float64]"
) -> "npt.NDArray[np.float64]":
    """Return the mean difference of each row of flips, a 1 standing for a changed sign."""
    means: npt.NDArray[np.float64] = (1 - 2.0 * flips) @ differences / len(differences)
    return means
