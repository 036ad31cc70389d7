"""The collection behind the chat: its filters, its releases, and indexing more of them."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from textual.screen import Screen

from index.filters import NO_FILTERS, Filters
from index.reports import Facets, Skip, Status, UpdateReport
from qa.display import clean_line
from qa.names.types import NameSummary
from qa.presentation import counted
from qa.types import ReleaseRef
from tui import messages
from tui.backend.ask_queue import AskQueue
from tui.backend.seen_news import SeenNews
from tui.screens.filters import FilterScreen
from tui.screens.index_folder import IndexFolderScreen
from tui.screens.indexing import IndexingScreen
from tui.screens.matches import MatchesScreen
from tui.screens.names import NamesScreen
from tui.screens.release import ReleaseScreen
from tui.screens.release_browser import ReleaseBrowserScreen
from tui.screens.timeline import NO_DATE, TimelineScreen
from tui.state.filter_chips import filter_chips
from tui.state.store_news import store_news
from tui.state.timeline import MarkedAnswer, Period
from tui.state.turns import ChatTurn
from tui.widgets.prompt import Prompt
from tui.widgets.status_line import ProgressLine, StatusLine, report_text
from tui.widgets.title_line import TitleLine
from tui.widgets.welcome import Welcome

DECLINED = "There is no collection to ask yet. To make one, run: releaseqa index FOLDER"


@dataclass(eq=False)
class CollectionControl:
    """Holds what is known of the collection, restricts it by filters, and indexes into it.

    Attributes:
        screen: Dialogs open over it.
        queue: Opens the collection and indexes into it.
        prompt: Receives a question about a release.
        welcome: Shows what the collection holds while nothing was asked.
        progress_line: Shows how far indexing is.
        status_line: Shows notices, and at right the size of the collection.
        title: Shows the filters.
        news: What was shown of what is new.
        filters: In force for the next question.
        status: The collection in numbers; None until it is open.
        skipped: What the last indexing left out.
    """

    screen: Screen[None]
    queue: AskQueue
    prompt: Prompt
    welcome: Welcome
    progress_line: ProgressLine
    status_line: StatusLine
    title: TitleLine
    news: SeenNews
    filters: Filters = NO_FILTERS
    status: Status | None = field(default=None, init=False)
    skipped: tuple[Skip, ...] = field(default=(), init=False)
    _offers_new: bool = field(default=False, init=False)
    _before_suggestion: str = field(default="", init=False)
    _failed: bool = field(default=False, init=False)
    _facets: Facets = field(default_factory=dict, init=False)

    # What it holds

    def opened(self, message: messages.CollectionOpened) -> None:
        """Show what can be asked."""
        if message.elsewhere:
            self.status_line.say(store_news(self.status, message.status))
        self.status, self._facets = message.status, message.facets
        self.welcome.show_collection(message.status, message.facets, message.examples)
        self.show_scope()
        self._follow_skipped()

    def unavailable(self, error: str) -> None:
        """Show how to get a collection, unless one is being made."""
        if not (self.queue.indexing.running or self._offers_new):
            self.welcome.show_missing(error)
            self.status_line.say(error, warning=True)

    def show_scope(self) -> None:
        """Show what is searched: the filters and the size of the collection."""
        self.title.show_filters(filter_chips(self.filters))
        if self.status is not None:
            self.status_line.show_scope(counted(self.status.releases, "release"))

    @property
    def has_releases(self) -> bool:
        """Whether there is anything to ask."""
        return self.status is not None and self.status.releases > 0

    def filter(self) -> None:
        """Let the user restrict what the next questions search."""
        self.screen.app.push_screen(FilterScreen(self.filters, self._facets), self._set_filters)

    def _set_filters(self, filters: Filters | None) -> None:
        if filters is not None and filters != self.filters:
            self.filters = filters
            chips = ", ".join(filter_chips(filters))
            self.status_line.say(
                f"Filters for the next questions: {chips}"
                if chips
                else "No filters: the next questions search the whole collection"
            )
            self.show_scope()

    def clear_filters(self) -> None:
        """Let the next questions search everything."""
        self._set_filters(NO_FILTERS)

    def browse(self) -> None:
        """Show the list of releases."""
        self.screen.app.push_screen(ReleaseBrowserScreen(self._read), self._write_question)
        self.queue.list_releases()

    def show_names(self) -> None:
        """Show who and what the releases name."""
        screen = NamesScreen(self._browse_name, self._show_said)
        self.screen.app.push_screen(screen, self._filter_by_name)
        self.queue.list_names()

    def names_read(self, done: int, total: int) -> None:
        """Show how far reading the names is, where the list waits for it."""
        for screen in self.screen.app.screen_stack:
            if isinstance(screen, NamesScreen):
                screen.show_progress(done, total)

    def names_listed(self, names: tuple[NameSummary, ...] | None) -> None:
        """Fill the list of names that waits for it."""
        for screen in self.screen.app.screen_stack:
            if isinstance(screen, NamesScreen):
                screen.show(names)

    def _browse_name(self, name: NameSummary) -> None:
        filters = Filters(named_in=name.releases)
        title = f"Releases that mention {clean_line(name.name)}"
        names = self.screen.app.screen

        def ask_about(release: ReleaseRef | None) -> None:
            if release is not None and isinstance(names, NamesScreen):
                names.dismiss()
            self._write_question(release)

        listed = ReleaseBrowserScreen(self._read, title, filters=filters)
        self.screen.app.push_screen(listed, ask_about)
        self.queue.list_releases(filters)

    def _show_said(self, name: NameSummary) -> None:
        command = shlex.join(("releaseqa", "said", name.name))
        self.show_output(command, f"What {clean_line(name.name)} said")

    def show_output(self, command: str, title: str = "Everything that matches") -> None:
        """Show what a command prints; the releases in it can be read."""
        folder = self.queue.settings.folder
        self.screen.app.push_screen(MatchesScreen(command, folder, self.news, self._read, title))
        self.queue.list_releases()

    def _filter_by_name(self, name: NameSummary | None) -> None:
        if name is not None:
            self._set_filters(replace(self.filters, mentions=name.name))

    def show_over_time(self, turn: ChatTurn, answers: Sequence[MarkedAnswer]) -> None:
        """Show when the releases came out that contain the words of a question."""
        self.screen.app.push_screen(TimelineScreen(turn, answers, self._browse_period))
        self.queue.match_words(turn)

    def matched(self, message: messages.WordsMatched) -> None:
        """Show what was found in the timeline that waits for it."""
        for screen in self.screen.app.screen_stack:
            if isinstance(screen, TimelineScreen) and screen.turn is message.turn:
                screen.show(message.matches)

    def _browse_period(self, period: Period) -> None:
        title = f"Releases of {period.name}" if period.name else f"Releases {NO_DATE}"
        timeline = self.screen.app.screen

        def ask_about(release: ReleaseRef | None) -> None:
            if release is not None and isinstance(timeline, TimelineScreen):
                timeline.dismiss()
            self._write_question(release)

        listed = ReleaseBrowserScreen(self._read, title, period.releases)
        self.screen.app.push_screen(listed, ask_about)

    def _read(self, release: ReleaseRef) -> None:
        self.screen.app.push_screen(ReleaseScreen(release, lambda: self.queue.read(release.id)))

    def _write_question(self, release: ReleaseRef | None) -> None:
        if release is not None:
            self._before_suggestion = self.prompt.text
            self.queue.suggest(release)
            self.prompt.focus()

    def suggested(self, question: str, *, is_headline: bool) -> None:
        """Write a question about a release into the prompt, unless the user types already."""
        if self.prompt.text == self._before_suggestion:
            self.prompt.write(question)
            if is_headline:
                self.status_line.say("The headline is in the prompt: Enter searches for its words")

    # Indexing

    def index(self, sources: tuple[str, ...]) -> None:
        """Index sources into the collection."""
        self.queue.index(sources)
        if self.status is None:
            self.welcome.show_indexing()

    def index_folder(self) -> None:
        """Ask for a folder and index it."""
        self.screen.app.push_screen(IndexFolderScreen(), self._index_path)

    def offer_new(self, folder: Path) -> None:
        """Ask what to index into a new collection, and leave if the user declines."""
        self._offers_new = True
        why = f"There is no collection yet; it will be in {folder}. Esc leaves the chat."
        self.screen.app.push_screen(IndexFolderScreen(why), self._index_or_leave)

    def _index_or_leave(self, path: str | None) -> None:
        self._offers_new = False
        if path is None and self.status is None:
            self.screen.app.exit(message=DECLINED)
        self._index_path(path)

    def _index_path(self, path: str | None) -> None:
        if path is not None:
            self.index((str(Path(path).expanduser()),))

    def show_indexing(self) -> None:
        """Show the progress of indexing and what was skipped."""
        shown = IndexingScreen(self.queue.indexing, self._all_skipped())
        self.screen.app.push_screen(shown, lambda wanted: self.index_folder() if wanted else None)

    def _all_skipped(self) -> tuple[Skip, ...] | None:
        """Return what the last run skipped and what earlier ones are known to have skipped.

        It is None if that is nothing, but something may have been skipped.
        """
        earlier = () if self.status is None else self.status.skipped
        found = tuple(dict.fromkeys((*self.skipped, *earlier)))
        certain = self.status is not None and not self.queue.indexing.running and not self._failed
        return found if found or certain else None

    def _follow_skipped(self) -> None:
        if isinstance(self.screen.app.screen, IndexingScreen):
            self.screen.app.screen.show_skipped(self._all_skipped())

    def pause_indexing(self) -> None:
        """Pause indexing, or continue it."""
        self.queue.indexing.pause()
        paused = self.queue.indexing.paused
        self.status_line.say("Indexing is paused" if paused else "Indexing continues")

    def stop_indexing(self) -> None:
        """Stop indexing; what was stored stays."""
        self.queue.indexing.stop()
        self.status_line.say("Indexing stops after the current batch")

    def progressed(self, message: messages.UpdateProgressed) -> None:
        """Show how far indexing is."""
        if self.queue.indexing.running:
            self.progress_line.show(message.progress, self.queue.indexing.rate)

    def ended(self, report: UpdateReport | None, error: str | None) -> None:
        """Show what indexing did."""
        self.progress_line.hide()
        self._failed = report is None
        if report is not None:
            self.skipped = report.skipped
            self.status_line.say(report_text(report), warning=bool(self.skipped))
        elif error is not None:
            self.status_line.say(error, warning=True)
        self._follow_skipped()
