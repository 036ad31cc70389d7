"""How fast indexing goes and how long it still takes, from its progress. Pure values."""

from dataclasses import dataclass, replace

from index.reports import Progress

SETTLED = 2.0
"""Seconds of a stage after which its rate says something."""
_MINUTE, _HOUR = 60, 3_600


@dataclass(frozen=True, slots=True)
class ProgressRate:
    """The progress of one run.

    Attributes:
        progress: The last that was told, or None before the first.
        began: When its stage began, in seconds of any clock.
        first: Items of the stage that were done then.
        now: When the last was told.
        held: Seconds of the stage in which it was paused.
    """

    progress: Progress | None = None
    began: float = 0.0
    first: int = 0
    now: float = 0.0
    held: float = 0.0

    def told(self, progress: Progress, now: float) -> "ProgressRate":
        """Take up a progress."""
        if self.progress is None or progress.stage != self.progress.stage:
            return ProgressRate(progress, now, progress.done, now)
        return replace(self, progress=progress, now=now)

    def resumed(self, seconds: float) -> "ProgressRate":
        """Leave a pause out of account."""
        return replace(self, held=self.held + seconds)

    @property
    def rate(self) -> float | None:
        """Items a second in this stage, or None while that is not known."""
        seconds = self.now - self.began - self.held
        if self.progress is None or seconds < SETTLED or self.progress.done <= self.first:
            return None
        return (self.progress.done - self.first) / seconds

    @property
    def remaining(self) -> float | None:
        """Seconds that this stage still takes, or None while that is not known."""
        rate = self.rate
        if rate is None or self.progress is None or self.progress.total is None:
            return None
        return max(0, self.progress.total - self.progress.done) / rate


def rate_text(pace: ProgressRate) -> str:
    """Say how fast it goes and how long it still takes; nothing while that is not known."""
    if pace.rate is None:
        return ""
    parts = [f"{pace.rate:,.0f} a second" if pace.rate >= 1 else f"{pace.rate * 60:,.0f} a minute"]
    if pace.remaining is not None:
        parts.append(f"{duration(pace.remaining)} left")
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """Write a time in one unit or two."""
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
