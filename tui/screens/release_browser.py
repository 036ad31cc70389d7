"""The list of releases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from index.filters import NO_FILTERS, Filters
from qa.display import clean_line
from qa.types import ReleaseRef
from tui.keys.bindings import BROWSER
from tui.render.layout import shorten, source_of, title_of
from tui.screens.modal import DialogScreen
from tui.widgets.input import TextField
from tui.widgets.option_list import ItemList

SHOWN = 300
"""Releases listed at once; typing narrows them."""
_ISSUER = 24


@dataclass(frozen=True, slots=True)
class ListedRelease:
    """A release and the text in which words are looked for."""

    release: ReleaseRef
    text: str


def with_search_text(releases: Sequence[ReleaseRef]) -> tuple[ListedRelease, ...]:
    """Prepare releases for a search by date, issuer, headline and source."""
    return tuple(
        ListedRelease(
            release,
            f"{release.date or ''} {release.issuer or ''} {release.title} {release.source}"
            .casefold(),
        )
        for release in releases
    )  # fmt: skip


def matching(releases: Sequence[ListedRelease], words: str) -> list[ReleaseRef]:
    """Return the releases that contain all words, in their order."""
    terms = words.casefold().split()
    return [entry.release for entry in releases if all(word in entry.text for word in terms)]


class ReleaseBrowserScreen(DialogScreen[ReleaseRef]):
    """A list that typed words narrow; returns a release to ask about.

    Args:
        read: Shows a release; the list stays behind it.
        title: Says which releases they are.
        releases: What to list, newest first; None for those that arrive later.
        filters: Which arrive later; by default the whole collection.
    """

    BINDINGS: ClassVar[list[BindingType]] = BROWSER
    DEFAULT_CSS = """
    ReleaseBrowserScreen {
        & > .window { width: 120; height: 90%; }
        & TextField { margin: 0 0 1 0; }
        & #found { color: $quiet; }
        & OptionList {
            height: 1fr;
        }
    }
    """

    def __init__(
        self,
        read: Callable[[ReleaseRef], None],
        title: str = "Releases of the collection",
        releases: Sequence[ReleaseRef] | None = None,
        filters: Filters = NO_FILTERS,
    ) -> None:
        super().__init__()
        self._read = read
        self._title = title
        self._given = releases
        self._filters = filters
        self._all: tuple[ListedRelease, ...] = ()
        self._found: list[ReleaseRef] = []

    def compose(self) -> ComposeResult:
        """Lay out the field and the list."""
        with Vertical(classes="window") as window:
            window.border_title = Content(self._title)
            yield TextField(placeholder="words of the headline, issuer, date or source")
            yield Static(Content("Reading the list…"), id="found")
            yield ItemList()

    def on_mount(self) -> None:
        """List what was given."""
        if self._given is not None:
            self.show(self._given)

    def waits_for(self, filters: Filters) -> bool:
        """Whether the list is to be of the releases that meet filters."""
        return self._given is None and self._filters == filters

    def show(self, releases: Sequence[ReleaseRef]) -> None:
        """List releases, newest first."""
        self._all = with_search_text(releases)
        self._narrow()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether an action does something now."""
        if action in {"read", "ask_about"}:
            return bool(self._found)
        return super().check_action(action, parameters)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list while words are typed."""
        event.stop()
        self._narrow()

    def on_key(self, event: Key) -> None:
        """Move in the list from the field."""
        moves = {"down": "cursor_down", "up": "cursor_up", "pagedown": "page_down",
                 "pageup": "page_up"}  # fmt: skip
        if event.key in moves and isinstance(self.focused, TextField) and self._found:
            event.stop()
            getattr(self.query_one(OptionList), f"action_{moves[event.key]}")()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Read the release that was clicked."""
        event.stop()
        self.action_read()

    def action_read(self) -> None:
        """Show the release."""
        if (release := self._chosen()) is not None:
            self._read(release)

    def action_ask_about(self) -> None:
        """Return the release, for a question about it."""
        if (release := self._chosen()) is not None:
            self.dismiss(release)

    def _chosen(self) -> ReleaseRef | None:
        position = self.query_one(OptionList).highlighted
        return None if position is None else self._found[position]

    def _narrow(self) -> None:
        self._found = matching(self._all, self.query_one(TextField).value)
        count = f"{len(self._found):,} of {len(self._all):,} releases"
        if len(self._found) > SHOWN:
            count += f"; the newest {SHOWN:,} are listed; type to narrow the list"
        self.query_one("#found", Static).update(Content(count))
        choices = self.query_one(OptionList)
        choices.set_options(Option(_line(release)) for release in self._found[:SHOWN])
        choices.highlighted = 0 if self._found else None
        self.refresh_bindings()


def _line(release: ReleaseRef) -> Content:
    """Return one line: date, headline, issuer."""
    issuer = shorten(clean_line(release.issuer or source_of(release)), _ISSUER)
    return Content.assemble(
        (clean_line(release.date or "undated").ljust(10)[:10], "$quiet"),
        "  ",
        (title_of(release), "bold"),
        (f"  {issuer}", "$quiet"),
    )
