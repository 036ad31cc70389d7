"""The last look at what is drawn: no character that acts on the terminal leaves the app.

Widgets clean text from outside (`qa.display`), which shows such characters as visible ones. This
filter does not rely on it: it sees each line of each widget and leaves out what was not cleaned.
They have no width, so the line keeps its own.
"""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from qa.display import UNSAFE, without_unsafe


class Harmless(LineFilter):
    """Leaves out control characters, marks of direction and invisible characters."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the line as it is, or without what may not be drawn."""
        if not any(_is_unsafe(segment.text) for segment in segments):
            return segments
        return [Segment(_drawn(text), style, control) for text, style, control in segments]


def _is_unsafe(text: str) -> bool:
    return "\n" in text or UNSAFE.search(text) is not None


def _drawn(text: str) -> str:
    return without_unsafe(text).replace("\n", "").replace("\t", "")
