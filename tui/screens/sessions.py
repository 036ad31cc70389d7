"""The saved conversations of a collection: search, resume, rename, remove."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from qa.display import clean_line
from qa.errors import QAError
from qa.sessions.search import search_sessions
from qa.sessions.types import SavedSession, name_problem, question_count, when
from tui.backend.session_recorder import SessionRecorder
from tui.keys.bindings import SESSIONS
from tui.screens.line_input import LineInputScreen
from tui.screens.modal import DialogScreen
from tui.widgets.input import TextField
from tui.widgets.option_list import ItemList


class SessionsScreen(DialogScreen[str]):
    """A list that typed words narrow; returns the name of the session to resume.

    Args:
        recorder: Searches, renames and removes sessions.
        changed: Called with a session and its new name, or None when it was removed.
    """

    BINDINGS: ClassVar[list[BindingType]] = SESSIONS
    DEFAULT_CSS = """
    SessionsScreen {
        & > .window { height: 90%; }
        & OptionList {
            height: 1fr;
            margin: 1 0 0 0;
        }
        & OptionList > .option-list--option-highlighted {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
        }
        & .window--note { margin: 1 0 0 0; height: auto; }
    }
    """

    def __init__(
        self,
        recorder: SessionRecorder,
        changed: Callable[[SavedSession, str | None], Awaitable[None]],
    ) -> None:
        super().__init__()
        self._recorder = recorder
        self._changed = changed
        self._shown: list[SavedSession] = []
        self._to_remove: SavedSession | None = None

    def compose(self) -> ComposeResult:
        """Lay out the search field, the list and a line for messages."""
        with VerticalScroll(classes="window", can_focus=False) as window:
            window.border_title = Content("Saved conversations")
            yield TextField(placeholder="words of a question, an answer or a note")
            choices = ItemList()
            choices.can_focus = False  # the arrow keys move in it from the field
            yield choices
            yield Static(classes="window--note")

    def on_mount(self) -> None:
        """Show all sessions."""
        self.query_one(TextField).focus()
        self._refresh()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search while words are typed."""
        event.stop()
        self._refresh()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Resume the session that was clicked."""
        event.stop()
        self.dismiss(self._shown[event.option_index].name)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether an action does something now."""
        if action in {"resume", "rename", "remove"}:
            return self._chosen is not None
        return super().check_action(action, parameters)

    def action_step(self, step: int) -> None:
        """Select the next or previous session."""
        choices = self.query_one(OptionList)
        if self._shown:
            choices.highlighted = ((choices.highlighted or 0) + step) % len(self._shown)
        self._cancel_removal()

    def action_resume(self) -> None:
        """Resume the selected session."""
        if self._chosen is not None:
            self.dismiss(self._chosen.name)

    def action_rename(self) -> None:
        """Ask for a new name."""
        chosen = self._chosen
        if chosen is not None:
            self.app.push_screen(
                LineInputScreen(
                    "Rename the conversation", chosen.name, replace=True, check=name_problem
                ),
                lambda name: self._rename(chosen, name),
            )

    def _rename(self, session: SavedSession, name: str | None) -> None:
        if name is not None:
            self._change(session, name)

    def action_remove(self) -> None:
        """Remove the selected session at the second press."""
        chosen = self._chosen
        if chosen is None:
            return
        if self._to_remove != chosen:
            self._to_remove = chosen
            self._say(f"Press Ctrl+D again to remove “{chosen.name}” ({question_count(chosen)})")
            return
        self._change(chosen, None)

    @work(group="sessions")
    async def _change(self, session: SavedSession, name: str | None) -> None:
        """Rename a session; remove it if there is no name."""
        try:
            if name is None:
                await self._recorder.do(lambda store: store.remove(session.key))
            else:
                await self._recorder.do(lambda store: store.rename(session.key, name))
        except QAError as error:
            self._say(str(error))
            return
        await self._changed(session, None if name is None else name.strip())
        self._refresh(session.key)

    @work(exclusive=True, group="search")
    async def _refresh(self, chosen: int | None = None) -> None:
        """List the sessions that contain the words; `chosen` is the key of the one to select."""
        words = "".join(field.value for field in self.query(TextField)).strip()
        try:
            self._shown = await self._recorder.do(
                lambda store: search_sessions(store, words, self._recorder.collection)
            )
        except QAError as error:
            self._shown = []
            self._say(str(error))
        else:
            self._say(_count(len(self._shown), words))
        for choices in self.query(OptionList):  # none if the dialog was closed meanwhile
            choices.set_options(Option(_line(session)) for session in self._shown)
            keys = [session.key for session in self._shown]
            at = keys.index(chosen) if chosen in keys else 0
            choices.highlighted = at if keys else None
        self._to_remove = None
        self.refresh_bindings()

    def _cancel_removal(self) -> None:
        if self._to_remove is not None:
            self._to_remove = None
            self._say("")

    @property
    def _chosen(self) -> SavedSession | None:
        positions = [choices.highlighted for choices in self.query(OptionList)]
        position = positions[0] if positions else None
        return None if position is None or not self._shown else self._shown[position]

    def _say(self, text: str) -> None:
        for note in self.query(".window--note").results(Static):
            note.update(Content(clean_line(text)))


def _line(session: SavedSession) -> Content:
    """Return two lines: the name; last use, number of questions and the first one if it differs."""
    facts = [when(session.updated_at, local=True), question_count(session)]
    if session.first_question and not session.is_named_after_question:
        facts.append(clean_line(session.first_question))
    name = Content.styled(clean_line(session.name), "bold")
    return name + "\n  " + Content.styled(" · ".join(facts), "$quiet")


def _count(found: int, words: str) -> str:
    if found:
        return ""
    return "No conversation contains these words" if words else "No saved conversations yet"
