"""A dialog for one line: a note, a name, a file."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from qa.display import clean_line
from tui.keys.bindings import LINE
from tui.screens.modal import DialogScreen
from tui.widgets.input import TextField


class LineInputScreen(DialogScreen[str]):
    """One line of text; returns it without surrounding white space.

    Args:
        title: Of the dialog.
        value: Text to start with.
        placeholder: Shown while the line is empty.
        hint: Shown below the line.
        replace: Whether the text is selected, so that what is typed takes its place.
        check: Returns what is wrong with the line, or None.
    """

    BINDINGS: ClassVar[list[BindingType]] = LINE

    def __init__(
        self,
        title: str,
        value: str = "",
        *,
        placeholder: str = "",
        hint: str = "",
        replace: bool = False,
        check: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        super().__init__()
        self._title = title
        self._value = value
        self._placeholder = placeholder
        self._hint = hint
        self._replace = replace
        self._check = check

    def compose(self) -> ComposeResult:
        """Lay out the line, the hint and the error message."""
        with VerticalScroll(classes="window", can_focus=False) as window:
            window.border_title = Content(clean_line(self._title))
            yield TextField(
                clean_line(self._value),
                placeholder=self._placeholder,
                select_on_focus=self._replace,
            )
            yield Static(Content(clean_line(self._hint)), classes="window--note")
            yield Static(classes="window--error")

    def action_accept(self) -> None:
        """Return the line, or show what is wrong with it."""
        line = self.query_one(TextField).value.strip()
        wrong = self._check(line)
        if wrong is None:
            self.dismiss(line)
        else:
            self.show_error(wrong)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Remove the error message."""
        event.stop()
        self.show_error("")
