"""How the work of a function grows with its input, whatever else the machine does."""

import time
from collections.abc import Callable
from typing import TypeVar

Input = TypeVar("Input")

FACTOR = 8
"""How many times larger the larger input is."""

LINEAR = 3 * FACTOR
"""What `growth` is below, with a wide margin, for work that is linear: quadratic work is at 64."""

_LEAST_S = 0.001


def growth(work: Callable[[Input], object], make: Callable[[int], Input], size: int) -> float:
    """Return how many times more processor time an input of `FACTOR * size` takes than of `size`.

    The least of three times counts for the small input, and no time below a millisecond, so that
    neither noise nor the cost of a call looks like growth.
    """
    small, large = make(size), make(FACTOR * size)
    work(small)  # loads what it needs
    return _seconds(work, large) / max(_LEAST_S, min(_seconds(work, small) for _ in range(3)))


def _seconds(work: Callable[[Input], object], given: Input) -> float:
    started = time.process_time()
    work(given)
    return time.process_time() - started
