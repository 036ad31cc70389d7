"""Full collections happen while the user pauses, and not before."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from plain_engine import PlainEngine, PlainUpdate
from releases import ORDINARY

from tui.app import ReleaseQA
from tui.backend.protocols import ChatSettings
from tui.platform.gc import EVERY, FULL, MIDDLE, PAUSE, IdleCollector


class Clock:
    """A clock that is set."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time set."""
        return self.now


@pytest.fixture(autouse=True)
def _collector_as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def test_garbage_waits_for_a_pause() -> None:
    """While keys come there is no full collection; in a pause there is one, in a long one more."""
    clock = Clock()
    collector = IdleCollector(clock)
    collector.take_over()

    clock.now = PAUSE - 0.1
    assert not collector.collect_if_idle()
    collector.touched()
    clock.now = PAUSE + 0.1
    assert not collector.collect_if_idle()
    clock.now = 2 * PAUSE
    assert collector.collect_if_idle()
    assert gc.get_freeze_count() > 0
    clock.now += EVERY / 2
    assert not collector.collect_if_idle()
    clock.now += EVERY / 2
    assert collector.collect_if_idle()
    collector.touched()
    clock.now += PAUSE
    assert collector.collect_if_idle()


def test_the_interpreter_still_collects_in_the_end() -> None:
    """Who never pauses has memory all the same: a full collection is put off, not forbidden."""
    IdleCollector().take_over()

    assert FULL == gc.get_threshold()[2] > MIDDLE


async def test_keys_and_the_mouse_are_no_pause(tmp_path: Path) -> None:
    """The app reports both to its collector."""
    clock = Clock()
    collector = IdleCollector(clock)
    app = ReleaseQA(
        ChatSettings(tmp_path / ".releaseqa"),
        opener=lambda _: PlainEngine(ORDINARY),
        update=PlainUpdate(),
        environment={},
        collector=collector,
    )
    async with app.run_test(size=(100, 30)) as pilot:
        for act in (pilot.press("a"), pilot.click("Prompt")):
            clock.now += 2 * PAUSE
            await act
            assert not collector.collect_if_idle()
        clock.now += 2 * PAUSE
        assert collector.collect_if_idle()
    app.close()
