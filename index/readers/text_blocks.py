"""Paragraphs and tables as they are met in a document, gathered into lines of text.

Word and HTML nest tables in cells and use them to place things; both are walked element by
element, and both end up here, so that a table reads the same whatever it came from.
"""

Cell = list[str]


class TextBlocks:
    """Lines gathered so far, and the tables and cells that are open at this place."""

    def __init__(self) -> None:
        self._open: list[list[str]] = [[]]
        self._tables: list[list[list[Cell]]] = []

    @property
    def lines(self) -> list[str]:
        """The lines outside every cell."""
        return self._open[0]

    def add(self, text: str) -> None:
        """Add a paragraph to the cell that is open, or to the document."""
        if text:
            self._open[-1].append(text)

    def open_table(self) -> None:
        """Begin a table, which may lie in a cell."""
        self._tables.append([])

    def open_row(self) -> None:
        """Begin a row of the table that is open, if any is."""
        if self._tables:
            self._tables[-1].append([])

    def open_cell(self) -> None:
        """Begin a cell."""
        self._open.append([])

    def close_cell(self) -> None:
        """End the cell that was begun last; without a row around it, it is no cell."""
        cell = self._open.pop()
        if self._tables and self._tables[-1]:
            self._tables[-1][-1].append(cell)
        else:
            self._open[-1].extend(cell)

    def close_table(self) -> None:
        """End the table that was begun last."""
        self._open[-1].extend(table_lines(self._tables.pop()))


def table_lines(table: list[list[Cell]]) -> list[str]:
    """Return a line a row, its cells divided by bars.

    A table of one row or one column only places things, and a cell of several paragraphs is a
    text of its own: their paragraphs stay apart.
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
