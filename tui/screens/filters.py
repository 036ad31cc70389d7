"""Restricting what is searched, by what the collection has."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import DescendantFocus, Key
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from index.reports import Counts, Facets
from index.types import NO_FILTERS, Filters
from qa.display import clean_line
from qa.errors import QAError
from qa.filter_syntax import parse_filters
from tui.keys.bindings import FILTERS
from tui.screens.modal import DialogScreen
from tui.widgets.input import TextField
from tui.widgets.option_list import ItemList

FIELDS = (
    ("since", "2023, 2023-04 or 2023-04-17"),
    ("until", "2023, 2023-04 or 2023-04-17"),
    ("issuer", "words of the issuer's name"),
    ("lang", "en, fr …"),
    ("kind", "quote, body, headline …"),
    ("speaker", "words of the speaker's name"),
    ("source", "part of the source, with * for anything"),
)
SHOWN = 200
"""Values of the collection that are offered at once; writing narrows them."""


class FilterScreen(DialogScreen[Filters]):
    """A line for each filter; gives the filters to search with from now on."""

    BINDINGS: ClassVar[list[BindingType]] = FILTERS
    DEFAULT_CSS = """
    FilterScreen {
        & .filter { height: 1; }
        & .filter > Static { width: 10; color: $quiet; }
        & .filter > TextField { width: 1fr; }
        & > .window { max-height: 22; }
        & #offer { color: $quiet; margin: 1 0 0 0; }
        & OptionList { height: auto; max-height: 8; }
    }
    """

    def __init__(self, filters: Filters, facets: Facets) -> None:
        super().__init__()
        self._filters = filters
        years = tuple(reversed(facets.years))
        self._values: dict[str, Counts] = {
            "since": years, "until": years, "issuer": facets.issuers, "lang": facets.languages,
            "kind": facets.kinds, "speaker": facets.speakers, "source": (),
        }  # fmt: skip
        self._field = FIELDS[0][0]
        self._offered: list[str] = []

    def compose(self) -> ComposeResult:
        """Lay out the fields, filled with the filters in force."""
        with Vertical(classes="window") as window:
            window.border_title = Content("Search only releases that match")
            for name, example in FIELDS:
                with Horizontal(classes="filter"):
                    yield Static(Content(name))
                    yield TextField(
                        clean_line(_written(self._filters, name)), placeholder=example, id=name
                    )
            yield Static(id="offer")
            yield ItemList()
            yield Static(classes="window--error")
        yield Footer(show_command_palette=False, compact=True)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Offer what the collection has for the field that is written in."""
        if isinstance(event.widget, TextField) and event.widget.id:
            self._field = event.widget.id
            self._offer()

    def on_key(self, event: Key) -> None:
        """Go from the field into what is offered, and out of it at its top."""
        choices = self.query_one(OptionList)
        if event.key == "down" and isinstance(self.focused, TextField) and self._offered:
            event.stop()
            choices.highlighted = 0
            choices.focus()
        elif event.key == "up" and self.focused is choices and not choices.highlighted:
            event.stop()
            self.query_one(f"#{self._field}", TextField).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Write what was chosen into the field; kinds are added to those before."""
        event.stop()
        field = self.query_one(f"#{self._field}", TextField)
        value = self._offered[event.option_index]
        if self._field == "kind":
            before = [kind.strip() for kind in field.value.split(",")[:-1] if kind.strip()]
            value = ", ".join([*before, value])
        field.value = value
        field.focus()
        field.cursor_position = len(value)

    def action_apply(self) -> None:
        """Give the filters back, or say which value has no meaning."""
        values = {name: self.query_one(f"#{name}", TextField).value.strip() for name, _ in FIELDS}
        try:
            filters = parse_filters({name: value or None for name, value in values.items()})
        except QAError as error:
            line = self.query_one(".window--error", Static)
            line.update(Content(clean_line(str(error))))
            line.add_class("-shown")
            return
        self.dismiss(filters)

    def action_empty(self) -> None:
        """Take every filter away."""
        for field in self.query(TextField):
            field.value = ""

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow what is offered, and take a complaint away once its cause is changed."""
        event.stop()
        self.query_one(".window--error").remove_class("-shown")
        if event.input.id == self._field:
            self._offer()

    def _offer(self) -> None:
        """Offer the values that the words written stand in; all of them where none do."""
        values = self._values[self._field]
        words = (
            self.query_one(f"#{self._field}", TextField).value.rpartition(",")[2].casefold().strip()
        )
        found = [(name, count) for name, count in values if words in name.casefold()] or values
        self._offered = [name for name, _ in found[:SHOWN]]
        choices = self.query_one(OptionList)
        choices.set_options(
            Option(Content(f"{clean_line(name)}  ") + Content.styled(f"{count:,}", "$quiet"))
            for name, count in found[:SHOWN]
        )
        choices.display = bool(found)
        note = f"{self._field} in this collection (Down to choose)" if found else ""
        if self._field in {"since", "until"}:
            note = "years in this collection; undated releases are left out by a date"
        self.query_one("#offer", Static).update(Content(note))


def _written(filters: Filters, name: str) -> str:
    """Return a filter as it is written in its field."""
    if name == "kind":
        return ", ".join(filters.kinds)
    return getattr(filters, name) or ""


def describe(filters: Filters) -> str:
    """Say in a few words what the filters are; nothing when there are none."""
    if filters == NO_FILTERS:
        return ""
    parts = [f"{name} {value}" for name, _ in FIELDS if (value := _written(filters, name))]
    return clean_line("only " + ", ".join(parts))
