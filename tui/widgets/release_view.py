"""The text of a release, with its structure, highlights, and passage ranks in the gutter.

Only visible lines are drawn, so a release of two megabytes scrolls like a short one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from index.types import Span
from qa.types import ReleaseDocument
from tui.keys.bindings import RELEASE
from tui.render.highlights import COMPONENT_CLASSES, CSS, StyledSpan, draw_highlights
from tui.render.layout import RULE, LayoutRow, flow_release, release_rows

GUTTER = 4
"""Cells before the text: a passage's rank in the answer, a bar, a space."""
MARGIN = 1
"""Cells between the text and the scroll bar."""
CURRENT_BAR = "▌"
OTHER_BAR = "▏"
"""Marks other passages of the same answer."""
QUOTE_BAR = "│ "
RULE_LINE = "╌"
_STYLES = {
    "headline": "headline", "subheadline": "subheadline", "quote": "quote",
    "boilerplate": "appendix", "contact": "appendix", "dateline": "appendix", "links": "appendix",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Numbered:
    """A passage of an answer: its span in the release, and its rank."""

    span: Span
    rank: int


class ReleaseView(ScrollView, can_focus=True):
    """Shows one release; `SourcePane` decides what to highlight and where to scroll."""

    BINDINGS: ClassVar[list[BindingType]] = RELEASE
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *COMPONENT_CLASSES,
        "release--headline",
        "release--appendix",
        "release--quote",
        "release--gutter",
        "release--rule",
        "release--subheadline",
    }
    DEFAULT_CSS = (
        """
    ReleaseView {
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        overflow-x: hidden;
        & > .release--headline { text-style: bold; color: $primary; }
        & > .release--subheadline { text-style: bold; }
        & > .release--appendix { color: $quiet; }
        & > .release--quote { text-style: italic; }
        & > .release--gutter { color: $primary; }
        & > .release--rule { color: $rule; }
    """
        + CSS
        + "}"
    )
    ALLOW_SELECT = True

    def __init__(self) -> None:
        super().__init__()
        self.document: ReleaseDocument | None = None
        self._shown = ""
        self._rows: list[LayoutRow] = []
        self._highlights: list[StyledSpan] = []
        self._current: Span | None = None
        self._passages: tuple[Numbered, ...] = ()
        self._target: Span | None = None
        self._laid_out_for: tuple[int, int] | None = None
        self._height = 0
        self._width = 0

    def show(self, document: ReleaseDocument) -> None:
        """Show a release from its start, without highlights."""
        if document is self.document:
            return
        self.document = document
        self._shown = flow_release(document.text, document.passages)
        self._highlights, self._current, self._passages = [], None, ()
        self._rows, self._target, self._laid_out_for = [], None, None
        self._lay_out()
        self.scroll_home(animate=False)

    def highlight(
        self, highlights: list[StyledSpan], current: Span | None, passages: Sequence[Numbered]
    ) -> None:
        """Highlight parts of the text, and mark passages in the gutter.

        Args:
            highlights: Spans into the release's text.
            current: Span of the passage at the cursor.
            passages: All of the answer's passages from this release.
        """
        new = (highlights, current, tuple(passages))
        if new != (self._highlights, self._current, self._passages):
            self._highlights, self._current, self._passages = new
            self.refresh()

    @property
    def is_laid_out(self) -> bool:
        """Whether the rows are known."""
        return bool(self._rows)

    @property
    def shows_headline(self) -> bool:
        """Whether the headline is visible."""
        first = self._rows[min(self.scroll_offset.y, len(self._rows) - 1)] if self._rows else None
        return first is None or first.kind == "headline"

    def watch_show_vertical_scrollbar(self) -> None:
        """Let the scroll bar begin where the text is: it may appear after a scroll."""
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = self.scroll_y

    def scroll_to_span(self, span: Span) -> None:
        """Scroll until a span of the text is visible, with some text before it.

        Before the first layout, this happens as soon as the text is laid out.
        """
        self._target = span
        height = max(self.size.height, 1)
        if not self._is_visible(span, height):
            # force: the scroll bar, which allows it, is shown only by the next layout
            row = max(0, self._row_at(span[0]) - height // 4)
            self.scroll_to(y=row, animate=False, force=True)

    def on_resize(self) -> None:
        """Lay out again and keep the same text visible: the target, if it was visible before."""
        visible = not self._rows or (
            self._target is not None and self._is_visible(self._target, self._height)
        )
        self._height = self.size.height
        if not self._rows:
            self._lay_out()
        else:
            top = self._rows[min(self.scroll_offset.y, len(self._rows) - 1)].start
            if self._lay_out():
                self.scroll_to(y=self._row_at(top), animate=False)
        if visible and self._target is not None:
            self.call_after_refresh(self.scroll_to_span, self._target)

    def _is_visible(self, span: Span, height: int) -> bool:
        """Whether a span of the text is within `height` rows from the top."""
        first, last = self._row_at(span[0]), self._row_at(max(span[0], span[1] - 1))
        return self.scroll_offset.y <= first and last < self.scroll_offset.y + height

    def _lay_out(self) -> bool:
        """Lay out the text for the current width; return whether anything changed."""
        width = self.scrollable_content_region.width - GUTTER - MARGIN
        key = (id(self.document), width)
        if self.document is None or width <= 0 or key == self._laid_out_for:
            return False
        self._laid_out_for = key
        self._rows = release_rows(self._shown, self.document.passages, width)
        self._width = width + GUTTER
        self.virtual_size = Size(self._width, len(self._rows))
        self.refresh()
        return True

    def _row_at(self, offset: int) -> int:
        """Return the row that contains an offset of the text."""
        low, high = 0, len(self._rows)
        while low < high:
            middle = (low + high) // 2
            if self._rows[middle].end <= offset:
                low = middle + 1
            else:
                high = middle
        return min(low, max(len(self._rows) - 1, 0))

    def render_line(self, y: int) -> Strip:
        """Draw one visible line."""
        number = self.scroll_offset.y + y
        width = self.size.width
        if number >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        row = self._rows[number]
        content = self._draw(row)
        if (selection := self.text_selection) is not None:
            span = selection.get_span(number)
            if span is not None:
                style = self.screen.get_visual_style("screen--selection")
                end = len(content) if span[1] < 0 else span[1]
                content = content.stylize(style, max(span[0], GUTTER + row.indent), end)
        base = self.visual_style
        segments = [Segment(text, style.rich_style) for text, style in content.render(base, "")]
        return Strip(segments).adjust_cell_length(width, self.rich_style).apply_offsets(0, number)

    def _draw(self, row: LayoutRow) -> Content:
        """Style the text of one row, with its gutter."""
        style = self.get_visual_style("release--gutter", partial=True)
        gutter = Content.styled(self._gutter(row).ljust(GUTTER), style)
        quiet = self.get_visual_style("release--rule", partial=True)
        if row.kind == RULE:
            return gutter + Content.styled(RULE_LINE * (self._width - GUTTER), quiet)
        body = Content(self._shown[row.start : row.end].rstrip())
        name = _STYLES.get(row.kind)
        if name is not None:
            body = body.stylize(self.get_visual_style(f"release--{name}", partial=True))
        body = draw_highlights(self, body, self._highlights, row.start)
        lead = QUOTE_BAR if row.kind == "quote" else ""
        return gutter + Content.styled(lead.ljust(row.indent), quiet) + body

    def _gutter(self, row: LayoutRow) -> str:
        """Return a bar along each passage of the answer, with its rank in the first row."""
        if row.start == row.end:
            return ""
        for passage in self._passages:
            start, end = passage.span
            if start <= row.start < end or row.start <= start < row.end:
                bar = CURRENT_BAR if passage.span == self._current else OTHER_BAR
                return (str(passage.rank) if row.start <= start < row.end else "").rjust(2) + bar
        return ""

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text as it is stored, not as it is drawn."""
        if self.document is None or not self._rows:
            return None
        start = 0 if selection.start is None else self._offset(*selection.start)
        end = len(self._shown) if selection.end is None else self._offset(*selection.end)
        return self.document.text[start:end], "\n"

    def _offset(self, x: int, y: int) -> int:
        """Return the offset of the text at a column and row."""
        row = self._rows[min(y, len(self._rows) - 1)]
        return min(row.start + max(0, x - GUTTER - row.indent), row.end)
