"""Which stretch of a text the mouse selected."""

from textual.selection import Selection

from index.records import Span


def selected_span(selection: Selection, shown: str) -> Span:
    """Return what a selection covers, as a span of the text that is drawn.

    Args:
        selection: In columns (code points) and lines of `shown`.
        shown: The text as it is drawn, before it is wrapped.
    """
    starts = [0]
    starts += [index + 1 for index, character in enumerate(shown) if character == "\n"]

    def offset(x: int, y: int) -> int:
        if y >= len(starts):
            return len(shown)
        line_end = starts[y + 1] - 1 if y + 1 < len(starts) else len(shown)
        return min(starts[y] + x, line_end)

    start = 0 if selection.start is None else offset(*selection.start)
    end = len(shown) if selection.end is None else offset(*selection.end)
    return start, max(start, end)
