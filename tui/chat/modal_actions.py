"""The windows over a chat: each is opened here, and what it gives is taken up here."""

from index.filters import Filters
from qa.citations import STYLES
from qa.types import RankedPassage, ReleaseRef
from tui import messages
from tui.chat.session_actions import SessionActions
from tui.screens.cite import CiteScreen
from tui.screens.compare import CompareScreen
from tui.screens.explain import ExplainScreen
from tui.screens.filters import FilterScreen
from tui.screens.filters import describe as describe_filters
from tui.screens.index_folder import IndexFolderScreen
from tui.screens.indexing import IndexingScreen
from tui.screens.release import ReleaseScreen
from tui.screens.release_browser import ReleaseBrowserScreen
from tui.screens.timeline import TimelineScreen
from tui.state.example_questions import question_about
from tui.state.turns import Cursor


class ChatWindows(SessionActions):
    """A chat with its windows."""

    @property
    def passages(self) -> tuple[RankedPassage, ...]:
        """The passages of the answer that is read."""
        return () if self.place is None else self.turns[self.place.turn].passages

    # About the answer that is read

    def action_explain(self) -> None:
        """Show why the passage stands where it stands."""
        passage, answer = self.passage, self.answer
        if passage is not None and answer is not None:
            self.app.push_screen(ExplainScreen(answer, passage))

    def action_compare(self) -> None:
        """Show the passage beside another of its answer."""
        if self.answer is not None and self.place is not None and len(self.passages) > 1:
            self.app.push_screen(CompareScreen(self.answer, self.place.passage))

    def action_timeline(self) -> None:
        """Show when the answer's releases were published, and go to one of them."""
        if self.answer is not None and self.place is not None:
            turn = self.place.turn
            self.app.push_screen(
                TimelineScreen(self.answer), lambda position: self._go_to(turn, position)
            )

    def _go_to(self, turn: int, position: int | None) -> None:
        if position is not None and turn < len(self.turns):
            self.moved(Cursor(turn, position))

    def action_cite_as(self) -> None:
        """Copy the citation in a style that is chosen."""
        if (passage := self.passage) is not None:
            self.app.push_screen(CiteScreen(passage), lambda name: self._cite(passage, name))

    def _cite(self, passage: RankedPassage, name: str | None) -> None:
        if name is not None:
            self.copy(STYLES[name](passage), f"the citation as {name}")

    def copy(self, text: str, what: str) -> None:
        """Have something copied, exactly as it is."""
        self.post_message(messages.CopyWanted(text, what))

    # About the collection

    def action_filter(self) -> None:
        """Restrict what the next questions search."""
        self.app.push_screen(FilterScreen(self.filters, self.facets), self._filtered)

    def _filtered(self, filters: Filters | None) -> None:
        if filters is not None and filters != self.filters:
            self.filters = filters
            said = describe_filters(filters)
            self.say(f"The next questions search {said}" if said else "No more filters")

    def action_browse(self) -> None:
        """Look through the releases."""
        self.app.push_screen(ReleaseBrowserScreen(self._read), self._ask_about)
        self.desk.list_releases()

    def _read(self, release: ReleaseRef) -> None:
        self.app.push_screen(ReleaseScreen(release, lambda: self.desk.read(release.id)))

    def _ask_about(self, release: ReleaseRef | None) -> None:
        if release is not None:
            self.prompt.text = question_about(release)
            self.prompt.move_cursor(self.prompt.document.end)
            self.prompt.focus()

    # Indexing

    def action_index_folder(self) -> None:
        """Ask for a folder and index it."""
        self.app.push_screen(IndexFolderScreen(), self._chosen)

    def _chosen(self, path: str | None) -> None:
        if path is not None:
            self.index((path,))

    def action_indexing(self) -> None:
        """Show how indexing goes and what it left out."""
        self.app.push_screen(IndexingScreen(self.desk.indexing, self.skipped))

    def action_pause_indexing(self) -> None:
        """Hold indexing on, or go on with it."""
        self.desk.indexing.pause()
        self.say("Indexing is paused" if self.desk.indexing.paused else "Indexing goes on")

    def action_stop_indexing(self) -> None:
        """Stop indexing; what was done stands."""
        self.desk.indexing.stop()
        self.say("Indexing stops after the batch in hand")
