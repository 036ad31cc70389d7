"""What a command prints, such as everything that matches a question that asks for it."""

from collections.abc import Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.widgets import Static

from qa.display import clean_line
from qa.types import ReleaseRef
from tui.backend.command import arguments_of, output_of
from tui.backend.seen_news import OPTION, SeenNews
from tui.keys.bindings import MATCHES
from tui.messages import CopyWanted
from tui.screens.modal import DialogScreen
from tui.state.marked_lines import Stop, fold, stops

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
        news: What the chat has shown of what is new.
        read: Shows a release; the output stays behind it.
        title: Says what is shown.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *MATCHES,
        Binding("m,q", "close", "Close", show=False),
    ]
    DEFAULT_CSS = """
    MatchesScreen {
        & > .window { width: 120; height: 100%; max-height: 100%; }
        & #command, & #news { color: $quiet; margin: 0 0 1 0; }
    }
    """

    def __init__(
        self,
        command: str,
        folder: Path,
        news: SeenNews,
        read: Callable[[ReleaseRef], None],
        title: str = "Everything that matches",
    ) -> None:
        super().__init__()
        self._title = title
        self._command, self._folder = command, folder
        self._news, self._read = news, read
        self._releases: dict[str, ReleaseRef] = {}
        self._lines = 0
        self._rows: list[Content] = []
        self._stops: list[Stop] = []
        self._chosen = 0

    def compose(self) -> ComposeResult:
        """Lay out the command above its output."""
        with VerticalScroll(classes="window", can_focus=False) as window:
            window.border_title = Content(self._title)
            yield Static(Content(clean_line(self._command)), id="command")
            if OPTION in self._command.split():
                yield Static(Content(self._news.note), id="news")
            yield Static(Content("Searching the whole collection…"), id="output")

    def on_mount(self) -> None:
        """Start the command."""
        super().on_mount()
        self.call_after_refresh(lambda: self.run_worker(self._run(), exclusive=True))

    def know(self, releases: Sequence[ReleaseRef]) -> None:
        """Take the releases of the collection, of which the output may be about some."""
        self._releases = {release.id: release for release in releases}
        if self._rows:
            self._draw()

    @property
    def chosen(self) -> ReleaseRef | None:
        """The release that Enter reads, if the output is about any."""
        return self._stops[self._chosen].release if self._stops else None

    @property
    def _width(self) -> int:
        return max(20, self.query_one(".window").size.width - _MARGIN)

    def add(self, line: str) -> None:
        """Take a line of the output."""
        self._lines += 1
        self._rows += fold(_content(line), self._width)

    async def _run(self) -> None:
        with self._news.environment(self._command) as variables:
            lines = output_of(arguments_of(self._command), self._folder, self._width, variables)
            async with aclosing(lines):
                async for line in lines:
                    self.add(line)
                    if self._lines >= _MOST_LINES:
                        self._rows.append(Content.styled("… the command shows more", "$quiet"))
                        break
                    if self._lines < _AT_ONCE or self._lines % _AT_ONCE == 0:
                        self._draw()
        self._draw()

    def _draw(self) -> None:
        """Show the output anew, after more of it came or its releases are known."""
        self._stops = stops([row.plain for row in self._rows], self._releases)
        self._show()

    def _show(self) -> None:
        rows = list(self._rows)
        if self._stops:
            stop = self._stops[self._chosen]
            for number in range(stop.first, max(stop.first + 1, stop.last)):
                rows[number] = rows[number].stylize("reverse")
        self.query_one("#output", Static).update(Content("\n").join(rows))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether an action does something now."""
        if action == "read":
            return bool(self._stops)
        return super().check_action(action, parameters)

    def action_step(self, step: int) -> None:
        """Go to the next or previous release; without releases, scroll."""
        if not self._stops:
            self.query_one(".window").scroll_relative(y=step, animate=False)
        elif self._bring_into_view():
            self._choose(self._chosen + step)

    def action_read(self) -> None:
        """Read the chosen release, once it can be seen which it is."""
        if self._stops and self._bring_into_view():
            self._read_chosen()

    def action_copy(self) -> None:
        """Copy the command."""
        self.post_message(CopyWanted(self._command, "the command"))

    def on_click(self, event: events.Click) -> None:
        """Choose the release that was clicked; a double click reads it."""
        if event.widget is not None and event.widget.id == "output":
            before = [n for n, stop in enumerate(self._stops) if stop.first <= event.y]
            if before:
                self._choose(before[-1])
                if event.chain > 1:
                    self._read_chosen()

    def _read_chosen(self) -> None:
        self._read(self._stops[self._chosen].release)

    def _bring_into_view(self) -> bool:
        """Choose a release that is in view, or scroll to the chosen one; whether it was in view."""
        window, output = self.query_one(".window"), self.query_one("#output")
        top = round(window.scroll_y) - output.virtual_region.y
        seen = range(top, top + window.size.height)
        if self._stops[self._chosen].first in seen:
            return True
        in_view = (n for n, stop in enumerate(self._stops) if stop.first in seen)
        self._choose(next(in_view, self._chosen))
        return False

    def _choose(self, number: int) -> None:
        self._chosen = min(max(number, 0), len(self._stops) - 1)
        self._show()
        stop, output = self._stops[self._chosen], self.query_one("#output")
        place = Region(0, output.virtual_region.y + stop.first, 1, stop.last - stop.first + 1)
        self.query_one(".window").scroll_to_region(place, animate=False, force=True)


def _content(line: str) -> Content:
    """Return a line with its colours; whatever else is in it is shown, not obeyed."""
    styled = Text.from_ansi(line)
    styled.plain = clean_line(styled.plain)
    return Content.from_rich_text(styled)
