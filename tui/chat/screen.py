"""The chat: prompt, conversation and source, and what each key does to them.

Widgets report by messages, the work is done by `Desk`; this screen keeps the turns and the
place that is read, and brings the three together.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from tui import messages
from tui.chat.reading_actions import ChatActions
from tui.chat.state import EMPTY, NARROW, READING, WIDE
from tui.keys.bindings import SCREEN
from tui.screens.indexing import IndexingScreen
from tui.screens.release import ReleaseScreen
from tui.screens.release_browser import ReleaseBrowserScreen
from tui.state.turns import ChatTurn, Cursor, settle, start_of
from tui.widgets.conversation import ConversationView
from tui.widgets.footer import KeyFooter
from tui.widgets.prompt import Prompt
from tui.widgets.source_pane import SourcePane
from tui.widgets.status_line import ProgressLine, StatusLine, report_text
from tui.widgets.welcome import Welcome


class ChatScreen(ChatActions):
    """One conversation over one collection."""

    BINDINGS: ClassVar[list[BindingType]] = SCREEN
    # mypy takes the base class's annotated class variable for an instance variable
    HORIZONTAL_BREAKPOINTS = [(0, NARROW), (100, WIDE)]  # noqa: RUF012
    AUTO_FOCUS = "Prompt"

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        with Horizontal(id="reading"):
            with Vertical(id="talk"):
                yield Welcome(self.settings.questions)
                yield ConversationView()
            yield SourcePane()
        yield ProgressLine()
        yield StatusLine()
        yield Prompt()
        yield KeyFooter()

    def on_mount(self) -> None:
        """Index what was given, and open the collection once the screen is there."""
        self.call_after_refresh(self.desk.open)
        if self.settings.sources:
            self.index(self.settings.sources)
        if self.settings.session is not None:
            self.run_worker(self.resume(self.settings.session), group="resume")
        self.say_state()

    def on_unmount(self) -> None:
        """Stop what runs in the background, however the program ends."""
        self.desk.close()

    async def on_question_asked(self, message: messages.QuestionAsked) -> None:
        """Start a turn and put it in the queue."""
        if self.resuming:  # it belongs behind the turns that are still on their way
            self.asked_early.append(message)
            return
        turn = ChatTurn(
            len(self.turns),
            message.question,
            self.filters,
            state="waiting" if self.desk.busy else "searching",
            conversation=self.conversations,
            as_typed=message.as_typed,
        )
        if not isinstance(self.focused, Prompt):
            self.prompt.remember(message.question)
        self.turns.append(turn)
        self.recorder.asked(turn, self.asking_of(turn))
        self.stays = False
        self.heard()
        self.remove_class(EMPTY)
        await self.conversation.follow(turn)
        self.conversation.bring_turn(turn.number)
        if not isinstance(self.focused, Prompt):
            self.prompt.focus()
        self.desk.ask(turn)
        self.say_state()

    async def on_turn_changed(self, message: messages.TurnChanged) -> None:
        """Show how a turn went on, keeping the passage that is read."""
        turn = message.turn
        self.recorder.follow(turn)
        if turn.conversation != self.conversations:
            return
        old, self.turns[turn.number] = self.turns[turn.number], turn
        await self.conversation.follow(turn)
        self.show_signs(turn.number)
        self.say_state()
        if self.place is None or (not self.stays and turn.number >= self.place.turn):
            if not self.stays:
                self.conversation.bring_turn(turn.number)
            place = start_of(self.turns, turn.number)
            self.go(place or self.place, scroll=False)
        else:
            self.go(settle(old, turn, self.place), scroll=False)

    def on_passage_chosen(self, message: messages.PassageChosen) -> None:
        """Read the passage that was clicked."""
        self.moved(Cursor(message.turn, message.passage))
        self.conversation.focus()
        if message.opened:
            self.action_open_passage()

    def on_document_read(self, message: messages.DocumentRead) -> None:
        """Show the release that arrived."""
        self.pane.show(message.document)
        if isinstance(self.app.screen, ReleaseScreen):
            self.app.screen.show(message.document)

    def on_releases_listed(self, message: messages.ReleasesListed) -> None:
        """Fill the list that waits for it."""
        if isinstance(self.app.screen, ReleaseBrowserScreen):
            self.app.screen.show(message.releases)

    def on_collection_opened(self, message: messages.CollectionOpened) -> None:
        """Say what there is to ask."""
        self.status, self.facets = message.status, message.facets
        self.query_one(Welcome).show_collection(message.status, message.facets, message.examples)
        self.say_state()

    def on_collection_unavailable(self, message: messages.CollectionUnavailable) -> None:
        """Say how to get a collection, unless one is being made."""
        if not self.desk.indexing.running:
            self.query_one(Welcome).show_missing(message.error)
            self.say(message.error, warning=True)

    def on_model_loading(self) -> None:
        """Say that the model is not there yet."""
        self.model_loads = True
        self.say_state()

    def on_model_ready(self) -> None:
        """Say so."""
        self.model_loads = False
        self.say_state()

    def on_model_unavailable(self, message: messages.ModelUnavailable) -> None:
        """Say that words alone are searched, and why."""
        self.model_loads = False
        self.say_state()
        self.say(f"By words only: {message.error}", warning=True)

    def on_update_progressed(self, message: messages.UpdateProgressed) -> None:
        """Show how far indexing is."""
        if self.desk.indexing.running:
            self.query_one(ProgressLine).follow(message.progress, self.desk.indexing.pace)

    def on_update_ended(self, message: messages.UpdateEnded) -> None:
        """Say what indexing did."""
        self.query_one(ProgressLine).end()
        if message.report is not None:
            self.skipped = message.report.skipped
            if isinstance(self.app.screen, IndexingScreen):
                self.app.screen.show_skipped(self.skipped)
            self.say(report_text(message.report), warning=bool(self.skipped))
        elif message.error is not None:
            self.say(message.error, warning=True)
        self.update_keys()

    def on_noticed(self, message: messages.Noticed) -> None:
        """Show a notice."""
        self.say(message.text, warning=message.severity == "warning")

    def on_copied(self, message: messages.Copied) -> None:
        """Say what was copied and where it went."""
        self.say(f"Copied {message.what} to {message.where}")

    def on_find_changed(self, message: messages.FindChanged) -> None:
        """Find while the words are written."""
        self.pane.find(message.words)

    def on_find_closed(self, message: messages.FindClosed) -> None:
        """Go back to the text, with the matches marked or not."""
        if not message.words:
            self.pane.forget_found()
        self.pane.view.focus()
        if self.pane.found:
            self.say(f"{self.pane.found}: n and N go on, Esc ends")
        elif message.words:
            self.say(f"Not found in this release: {message.words}", warning=True)
        else:
            self.say("")
        self.update_keys()

    def on_resize(self) -> None:
        """Keep the release in sight when the screen gets too narrow for both."""
        if self.has_class(NARROW) and self.in_pane(self.focused):
            self.add_class(READING)

    def on_descendant_focus(self) -> None:
        """Keep the footer true to the part that is used."""
        self.update_keys()
