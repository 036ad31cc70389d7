"""Reads rows of CSV under a limit of cell length.

Python's csv module has one limit for the whole process (`csv.field_size_limit`). It is set only
while a row is read and then restored, under a lock, so that two tables read at once, or a host
program, do not change each other's limit.
"""

import csv
import threading
from collections.abc import Iterable

_LIMIT = threading.Lock()


class CsvRows:
    """The rows of a table, read one at a time."""

    def __init__(self, lines: Iterable[str], delimiter: str, max_cell: int) -> None:
        """Read `lines`, each with its line end.

        Args:
            lines: The lines of the table.
            delimiter: What separates cells.
            max_cell: Characters of a cell, at most.
        """
        self._rows = csv.reader(lines, delimiter=delimiter)
        self._max_cell = max_cell

    def next(self) -> list[str] | None:
        """Return the cells of the next row, or None after the last.

        Raises:
            csv.Error: When the row cannot be read, as when a cell is too long. The next call
                returns the row after it.
        """
        with _LIMIT:
            before = csv.field_size_limit(self._max_cell)
            try:
                return next(self._rows, None)
            finally:
                csv.field_size_limit(before)
