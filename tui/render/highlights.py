"""Highlights in a text: evidence, answer spans, matched terms, and matches of Find.

Colour is never the only difference: evidence is bold, an answer span bold and underlined, a term
of the question underlined, a match of Find bold and underlined in another colour.
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

HighlightKind = Literal["evidence", "answer", "term", "current", "found"]

LAYERS: tuple[HighlightKind, ...] = ("evidence", "current", "answer", "term", "found")
"""From the bottom up: later ones are drawn over earlier ones."""

COMPONENT_CLASSES = frozenset(f"highlight--{kind}" for kind in LAYERS)

CSS = """
    & > .highlight--evidence {
        background: $highlight-evidence; color: $highlight-evidence-text; text-style: bold;
    }
    & > .highlight--current {
        background: $highlight-current; color: $highlight-current-text; text-style: bold;
    }
    & > .highlight--answer {
        background: $highlight-answer; color: $highlight-answer-text; text-style: bold underline;
    }
    & > .highlight--term { text-style: underline; }
    & > .highlight--found {
        background: $highlight-found; color: $highlight-found-text; text-style: bold underline;
    }
"""
"""Goes into the DEFAULT_CSS of a widget that draws highlights."""


@dataclass(frozen=True, slots=True)
class StyledSpan:
    """A part of the text, and how it is highlighted."""

    span: Span
    kind: HighlightKind


def highlights_of(highlights: Iterable[Highlight], offset: int = 0) -> list[StyledSpan]:
    """Return the highlights of a passage for a text in which it starts at `offset`."""
    return [
        StyledSpan((start + offset, end + offset), highlight.kind)
        for highlight in highlights
        for start, end in [highlight.span]
    ]


def draw_highlights(
    widget: Widget, content: Content, highlights: Iterable[StyledSpan], start: int = 0
) -> Content:
    """Style the highlights in a part of a text.

    Args:
        widget: Its component styles are used.
        content: The part of the text, already cleaned.
        highlights: Their spans are into the whole text.
        start: Where the part starts in the text.
    """
    end = start + len(content)
    visible = [h for h in highlights if h.span[0] < end and start < h.span[1]]
    for kind in LAYERS:
        style = _style(widget, kind)
        for highlight in visible:
            if highlight.kind == kind:
                first = max(highlight.span[0], start) - start
                last = min(highlight.span[1], end) - start
                content = content.stylize(style, first, last)
    return content


def _style(widget: Widget, kind: HighlightKind) -> Style:
    """Return the style of a kind of highlight.

    `get_visual_style` leaves an opaque background out of a partial style, so it is put back.
    """
    name = f"highlight--{kind}"
    style = widget.get_visual_style(name, partial=True)
    return replace(style, background=widget.get_component_styles(name).background)


def selected_span(selection: Selection, shown: str) -> Span:
    """Return the span of the drawn text that a selection covers.

    Args:
        selection: In columns (code points) and lines of `shown`.
        shown: The text as drawn, before it is wrapped.
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
