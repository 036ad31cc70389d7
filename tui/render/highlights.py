"""Marked stretches of a text, styled: what a card and the source pane have in common.

Colour is never the only sign: evidence is bold, an exact answer bold and underlined, a word
of the question underlined, a match of Find bold, underlined and of another colour.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from textual.content import Content
from textual.selection import Selection
from textual.style import Style
from textual.widget import Widget

from index.types import Span
from qa.types import Highlight

MarkKind = Literal["evidence", "answer", "term", "current", "found"]

LAYERS: tuple[MarkKind, ...] = ("evidence", "current", "answer", "term", "found")
"""From the bottom up: what is drawn over what."""

COMPONENT_CLASSES = frozenset(f"mark--{kind}" for kind in LAYERS)

CSS = """
    & > .mark--evidence {
        background: $mark-evidence; color: $mark-evidence-text; text-style: bold;
    }
    & > .mark--current {
        background: $mark-current; color: $mark-current-text; text-style: bold;
    }
    & > .mark--answer {
        background: $mark-answer; color: $mark-answer-text; text-style: bold underline;
    }
    & > .mark--term { text-style: underline; }
    & > .mark--found {
        background: $mark-found; color: $mark-found-text; text-style: bold underline;
    }
"""
"""Goes into the DEFAULT_CSS of a widget that draws marks."""


@dataclass(frozen=True, slots=True)
class StyledSpan:
    """A stretch of the text that is drawn, and what it is."""

    span: Span
    kind: MarkKind


def highlights_of(highlights: Iterable[Highlight], offset: int = 0) -> list[StyledSpan]:
    """Turn the highlights of a passage into marks of a text in which it starts at `offset`."""
    return [
        StyledSpan((mark.span[0] + offset, mark.span[1] + offset), mark.kind) for mark in highlights
    ]


def draw_highlights(
    widget: Widget, content: Content, marks: Iterable[StyledSpan], start: int = 0
) -> Content:
    """Style the marks in a stretch of a text.

    Args:
        widget: Whose styles apply.
        content: The stretch, already cleaned.
        marks: Spans into the whole text.
        start: Where the stretch starts in the text.
    """
    end = start + len(content)
    seen = [mark for mark in marks if mark.span[0] < end and start < mark.span[1]]
    for kind in LAYERS:
        style = _style(widget, kind)
        for mark in seen:
            if mark.kind == kind:
                first, last = max(mark.span[0], start) - start, min(mark.span[1], end) - start
                content = content.stylize(style, first, last)
    return content


def _style(widget: Widget, kind: MarkKind) -> Style:
    """Return how a kind is drawn over what is there.

    `get_visual_style` leaves an opaque background out of a partial style, so it is put back.
    """
    name = f"mark--{kind}"
    style = widget.get_visual_style(name, partial=True)
    return replace(style, background=widget.get_component_styles(name).background)


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
