"""The dialog in which users set the filters of the next questions."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import DescendantFocus, Key
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from index.filters import FILTERS, Filters
from index.reports import Facets
from qa.display import clean_line
from qa.errors import QAError
from qa.filter_syntax import filter_text, parse_filters
from tui.keys import bindings
from tui.screens.modal import DialogScreen
from tui.widgets.input import TextField
from tui.widgets.option_list import ItemList

_WIDEST = 50
"""Cells of a value up to which the counts are aligned."""
SHOWN = 200
"""Values of a filter that are listed at once; typing narrows them."""

_SPECS = {spec.name: spec for spec in FILTERS}


def value_lines(values: Sequence[tuple[str, int]]) -> list[Content]:
    """Return a line for each value, with the counts below each other, aligned at right."""
    names = [clean_line(name) for name, _ in values]
    widest = min(max(map(cell_len, names), default=0), _WIDEST)
    digits = max((len(f"{count:,}") for _, count in values), default=0)
    return [
        Content(name + " " * (widest - cell_len(name) + 2))
        + Content.styled(f"{count:,}".rjust(digits), "$quiet")
        for name, (_, count) in zip(names, values, strict=True)
    ]


class FilterScreen(DialogScreen[Filters]):
    """A field for each filter; returns the filters for the next questions."""

    BINDINGS: ClassVar[list[BindingType]] = bindings.FILTERS
    DEFAULT_CSS = """
    FilterScreen {
        & .filter { height: 1; }
        & .filter > Static { width: 14; color: $quiet; }
        & .filter > TextField { width: 1fr; }
        & > .window { max-height: 22; }
        & #note { color: $quiet; margin: 1 0 0 0; }
        & OptionList { height: auto; max-height: 8; }
    }
    """

    def __init__(self, filters: Filters, facets: Facets) -> None:
        super().__init__()
        self._filters = filters
        self._values = facets
        self._field = FILTERS[0].name
        self._listed: list[str] = []

    def compose(self) -> ComposeResult:
        """Lay out the fields with the current filters."""
        with Vertical(classes="window") as window:
            window.border_title = Content("Search only releases that match")
            for spec in FILTERS:
                with Horizontal(classes="filter"):
                    yield Static(Content(spec.label))
                    yield TextField(
                        clean_line(filter_text(self._filters, spec)),
                        placeholder=spec.hint,
                        id=spec.name,
                    )
            yield Static(id="note")
            yield ItemList()
            yield Static(classes="window--error")

    @property
    def field(self) -> TextField:
        """The field whose values are listed."""
        return self.query_one(f"#{self._field}", TextField)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """List the collection's values for the field that has the focus."""
        if isinstance(event.widget, TextField) and event.widget.id:
            self._field = event.widget.id
            self._list_values()

    def on_key(self, event: Key) -> None:
        """Move from the field into the list of values, and from its top back to the field."""
        choices = self.query_one(OptionList)
        if event.key == "down" and isinstance(self.focused, TextField) and self._listed:
            event.stop()
            choices.highlighted = 0
            choices.focus()
        elif event.key == "up" and self.focused is choices and not choices.highlighted:
            event.stop()
            self.query_one(f"#{self._field}", TextField).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Write the chosen value into the field, after the ones before it where several may be."""
        event.stop()
        field = self.query_one(f"#{self._field}", TextField)
        value = self._listed[event.option_index]
        if _SPECS[self._field].several:
            before = [part.strip() for part in field.value.split(",")[:-1] if part.strip()]
            value = ", ".join([*before, value])
        field.value = value
        field.focus()
        field.cursor_position = len(value)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether there is anything to clear."""
        if action == "empty":
            return any(field.value for field in self.query(TextField))
        return super().check_action(action, parameters)

    def action_apply(self) -> None:
        """Return the filters, or show what is wrong with a value."""
        values = {name: self.query_one(f"#{name}", TextField).value.strip() for name in _SPECS}
        try:
            filters = parse_filters({name: value or None for name, value in values.items()})
        except QAError as error:
            self.show_error(str(error))
        else:
            self.dismiss(filters)

    def action_empty(self) -> None:
        """Clear every field."""
        for field in self.query(TextField):
            field.value = ""

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list of values, and hide the error message."""
        event.stop()
        self.show_error("")
        self.refresh_bindings()
        if event.input.id == self._field:
            self._list_values()

    def _list_values(self) -> None:
        """List the values that contain the text of the field; all of them where none does."""
        values = self._values.get(self._field, ())
        words = (
            self.query_one(f"#{self._field}", TextField).value.rpartition(",")[2].casefold().strip()
        )
        found = [(name, count) for name, count in values if words in name.casefold()] or values
        self._listed = [name for name, _ in found[:SHOWN]]
        choices = self.query_one(OptionList)
        choices.set_options(Option(line) for line in value_lines(found[:SHOWN]))
        choices.display = bool(found)
        note = "In this collection (press Down to choose):" if found else ""
        if found and _SPECS[self._field].edge is not None:
            note = "Years in this collection. A date leaves out releases without a date."
        self.query_one("#note", Static).update(Content(note))
