"""Collects paragraphs and tables of a document as lines of text.

Word documents and HTML nest tables in cells and use them for layout. Both readers walk their
document element by element and use this class, so that a table reads the same in both.
"""

Cell = list[str]
"""The lines of a table's cell."""


class TextBlocks:
    """The lines collected so far, and the tables and cells that are open."""

    def __init__(self) -> None:
        self._open: list[list[str]] = [[]]
        self._tables: list[list[list[Cell]]] = []

    @property
    def lines(self) -> list[str]:
        """The lines outside of open cells."""
        return self._open[0]

    def add(self, text: str) -> None:
        """Add a paragraph to the open cell, or to the document."""
        if text:
            self._open[-1].append(text)

    def open_table(self) -> None:
        """Begin a table, which may be inside a cell."""
        self._tables.append([])

    def open_row(self) -> None:
        """Begin a row of the open table, if there is one."""
        if self._tables:
            self._tables[-1].append([])

    def open_cell(self) -> None:
        """Begin a cell."""
        self._open.append([])

    def close_cell(self) -> None:
        """End the last cell; outside a row, its lines are ordinary paragraphs."""
        cell = self._open.pop()
        if self._tables and self._tables[-1]:
            self._tables[-1][-1].append(cell)
        else:
            self._open[-1].extend(cell)

    def close_table(self) -> None:
        """End the last table."""
        self._open[-1].extend(_table_lines(self._tables.pop()))


def _table_lines(table: list[list[Cell]]) -> list[str]:
    """Return a line for each row, with bars between the cells.

    A table of one row or one column is only layout, and a cell of several paragraphs is a text of
    its own: their paragraphs stay separate.
    """
    layout = len(table) == 1 or all(len(row) <= 1 for row in table)
    lines: list[str] = []
    for row in table:
        words = [line for cell in row for line in cell]
        if layout or any(len(cell) > 1 for cell in row):
            lines.extend(words)
        elif words:
            lines.append(" | ".join(words))
    return lines
