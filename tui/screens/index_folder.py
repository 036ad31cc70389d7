"""Asking for a folder or file of releases to index."""

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Footer, Input, Static

from tui.keys.bindings import FOLDER
from tui.screens.modal import DialogScreen
from tui.widgets.input import TextField


class IndexFolderScreen(DialogScreen[str]):
    """One line for a path; gives it back once something is there."""

    BINDINGS: ClassVar[list[BindingType]] = FOLDER

    def compose(self) -> ComposeResult:
        """Lay out the field."""
        with VerticalScroll(classes="window", can_focus=False) as window:
            window.border_title = Content("Index a folder or file of releases")
            yield TextField(placeholder="path/to/releases")
            yield Static(
                Content("Only what changed is read again. You can ask meanwhile."),
                classes="window--note",
            )
            yield Static(classes="window--error")
        yield Footer(show_command_palette=False, compact=True)

    def action_accept(self) -> None:
        """Give the path back, or say that nothing is there."""
        path = Path(self.query_one(TextField).value.strip()).expanduser()
        if self.query_one(TextField).value.strip() and path.exists():
            self.dismiss(str(path))
            return
        line = self.query_one(".window--error", Static)
        line.update(Content("There is no such file or folder."))
        line.add_class("-shown")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take a complaint away once its cause is changed."""
        event.stop()
        self.query_one(".window--error").remove_class("-shown")
