"""Restricting what is searched."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Footer, Input, Static

from index.filters import NO_FILTERS, Filters
from qa.display import clean_line
from qa.errors import QAError
from qa.filter_values import merge_filters, parse_filters
from tui.fields import Field
from tui.modals import Window

FIELDS = (
    ("since", "2023, 2023-04 or 2023-04-17"),
    ("until", "2023, 2023-04 or 2023-04-17"),
    ("issuer", "words of the issuer's name"),
    ("lang", "en, fr …"),
    ("source", "part of the source, with * for anything"),
)


class FilterScreen(Window[Filters]):
    """A line for each filter; gives the filters to search with from now on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "apply", "Apply", id="filters.apply"),
        Binding("ctrl+l", "empty", "Empty all", id="filters.empty"),
    ]
    DEFAULT_CSS = """
    FilterScreen {
        & .filter { height: 1; margin: 0 0 1 0; }
        & .filter > Static { width: 10; color: $text-muted; }
        & .filter > Field { width: 1fr; }
    }
    """

    def __init__(self, filters: Filters) -> None:
        super().__init__()
        self._filters = filters

    def compose(self) -> ComposeResult:
        """Lay out the fields, filled with the filters in force."""
        with VerticalScroll(classes="window", can_focus=False) as window:
            window.border_title = Content("Search only releases that match")
            for name, example in FIELDS:
                value = getattr(self._filters, name)
                with Horizontal(classes="filter"):
                    yield Static(Content(name))
                    yield Field(clean_line(value or ""), placeholder=example, id=name)
            yield Static(
                Content("Dated filters leave undated releases out."), classes="window--note"
            )
            yield Static(classes="window--error")
        yield Footer(show_command_palette=False, compact=True)

    def action_apply(self) -> None:
        """Give the filters back, or say which value has no meaning."""
        values = {name: self.query_one(f"#{name}", Field).value.strip() for name, _ in FIELDS}
        try:
            filters = parse_filters({name: value or None for name, value in values.items()})
        except QAError as error:
            line = self.query_one(".window--error", Static)
            line.update(Content(clean_line(str(error))))
            line.add_class("-shown")
            return
        kept = Filters(kinds=self._filters.kinds, speaker=self._filters.speaker)
        self.dismiss(merge_filters(kept, filters))

    def action_empty(self) -> None:
        """Take every filter away."""
        for field in self.query(Field):
            field.value = ""

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take a complaint away once its cause is changed."""
        event.stop()
        self.query_one(".window--error").remove_class("-shown")


def describe(filters: Filters) -> str:
    """Say in a few words what the filters are; nothing when there are none."""
    if filters == NO_FILTERS:
        return ""
    parts = [f"{name} {value}" for name, _ in FIELDS if (value := getattr(filters, name))]
    if filters.kinds:
        parts.append("kind " + ",".join(filters.kinds))
    if filters.speaker:
        parts.append(f"speaker {filters.speaker}")
    return clean_line("only " + ", ".join(parts))
