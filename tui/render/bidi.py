"""Right-to-left text, kept inside the line of its widget.

A terminal with bidi support (VTE, Konsole, mintty, macOS) treats a row of the screen as one
paragraph, so Arabic or Hebrew in one pane would reorder the other pane too. Each widget's line
that contains such text is therefore wrapped in LRI and PDI (Unicode Standard Annex 9): its words
are ordered among themselves and nothing around them moves. Both characters have no width. A
terminal stores such a character with the cell before it, so LRI comes after the line's first cell,
its margin. Documents cannot bring such characters along: `qa.display` removes them.
"""

import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

LEFT_TO_RIGHT_ISOLATE, END_OF_ISOLATE = "\u2066", "\u2069"

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""The Unicode blocks of right-to-left scripts."""


class Isolated(LineFilter):
    """Isolates each line that contains right-to-left text."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the line as it is, or isolated."""
        if not any(
            not segment.text.isascii() and _RIGHT_TO_LEFT.search(segment.text)
            for segment in segments
        ):
            return segments
        first, rest = segments[0], segments[1:]
        if first.text[:1].isascii():
            edge = Segment(first.text[:1], first.style)
            rest = [Segment(first.text[1:], first.style), *rest]
        else:
            edge, rest = Segment(""), segments
        return [edge, Segment(LEFT_TO_RIGHT_ISOLATE), *rest, Segment(END_OF_ISOLATE)]
