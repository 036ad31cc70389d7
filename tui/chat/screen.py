"""The chat: prompt, conversation and release, and what each key does.

`ChatScreen` lays out the widgets, receives the messages of widgets and of `AskQueue`, and hands
each key and message to one of the parts that it owns:

    ReadingNavigation   the turns, the cursor in them, the release pane
    AnswerActions       explain, compare, copy, open and ask again
    PassageAnnotations  judgements, pins and notes
    SessionController   saving, resuming and exporting the conversation
    CollectionControl   filters, the list of releases, indexing

`check_action` says which keys do something now: footer, command palette and keys go by it.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from index.filters import NO_FILTERS
from qa.paths import collection_name, data_folder
from qa.presentation import counted
from tui import messages
from tui.backend.ask_queue import AskQueue
from tui.backend.protocols import ChatSettings
from tui.backend.seen_news import SeenNews
from tui.backend.session_recorder import SessionRecorder
from tui.chat.annotations import PassageAnnotations
from tui.chat.answer_actions import AnswerActions
from tui.chat.collection import CollectionControl
from tui.chat.no_effect import why_no_effect
from tui.chat.reading import EMPTY, NARROW, READING, WIDE, ReadingNavigation
from tui.chat.sessions import SessionController
from tui.keys.bindings import CONVERSATION, NOT_IN_BROWSER, SCREEN
from tui.keys.keymap import read_keymap
from tui.screens.help import key_of
from tui.screens.matches import MatchesScreen
from tui.screens.release import ReleaseScreen
from tui.screens.release_browser import ReleaseBrowserScreen
from tui.state.timeline import answers_of
from tui.state.turns import ChatTurn, Cursor
from tui.widgets.conversation import ConversationView
from tui.widgets.footer import KeyFooter
from tui.widgets.prompt import Prompt
from tui.widgets.retry_line import can_retry
from tui.widgets.source_pane import SourcePane
from tui.widgets.status_line import ProgressLine, StatusLine
from tui.widgets.title_line import TitleLine
from tui.widgets.turn import TurnKeys
from tui.widgets.welcome import Welcome

LOOK_EVERY = 3.0
"""Seconds between two looks at what other processes have stored."""
NEEDS_PASSAGE = (
    "open_passage", "copy_passage", "copy_citation", "open_source", "explain", "find",
    "step_evidence", "edge_passage", "toggle_pane", "step_passage", "cite_as",
    "judge", "pin", "note",
)  # fmt: skip


class ChatScreen(Screen[None]):
    """One conversation over one collection.

    Args:
        settings: What the chat was started with.
        make_queue: Makes the queue of this screen's questions.
        make_recorder: Makes what saves its conversations.
        environment: The process's environment: which desktop there is.
    """

    BINDINGS: ClassVar[list[BindingType]] = SCREEN
    # mypy takes the base class's annotated class variable for an instance variable
    HORIZONTAL_BREAKPOINTS = [(0, NARROW), (100, WIDE)]  # noqa: RUF012
    AUTO_FOCUS = "Prompt"
    DEFAULT_CSS = """
    ChatScreen {
        background: $background;

        & #reading { height: 1fr; }
        & #talk { width: 1fr; }
        & SourcePane {
            width: 45%;
            border-left: solid $border-blurred;
            padding: 0 0 0 0;
        }
        & SourcePane:focus-within { border-left: solid $border; }

        & Welcome { display: none; }
        &.-empty Welcome { display: block; }
        &.-empty .status--collection { display: none; }  /* the first lines have it */
        &.-empty ConversationView { display: none; }
        &.-empty SourcePane { display: none; }

        &.-wide.-alone SourcePane { display: none; }

        &.-narrow SourcePane { display: none; width: 100%; border-left: none; padding: 0; }
        &.-narrow.-reading SourcePane { display: block; }
        &.-narrow.-reading #talk { display: none; }
        &.-narrow.-reading Prompt { display: none; }
    }
    """

    def __init__(
        self,
        settings: ChatSettings,
        make_queue: Callable[[Screen[None]], AskQueue],
        make_recorder: Callable[[Screen[None]], SessionRecorder],
        environment: Mapping[str, str],
    ) -> None:
        super().__init__(classes=EMPTY)
        self.settings = settings
        self.queue = make_queue(self)
        self.recorder = make_recorder(self)
        self.prompt = Prompt()
        self.conversation = ConversationView(_turn_keys(settings))
        self.pane = SourcePane()
        self.status_line = StatusLine()
        self.title_line = TitleLine(collection_name(settings.folder))
        self.welcome = Welcome(
            settings.questions, can_index=not settings.in_browser, is_saved=settings.save_sessions
        )
        self.progress_line = ProgressLine()
        self.reading = ReadingNavigation(
            self, self.conversation, self.pane, self.status_line, self.queue.read, self.show_state
        )
        self.answer_actions = AnswerActions(
            self, self.reading, self.prompt, self.status_line,
            None if settings.in_browser else settings.folder, environment,
        )  # fmt: skip
        self.annotations = PassageAnnotations(
            self, self.reading, self.recorder, self.conversation, self.status_line
        )
        self.sessions = SessionController(
            self, settings.options, self.queue, self.recorder, self.reading, self.annotations,
            self.prompt, self.status_line, self.title_line,
        )  # fmt: skip
        keep_news = settings.save_sessions and not settings.in_browser
        self.collection = CollectionControl(
            self, self.queue, self.prompt, self.welcome, self.progress_line, self.status_line,
            self.title_line,
            SeenNews(data_folder() / "chat", keep=keep_news),
            settings.options.filters,
        )  # fmt: skip
        self._model_loads = False
        self._available = self._conditions()

        # Actions of the keys in `tui.keys.bindings`
        self.action_step_passage = self.reading.step_passage
        self.action_step_question = self.reading.step_question
        self.action_page = self.reading.page
        self.action_edge_passage = self.reading.edge_passage
        self.action_step_evidence = self.reading.step_evidence
        self.action_further = self.reading.toggle_further
        self.action_open_passage = self.reading.open_passage
        self.action_toggle_pane = self.reading.toggle_pane
        self.action_find = self.reading.open_find
        self.action_explain = self.answer_actions.explain
        self.action_compare = self.answer_actions.compare
        self.action_copy_passage = self.answer_actions.copy_passage
        self.action_copy_citation = self.answer_actions.copy_citation
        self.action_cite_as = self.answer_actions.cite_as
        self.action_open_source = self.answer_actions.open_source
        self.action_as_typed = self.answer_actions.ask_as_typed
        self.action_reword = self.answer_actions.reword
        self.action_by_words = self.answer_actions.ask_by_words
        self.action_judge = self.annotations.judge
        self.action_pin = self.annotations.pin
        self.action_note = self.annotations.note
        self.action_sessions = self.sessions.choose
        self.action_export = self.sessions.export
        self.action_filter = self.collection.filter
        self.action_browse = self.collection.browse
        self.action_names = self.collection.show_names
        self.action_index_folder = self.collection.index_folder
        self.action_indexing = self.collection.show_indexing
        self.action_pause_indexing = self.collection.pause_indexing
        self.action_stop_indexing = self.collection.stop_indexing

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self.title_line
        with Horizontal(id="reading"):
            with Vertical(id="talk"):
                yield self.welcome
                yield self.conversation
            yield self.pane
        yield self.progress_line
        yield self.status_line
        yield self.prompt
        yield KeyFooter(self._next_part)

    def on_mount(self) -> None:
        """Index what was given, and open the collection once the screen is drawn."""
        self.call_after_refresh(self.queue.open)
        self.set_interval(LOOK_EVERY, self.queue.look)
        if self.settings.sources:
            self.collection.index(self.settings.sources)
        elif self.settings.new:
            self.collection.offer_new(self.settings.folder)
        if self.settings.session is not None:
            self.run_worker(self.sessions.resume(self.settings.session), group="resume")
        self.collection.show_scope()
        self.show_state()

    def on_unmount(self) -> None:
        """Stop what runs in the background, however the program ends."""
        self.queue.close()

    def _next_part(self) -> str:
        """Name the part of the screen that Tab goes to."""
        chain = self.focus_chain
        at = chain.index(self.focused) + 1 if self.focused in chain else 0
        around = chain[at % len(chain)].ancestors_with_self if chain else ()
        parts = {
            self.welcome: "Suggestions",
            self.conversation: "Passages",
            self.pane: "Release",
            self.prompt: "Question",
        }
        return next((name for part, name in parts.items() if part in around), "Next")

    # Which keys do something now

    def _conditions(self) -> dict[str, Callable[[], bool]]:
        """Return when an action is available, for those that are not always."""
        indexing = self.queue.indexing
        return {
            **dict.fromkeys(NEEDS_PASSAGE, lambda: self.reading.passage is not None),
            "as_typed": self._was_understood_otherwise,
            "reword": lambda: self._was_understood_otherwise() or self._can_retry("reword"),
            "by_words": lambda: self._can_retry("by_words"),
            "everything": lambda: self._can_retry("everything"),
            "without_filters": lambda: self._can_retry("without_filters"),
            "step_evidence": lambda: self.reading.has_evidence,
            "further": lambda: len(self.reading.passages) > 1,
            "new_conversation": lambda: (
                bool(self.reading.turns or self.prompt.text) or self.status_line.has_notice
            ),
            **dict.fromkeys(("pause_indexing", "stop_indexing"), lambda: indexing.running),
            "index_folder": lambda: not indexing.running,
            "step_question": lambda: bool(self.reading.turns),
            **dict.fromkeys(("browse", "names"), lambda: self.collection.has_releases),
            "timeline": lambda: self.reading.turn_read is not None,
            "compare": lambda: len(self.reading.passages) > 1,
            "back": lambda: self._step_back() is not None,
            "copy_text": lambda: bool(self.selections),
            **(dict.fromkeys(NOT_IN_BROWSER, lambda: False) if self.settings.in_browser else {}),
        }

    def _was_understood_otherwise(self) -> bool:
        turn = self.reading.turn
        return turn is not None and turn.understood_as is not None

    def _can_retry(self, retry: messages.Retry) -> bool:
        return can_retry(self.reading.turn_read, retry)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether an action does something now."""
        available = self._available.get(action)
        return super().check_action(action, parameters) if available is None else available()

    def show_state(self) -> None:
        """Show what is going on, and which keys do something."""
        self.status_line.show_state(self._state())
        self.refresh_bindings()

    def _state(self) -> str:
        if self.queue.waits_for_releases:
            if self.queue.indexing.running:
                return "Your question waits for the first releases to be indexed (Esc cancels)"
            waits = "There are no releases yet. Your question waits"
            return waits if self.settings.in_browser else f"{waits}; Ctrl+O indexes a folder"
        if self.queue.busy:
            waiting = self.queue.waiting
            behind = f", {counted(waiting, 'more question')} waiting" if waiting else ""
            return f"Searching{behind} (Esc cancels)"
        if self._model_loads:
            return "Loading the model; you can ask now"
        answers = [turn.answer for turn in self.reading.turns if turn.answer is not None]
        if not answers:
            return "Ready" if self.collection.has_releases else ""
        last = answers[-1]
        found = counted(len(last.passages), "passage")
        return f"Found {found} in {last.timing.total_ms:,.0f} ms"

    # Messages about questions and answers

    async def on_question_asked(self, message: messages.QuestionAsked) -> None:
        """Add a turn and put its question in the queue."""
        if self.sessions.postpone(message):
            return
        turn = ChatTurn(
            len(self.reading.turns),
            message.question,
            self.collection.filters,
            state="waiting" if self.queue.busy else "searching",
            conversation=self.sessions.conversation,
            as_typed=message.as_typed,
            words_only=message.words_only,
            surest=message.surest,
        )
        if not self.prompt.has_focus:
            self.prompt.remember(message.question)
        self.sessions.record_question(turn)
        await self.reading.add(turn)
        self.set_focus(self.prompt)
        self.queue.ask(turn)
        self.show_state()

    async def on_turn_changed(self, message: messages.TurnChanged) -> None:
        """Show how far a question is."""
        turn = message.turn
        self.recorder.follow(turn)
        if turn.conversation == self.sessions.conversation:
            await self.reading.update(turn)
            self.annotations.show(turn.number)
            self.show_state()

    def on_passage_chosen(self, message: messages.PassageChosen) -> None:
        """Read the passage that was clicked.

        A double click opens the one chosen by its first click: what is below the mouse may have
        moved since.
        """
        self.set_focus(self.conversation)
        if message.opened and self.reading.passage is not None:
            self.reading.open_passage()
        else:
            self.reading.move(Cursor(message.turn, message.passage))

    def on_further_wanted(self, message: messages.FurtherWanted) -> None:
        """Show or hide the further passages of a turn."""
        self.set_focus(self.conversation)
        self.reading.toggle_further(message.turn)

    async def on_retry_wanted(self, message: messages.RetryWanted) -> None:
        """Ask again in the way that was clicked, as its key does."""
        if message.turn < len(self.reading.turns) and self.reading.turns[message.turn].passages:
            self.reading.move(Cursor(message.turn, 0))
        if self._can_retry(message.retry):
            await self.run_action(message.retry)

    def on_document_read(self, message: messages.DocumentRead) -> None:
        """Show the release that was loaded."""
        self.pane.show(message.document)
        if isinstance(self.app.screen, ReleaseScreen):
            self.app.screen.show(message.document)

    def on_session_begun(self, message: messages.SessionBegun) -> None:
        """Take the name under which the conversation is saved."""
        self.sessions.begun(message.conversation, message.name)

    # Messages about the collection

    def on_releases_listed(self, message: messages.ReleasesListed) -> None:
        """Fill the list of releases."""
        front = self.app.screen
        if isinstance(front, ReleaseBrowserScreen) and front.waits_for(message.filters):
            front.show(message.releases)
        elif isinstance(front, MatchesScreen) and message.filters == NO_FILTERS:
            front.know(message.releases)

    def on_names_read(self, message: messages.NamesRead) -> None:
        """Show how far reading the names is."""
        self.collection.names_read(message.done, message.total)

    def on_names_listed(self, message: messages.NamesListed) -> None:
        """Fill the list of names."""
        self.collection.names_listed(message.names)

    def on_words_matched(self, message: messages.WordsMatched) -> None:
        """Fill the timeline."""
        self.collection.matched(message)

    def on_question_suggested(self, message: messages.QuestionSuggested) -> None:
        """Write the question."""
        self.collection.suggested(message.question, is_headline=message.is_headline)

    def on_collection_opened(self, message: messages.CollectionOpened) -> None:
        """Show what there is to ask."""
        self.collection.opened(message)
        self.show_state()

    def on_collection_unavailable(self, message: messages.CollectionUnavailable) -> None:
        """Show why the collection cannot be opened."""
        self.collection.unavailable(message.error)

    def on_model_changed(self, message: messages.ModelChanged) -> None:
        """Show whether the model is being loaded, or why it cannot be."""
        self._model_loads = message.state == "loading"
        self.show_state()
        if message.error is not None:
            self.status_line.say(f"Searching by words only: {message.error}", warning=True)

    def on_update_progressed(self, message: messages.UpdateProgressed) -> None:
        """Show how far indexing is."""
        self.collection.progressed(message)

    def on_update_ended(self, message: messages.UpdateEnded) -> None:
        """Show what indexing did."""
        self.collection.ended(message.report, message.error)
        self.refresh_bindings()

    # Other messages

    def on_noticed(self, message: messages.Noticed) -> None:
        """Show a notice."""
        self.status_line.say(message.text, warning=message.severity == "warning")

    def on_copied(self, message: messages.Copied) -> None:
        """Say what was copied and where to."""
        self.status_line.say(f"Copied {message.what} to {message.where}")

    def on_find_changed(self, message: messages.FindChanged) -> None:
        """Find while the words are typed."""
        self.pane.find(message.words)

    def on_find_closed(self, message: messages.FindClosed) -> None:
        """Go back to the text."""
        self.reading.close_find(message.words)

    def on_resize(self) -> None:
        """Keep the release visible when the screen gets too narrow for both panes."""
        self.reading.keep_release_visible()

    def on_descendant_focus(self) -> None:
        """Show the keys of the widget that has the focus."""
        self.refresh_bindings()

    def action_back(self) -> None:
        """Go one step back: out of the matches, the release, a running question, to the prompt."""
        step = self._step_back()
        if step is not None:
            self.status_line.clear_notice()
            step()
        self.refresh_bindings()

    def _step_back(self) -> Callable[[], object] | None:
        """Return what Esc does now, or None."""
        if (step := self.reading.step_back()) is not None:
            return step
        if self.queue.busy:
            return self.queue.cancel
        return None if self.prompt.has_focus else partial(self.set_focus, self.prompt)

    def say_no_effect(self, key: str, action: str) -> None:
        """Say why a letter does nothing at the answer with the cursor.

        Args:
            key: The letter.
            action: What it is bound to.
        """
        why = why_no_effect(action.rpartition(".")[2].partition("(")[0], self.reading.turn_read)
        self.status_line.say(f"{key.strip() or 'Space'} does nothing here: {why}")

    def write(self, text: str) -> None:
        """Write into the prompt what was typed elsewhere, and go on there."""
        self.remove_class(READING)
        self.set_focus(self.prompt)
        self.prompt.type_text(text)

    def action_everything(self) -> None:
        """Show all that the question at the cursor asks for."""
        if (command := self.answer_actions.everything()) is not None:
            self.collection.show_output(command)

    def action_timeline(self) -> None:
        """Show when the releases came out that contain the words of the question."""
        if (turn := self.reading.turn_read) is not None:
            self.collection.show_over_time(turn, answers_of(self.reading.turns, turn))

    def action_without_filters(self) -> None:
        """Ask the question at the cursor again, without filters, which are cleared."""
        self.collection.clear_filters()
        self.answer_actions.ask_again()

    async def action_new_conversation(self) -> None:
        """Begin another conversation, with an empty prompt; Up brings back what was in it."""
        self.prompt.put_aside()
        await self.sessions.start_over()
        self.set_focus(self.prompt)


def _turn_keys(settings: ChatSettings) -> TurnKeys:
    """Return the names of the keys that turns show."""
    keys = read_keymap(dict(settings.keys)).keys
    return TurnKeys(
        key_of("answer.further", CONVERSATION, keys),
        {
            "everything": key_of("question.everything", CONVERSATION, keys),
            "reword": key_of("question.reword", CONVERSATION, keys),
            "without_filters": key_of("question.without-filters", CONVERSATION, keys),
            "by_words": key_of("question.by-words", CONVERSATION, keys),
        },
    )
