"""The state of a chat: its turns, the place that is read, and what is said about both."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.widget import Widget

from qa.types import Answer, RankedPassage
from tui.backend.ask_queue import AskQueue
from tui.backend.protocols import ChatSettings
from tui.backend.session_recorder import SessionRecorder
from tui.screens.filters import describe as describe_filters
from tui.state.turns import ChatTurn, Cursor, passage_at
from tui.widgets.conversation import ConversationView
from tui.widgets.prompt import Prompt
from tui.widgets.release_view import Numbered
from tui.widgets.source_pane import SourcePane
from tui.widgets.status_line import StatusLine
from tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from index.reports import Facets, Skip, Status
    from tui.messages import QuestionAsked
    from tui.render.annotations import Annotations

NARROW, WIDE = "-narrow", "-wide"
READING, EMPTY, ALONE = "-reading", "-empty", "-alone"
"""The release fills a narrow screen; nothing was asked yet; the pane beside is put away."""
CHANGING = (
    "copy_passage", "back", "new_conversation", "export", "compare", "index_folder", "browse",
)  # fmt: skip
"""Actions whose being offered stands for that of all others."""


class ChatState(Screen[None]):
    """One conversation over one collection, without its widgets and keys.

    Args:
        settings: What the chat was started with.
        make_desk: Makes what works for this screen.
        make_recorder: Makes what keeps its conversations.
        environment: The process's environment: which clipboard and desktop there are.
    """

    def __init__(
        self,
        settings: ChatSettings,
        make_desk: Callable[["ChatState"], AskQueue],
        make_recorder: Callable[["ChatState"], SessionRecorder],
        environment: Mapping[str, str],
    ) -> None:
        super().__init__(classes=EMPTY)
        self.settings = settings
        self.filters = settings.filters
        self.desk = make_desk(self)
        self.recorder = make_recorder(self)
        self.session_name: str | None = None
        self.resuming = False
        self.asked_early: list[QuestionAsked] = []
        self.signs: dict[tuple[int, str], Annotations] = {}
        self.turns: list[ChatTurn] = []
        self.place: Cursor | None = None
        self.skipped: tuple[Skip, ...] = ()
        self.status: Status | None = None
        self.facets: Facets = {}
        self.conversations = 0
        self.stays = False
        self.model_loads = False
        self._environment = environment
        self._notice: tuple[str, bool] | None = None
        self._offered: tuple[bool | None, ...] = ()

    @property
    def conversation(self) -> ConversationView:
        """Where the turns are."""
        return self.query_one(ConversationView)

    @property
    def pane(self) -> SourcePane:
        """Where the release is."""
        return self.query_one(SourcePane)

    @property
    def prompt(self) -> Prompt:
        """Where questions are written."""
        return self.query_one(Prompt)

    def go(self, place: Cursor | None, *, scroll: bool = True) -> None:
        """Read another place: mark it in the conversation and in its release."""
        if place is not None and place.turn >= len(self.turns):
            return  # of a conversation that was left meanwhile
        self.place = place
        self.conversation.mark(place, scroll=scroll)
        passage = passage_at(self.turns, place)
        if passage is None or place is None:
            return
        passages = tuple(
            Numbered(other.span, other.rank)
            for other in self.turns[place.turn].passages
            if other.release.id == passage.release.id
        )
        if not self.pane.expect(passage, place.evidence, passages):
            self.desk.read(passage.release.id)
        self.update_keys()

    def update_keys(self) -> None:
        """Keep the footer true: it is made anew when what the keys do has changed."""
        offered = tuple(self.check_action(name, ()) for name in CHANGING)
        if offered != self._offered:
            self._offered = offered
            self.refresh_bindings()

    def moved(self, place: Cursor | None) -> None:
        """Go where the user wants to, and stay there when answers arrive."""
        self.stays = True
        self.heard()
        self.go(place)

    def say(self, text: str, *, warning: bool = False) -> None:
        """Show a notice in the status line until the user goes on."""
        self._notice = (text, warning) if text else None
        self.say_state()

    def heard(self) -> None:
        """Take the notice away: the user went on."""
        if self._notice is not None:
            self.say("")

    def say_state(self) -> None:
        """Show what is going on, and what is searched."""
        text, warning = self._notice or (self._state(), False)
        self.query_one(StatusLine).say(text, warning=warning)
        parts = [describe_filters(self.filters)]
        if self.status is not None:
            parts.append(f"{self.status.releases:,} releases")
        self.query_one(StatusLine).show_collection(" · ".join(part for part in parts if part))
        self.update_keys()

    def _state(self) -> str:
        if self.desk.busy:
            behind = f", {self.desk.waiting} waiting" if self.desk.waiting else ""
            return f"Searching{behind} (Esc cancels)"
        if self.model_loads:
            return "Loading the model; you can ask already"
        answers = [turn.answer for turn in self.turns if turn.answer is not None]
        if not answers:
            return "Ready" if self.status is not None and self.status.releases else ""
        last = answers[-1]
        found = "1 passage" if len(last.passages) == 1 else f"{len(last.passages)} passages"
        return f"{found} in {last.timing.total_ms:,.0f} ms"

    def in_pane(self, widget: Widget | None) -> bool:
        """Whether a widget belongs to the source pane."""
        return widget is not None and self.pane in widget.ancestors_with_self

    @property
    def passage(self) -> RankedPassage | None:
        """The passage that is read."""
        return passage_at(self.turns, self.place)

    @property
    def answer(self) -> Answer | None:
        """The answer that is read."""
        return None if self.place is None else self.turns[self.place.turn].answer

    def index(self, sources: tuple[str, ...]) -> None:
        """Index sources into the collection."""
        self.desk.index(sources)
        if self.status is None:
            self.query_one(Welcome).show_indexing()
        self.say_state()
