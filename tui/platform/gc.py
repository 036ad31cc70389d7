"""Garbage is collected while nobody waits for the screen.

A full collection looks at every object there is: a hundred thousand when the screen is there, more
with every answer, and 70 ms and more in the middle of a key's way to the screen. So the collector
is kept from doing it by itself, and it is done once the user pauses. What is there at the first
pause stays until the end, and is not looked at any more.
"""

import gc
from collections.abc import Callable
from time import monotonic

PAUSE = 2.0
"""Seconds without a key or the mouse after which a full collection is noticed by nobody."""
EVERY = 60.0
"""Seconds between two collections of one long pause: what runs by itself leaves garbage too."""
YOUNG, MIDDLE, FULL = 2_000, 10, 1_000
"""Thresholds of the three generations; the last only holds off a full collection by itself."""


class IdleCollector:
    """Collects when told that time has passed, provided that the user pauses.

    Args:
        clock: Seconds, ever growing.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._last = clock()
        self._collected: float | None = None

    def take_over(self) -> None:
        """Keep the interpreter from full collections; to be called once, when a program starts."""
        gc.set_threshold(YOUNG, MIDDLE, FULL)

    def touched(self) -> None:
        """Take note that the user did something."""
        self._last = self._clock()

    def look(self) -> bool:
        """Collect once in a pause, and again if it lasts; whether it was done."""
        now, collected = self._clock(), self._collected
        done = collected is not None and self._last < collected and now - collected < EVERY
        if done or now - self._last < PAUSE:
            return False
        gc.collect()
        if collected is None:
            gc.freeze()
        self._collected = now
        return True
