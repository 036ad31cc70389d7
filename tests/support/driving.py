"""A running chat, driven as a user would: by keys; and what a user sees of it."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from plain_engine import PlainEngine
from textual import events
from textual.pilot import Pilot

from qa.types import RankedPassage
from tui.app import ReleaseQA
from tui.backend.ask_queue import AskQueue
from tui.chat.screen import ChatScreen
from tui.state.turns import NO_ANNOTATIONS, ChatTurn, Cursor
from tui.widgets.status_line import StatusLine
from tui.widgets.turn import TurnView

PATIENCE = 90.0
"""Seconds that a busy machine may need for what a test waits for."""

VISIT = "Who did Minister Joly meet in Seoul?"
FERRY_STARTS = "When does the night ferry start?"


@dataclass
class Chat:
    """A running chat and the hands of its user."""

    app: ReleaseQA
    pilot: Pilot[None]
    engine: PlainEngine

    @property
    def screen(self) -> ChatScreen:
        """The chat's own screen, also while a window covers it."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, ChatScreen)
        return screen

    @property
    def turns(self) -> list[ChatTurn]:
        """The turns of the conversation."""
        return self.screen.reading.turns

    @property
    def cursor(self) -> Cursor | None:
        """Where the user reads."""
        return self.screen.reading.cursor

    @property
    def passage(self) -> RankedPassage | None:
        """The passage at the cursor."""
        return self.screen.reading.passage

    @property
    def queue(self) -> AskQueue:
        """What answers the questions."""
        return self.screen.queue

    @property
    def status(self) -> str:
        """What the status line says at left."""
        return str(self.screen.query_one(StatusLine).query_one(".status--state").render())

    @property
    def verdicts(self) -> list[str]:
        """The line below each question."""
        lines = [view.query_one(".turn--verdict") for view in self.screen.query(TurnView)]
        return [str(line.render()) for line in lines]

    @property
    def titles(self) -> list[str]:
        """The passages on the screen, as `RANK  RELEASE#ORDINAL`."""
        return [
            f"{card.passage.rank} {card.passage.passage_id}"
            for view in self.screen.query(TurnView)
            for card in view.cards
        ]

    @property
    def selected(self) -> str | None:
        """The id of the selected passage."""
        cards = [card for view in self.screen.query(TurnView) for card in view.cards]
        marked = [card.passage.passage_id for card in cards if card.has_class("-selected")]
        assert len(marked) <= 1
        return marked[0] if marked else None

    @property
    def footer(self) -> set[str]:
        """The descriptions of the keys in the footer."""
        active = self.app.screen.active_bindings.values()
        return {entry.binding.description for entry in active if entry.binding.show}

    async def press(self, *keys: str) -> None:
        """Press keys and let everything they start come to rest."""
        await self.pilot.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        """Let messages, threads and layout come to rest."""
        await self.pilot.pause()

    async def burst(self, *keys: str) -> None:
        """Let keys arrive all at once, like a paste from a terminal without bracketed paste."""
        for key in keys:
            self.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await self.settle()

    async def write(self, text: str) -> None:
        """Type into the focused widget."""
        names = {" ": "space", "?": "question_mark", ".": "full_stop", "-": "minus"}
        await self.press(*(names.get(character, character) for character in text))

    async def ask(self, question: str) -> None:
        """Ask a question, and wait for what the gates of the engine let through."""
        self.screen.prompt.text = question
        self.screen.prompt.focus()
        asked = len(self.turns)
        await self.press("enter")
        if self.engine.warm_gate.is_set() and self.engine.ask_gate.is_set():
            await self.until(lambda: len(self.turns) > asked and self.turns[-1].settled)
        elif not self.engine.warm_gate.is_set():
            await self.until(lambda: len(self.turns) > asked and bool(self.turns[-1].answer))

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something that a thread brings about."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"it never came to that; the status is {self.status!r}"
            if self.app.is_running:
                await self.settle()
            await asyncio.sleep(0.005)
        if self.app.is_running:
            await self.settle()


def annotation_lines(chat: Chat) -> list[str]:
    """What is shown below each passage that the user judged, pinned or noted."""
    cards = [card for view in chat.screen.query(TurnView) for card in view.cards]
    annotated = [card for card in cards if card.annotations != NO_ANNOTATIONS]
    return [str(card.render()).splitlines()[-1] for card in annotated]


StartChat = Callable[..., AbstractAsyncContextManager[Chat]]
