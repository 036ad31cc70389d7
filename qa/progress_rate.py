"""The speed of a long task and the time that it still takes, worked out from its progress."""

from dataclasses import dataclass, replace

from index.reports import Progress

MIN_SECONDS = 2.0
"""Seconds into a stage before its rate is worth showing."""
_MINUTE, _HOUR = 60, 3_600


@dataclass(frozen=True, slots=True)
class ProgressRate:
    """The progress of one run.

    Attributes:
        progress: The latest, or None before the first.
        began: When its stage began, in seconds of any clock.
        first: Items of the stage that were done then.
        now: When the latest progress was reported.
        paused: Seconds of the stage during which it was paused.
    """

    progress: Progress | None = None
    began: float = 0.0
    first: int = 0
    now: float = 0.0
    paused: float = 0.0

    def updated(self, progress: Progress, now: float) -> "ProgressRate":
        """Return the rate with a newer progress."""
        if self.progress is None or progress.stage != self.progress.stage:
            return ProgressRate(progress, now, progress.done, now)
        return replace(self, progress=progress, now=now)

    def after_pause(self, seconds: float) -> "ProgressRate":
        """Return the rate without the time of a pause."""
        return replace(self, paused=self.paused + seconds)

    @property
    def rate(self) -> float | None:
        """Items a second in this stage, or None while unknown."""
        seconds = self.now - self.began - self.paused
        if self.progress is None or seconds < MIN_SECONDS or self.progress.done <= self.first:
            return None
        return (self.progress.done - self.first) / seconds

    @property
    def remaining(self) -> float | None:
        """Seconds that this stage still takes, or None while unknown."""
        rate = self.rate
        if rate is None or self.progress is None or self.progress.total is None:
            return None
        return max(0, self.progress.total - self.progress.done) / rate


def rate_text(rate: ProgressRate) -> str:
    """Format the speed and the time left; empty while unknown."""
    if rate.rate is None:
        return ""
    parts = [f"{rate.rate:,.0f} a second" if rate.rate >= 1 else f"{rate.rate * 60:,.0f} a minute"]
    if rate.remaining is not None:
        parts.append(f"{duration(rate.remaining)} left")
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """Format a time in one unit or two."""
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
