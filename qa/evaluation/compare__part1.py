"""Whether two systems differ on the same questions, or whether it may be chance.

The paired randomisation test (Fisher; for retrieval Smucker, Allan and Carterette, "A comparison
of statistical significance tests for information retrieval evaluation", 2007): if both were alike,
each question's difference could as well have the other sign.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

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
