"""Calibration error of confidences, for fit_confidence.py and quality.py."""

import numpy as np
from evaluation_sets import Floats, Rows
from folds import SEED


def calibration_error(p: Floats, right: Rows, weights: Floats, bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal width."""
    places = np.minimum((p * bins).astype(int), bins - 1)
    apart = [
        abs(float((weights[places == b] * (p[places == b] - right[places == b])).sum()))
        for b in range(bins)
    ]
    return sum(apart) / float(weights.sum())


def calibration_floor(p: Floats, weights: Floats, draws: int = 200) -> float:
    """Return the mean calibration error that perfect confidences would show by chance.

    On few questions the share of right answers is never exactly the promised one; most of the error
    of a small set is this.
    """
    random = np.random.default_rng(SEED)
    return float(
        np.mean([calibration_error(p, random.random(len(p)) < p, weights) for _ in range(draws)])
    )
