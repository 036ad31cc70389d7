"""Saving conversations as they happen, in a separate thread.

Writes happen in the order of the calls, so an answer is written after its question, and the end of
the program waits for all writes. The screen never waits. If the disk cannot be written to, the
chat continues unsaved, and the user is told once.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from textual.message import Message

from qa.errors import QAError, SessionError
from qa.sessions.store import SessionStore, open_sessions
from qa.sessions.types import Judgement, Remark, SavedSession, Transcript, TurnState
from qa.types import AskOptions
from tui import messages
from tui.state.turns import ChatTurn

T = TypeVar("T")
STATES: dict[str, TurnState] = {"done": "done", "cancelled": "cancelled", "failed": "failed"}
"""The saved state of a turn, by its final state on the screen."""


class SessionRecorder:
    """Saves the conversations of one screen.

    Args:
        collection: Key of the collection they are about.
        post: Receives messages; called from the recorder's thread.
        opener: Opens the user's sessions; called in the thread when they are first needed.
    """

    def __init__(
        self,
        collection: str,
        post: Callable[[Message], object],
        opener: Callable[[], SessionStore] = open_sessions,
    ) -> None:
        self.collection = collection
        self._post = post
        self._opener = opener
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sessions")
        # Used in the thread only:
        self._store: SessionStore | None = None
        self._sessions: dict[int, SavedSession] = {}
        self._keys: dict[tuple[int, int], int] = {}
        self._reported = False

    # Writing: returns at once

    def asked(self, turn: ChatTurn, options: AskOptions) -> None:
        """Save a question."""
        self._submit(lambda: self._save_question(turn, options))

    def follow(self, turn: ChatTurn) -> None:
        """Save the answer of a question, once its state is final."""
        if turn.settled:
            self._submit(lambda: self._save_answer(turn))

    def remark(self, turn: ChatTurn, remark: Remark) -> None:
        """Save a pin or a note."""

        def save() -> None:
            key = self._keys.get((turn.conversation, turn.number))
            if key is not None:
                self._opened().remark(key, remark)

        self._submit(save)

    def judge(self, judgement: Judgement) -> None:
        """Save a judgement."""
        self._submit(lambda: self._opened().judge(self.collection, [judgement]))

    def withdraw(self, judgement: Judgement) -> None:
        """Remove a judgement."""
        self._submit(lambda: self._opened().withdraw(self.collection, judgement))

    def close(self) -> None:
        """Finish all writes, then close the file."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=True)

    # Reading

    async def do(self, work: Callable[[SessionStore], T]) -> T:
        """Call `work` with the sessions, after all earlier writes, and return its result.

        Raises:
            QAError: The sessions cannot be used, or `work` failed.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: work(self._opened()))

    async def resume(self, conversation: int, name: str) -> Transcript:
        """Return the session of a name and continue it; create it if there is none.

        Raises:
            QAError: The sessions cannot be used.
        """

        def begin(store: SessionStore) -> Transcript:
            transcript = store.transcript(store.begin(self.collection, name))
            self._sessions[conversation] = transcript.session
            self._keys.update({
                (conversation, number): turn.key for number, turn in enumerate(transcript.turns)
            })  # fmt: skip
            return transcript

        return await self.do(begin)

    async def session(self, conversation: int) -> SavedSession | None:
        """Return the session of a conversation, or None before its first question."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: self._sessions.get(conversation))

    # In the thread

    def _save_question(self, turn: ChatTurn, options: AskOptions) -> None:
        store = self._opened()
        session = self._sessions.get(turn.conversation)
        if session is None:
            session = self._begin(turn, None)
        try:
            key = store.ask(session.key, turn.question, options, as_typed=turn.as_typed)
        except SessionError:  # another program removed the session: start it again
            session = self._begin(turn, session.name)
            key = store.ask(session.key, turn.question, options, as_typed=turn.as_typed)
        self._keys[turn.conversation, turn.number] = key

    def _begin(self, turn: ChatTurn, name: str | None) -> SavedSession:
        session = self._opened().begin(self.collection, name, question=turn.question)
        self._sessions[turn.conversation] = session
        self._post(messages.SessionBegun(turn.conversation, session.name))
        return session

    def _save_answer(self, turn: ChatTurn) -> None:
        key = self._keys.get((turn.conversation, turn.number))
        if key is not None:
            self._opened().settle(key, STATES[turn.state], turn.answer, turn.error)

    def _opened(self) -> SessionStore:
        if self._store is None:
            self._store = self._opener()
        return self._store

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None

    def _submit(self, work: Callable[[], object]) -> None:
        """Run something in the thread; the first error is reported to the user."""

        def run() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 - the chat goes on
                self._report(error)

        self._thread.submit(run)

    def _report(self, error: Exception) -> None:
        if self._reported:
            return
        self._reported = True
        reason = str(error) if isinstance(error, QAError) else f"{type(error).__name__}: {error}"
        with suppress(RuntimeError):  # the screen is closed
            self._post(messages.Noticed(f"This conversation is not saved: {reason}", "warning"))
