"""What every dialog has in common: a frame, notices, its keys, and Esc to close it."""

from typing import ClassVar, TypeVar

from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import OptionList, Static

from qa.display import clean_line
from tui.keys.bindings import WINDOW
from tui.widgets.footer import KeyFooter
from tui.widgets.input import TextField
from tui.widgets.status_line import NoticeLine

T = TypeVar("T")
_WIDE = 90
"""Cells from which a dialog has room at its sides."""


class DialogScreen(ModalScreen[T]):
    """A framed dialog; Esc closes it without a result."""

    BINDINGS: ClassVar[list[BindingType]] = WINDOW
    # A window beside which a few letters of the screen below would be seen fills the width.
    # mypy takes the base class's annotated class variable for an instance variable
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012
    DEFAULT_CSS = """
    DialogScreen {
        align: center middle;
        background: $background 60%;
        & > .window {
            width: 76;
            max-width: 86%;
            height: auto;
            max-height: 90%;
            border: round $border;
            background: $background;
            padding: 1 2;
        }
        &.-narrow > .window { width: 100%; max-width: 100%; }
        & .window--note { color: $quiet; }
        & .window--error { color: $error; display: none; }
        & .window--error.-shown { display: block; }
        & TextField { border: none; height: 1; padding: 0 1; background: $surface; }
        & TextField:focus {
            border: none;
            background: $panel;
            background-tint: $foreground 0%;
        }
        & TextField > .input--placeholder { color: $quiet; }
        & OptionList {
            background: $background;
            border: none;
            padding: 0;
            scrollbar-size-vertical: 1;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
        & OptionList:focus { border: none; }
    }
    """

    _dismissed = False

    def on_mount(self) -> None:
        """Take the keys at once: more of them may have come with the one that opened it."""
        self.mount(NoticeLine(), KeyFooter())
        # Textual sets it after the first layout, by whose width a dialog may lay out its lines.
        self.set_class(self.app.size.width < _WIDE, "-narrow")
        if self.focused is None and (focusable := self.focus_chain):
            self.set_focus(focusable[0])

    def write(self, text: str) -> bool:
        """Write into the field what was typed elsewhere; return whether there is a field."""
        field = self.field
        if field is not None:
            self.set_focus(field, from_app_focus=True)  # else the focus would select its text
            field.insert_text_at_cursor(text)
        return field is not None

    @property
    def field(self) -> TextField | None:
        """The field for what is typed, if there is one."""
        fields = (widget for widget in self.focus_chain if isinstance(widget, TextField))
        return next(fields, None)

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close with a result, once: a second key would close the screen behind."""
        if self._dismissed:
            return AwaitComplete()
        self._dismissed = True
        return super().dismiss(result)

    def show_error(self, text: str) -> None:
        """Show what is wrong, in the dialog's error line, until a field changes."""
        line = self.query_one(".window--error", Static)
        line.update(Content(clean_line(text)))
        line.set_class(bool(text), "-shown")

    def action_page(self, step: int) -> None:
        """Scroll the list, or else the text, by a page."""
        for listing in self.query(OptionList):
            getattr(listing, "action_page_down" if step > 0 else "action_page_up")()
            return
        for text in self.query(".window").results(Widget):
            text.scroll_relative(y=step * text.size.height, animate=False)

    def action_close(self) -> None:
        """Close without a result."""
        self.dismiss(None)
