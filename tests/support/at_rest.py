"""When a Textual app has come to rest: nothing is left to run or to draw, no thread is at work.

Textual's pilot sleeps 20 ms at a time until the process takes little of the processor. That is
slow where the app is at rest already, and wrong on a busy machine.
"""

import asyncio
import sys
import threading
from collections import Counter
from collections.abc import Callable
from time import monotonic
from types import FrameType
from typing import Any, TypeVar

import pytest
from textual.app import App
from textual.pilot import Pilot

T = TypeVar("T")

PATIENCE = 90.0
"""Seconds that a busy machine may need for what a test waits for."""


class Threads:
    """The calls that asyncio makes in threads, and whether they do something or wait."""

    def __init__(self) -> None:
        self._calls: Counter[Any] = Counter()
        self._begun: dict[int, Any] = {}

    def count(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Count from now on."""
        run = asyncio.BaseEventLoop.run_in_executor

        def counted(
            loop: asyncio.BaseEventLoop, pool: Any, function: Callable[..., T], *args: Any
        ) -> asyncio.Future[T]:
            self._calls[pool] += 1
            future = run(loop, pool, self._watched(pool, function), *args)
            future.add_done_callback(lambda _: self._calls.subtract([pool]))
            return future

        monkeypatch.setattr(asyncio.BaseEventLoop, "run_in_executor", counted)

    def _watched(self, pool: Any, function: Callable[..., T]) -> Callable[..., T]:
        def call(*args: Any) -> T:
            self._begun[threading.get_ident()] = pool
            try:
                return function(*args)
            finally:
                del self._begun[threading.get_ident()]

        return call

    @property
    def at_work(self) -> bool:
        """Whether a call does anything but wait for an event, or behind one that does."""
        frames = sys._current_frames()
        begun = self._begun.copy()
        waiting = Counter(pool for thread, pool in begun.items() if _waits(frames.get(thread)))
        return any(
            min(calls, _threads(pool)) > waiting[pool] for pool, calls in self._calls.items()
        )


def _threads(pool: Any) -> float:
    """Return how many calls a pool runs at once."""
    return float("inf") if pool is None else pool._max_workers


def _waits(frame: FrameType | None) -> bool:
    return frame is not None and (
        frame.f_code.co_filename == threading.__file__ and frame.f_code.co_name == "wait"
    )


async def nothing_to_run(threads: Threads) -> None:
    """Wait until no thread is at work and every task waits for a thread, a timer or a user."""
    loop: Any = asyncio.get_running_loop()
    end = monotonic() + PATIENCE
    idle = 0
    while idle < 2:
        await asyncio.sleep(0)
        idle = 0 if loop._ready else idle + 1
        if idle and threads.at_work:
            assert monotonic() < end, "a thread does not come to an end"
            await asyncio.sleep(0.001)
            idle = 0


async def at_rest(app: App[Any], threads: Threads) -> None:
    """Let messages, threads and layout come to rest."""
    await nothing_to_run(threads)
    while app._running and (app._resize_event is not None or _left_to_draw(app)):
        if app._resize_event is not None:  # a timer takes care of it soon
            await asyncio.sleep(0.005)
        app.screen._on_timer_update()
        await nothing_to_run(threads)


def _left_to_draw(app: App[Any]) -> bool:
    screen = app.screen
    return bool(
        screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._recompose_required
        or screen._dirty_widgets
        or screen._callbacks
    )


def rest_instead_of_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Textual's pilot wait until the app is at rest, not for a time."""
    threads = Threads()

    async def idle(*_: float) -> None:
        await nothing_to_run(threads)

    async def wait_for_screen(_: Pilot[Any], timeout: float = 0) -> bool:  # noqa: ARG001, ASYNC109
        await nothing_to_run(threads)
        return True

    async def pause(pilot: Pilot[Any], delay: float | None = None) -> None:  # noqa: ARG001
        await at_rest(pilot.app, threads)

    threads.count(monkeypatch)
    monkeypatch.setattr("textual.screen.UPDATE_PERIOD", 3600.0)  # drawn at rest alone
    monkeypatch.setattr("textual.app.wait_for_idle", idle)
    monkeypatch.setattr("textual.pilot.wait_for_idle", idle)
    monkeypatch.setattr(Pilot, "_wait_for_screen", wait_for_screen)
    monkeypatch.setattr(Pilot, "pause", pause)
