"""Garbage collection while the user pauses.

A full collection visits every object: 70 ms and more, which delays a key if it happens meanwhile.
So automatic full collections are put off, and one is run when the user pauses. Objects that exist
at the first pause live until the end, so they are frozen and not visited again.
"""

import gc
from collections.abc import Callable
from time import monotonic

PAUSE = 2.0
"""Seconds without input after which nobody notices a full collection."""
EVERY = 60.0
"""Seconds between two collections in a long pause; background work makes garbage, too."""
YOUNG, MIDDLE, FULL = 2_000, 10, 1_000
"""Thresholds of the three generations; the last puts off automatic full collections."""


class IdleCollector:
    """Collects garbage when the user pauses.

    Args:
        clock: Returns seconds that never decrease.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._last = clock()
        self._collected: float | None = None

    def take_over(self) -> None:
        """Put off automatic full collections; call it once, when the program starts."""
        gc.set_threshold(YOUNG, MIDDLE, FULL)

    def touched(self) -> None:
        """Note that the user did something."""
        self._last = self._clock()

    def collect_if_idle(self) -> bool:
        """Collect if the user pauses, again if the pause is long; return whether it did."""
        now, collected = self._clock(), self._collected
        done = collected is not None and self._last < collected and now - collected < EVERY
        if done or now - self._last < PAUSE:
            return False
        gc.collect()
        if collected is None:
            gc.freeze()
        self._collected = now
        return True
