"""Two evaluations of the same questions, compared by a paired randomisation test."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import DatasetError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


ScoresByQuestion = Mapping[str, Mapping[str, float]]
"""The scores of each question, by name."""

DIGITS = 6
"""Decimals that scores are compared by, those of a --per-question file."""


@dataclass(frozen=True, slots=True)
class ScoreComparison:
    """One score of two systems over the questions that both have it for.

    Attributes:
        name: The name of the score.
        questions: The number of questions.
        ours, theirs: Means.
        p: The two-sided p-value of a paired randomisation test: how often chance alone makes a
            difference as large.
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


def compare(ours: ScoresByQuestion, theirs: ScoresByQuestion) -> list[ScoreComparison]:
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


def _compared(
    name: str, ours: ScoresByQuestion, theirs: ScoresByQuestion
) -> ScoreComparison | None:
    pairs = list(_pairs(name, ours, theirs))
    if not pairs:
        return None
    first, second = zip(*pairs, strict=True)
    return ScoreComparison(
        name=name,
        questions=len(pairs),
        ours=sum(first) / len(pairs),
        theirs=sum(second) / len(pairs),
        p=randomisation_test(first, second),
        better=sum(a > b for a, b in pairs),
        worse=sum(a < b for a, b in pairs),
    )


def _pairs(
    name: str, ours: ScoresByQuestion, theirs: ScoresByQuestion
) -> Iterator[tuple[float, float]]:
    for question, scores in ours.items():
        other = theirs.get(question, {})
        if name in scores and name in other:
            yield round(scores[name], DIGITS), round(other[name], DIGITS)


ROUNDS = 10_000
"""Sign assignments to draw; if there are no more than these, all are tried."""
SEED = 11

_CELLS = 1 << 21
_EQUAL = 1e-12


def randomisation_test(first: Sequence[float], second: Sequence[float]) -> float:
    """Return the two-sided p-value of a paired randomisation test over sign flips.

    Args:
        first: One score for each question.
        second: The other system's scores for the same questions, in the same order.

    Returns:
        In (0, 1]; the same for the same scores. Exact for up to 13 questions, otherwise estimated
        from 10,000 draws, the observed signs among them; 1 without questions.
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
    rows = max(1, _CELLS // count)  # memory does not grow with the questions
    reached = 1
    for start in range(0, ROUNDS, rows):
        size = (min(rows, ROUNDS - start), count)
        flips = random.integers(0, 2, size=size, dtype=np.int8)
        reached += int((abs(_means(flips, differences)) >= least).sum())
    return reached / (ROUNDS + 1)


def _means(
    flips: "npt.NDArray[np.integer]", differences: "npt.NDArray[np.float64]"
) -> "npt.NDArray[np.float64]":
    """Return the mean difference of each row of flips; a 1 changes the sign."""
    means: npt.NDArray[np.float64] = (1 - 2.0 * flips) @ differences / len(differences)
    return means
