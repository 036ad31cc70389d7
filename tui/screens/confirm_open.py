"""The question before anything is opened outside the program."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from qa.display import clean_line
from tui.keys.bindings import OPENING
from tui.screens.modal import DialogScreen


class ConfirmOpenScreen(DialogScreen[bool]):
    """Shows the whole address, so that the user sees where it leads."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *OPENING,
        Binding("n,q", "close", "Close", show=False),
    ]

    def __init__(self, target: str) -> None:
        super().__init__()
        self._target = target

    def compose(self) -> ComposeResult:
        """Lay out the address."""
        with VerticalScroll(classes="window") as window:
            window.border_title = Content("Open outside the terminal?")
            yield Static(Content(clean_line(self._target)))

    def action_accept(self) -> None:
        """Return that it may be opened."""
        self.dismiss(result=True)
