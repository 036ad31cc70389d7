"""What the queue reports about a question: each state that can be seen, and no other."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from driving import StartChat
from plain_engine import PlainEngine, PlainUpdate
from releases import ORDINARY

from index.filters import NO_FILTERS, Filters
from qa.conversation import Conversation
from qa.conversation.understand import understand
from qa.errors import WorkerError
from qa.explanation import explain
from qa.presentation import no_answer
from qa.types import Answer
from tui.backend.ask_queue import AskQueue
from tui.backend.protocols import ChatSettings
from tui.messages import ModelChanged, QuestionAsked, TurnChanged
from tui.state.turns import ChatTurn, State

QUESTION = "Who met Park Jin in Seoul?"


@dataclass
class SteppedEngine(PlainEngine):
    """One that answers only as often as it is released."""

    answers: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def ask(self, *question: Any, **how: Any) -> Answer:
        """Answer, once released."""
        self.answers.acquire(timeout=30)
        return super().ask(*question, **how)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every answer come before its preview would be shown, on a busy machine too."""
    monkeypatch.setattr("tui.backend.ask_queue.PREVIEW_DELAY", 60)


@pytest.mark.usefixtures("quick")
async def test_a_quick_answer_is_reported_once(tmp_path: Path) -> None:
    """States that nobody would see are not posted, and none is posted later."""
    queue, posted = await opened(PlainEngine(ORDINARY), tmp_path)
    queue.ask(ChatTurn(0, QUESTION))
    await until(lambda: bool(states_in(posted)))

    assert [(0, "done")] == states_in(posted)
    assert queue._delayed is None
    queue.close()


async def test_a_slow_answer_is_reported_step_by_step(tmp_path: Path) -> None:
    """While searching and reading take time, both states are posted."""
    engine = SteppedEngine(ORDINARY)
    queue, posted = await opened(engine, tmp_path)
    queue.ask(ChatTurn(0, QUESTION))
    for state in ("searching", "reading"):
        await until(lambda state=state: (0, state) in states_in(posted))  # type: ignore[misc]
        engine.answers.release()
    await until(lambda: (0, "done") in states_in(posted))

    assert ["searching", "reading", "done"] == [state for _, state in states_in(posted)]
    queue.close()


@dataclass
class EndedOnce(PlainEngine):
    """One whose process is ended once, as it warms up or at the first question."""

    ends_in: str = "warm"

    def warm(self, *, reader: bool = True) -> None:
        """Load, unless ended."""
        self._end_in("warm")
        super().warm(reader=reader)

    def ask(self, *question: Any, **how: Any) -> Answer:
        """Answer, unless ended."""
        self._end_in("ask")
        return super().ask(*question, **how)

    def _end_in(self, method: str) -> None:
        if self.ends_in == method:
            self.ends_in = ""
            raise WorkerError("ended")


@dataclass
class Listening(PlainEngine):
    """One that notes what each question follows."""

    before: list[Conversation] = field(default_factory=list)

    def ask(self, *question: Any, **how: Any) -> Answer:
        """Note the conversation, and answer."""
        self.before.append(how["conversation"])
        return super().ask(*question, **how)


async def test_a_name_to_filter_by_begins_a_subject(tmp_path: Path) -> None:
    """A pronoun is the person chosen since the last answer; the same filter goes on."""
    engine = Listening(ORDINARY)
    queue, posted = await opened(engine, tmp_path)
    norm = Filters(mentions="Norm Coleman")
    he_said = "What did he say about air service?"
    for number, (question, filters) in enumerate([
        ("What did Christine Elliott announce?", NO_FILTERS), (he_said, norm),
        ("When did he say so?", norm), ("Where was it?", Filters(mentions="Park Jin")),
    ]):  # fmt: skip
        queue.ask(ChatTurn(number, question, filters))
        await until(lambda number=number: (number, "done") in states_in(posted))  # type: ignore[misc]
    asked = [[turn.question for turn in known.turns] for known in dict.fromkeys(engine.before)]
    assert asked == [[], ["Norm Coleman"], ["Norm Coleman", he_said], ["Park Jin"]]
    understood = understand(he_said, engine.before[2])
    assert understood.asked_as == "What did Norm Coleman say about air service?"
    queue.close()


