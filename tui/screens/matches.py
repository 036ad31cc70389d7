"""What a command prints, such as everything that matches a question that asks for it."""

from contextlib import aclosing
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from qa.display import clean_line
from tui.backend.command import arguments_of, output_of
from tui.keys.bindings import MATCHES
from tui.messages import CopyWanted
from tui.screens.modal import DialogScreen

_MARGIN = 6
"""Columns of the frame, the padding and the scroll bar."""
_MOST_LINES = 4_000
_AT_ONCE = 50
"""Lines between two drawings, once the first are shown."""


class MatchesScreen(DialogScreen[None]):
    """Runs a command that only reads and shows what it prints.

    Args:
        command: As users write it.
        folder: The collection's.
        title: Says what is shown.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *MATCHES,
        Binding("m,q", "close", "Close", show=False),
    ]
    DEFAULT_CSS = """
    MatchesScreen {
        & > .window { width: 120; height: 100%; max-height: 100%; }
        & #command { color: $quiet; margin: 0 0 1 0; }
    }
    """

    def __init__(self, command: str, folder: Path, title: str = "Everything that matches") -> None:
        super().__init__()
        self._title = title
        self._command, self._folder = command, folder
        self._lines: list[Content] = []

    def compose(self) -> ComposeResult:
        """Lay out the command above its output."""
        with VerticalScroll(classes="window") as window:
            window.border_title = Content(self._title)
            yield Static(Content(clean_line(self._command)), id="command")
            yield Static(Content("Searching the whole collection…"), id="output")

    def on_mount(self) -> None:
        """Start the command."""
        super().on_mount()
        self.call_after_refresh(lambda: self.run_worker(self._run(), exclusive=True))

    async def _run(self) -> None:
        width = self.query_one(".window").size.width - _MARGIN
        lines = output_of(arguments_of(self._command), self._folder, max(20, width))
        async with aclosing(lines):
            async for line in lines:
                self._lines.append(_content(line))
                if len(self._lines) >= _MOST_LINES:
                    self._lines.append(Content.styled("… the command shows more", "$quiet"))
                    break
                if len(self._lines) < _AT_ONCE or len(self._lines) % _AT_ONCE == 0:
                    self._draw()
        self._draw()

    def _draw(self) -> None:
        self.query_one("#output", Static).update(Content("\n").join(self._lines))

    def action_copy(self) -> None:
        """Copy the command."""
        self.post_message(CopyWanted(self._command, "the command"))


def _content(line: str) -> Content:
    """Return a line with its colours; whatever else is in it is shown, not obeyed."""
    styled = Text.from_ansi(line)
    styled.plain = clean_line(styled.plain)
    return Content.from_rich_text(styled)
