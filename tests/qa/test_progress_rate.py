"""Rate and remaining time of indexing."""

import pytest

from index.reports import Progress
from qa.progress_rate import ProgressRate, duration, rate_text


def test_rate_and_remaining_time_are_those_of_the_stage() -> None:
    """Fifty of a hundred in ten seconds: five a second and ten seconds to go."""
    rate = ProgressRate().updated(Progress("words", 90, 100), 0.0)
    rate = rate.updated(Progress("meaning", 0, 100), 100.0)
    rate = rate.updated(Progress("meaning", 50, 100), 110.0)
    assert rate.rate == 5.0
    assert rate.remaining == 10.0
    assert rate_text(rate) == "5 a second, 10 s left"


def test_no_rate_is_shown_too_early() -> None:
    """The first seconds of a stage, and one that does not move, have no rate."""
    rate = ProgressRate().updated(Progress("read", 0, 10), 0.0)
    assert rate_text(rate.updated(Progress("read", 5, 10), 1.0)) == ""
    assert rate_text(rate.updated(Progress("read", 0, 10), 60.0)) == ""


def test_a_pause_does_not_count() -> None:
    """The time of a pause is not counted."""
    rate = ProgressRate().updated(Progress("meaning", 0, 100), 0.0).after_pause(90.0)
    assert rate.updated(Progress("meaning", 50, 100), 100.0).rate == 5.0


def test_slow_work_is_shown_per_minute() -> None:
    """Two in a minute; a stage without a total has no remaining time."""
    rate = ProgressRate().updated(Progress("read", 0), 0.0).updated(Progress("read", 2), 60.0)
    assert rate_text(rate) == "2 a minute"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "0 s"), (59.4, "59 s"), (61, "1 min 1 s"), (3_599.6, "1 h 0 min"), (7_260, "2 h 1 min")],
)
def test_times_are_written_in_one_unit_or_two(seconds: float, said: str) -> None:
    """Seconds, minutes and seconds, hours and minutes."""
    assert duration(seconds) == said
