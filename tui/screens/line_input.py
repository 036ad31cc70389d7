"""Asking for one line: a note, a name, a file."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Footer, Input, Static

from qa.display import clean_line
from tui.keys.bindings import LINE
from tui.screens.modal import DialogScreen
from tui.widgets.input import TextField


class LineInputScreen(DialogScreen[str]):
    """One line to write; gives it back, without white space around it.

    Args:
        title: Of the window.
        value: What stands there already.
        hint: Said below the line.
        check: Says what is wrong with a line, or None when it will do.
    """

    BINDINGS: ClassVar[list[BindingType]] = LINE

    def __init__(
        self,
        title: str,
        value: str = "",
        *,
        hint: str = "",
        check: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        super().__init__()
        self._title = title
        self._value = value
        self._hint = hint
        self._check = check

    def compose(self) -> ComposeResult:
        """Lay out the line, the hint and a place for what is wrong."""
        with VerticalScroll(classes="window", can_focus=False) as window:
            window.border_title = Content(clean_line(self._title))
            yield TextField(clean_line(self._value), select_on_focus=False)
            yield Static(Content(clean_line(self._hint)), classes="window--note")
            yield Static(classes="window--error")
        yield Footer(show_command_palette=False, compact=True)

    def action_accept(self) -> None:
        """Give the line back, or say what is wrong with it."""
        line = self.query_one(TextField).value.strip()
        wrong = self._check(line)
        if wrong is None:
            self.dismiss(line)
            return
        shown = self.query_one(".window--error", Static)
        shown.update(Content(clean_line(wrong)))
        shown.add_class("-shown")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take a complaint away once its cause is changed."""
        event.stop()
        self.query_one(".window--error").remove_class("-shown")
