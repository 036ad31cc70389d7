"""A release on its own screen, outside any answer."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.scroll_view import ScrollView

from qa.types import ReleaseDocument, ReleaseRef
from tui.keys.bindings import READING
from tui.messages import CopyWanted, FindChanged, FindClosed
from tui.screens.modal import DialogScreen
from tui.widgets.release_view import ReleaseView
from tui.widgets.source_pane import SourcePane


class LoneReleaseView(ReleaseView, inherit_bindings=False):
    """A release without an answer, so without the keys for passages."""

    BINDINGS: ClassVar[list[BindingType]] = ScrollView.BINDINGS


class ReleaseScreen(DialogScreen[None]):
    """Shows a release once it is loaded; finds words in it.

    Args:
        release: The release.
        fetch: Loads it.
    """

    BINDINGS: ClassVar[list[BindingType]] = READING
    DEFAULT_CSS = """
    ReleaseScreen {
        & > .window { width: 110; height: 96%; padding: 0; }
        & SourcePane { height: 1fr; padding: 0 1; }
    }
    """

    def __init__(self, release: ReleaseRef, fetch: Callable[[], None]) -> None:
        super().__init__()
        self._release = release
        self._fetch = fetch

    def compose(self) -> ComposeResult:
        """Lay out the release."""
        with Vertical(classes="window") as window:
            window.border_title = Content("Release")
            yield SourcePane(LoneReleaseView())

    def on_mount(self) -> None:
        """Load the release."""
        self._pane.expect_release(self._release)
        self._fetch()
        self._pane.view.focus()

    def show(self, document: ReleaseDocument) -> None:
        """Show the release that was loaded."""
        self._pane.show(document)

    @property
    def _pane(self) -> SourcePane:
        return self.query_one(SourcePane)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether an action does something now."""
        if action == "step_match":
            return self._pane.shows_matches
        if action == "copy_release":
            return self._pane.view.document is not None
        return super().check_action(action, parameters)

    def action_search(self) -> None:
        """Open the field for words to find."""
        self._pane.find_bar.open()

    def action_step_match(self, step: int) -> None:
        """Go to the next or previous match."""
        self._pane.step_match(step)

    def action_copy_release(self) -> None:
        """Copy the release's text as it is stored."""
        document = self._pane.view.document
        if document is not None:
            self.post_message(CopyWanted(document.text, "the release"))

    def on_find_changed(self, message: FindChanged) -> None:
        """Find while the words are typed."""
        message.stop()
        self._pane.find(message.words)

    def on_find_closed(self, message: FindClosed) -> None:
        """Go back to the text; matches stay highlighted, if there are any."""
        message.stop()
        if not message.words:
            self._pane.clear_matches()
        self._pane.view.focus()
        self.refresh_bindings()
