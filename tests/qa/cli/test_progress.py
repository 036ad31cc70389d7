"""Progress on a terminal: what is done, how fast, and the time left."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from on_terminal import TerminalStream

from index.reports import Progress
from qa.cli import progress as module
from qa.cli.context import Context
from qa.cli.progress import progress_bar, stage_bars


@contextmanager
def terminal(patch: pytest.MonkeyPatch) -> Iterator[io.BytesIO]:
    """A terminal of 120 columns in place of standard error."""
    out = io.BytesIO()
    stream = TerminalStream(out, encoding="utf-8", write_through=True)
    with patch.context() as patched:
        patched.setenv("COLUMNS", "120")
        patched.setenv("TERM", "xterm-256color")
        patched.setattr(sys, "stderr", stream)
        yield out
    stream.detach()


class Clock:
    """A clock that the test moves."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.now


@pytest.fixture(name="clock")
def _clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "monotonic", clock)
    return clock


def test_encoding_shows_its_rate_and_the_time_left(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    """A hundred of seven hundred in ten seconds: ten a second, a minute to go."""
    with terminal(monkeypatch) as screen, stage_bars(Context()) as show:
        show(Progress("meaning", 0, 700))
        clock.now = 10.0
        show(Progress("meaning", 100, 700))
    text = screen.getvalue().decode()

    assert "100/700" in text
    assert "10 a second, 1 min 0 s left" in text
    assert "-:--:--" not in text


def test_reading_shows_its_rate(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """The number of releases to come is not known, so there is a rate only."""
    with terminal(monkeypatch) as screen, stage_bars(Context()) as show:
        show(Progress("read", 0, item="news/a.txt"))
        clock.now = 4.0
        show(Progress("read", 200, item="news/b.txt"))

    assert "50 a second" in screen.getvalue().decode()
    assert "left" not in screen.getvalue().decode()


def test_asking_shows_the_same(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """The bar of a batch has rate and time left too."""
    with terminal(monkeypatch) as screen, progress_bar(Context(), "Asking", 30) as done:
        done(0)
        clock.now = 20.0
        done(10)

    assert "30 a minute, 40 s left" in screen.getvalue().decode()