async def test_words_alone_give_no_answer_where_meaning_gave_none(tmp_path: Path) -> None:
    """The passages stay, but nothing says that they answer, or that they are likelier."""
    queue, posted = await opened(PlainEngine(ORDINARY), tmp_path)
    queue.ask(ChatTurn(0, QUESTION, words_only=True, surest=0.2))
    await until(lambda: (0, "done") in states_in(posted))
    turn = next(m.turn for m in posted if isinstance(m, TurnChanged) and m.turn.settled)
    assert turn.declined
    assert turn.answer is not None
    assert turn.answer.passages
    assert (turn.answer.answer, turn.answer.evidence, turn.answer.alternatives) == (None, None, ())
    assert turn.answer.confidence == 0.2
    assert no_answer(turn.answer) == (
        "I couldn't find an answer: these passages only share words with the question."
    )
    assert "search by meaning" not in explain(turn.answer, turn.passages[0])[2]
    queue.close()


async def opened(engine: PlainEngine, folder: Path) -> tuple[AskQueue, list[object]]:
    """Open a queue and wait until its engine is warm; its messages go into the list."""
    posted: list[object] = []
    queue = AskQueue(
        ChatSettings(folder),
        posted.append,
        asyncio.ensure_future,
        opener=lambda _: engine,
        update=PlainUpdate(),
    )
    queue.open()
    await until(lambda: "ready" in models_in(posted))
    return queue, posted


async def until(there: Callable[[], bool]) -> None:
    """Wait for something, some seconds at most."""
    for _ in range(200):
        if there():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("that never came")


def models_in(posted: list[object]) -> list[str]:
    """The states of the model that were posted."""
    return [message.state for message in posted if isinstance(message, ModelChanged)]


def states_in(posted: list[object]) -> list[tuple[int, State]]:
    """Return numbers and states of the turns that were posted of."""
    return [(m.turn.number, m.turn.state) for m in posted if isinstance(m, TurnChanged)]


@pytest.mark.usefixtures("quick")
async def test_a_question_makes_it_busy_at_once(tmp_path: Path) -> None:
    """The screen never shows the state of the question before, nor that the question waits."""
    queue, posted = await opened(PlainEngine(ORDINARY), tmp_path)

    assert not queue.busy
    queue.ask(ChatTurn(0, QUESTION))
    assert queue.busy
    assert queue.waiting == 0
    queue.ask(ChatTurn(1, QUESTION))
    assert queue.waiting == 1
    await until(lambda: states_in(posted) == [(0, "done"), (1, "done")])
    await until(lambda: not queue.busy)
    queue.close()


@pytest.mark.usefixtures("quick")
async def test_what_is_cancelled_before_it_began_is_that_question(tmp_path: Path) -> None:
    """The answer before it stays what it is."""
    queue, posted = await opened(PlainEngine(ORDINARY), tmp_path)
    queue.ask(ChatTurn(0, QUESTION))
    await until(lambda: states_in(posted) == [(0, "done")] and not queue.busy)
    queue.ask(ChatTurn(1, QUESTION))
    await asyncio.sleep(0)  # it is taken from the queue, and not begun

    assert queue.cancel()
    await until(lambda: not queue.busy)
    assert [(0, "done"), (1, "cancelled")] == states_in(posted)
    queue.close()


async def test_questions_asked_together_wait_for_one_another(start_chat: StartChat) -> None:
    """Only the first says that it is searched for."""
    engine = PlainEngine(ORDINARY)
    async with start_chat(engine) as chat:
        engine.ask_gate.clear()
        for number in range(3):
            chat.screen.post_message(QuestionAsked(f"{QUESTION} ({number})"))
        await chat.until(lambda: len(chat.turns) == 3)
        await chat.until(lambda: chat.turns[0].state == "searching")
        states = [turn.state for turn in chat.turns]
        engine.ask_gate.set()
        await chat.until(lambda: all(turn.settled for turn in chat.turns))

    assert ["searching", "waiting", "waiting"] == states


async def test_a_process_killed_while_it_loads_is_replaced(
    tmp_path: Path,
) -> None:
    """Another one is loaded in its place."""
    queue, posted = await opened(EndedOnce(ORDINARY), tmp_path)

    assert "unavailable" not in models_in(posted)
    queue.close()


@pytest.mark.usefixtures("quick")
async def test_a_process_killed_during_a_question_is_replaced(tmp_path: Path) -> None:
    """That question fails in words; the next is answered, once the model is loaded again."""
    queue, posted = await opened(EndedOnce(ORDINARY, ends_in="ask"), tmp_path)
    queue.ask(ChatTurn(0, QUESTION))
    await until(lambda: states_in(posted) == [(0, "failed")])
    queue.ask(ChatTurn(1, QUESTION))
    await until(lambda: (1, "done") in states_in(posted))

    assert 2 == models_in(posted).count("ready")
    queue.close()
