"""The field for words to find in a release."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from tui.keys.bindings import FIND
from tui.messages import FindChanged, FindClosed
from tui.widgets.input import TextField


class FindBar(Horizontal):
    """One line for the words; matches are highlighted as they are typed.

    Args:
        text: Where the words are looked for; it gets the keys back when the field is closed.
    """

    BINDINGS: ClassVar[list[BindingType]] = FIND
    DEFAULT_CSS = """
    FindBar {
        height: 1;
        display: none;
        background: $surface;
        &.-open { display: block; }
        & > .find--label { width: auto; padding: 0 1; color: $primary; text-style: bold; }
        & > TextField {
            width: 1fr;
            border: none;
            height: 1;
            padding: 0;
            background: $surface;
            &:focus { border: none; }
        }
        & > .find--count { width: auto; padding: 0 1; color: $quiet; }
    }
    """

    def __init__(self, text: Widget) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        yield Static(Content("Find"), classes="find--label")
        yield TextField()
        yield Static(classes="find--count")

    @property
    def is_open(self) -> bool:
        """Whether the field is shown."""
        return self.has_class("-open")

    def open(self) -> None:
        """Show the empty field."""
        self.add_class("-open")
        field = self.query_one(TextField)
        field.value = ""
        self.screen.set_focus(field)  # at once: the words may have come with the key

    def count(self, match: int | None, total: int) -> None:
        """Show how many matches there are."""
        words = self.query_one(TextField).value
        text = f"{match + 1} of {total}" if match is not None else "none" if words else ""
        self.query_one(".find--count", Static).update(Content(text))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Find while the words are typed."""
        event.stop()
        if self.is_open:
            self.post_message(FindChanged(event.value.strip()))

    def action_keep(self) -> None:
        """Keep the matches highlighted and go back to the text."""
        self._leave()
        self.post_message(FindClosed(self.query_one(TextField).value.strip()))

    def action_close(self) -> None:
        """Close without matches."""
        self._leave()
        self.post_message(FindClosed(""))

    def _leave(self) -> None:
        self.remove_class("-open")
        self.screen.set_focus(self._text)
