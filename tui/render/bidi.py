"""Writing from right to left, kept to the line of the widget it stands in.

A terminal that orders such writing itself (VTE, Konsole, mintty, macOS) takes a row of the screen
for one paragraph: the release beside, its marks and the numbers between would be drawn in each
other's places. So a widget's line that holds any is isolated, and its own direction is said to be
left to right (Unicode Standard Annex 9, "LRI" and "PDI"): the words are ordered among themselves,
nothing around them moves. Both signs are no cell wide; a terminal keeps such a sign with the cell
before it, so the first comes after the line's own first cell, the margin, with which it is drawn
over. Nothing else on the screen is a sign of
this kind: `qa.display` lets none of a document's through.
"""

import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

LEFT_TO_RIGHT_ISOLATE, END_OF_ISOLATE = "\u2066", "\u2069"

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""The blocks of scripts that are written so."""


class Isolated(LineFilter):
    """Isolates each line that holds writing from right to left."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the line as it is, or between the two signs."""
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
