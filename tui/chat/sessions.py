"""The saved conversation: every turn is recorded, and one can be resumed, exported or removed."""

from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from pathlib import Path

from textual.screen import Screen

from qa.errors import QAError
from qa.sessions.types import SavedSession, SavedTurn, Transcript
from qa.types import AskOptions
from tui.backend.ask_queue import AskQueue
from tui.backend.session_recorder import SessionRecorder
from tui.chat.annotations import PassageAnnotations
from tui.chat.reading import ReadingNavigation
from tui.messages import QuestionAsked
from tui.screens.line_input import LineInputScreen
from tui.screens.sessions import SessionsScreen
from tui.state.turns import ChatTurn
from tui.widgets.prompt import Prompt
from tui.widgets.status_line import StatusLine


@dataclass(eq=False)
class SessionController:
    """Saves the conversation on the screen, and puts saved ones there.

    Attributes:
        screen: Dialogs open over it; it runs what takes time and receives the messages.
        options: How questions are asked.
        queue: Answers them, and knows the conversation so far.
        recorder: Writes and reads the sessions.
        reading: Shows the turns.
        annotations: Shows what the user made of passages.
        prompt: Gets the earlier questions.
        status_line: Shows notices.
        conversation: Number of the conversation on the screen, since the start.
        name: Name under which it is saved; None before its first question.
    """

    screen: Screen[None]
    options: AskOptions
    queue: AskQueue
    recorder: SessionRecorder
    reading: ReadingNavigation
    annotations: PassageAnnotations
    prompt: Prompt
    status_line: StatusLine
    conversation: int = field(default=0, init=False)
    name: str | None = field(default=None, init=False)
    _resuming: bool = field(default=False, init=False)
    _early: list[QuestionAsked] = field(default_factory=list, init=False)

    # Recording

    def postpone(self, message: QuestionAsked) -> bool:
        """Keep a question back while a session is being read: it comes after the saved turns."""
        if self._resuming:
            self._early.append(message)
        return self._resuming

    def record_question(self, turn: ChatTurn) -> None:
        """Save a question that was asked now."""
        words_only = turn.words_only or self.options.words_only
        options = replace(self.options, filters=turn.filters, words_only=words_only)
        self.recorder.asked(turn, options)

    def begun(self, conversation: int, name: str) -> None:
        """Take the name under which a conversation is saved."""
        if conversation == self.conversation:
            self.name = name

    # Starting and resuming

    async def start_over(self) -> None:
        """Begin another conversation; the one before stays saved."""
        self.queue.forget()
        self.conversation += 1
        self.name = None
        self.annotations.clear()
        await self.reading.clear()

    async def resume(self, name: str) -> None:
        """Continue a saved conversation, or begin one of that name."""
        self._resuming = True
        shown: Awaitable[None] | None = None
        try:
            await self.start_over()
            shown = self._restore(await self.recorder.resume(self.conversation, name))
        except QAError as error:
            self.status_line.say(f"The conversation cannot be continued: {error}", warning=True)
        finally:
            # Questions asked meanwhile are saved at once: drawing many turns takes time.
            self._resuming = False
            early, self._early = self._early, []
            for message in early:
                self.screen.post_message(replace(message))
        if shown is not None:
            await shown

    def _restore(self, transcript: Transcript) -> Awaitable[None]:
        """Put a saved conversation on the screen; await the result to see it drawn."""
        self.name = transcript.session.name
        turns = [
            turn_of(saved, number, self.conversation)
            for number, saved in enumerate(transcript.turns)
        ]
        self.queue.remember(turns)
        for turn in turns:
            self.prompt.remember(turn.question)
        drawn = self.reading.restore(turns)
        self.annotations.restore(transcript)
        return self._go_to_end(len(turns), drawn)

    async def _go_to_end(self, count: int, drawn: Awaitable[None]) -> None:
        await drawn
        if count == len(self.reading.turns):  # else there is a newer question
            self.reading.go_to_last_turn()

    # The list of sessions

    def choose(self) -> None:
        """Show the saved conversations and continue the one chosen."""
        self.screen.app.push_screen(
            SessionsScreen(self.recorder, self._session_changed), self._resume_chosen
        )

    def _resume_chosen(self, name: str | None) -> None:
        if name is not None and name != self.name:
            self.screen.run_worker(self.resume(name), group="resume")

    async def _session_changed(self, old: SavedSession, name: str | None) -> None:
        """Follow when the session on the screen got another name, or was removed."""
        if old.name != self.name:
            return
        self.name = name
        if name is None:
            await self.start_over()
            self.prompt.focus()

    # Export

    def export(self) -> None:
        """Ask for a file and write the conversation to it."""
        from qa.sessions.export import SUFFIXES, check_target

        if not self.reading.turns:
            self.status_line.say("There is nothing to export yet: ask a question first")
            return
        name = "".join(c if c.isalnum() or c in "-_. " else "-" for c in self.name or "")
        dialog = LineInputScreen(
            "Export the conversation",
            f"{name.strip('. ') or 'conversation'}.html",
            hint=f"The extension sets the format: {', '.join(SUFFIXES)}",
            check=check_target,
        )
        self.screen.app.push_screen(dialog, self._export_to)

    def _export_to(self, path: str | None) -> None:
        if path is not None:
            absolute = Path(path).expanduser().absolute()
            self.screen.run_worker(self._export(absolute), group="export")

    async def _export(self, path: Path) -> None:
        from qa.sessions.export import write_export

        try:
            session = await self.recorder.session(self.conversation)
            if session is not None:
                await self.recorder.do(lambda store: write_export(store.transcript(session), path))
        except QAError as error:
            self.status_line.say(f"Not exported: {error}", warning=True)
        else:
            self.status_line.say(
                f"Exported to {path}" if session else "This conversation is not saved",
                warning=not session,
            )


def turn_of(saved: SavedTurn, number: int, conversation: int) -> ChatTurn:
    """Return a saved turn as one of the screen's; a turn without an end was cut off."""
    return ChatTurn(
        number,
        saved.question,
        saved.options.filters,
        "cancelled" if saved.state == "asked" else saved.state,
        saved.answer,
        conversation,
        saved.as_typed,
        saved.error,
        saved.options.words_only,
    )
