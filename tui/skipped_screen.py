"""What indexing left out, and why."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from index.report import Skip
from qa.display import clean_line
from tui.modals import Window

SHOWN = 500
"""More lines help nobody; `releaseqa index` prints them all."""


class SkippedScreen(Window[None]):
    """A list of items with their reasons."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "close", "Close", show=False)]

    def __init__(self, skipped: Sequence[Skip]) -> None:
        super().__init__()
        self._skipped = skipped

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with VerticalScroll(classes="window") as window:
            window.border_title = Content(f"Skipped: {len(self._skipped):,}")
            lines = [
                Content.styled(clean_line(skip.item), "bold") + "\n  " + clean_line(skip.reason)
                for skip in self._skipped[:SHOWN]
            ]
            if len(self._skipped) > SHOWN:
                lines.append(Content(f"… and {len(self._skipped) - SHOWN:,} more"))
            yield Static(Content("\n").join(lines))
