"""What commands say of a file of questions before they read it."""

from pathlib import Path
from typing import TYPE_CHECKING

from qa.batch.question_formats import QUESTION_NAMES, is_read_by_line

if TYPE_CHECKING:
    from qa.cli.context import Context


def warn_of_missing_column(context: "Context", file: str) -> None:
    """Say that a CSV without a column of questions is read line by line, its header too.

    Args:
        context: What the command was given.
        file: Its name; nothing is read unless it ends with `.csv`.
    """
    path = Path(file)
    if path.suffix.lower() != ".csv" or not path.is_file():
        return
    with path.open("rb") as stream:
        by_line = is_read_by_line(stream)
    if by_line:
        context.warn(
            f"{file}: no column is called {' or '.join(QUESTION_NAMES)}; "
            "each line is read as a question, the first one too."
        )
