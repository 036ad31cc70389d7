"""What the desk tells of a question: each state that can be seen, and no other."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plain_engine import PlainEngine
from releases import ORDINARY

from qa.answer import Answer
from tui.desk import SOON, Desk
from tui.engine import ChatSettings
from tui.messages import TurnChanged
from tui.turns import State, Turn


@dataclass
class SlowEngine(PlainEngine):
    """One that takes long enough for every state to be seen."""

    def ask(self, question: str, **how: Any) -> Answer:
        """Answer, later."""
        time.sleep(2 * SOON)
        return super().ask(question, **how)


async def states_with(engine: PlainEngine, folder: Path) -> list[State]:
    """Ask one question once the engine is warm, and return the states that were told."""
    told: list[object] = []
    desk = Desk(ChatSettings(folder), told.append, asyncio.ensure_future, opener=lambda _: engine)
    desk.open()
    await asyncio.sleep(0.1)
    desk.ask(Turn(0, "Who met Park Jin in Seoul?"))
    for _ in range(100):
        await asyncio.sleep(SOON / 2)
        states = [message.turn.state for message in told if isinstance(message, TurnChanged)]
        if states and states[-1] == "done":
            break
    await asyncio.sleep(2 * SOON)
    desk.close()
    return [message.turn.state for message in told if isinstance(message, TurnChanged)]


async def test_a_quick_answer_is_told_once(tmp_path: Path) -> None:
    """Nothing is drawn that would be gone before it is seen, and nothing comes after."""
    assert ["done"] == await states_with(PlainEngine(ORDINARY), tmp_path)


async def test_a_slow_answer_is_followed(tmp_path: Path) -> None:
    """Where finding and reading take their time, both are told."""
    told = await states_with(SlowEngine(ORDINARY), tmp_path)

    assert ["searching", "reading", "done"] == told
