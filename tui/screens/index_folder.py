"""A dialog for the folder or file of releases to index."""

from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType

from tui.keys.bindings import FOLDER, WINDOW
from tui.screens.line_input import LineInputScreen


class IndexFolderScreen(LineInputScreen, inherit_bindings=False):
    """One line for a path; returns it if something is there."""

    BINDINGS: ClassVar[list[BindingType]] = [*FOLDER, *WINDOW]

    def __init__(self) -> None:
        super().__init__(
            "Index a folder or file of releases",
            placeholder="path/to/releases",
            hint="Only changed files are read again. You can keep asking questions.",
            check=_problem,
        )


def _problem(path: str) -> str | None:
    """Return what is wrong with a path, or None."""
    exists = path and Path(path).expanduser().exists()
    return None if exists else "There is no such file or folder."
