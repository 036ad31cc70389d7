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
from tui.widgets.answer_block import AnswerBlock
from tui.widgets.passage_card import PassageCard, draw_annotations
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
        """The line below each question: exact words or state, and at right how sure they are."""
        heads = [view.query_one(".answer--head").children for view in self.screen.query(TurnView)]
        lines = [[str(part.render()) for part in parts] for parts in heads]
        return [" | ".join(filter(None, line)) for line in lines]

    @property
    def titles(self) -> list[str]:
        """The passages of the turns on the screen by rank, as `RANK RELEASE#ORDINAL`."""
        return [
            f"{passage.rank} {passage.passage_id}"
            for view in self.screen.query(TurnView)
            for passage in view.turn.passages
        ]

    @property
    def cards(self) -> list[AnswerBlock | PassageCard]:
        """What shows a passage, from the top of the screen to the bottom."""
        return [
            card
            for view in self.screen.query(TurnView)
            for card in (view.card(0), *view.further.cards.values())
            if card is not None
        ]

    @property
    def selected(self) -> str | None:
        """The id of the selected passage."""
        marked = [card.passage.passage_id for card in self.cards if card.has_class("-selected")]
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
    annotated = [card for card in chat.cards if card.annotations != NO_ANNOTATIONS]
    return [str(draw_annotations(card.annotations)) for card in annotated]


StartChat = Callable[..., AbstractAsyncContextManager[Chat]]
