"""The people, organisations and places that releases name."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from index.filters import fold_name
from qa.display import clean_line
from qa.names.types import NameSummary
from tui.keys.bindings import NAMES
from tui.render.layout import shorten
from tui.screens.modal import DialogScreen
from tui.widgets.input import TextField
from tui.widgets.option_list import ItemList

SHOWN = 300
"""Names listed at once; typing narrows them."""
_NAME = 28
_KIND = 12
_MOVES = {"down": "cursor_down", "up": "cursor_up", "pagedown": "page_down", "pageup": "page_up"}


def matching(names: Sequence[NameSummary], words: str) -> list[NameSummary]:
    """Return the names that have all words, or are of the kind that a word says, in their order.

    A word may go on.
    """
    terms = fold_name(words).replace("-", " ").split()
    return [
        name
        for name in names
        if all(f" {word}" in name.text or word == name.kind for word in terms)
    ]


class NamesScreen(DialogScreen[NameSummary]):
    """A list that typed words narrow; returns a name to restrict questions to.

    Args:
        browse: Shows the releases that name somebody or something; the list stays behind them.
        said: Shows what a person said.
    """

    BINDINGS: ClassVar[list[BindingType]] = NAMES
    DEFAULT_CSS = """
    NamesScreen {
        & > .window { width: 120; height: 90%; }
        & TextField { margin: 0 0 1 0; }
        & #found { color: $quiet; }
        & OptionList { height: 1fr; }
        & #about { height: 2; margin: 1 0 0 0; color: $quiet; }
    }
    """

    def __init__(
        self,
        browse: Callable[[NameSummary], None],
        said: Callable[[NameSummary], None],
    ) -> None:
        super().__init__()
        self._browse, self._said = browse, said
        self._all: tuple[NameSummary, ...] | None = None
        self._found: list[NameSummary] = []
        self._state = "Reading the releases…"
        self._drawn = False

    def compose(self) -> ComposeResult:
        """Lay out the field, the list, and what is known of the name that is chosen."""
        with Vertical(classes="window") as window:
            window.border_title = Content("People, organisations and places")
            yield TextField(placeholder="part of a name; or person, organisation or place")
            yield Static(Content(self._state), id="found")
            yield ItemList()
            yield Static(id="about")

    def on_mount(self) -> None:
        """Show what came before the dialog was drawn."""
        super().on_mount()
        self._drawn = True
        self._draw()

    def show_progress(self, done: int, total: int) -> None:
        """Show how many releases were read."""
        self._state = f"Reading the releases… {100 * done // max(1, total)} % of {total:,}"
        self._draw()

    def show(self, names: tuple[NameSummary, ...] | None) -> None:
        """List names, those in most releases first; None if they could not be read."""
        self._all = names
        self._state = "The releases could not be read."
        self._draw()

    def _draw(self) -> None:
        if not self._drawn:
            return
        if self._all is None:
            self.query_one("#found", Static).update(Content(self._state))
        else:
            self._narrow()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether an action does something now."""
        chosen = self._chosen()
        if action in {"browse", "said", "filter"}:
            certain = chosen is not None and not chosen.can_be
            person = chosen is not None and chosen.kind == "person"
            return {"browse": chosen is not None, "filter": certain, "said": certain and person}[
                action
            ]
        return super().check_action(action, parameters)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list while words are typed."""
        event.stop()
        if self._all is not None:
            self._narrow()

    def on_key(self, event: Key) -> None:
        """Move in the list from the field."""
        if event.key in _MOVES and isinstance(self.focused, TextField) and self._found:
            event.stop()
            getattr(self.query_one(OptionList), f"action_{_MOVES[event.key]}")()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show what is known of the name that is chosen."""
        event.stop()
        self._describe()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Show the releases of the name that was clicked."""
        event.stop()
        self.action_browse()

    def action_browse(self) -> None:
        """Show the releases that mention the name."""
        if (name := self._chosen()) is not None:
            self._browse(name)

    def action_said(self) -> None:
        """Show what the person said."""
        if (name := self._chosen()) is not None:
            self._said(name)

    def action_filter(self) -> None:
        """Return the name, to search only what mentions it."""
        if (name := self._chosen()) is not None:
            self.dismiss(name)

    def _chosen(self) -> NameSummary | None:
        if not self._found:
            return None
        position = self.query_one(OptionList).highlighted
        return None if position is None else self._found[position]

    def _narrow(self) -> None:
        every = self._all or ()
        self._found = matching(every, self.query_one(TextField).value)
        count = f"{len(self._found):,} of {len(every):,} names"
        if len(self._found) > SHOWN:
            count += f"; the {SHOWN:,} in most releases are listed; type to narrow the list"
        self.query_one("#found", Static).update(Content(count))
        choices = self.query_one(OptionList)
        choices.set_options(Option(_line(name)) for name in self._found[:SHOWN])
        choices.highlighted = 0 if self._found else None
        self._describe()

    def _describe(self) -> None:
        name = self._chosen()
        self.query_one("#about", Static).update(Content("") if name is None else _about(name))
        self.refresh_bindings()


def _line(name: NameSummary) -> Content:
    """Return one line: number of releases, name, kind, years, job title."""
    years = list(dict.fromkeys(date[:4] for date in (name.first, name.last) if date))
    role = clean_line(name.roles[0]) if name.roles else "several" if name.can_be else ""
    return Content.assemble(
        (f"{len(name.releases):6,}  ", "$quiet"),
        (shorten(clean_line(name.name), _NAME).ljust(_NAME), "bold"),
        (f"  {name.kind.ljust(_KIND)}  {'–'.join(years).ljust(9)}  {role}", "$quiet"),
    )


def _about(name: NameSummary) -> Content:
    """Return the dates and job titles of a name, and below them the names joined with it."""
    dates = " to ".join(dict.fromkeys(date[:10] for date in (name.first, name.last) if date))
    facts = [dates or "undated", *map(clean_line, name.roles)]
    below = ""
    if name.can_be:
        below = f"can be {'; '.join(map(clean_line, name.can_be))}"
    elif name.names:
        below = f"also {'; '.join(map(clean_line, name.names))}"
    return Content("\n").join((Content(" · ".join(facts)), Content(below)))
