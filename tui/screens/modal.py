"""What every dialog has in common: a frame, and Esc to close it."""

from typing import ClassVar, TypeVar

from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from qa.display import clean_line
from tui.keys.bindings import WINDOW

T = TypeVar("T")


class DialogScreen(ModalScreen[T]):
    """A framed dialog; Esc closes it without a result."""

    BINDINGS: ClassVar[list[BindingType]] = WINDOW
    DEFAULT_CSS = """
    DialogScreen {
        align: center middle;
        background: $background 60%;
        & > .window {
            width: 76;
            max-width: 94%;
            height: auto;
            max-height: 90%;
            border: round $border;
            background: $background;
            padding: 1 2;
        }
        & .window--note { color: $quiet; }
        & .window--error { color: $error; display: none; }
        & .window--error.-shown { display: block; }
        & TextField { border: none; height: 1; padding: 0 1; background: $surface; }
        & TextField:focus { border: none; background: $panel; }
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

    def action_close(self) -> None:
        """Close without a result."""
        self.dismiss(None)
