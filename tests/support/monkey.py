"""A monkey at the keyboard: random keys and sizes, from a seed. No crash, no turn lost.

python tests/support/monkey.py --steps 15000 --seed 1
"""

import argparse
import asyncio
import os
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from plain_engine import PlainEngine, PlainUpdate
from releases import HOSTILE, ORDINARY
from textual import events
from textual.keys import key_to_character

from index.reports import Progress, Skip, UpdateReport
from tui.app import ReleaseQA
from tui.backend.protocols import ChatSettings
from tui.chat.screen import ChatScreen
from tui.keys.bindings import PARTS
from tui.keys.keymap import single_key

LEFT_OUT = frozenset({"ctrl+q", "ctrl+d"})
"""Keys that end the program or remove a saved conversation: both are meant to."""
WRITTEN = ("When", " ferry", "Joly", "visit", "?", "é", "語", "🚢", "ن", "\u0301", "[/]", "2024")
SIZES = ((80, 24), (120, 40), (200, 50), (99, 20), (100, 20), (40, 10), (20, 6), (160, 12))
BURST = 12
"""Keys that arrive together."""


def keys() -> list[str]:
    """Every key that is bound, once."""
    bound = {binding.key for part in PARTS for binding in single_key(part.bindings)}
    more = {"pageup", "pagedown", "home", "end", "left", "right", "backspace", "delete", "space"}
    return sorted((bound | more) - LEFT_OUT)


def presses(seed: int, steps: int) -> Iterator[str | tuple[int, int]]:
    """Yield keys, texts as their characters, and sizes."""
    chance = random.Random(seed)
    bound = keys()
    left = steps
    while left > 0:
        draw = chance.random()
        if draw < 0.03:
            yield chance.choice(SIZES)
        elif draw < 0.25:
            yield from chance.choice(WRITTEN)
        elif draw < 0.32:
            yield "enter"
        elif draw < 0.40:
            yield "escape"
        else:
            yield chance.choice(bound)
        left -= 1


def chat(folder: Path) -> ReleaseQA:
    """A chat over a small collection, with indexing that is never done."""
    report = UpdateReport(added=1, skipped=(Skip("a.txt", "no text"),))
    return ReleaseQA(
        ChatSettings(folder / ".releaseqa"),
        opener=lambda _: PlainEngine((*ORDINARY, HOSTILE)),
        update=PlainUpdate(report, steps=(Progress("meaning", 40, 100),)),
        environment={},
    )


async def run(seed: int, steps: int, folder: Path) -> int:
    """Press, and return how many turns there were.

    Raises:
        AssertionError: A question that was asked is not on the screen.
    """
    app = chat(folder)
    asked = 0
    pressed = 0
    async with app.run_test(size=(120, 40)) as pilot:
        screen = app.screen
        assert isinstance(screen, ChatScreen)
        conversation, turns = screen.sessions.conversation, 0
        for press in presses(seed, steps):
            if isinstance(press, tuple):
                await pilot.resize_terminal(*press)
            else:
                character = press if len(press) == 1 else key_to_character(press)
                app.post_message(events.Key(press, character))
            pressed += 1
            if pressed % BURST:
                continue
            await pilot.pause()
            assert app.is_running, app._exception
            if screen.sessions.conversation == conversation:
                assert len(screen.reading.turns) >= turns, "a turn was lost"
            asked += max(0, len(screen.reading.turns) - turns)
            conversation, turns = screen.sessions.conversation, len(screen.reading.turns)
            assert len(screen.conversation.views) <= turns + 1
        while isinstance(app.screen, ChatScreen) is False:
            app.pop_screen()
            await pilot.pause()
        while screen.queue.busy:
            await pilot.pause(0.05)
        await pilot.pause()
        drawn = [view.turn for view in screen.conversation.views]
        first = drawn[0].number if drawn else 0
        assert drawn == screen.reading.turns[first : first + len(drawn)]
        assert bool(drawn) == bool(screen.reading.turns)
    app.close()
    return asked


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=15_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["RELEASEQA_DATA"] = home
        os.chdir(home)  # exports go there
        started = time.monotonic()
        count = asyncio.run(run(options.seed, options.steps, Path(home)))
        seconds = time.monotonic() - started
        print(f"{options.steps:,} steps, {count} turns, no crash, {seconds:.0f} s")  # noqa: T201
