"""What the desk tells of a question: each state that can be seen, and no other."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from driving import StartChat
from plain_engine import PlainEngine, PlainUpdate
from releases import ORDINARY

from qa.errors import WorkerError
from qa.types import Answer
from tui.backend.ask_queue import SOON, AskQueue
from tui.backend.protocols import ChatSettings
from tui.messages import ModelReady, ModelUnavailable, QuestionAsked, TurnChanged
from tui.state.turns import ChatTurn, State

QUESTION = "Who met Park Jin in Seoul?"


@dataclass
class SlowEngine(PlainEngine):
    """One that takes long enough for every state to be seen."""

    def ask(self, question: str, **how: Any) -> Answer:
        """Answer, later."""
        time.sleep(2 * SOON)
        return super().ask(question, **how)


async def states_with(engine: PlainEngine, folder: Path) -> list[State]:
    """Ask one question once the engine is warm, and return the states that were told."""
    desk, told = await opened(engine, folder)
    desk.ask(ChatTurn(0, QUESTION))
    await until(lambda: (0, "done") in turns_told(told))
    await asyncio.sleep(2 * SOON)
    desk.close()
    return [state for _, state in turns_told(told)]


@pytest.fixture
def at_leisure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold passing states back for so long that a busy machine is quick enough, too."""
    monkeypatch.setattr("tui.backend.ask_queue.SOON", 5)


@pytest.mark.usefixtures("at_leisure")
async def test_a_quick_answer_is_told_once(tmp_path: Path) -> None:
    """Nothing is drawn that would be gone before it is seen, and nothing comes after."""
    assert ["done"] == await states_with(PlainEngine(ORDINARY), tmp_path)


async def test_a_slow_answer_is_followed(tmp_path: Path) -> None:
    """Where finding and reading take their time, both are told."""
    told = await states_with(SlowEngine(ORDINARY), tmp_path)

    assert ["searching", "reading", "done"] == told


@dataclass
class EndedOnce(PlainEngine):
    """One whose process is ended once, as it warms up or at the first question."""

    ends_in: str = "warm"

    def warm(self, *, reader: bool = True) -> None:
        """Load, unless ended."""
        self._end_in("warm")
        super().warm(reader=reader)

    def ask(self, question: str, **how: Any) -> Answer:
        """Answer, unless ended."""
        self._end_in("ask")
        return super().ask(question, **how)

    def _end_in(self, method: str) -> None:
        if self.ends_in == method:
            self.ends_in = ""
            raise WorkerError("ended")


async def opened(engine: PlainEngine, folder: Path) -> tuple[AskQueue, list[object]]:
    """Open a desk and wait until its engine is warm; what it tells comes into the list."""
    told: list[object] = []
    desk = AskQueue(
        ChatSettings(folder),
        told.append,
        asyncio.ensure_future,
        opener=lambda _: engine,
        update=PlainUpdate(),
    )
    desk.open()
    await until(lambda: any(isinstance(message, ModelReady) for message in told))
    return desk, told


async def until(there: Callable[[], bool]) -> None:
    """Wait for something, some seconds at most."""
    for _ in range(200):
        if there():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("that never came")


def turns_told(told: list[object]) -> list[tuple[int, State]]:
    """Return numbers and states of the turns that were told of."""
    return [(m.turn.number, m.turn.state) for m in told if isinstance(m, TurnChanged)]


@pytest.mark.usefixtures("at_leisure")
async def test_a_question_makes_it_busy_at_once(tmp_path: Path) -> None:
    """What says so on the screen is never a question behind."""
    desk, told = await opened(PlainEngine(ORDINARY), tmp_path)

    assert not desk.busy
    desk.ask(ChatTurn(0, QUESTION))
    assert desk.busy
    await until(lambda: turns_told(told) == [(0, "done")])
    await until(lambda: not desk.busy)
    desk.close()


@pytest.mark.usefixtures("at_leisure")
async def test_what_is_cancelled_before_it_began_is_that_question(tmp_path: Path) -> None:
    """The answer before it stays what it is."""
    desk, told = await opened(PlainEngine(ORDINARY), tmp_path)
    desk.ask(ChatTurn(0, QUESTION))
    await until(lambda: turns_told(told) == [(0, "done")] and not desk.busy)
    desk.ask(ChatTurn(1, QUESTION))
    await asyncio.sleep(0)  # it is taken from the queue, and not begun

    assert desk.cancel()
    await until(lambda: not desk.busy)
    assert [(0, "done"), (1, "cancelled")] == turns_told(told)
    desk.close()


async def test_questions_asked_together_wait_for_one_another(start_chat: StartChat) -> None:
    """Only the first says that it is searched for."""
    engine = PlainEngine(ORDINARY)
    async with start_chat(engine) as chat:
        engine.ask_gate.clear()
        for number in range(3):
            chat.screen.post_message(QuestionAsked(f"{QUESTION} ({number})"))
        await chat.until(lambda: len(chat.turns) == 3)
        await chat.pilot.pause(2 * SOON)
        states = [turn.state for turn in chat.turns]
        engine.ask_gate.set()
        await chat.until(lambda: all(turn.settled for turn in chat.turns))

    assert ["searching", "waiting", "waiting"] == states


async def test_a_process_that_ends_while_it_loads_is_not_the_end_of_meaning(
    tmp_path: Path,
) -> None:
    """Another one is loaded in its place."""
    desk, told = await opened(EndedOnce(ORDINARY), tmp_path)

    assert not any(isinstance(message, ModelUnavailable) for message in told)
    desk.close()


@pytest.mark.usefixtures("at_leisure")
async def test_a_process_that_ends_in_a_question_is_followed_by_another(tmp_path: Path) -> None:
    """That question fails in words; the next is answered, once the model is loaded again."""
    desk, told = await opened(EndedOnce(ORDINARY, ends_in="ask"), tmp_path)
    desk.ask(ChatTurn(0, QUESTION))
    await until(lambda: turns_told(told) == [(0, "failed")])
    desk.ask(ChatTurn(1, QUESTION))
    await until(lambda: (1, "done") in turns_told(told))

    assert 2 == sum(isinstance(message, ModelReady) for message in told)
    desk.close()
