"""SIGINT and SIGTERM: they end the chat as its own key does, so that the terminal is left in order.

In the chat Ctrl+C is a key. SIGINT comes from elsewhere: from `kill -INT`, or from a Ctrl+C that is
pressed when the screen has been left already.
"""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def ended_by_signals(end: Callable[[int], object]) -> Iterator[None]:
    """Call `end` on the running event loop with the exit code of the signal that arrives.

    A second signal ends the process at once, even if the loop does not run any more.
    """
    loop = asyncio.get_running_loop()

    def told(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        loop.call_soon_threadsafe(end, 128 + number)

    before = {number: signal.signal(number, told) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def signals_ignored() -> Iterator[None]:
    """Ignore them where the program ends anyhow, and in a moment."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
