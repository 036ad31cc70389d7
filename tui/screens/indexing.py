"""The progress of indexing, and what was skipped."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from index.reports import Skip
from qa.display import clean, clean_line
from qa.progress_rate import ProgressRate, rate_text
from tui.keys.bindings import INDEXING
from tui.screens.modal import DialogScreen
from tui.widgets.option_list import ChoiceList
from tui.widgets.status_line import outcome_text, progress_text

if TYPE_CHECKING:
    from tui.backend.indexing import IndexingJob

SHOWN = 500
"""Skipped items listed; `releaseqa index` prints all of them."""
_NOT_INDEXED = "No folder was indexed since the chat began."
_NONE_SKIPPED = "Nothing was skipped."
_NOT_YET_KNOWN = "What is skipped will be listed here."
TICK = 0.25
"""Seconds between two updates of the progress."""


class IndexingScreen(DialogScreen[bool]):
    """Progress with rate and time left, and a list of what was skipped, with reasons.

    It returns whether to index a folder.

    Args:
        indexing: Can be paused and stopped here.
        skipped: By this run and earlier ones; None if that is not known.
    """

    BINDINGS: ClassVar[list[BindingType]] = INDEXING
    DEFAULT_CSS = """
    IndexingScreen {
        & > .window { max-height: 22; }
        & #progress.-running { color: $accent; }
        & #rate, & #reason { color: $quiet; }
        & #left-out { margin: 1 0 0 0; }
        & OptionList { height: auto; max-height: 8; }
        & #reason { max-height: 6; }
    }
    """

    def __init__(self, indexing: "IndexingJob", skipped: Sequence[Skip] | None) -> None:
        super().__init__()
        self._indexing = indexing
        self._skipped = skipped
        self._opened = False

    def compose(self) -> ComposeResult:
        """Lay out the progress and the list."""
        with Vertical(classes="window") as window:
            window.border_title = Content("Indexing")
            yield Static(id="progress")
            yield Static(id="rate")
            yield Static(id="left-out")
            yield ChoiceList()
            yield Static(id="reason")

    def on_mount(self) -> None:
        """Show the progress, and keep it current."""
        self._list_skipped()
        self._follow()
        self.set_interval(TICK, self._follow)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether an action does something now."""
        if action in {"pause_indexing", "stop_indexing"}:
            return self._indexing.running
        if action == "index_folder":
            return not self._indexing.running
        if action == "show_skipped":
            return bool(self._skipped)
        return super().check_action(action, parameters)

    def action_index_folder(self) -> None:
        """Close, to ask for a folder."""
        self.dismiss(result=True)

    def action_pause_indexing(self) -> None:
        """Pause, or continue."""
        self._indexing.pause()
        self._follow()

    def action_stop_indexing(self) -> None:
        """Stop after the current batch."""
        self._indexing.stop()
        self._follow()

    def action_show_skipped(self) -> None:
        """Show or hide the whole reason of the selected item."""
        self._opened = not self._opened
        self._show_reason()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Show the reason."""
        event.stop()
        self.action_show_skipped()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the reason of the selected item."""
        event.stop()
        self._show_reason()

    def show_skipped(self, skipped: Sequence[Skip] | None) -> None:
        """List what was skipped; the place in a list that stays the same is kept."""
        if skipped == self._skipped:
            self._count_skipped()
        else:
            self._skipped = skipped
            self._list_skipped()

    def _count_skipped(self) -> None:
        skipped = self._skipped or ()
        nothing = "" if self._indexing.report else _NONE_SKIPPED  # the report says it
        title = f"Skipped: {len(skipped):,}" if skipped else nothing
        if self._skipped is None:
            title = _NOT_YET_KNOWN if self._indexing.running else ""
        if len(skipped) > SHOWN:
            title += f"; the first {SHOWN:,} are listed"
        self.query_one("#left-out", Static).update(
            Content.styled(title, "bold" if skipped else "$quiet")
        )

    def _list_skipped(self) -> None:
        self._count_skipped()
        skipped = self._skipped or ()
        choices = self.query_one(OptionList)
        choices.display = bool(skipped)
        choices.set_options(
            Option(
                Content.styled(clean_line(skip.item), "bold")
                + Content.styled(f"  {clean_line(skip.reason)}", "$quiet")
            )
            for skip in skipped[:SHOWN]
        )
        if skipped:
            choices.highlighted = 0
            choices.focus()
        self.refresh_bindings()

    def _show_reason(self) -> None:
        chosen = self.query_one(OptionList).highlighted
        shown = self._opened and chosen is not None
        listed = self._skipped or ()
        skip = listed[chosen] if shown and chosen is not None else None
        text = "" if skip is None else f"{clean_line(skip.item)}\n{clean(skip.reason)}"
        self.query_one("#reason", Static).update(Content(text))

    def _follow(self) -> None:
        progress, rate = indexing_lines(self._indexing.rate, self._indexing)
        line = self.query_one("#progress", Static)
        line.update(Content(progress))
        line.set_class(self._indexing.running, "-running")
        self.query_one("#rate", Static).update(Content(rate))
        self.refresh_bindings()


def indexing_lines(rate: ProgressRate, indexing: "IndexingJob") -> tuple[str, str]:
    """Return a line on how far a run is, and one on how fast."""
    if not indexing.running:
        last = indexing.report
        return _NOT_INDEXED if last is None else outcome_text(last), ""
    if indexing.stopping:
        return "Stopping after the current batch…", ""
    progress = "Starting…" if rate.progress is None else progress_text(rate.progress)
    return progress, "Paused (p continues)" if indexing.paused else rate_text(rate)
