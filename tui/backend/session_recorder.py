"""Keeping conversations as they happen, in a thread of its own.

Everything is done in the order in which it was told, so a turn's answer is written after its
question and the end of the program waits for what was told before. The screen never waits, and
a disk that refuses takes nothing from it but the keeping, which is said once.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from textual.message import Message

from qa.errors import QAError, SessionError
from qa.sessions.store import SessionStore, open_sessions
from qa.sessions.types import Asking, Judgement, Remark, SavedSession, Transcript, TurnState
from tui import messages
from tui.state.turns import ChatTurn

T = TypeVar("T")
STATES: dict[str, TurnState] = {"done": "done", "cancelled": "cancelled", "failed": "failed"}
"""How a turn that nothing more happens to is kept, by its state on the screen."""


class SessionRecorder:
    """Writes the conversations of one screen.

    Args:
        collection: The key of the collection they are about.
        post: Takes messages; called from the recorder's thread.
        opener: Opens the user's sessions; called in the thread, when they are first needed.
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
        # Only the thread uses these.
        self._store: SessionStore | None = None
        self._sessions: dict[int, SavedSession] = {}
        self._keys: dict[tuple[int, int], int] = {}
        self._complained = False

    # Told by the screen as it happens

    def asked(self, turn: ChatTurn, asking: Asking) -> None:
        """Keep a question."""
        self._tell(lambda: self._keep_question(turn, asking))

    def follow(self, turn: ChatTurn) -> None:
        """Keep what came of a question, once nothing more happens to it."""
        if turn.settled:
            self._tell(lambda: self._keep_answer(turn))

    def remark(self, turn: ChatTurn, remark: Remark) -> None:
        """Keep a pin or a note."""

        def keep() -> None:
            key = self._keys.get((turn.conversation, turn.number))
            if key is not None:
                self._opened().remark(key, remark)

        self._tell(keep)

    def judge(self, judgement: Judgement) -> None:
        """Keep a judgement."""
        self._tell(lambda: self._opened().judge(self.collection, [judgement]))

    def withdraw(self, judgement: Judgement) -> None:
        """Forget a judgement."""
        self._tell(lambda: self._opened().withdraw(self.collection, judgement))

    def close(self) -> None:
        """Finish what was told, then close the file."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=True)

    # Asked by the screen

    async def do(self, work: Callable[[SessionStore], T]) -> T:
        """Return what `work` makes of the sessions, after all that was told before.

        Raises:
            QAError: The sessions cannot be used, or what was asked of them cannot be done.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: work(self._opened()))

    async def resume(self, conversation: int, name: str) -> Transcript:
        """Return a session and go on with it, making it when there is none of that name.

        Raises:
            QAError: As above.
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
        """Return where a conversation is kept, or None before its first question."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: self._sessions.get(conversation))

    # In the thread

    def _keep_question(self, turn: ChatTurn, asking: Asking) -> None:
        store = self._opened()
        session = self._sessions.get(turn.conversation)
        if session is None:
            session = self._begin(turn.conversation, None)
        try:
            key = store.ask(session.key, turn.question, asking)
        except SessionError:  # removed by another program: what follows is kept all the same
            session = self._begin(turn.conversation, session.name)
            key = store.ask(session.key, turn.question, asking)
        self._keys[turn.conversation, turn.number] = key

    def _begin(self, conversation: int, name: str | None) -> SavedSession:
        session = self._opened().begin(self.collection, name)
        self._sessions[conversation] = session
        self._post(messages.SessionBegun(conversation, session.name))
        return session

    def _keep_answer(self, turn: ChatTurn) -> None:
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

    def _tell(self, work: Callable[[], object]) -> None:
        """Have something done; what goes wrong is said, the first time."""

        def run() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 - whatever it is, the chat goes on
                self._complain(error)

        self._thread.submit(run)

    def _complain(self, error: Exception) -> None:
        if self._complained:
            return
        self._complained = True
        reason = str(error) if isinstance(error, QAError) else f"{type(error).__name__}: {error}"
        with suppress(RuntimeError):  # the screen has ended
            self._post(messages.Noticed(f"This conversation is not saved: {reason}", "warning"))
