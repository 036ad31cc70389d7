"""What the keys do about saved conversations, and about what the user makes of passages.

`ChatActions` adds the rest. What is kept goes through the `Recorder`; what is shown of it on a
passage are `Annotations`, held here by turn and passage.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from qa.errors import QAError
from qa.sessions.search import search_sessions
from qa.sessions.types import Asking, Judgement, Remark, SavedSession, SavedTurn, Transcript
from qa.types import RankedPassage
from tui import messages
from tui.chat.state import EMPTY, READING, ChatState
from tui.render.annotations import NO_SIGNS, Annotations
from tui.screens.line_input import LineInputScreen
from tui.screens.sessions import SessionsScreen, SessionWork
from tui.state.turns import ChatTurn, start_of

ON_PASSAGE = frozenset({"judge", "pin", "note"})
ON_UNDERSTOOD = frozenset({"as_typed", "reword"})


class SessionActions(ChatState):
    """A chat that is kept."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether an action does something now."""
        if action in ON_PASSAGE:
            return self.passage is not None
        if action in ON_UNDERSTOOD:
            return self._turn is not None and self._turn.understood_as is not None
        possible: dict[str, Callable[[], bool]] = {
            "new_conversation": lambda: bool(self.turns),
            "export": lambda: bool(self.turns),
        }
        if action in possible:
            return possible[action]()
        return super().check_action(action, parameters)

    # Keeping

    def asking_of(self, turn: ChatTurn) -> Asking:
        """Return how a turn is asked, as it is kept."""
        settings = self.settings
        return Asking(
            turn.filters,
            settings.k,
            settings.risk,
            settings.words_only,
            settings.reader,
            turn.as_typed,
        )

    def on_session_begun(self, message: messages.SessionBegun) -> None:
        """Show under which name the conversation is kept."""
        if message.conversation == self.conversations:
            self.session_name = message.name
            self.say_state()

    # Conversations

    async def action_new_conversation(self) -> None:
        """Begin another conversation; the one before stays saved."""
        await self.start_over()
        self.prompt.focus()
        self.say_state()

    async def start_over(self) -> None:
        """Clear the screen for another conversation."""
        self.desk.forget()
        self.conversations += 1
        self.turns, self.place, self.stays = [], None, False
        self.signs, self.session_name = {}, None
        await self.conversation.clear()
        self.pane.clear()
        self.remove_class(READING)
        self.add_class(EMPTY)

    def action_sessions(self) -> None:
        """Show the saved conversations."""
        self.app.push_screen(SessionsScreen(self._session_work()), self._chosen_session)

    def _chosen_session(self, name: str | None) -> None:
        if name is not None and name != self.session_name:
            self.run_worker(self.resume(name), group="resume")

    async def resume(self, name: str) -> None:
        """Go on with a saved conversation, or begin one of that name."""
        self.resuming = True
        shown: Awaitable[None] | None = None
        try:
            await self.start_over()
            shown = self._take_up(await self.recorder.resume(self.conversations, name))
        except QAError as error:
            self.say(f"The conversation cannot be gone on with: {error}", warning=True)
        finally:
            # What was asked meanwhile is kept at once: drawing many turns takes its time.
            self.resuming = False
            early, self.asked_early = self.asked_early, []
            for message in early:
                self.post_message(messages.QuestionAsked(message.question, message.as_typed))
        if shown is not None:
            await shown

    def _take_up(self, transcript: Transcript) -> Awaitable[None]:
        """Make a saved conversation the one that is gone on with; await it to see it drawn."""
        self.session_name = transcript.session.name
        self.turns = [
            turn_of(saved, number, self.conversations)
            for number, saved in enumerate(transcript.turns)
        ]
        self.signs = {
            (number, passage.passage_id): signs_of(transcript, saved, passage)
            for number, saved in enumerate(transcript.turns)
            for passage in saved.passages
        }
        self.desk.remember(self.turns)
        for turn in self.turns:
            self.prompt.remember(turn.question)
        self.set_class(not self.turns, EMPTY)
        return self._draw(len(self.turns), self.conversation.add(self.turns))

    async def _draw(self, count: int, mounted: Awaitable[None]) -> None:
        """Finish what can only be done once the saved turns are on the screen."""
        await mounted
        for number in range(count):
            self.show_signs(number)
        if count and count == len(self.turns):
            self.conversation.bring_turn(count - 1)
            self.go(start_of(self.turns, count - 1), scroll=False)
        self.say_state()

    def _session_work(self) -> SessionWork:
        recorder = self.recorder

        async def search(words: str) -> list[SavedSession]:
            return await recorder.do(
                lambda store: search_sessions(store, words, recorder.collection)
            )

        async def rename(session: SavedSession, name: str) -> None:
            await recorder.do(lambda store: store.rename(session.key, name))
            if session.name == self.session_name:
                self.session_name = name.strip()

        async def remove(session: SavedSession) -> None:
            await recorder.do(lambda store: store.remove(session.key))
            if session.name == self.session_name:
                await self.action_new_conversation()

        return SessionWork(search, rename, remove)

    # What a follow-up was understood as

    def action_as_typed(self) -> None:
        """Ask the question of the turn again, as it was typed."""
        if (turn := self._turn) is not None:
            self.post_message(messages.QuestionAsked(turn.question, as_typed=True))

    def action_reword(self) -> None:
        """Edit what the question was understood as, and ask that."""
        turn = self._turn
        if turn is not None and turn.understood_as is not None:
            self.app.push_screen(LineInputScreen("Ask instead", turn.understood_as), self._reworded)

    def _reworded(self, question: str | None) -> None:
        if question:
            self.post_message(messages.QuestionAsked(question, as_typed=True))

    # Export

    def action_export(self) -> None:
        """Ask for a file, and write the conversation to it."""
        from qa.sessions.export import SUFFIXES, check_target

        name = "".join(c if c.isalnum() or c in "-_. " else "-" for c in self.session_name or "")
        self.app.push_screen(
            LineInputScreen(
                "Export the conversation",
                f"{name.strip('. ') or 'conversation'}.html",
                hint=f"Its end says the form: {', '.join(SUFFIXES)}",
                check=check_target,
            ),
            self._export_to,
        )

    def _export_to(self, path: str | None) -> None:
        if path is not None:
            self.run_worker(self._export(Path(path).expanduser().absolute()), group="export")

    async def _export(self, path: Path) -> None:
        from qa.sessions.export import write_export

        try:
            session = await self.recorder.session(self.conversations)
            if session is not None:
                await self.recorder.do(lambda store: write_export(store.transcript(session), path))
        except QAError as error:
            self.say(f"Not exported: {error}", warning=True)
        else:
            self.say(
                f"Exported to {path}" if session else "Nothing of it is saved", warning=not session
            )

    # Passages

    def action_judge(self, grade: int) -> None:
        """Judge whether the passage answers; the same again takes it back."""
        passage, turn = self.passage, self._turn
        if passage is None or turn is None:
            return
        signs = self._signs_here(turn, passage)
        question = turn.answer.asked_as if turn.answer else turn.question
        judgement = Judgement(question, passage.release.id, passage.passage_id, grade)
        if signs.grade == grade:
            self.recorder.withdraw(judgement)
            self._sign(turn, passage, replace(signs, grade=None))
            self.say("Judgement taken back")
        else:
            self.recorder.judge(judgement)
            self._sign(turn, passage, replace(signs, grade=grade))
            self.say("Judged: answers" if grade else "Judged: does not answer")

    def action_pin(self) -> None:
        """Pin the passage, or take the pin away."""
        passage, turn = self.passage, self._turn
        if passage is not None and turn is not None:
            signs = self._signs_here(turn, passage)
            self._remark(turn, passage, replace(signs, pinned=not signs.pinned))

    def action_note(self) -> None:
        """Write a note on the passage; an empty one takes it away."""
        passage, turn = self.passage, self._turn
        if passage is None or turn is None:
            return
        signs = self._signs_here(turn, passage)

        def noted(text: str | None) -> None:
            if text is not None:
                self._remark(turn, passage, replace(signs, note=text))

        hint = "It stands below the passage and in exports; an empty one is taken away."
        self.app.push_screen(LineInputScreen("Note on the passage", signs.note, hint=hint), noted)

    def _remark(self, turn: ChatTurn, passage: RankedPassage, signs: Annotations) -> None:
        self.recorder.remark(turn, Remark(passage.passage_id, signs.pinned, signs.note))
        self._sign(turn, passage, signs)

    def _sign(self, turn: ChatTurn, passage: RankedPassage, signs: Annotations) -> None:
        self.signs[turn.number, passage.passage_id] = signs
        self.show_signs(turn.number)

    def _signs_here(self, turn: ChatTurn, passage: RankedPassage) -> Annotations:
        return self.signs.get((turn.number, passage.passage_id), NO_SIGNS)

    @property
    def _turn(self) -> ChatTurn | None:
        return None if self.place is None else self.turns[self.place.turn]

    def show_signs(self, number: int) -> None:
        """Show what was made of each passage of a turn."""
        signs = {
            passage.passage_id: signs
            for passage in self.turns[number].passages
            if (signs := self.signs.get((number, passage.passage_id))) is not None
        }
        self.conversation.show_signs(number, signs)


def turn_of(saved: SavedTurn, number: int, conversation: int) -> ChatTurn:
    """Return a saved turn as one of the screen's; one without an end was cut off by it."""
    return ChatTurn(
        number,
        saved.question,
        saved.asking.filters,
        "cancelled" if saved.state == "asked" else saved.state,
        saved.answer,
        conversation,
        saved.asking.as_typed,
        saved.error,
    )


def signs_of(transcript: Transcript, turn: SavedTurn, passage: RankedPassage) -> Annotations:
    """Return what was made of a passage in a saved conversation."""
    remark = turn.remark_on(passage.passage_id)
    return Annotations(transcript.grade(turn, passage), remark.pinned, remark.note)
