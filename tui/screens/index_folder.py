"""A dialog for the folder or file of releases to index."""

from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tui.keys.bindings import FOLDER, WINDOW
from tui.platform.path_completion import completed, completions
from tui.screens.line_input import LineInputScreen
from tui.widgets.input import TextField
from tui.widgets.option_list import ItemList


class IndexFolderScreen(LineInputScreen, inherit_bindings=False):
    """One line for a path, with what it can go on with; returns it if something is there."""

    BINDINGS: ClassVar[list[BindingType]] = [*FOLDER, *WINDOW]
    DEFAULT_CSS = """
    IndexFolderScreen {
        & OptionList { height: auto; max-height: 8; margin: 1 0 0 0; }
    }
    """

    def __init__(self, why: str = "") -> None:
        super().__init__(
            "Index a folder or file of releases",
            placeholder="path/to/releases",
            hint=why or "Only changed files are read again. You can keep asking questions.",
            check=_problem,
        )
        self._found: list[str] = []

    def on_mount(self) -> None:
        """Show the paths from here."""
        choices = ItemList()
        choices.can_focus = False  # the keys belong to the line
        self.query_one(".window").mount(choices, before=".window--error")
        self._list("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show how the path can go on."""
        super().on_input_changed(event)
        self._list(event.value)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether the path can be completed."""
        if action == "complete":
            return bool(self._found)
        return super().check_action(action, parameters)

    def action_complete(self) -> None:
        """Write what all the paths have in common; a second time, the first of them."""
        field = self.query_one(TextField)
        longer = completed(field.value, self._found)
        field.value = longer if longer != field.value else self._found[0]
        field.cursor_position = len(field.value)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Write the path that was clicked."""
        event.stop()
        field = self.query_one(TextField)
        field.value = self._found[event.option_index]
        field.cursor_position = len(field.value)

    def _list(self, typed: str) -> None:
        self._found = completions(typed)
        choices = self.query_one(OptionList)
        choices.set_options(Option(Content(path)) for path in self._found)
        choices.display = bool(self._found)
        self.refresh_bindings()


def _problem(path: str) -> str | None:
    """Return what is wrong with a path, or None."""
    exists = path and Path(path).expanduser().exists()
    return None if exists else "There is no such file or folder."
