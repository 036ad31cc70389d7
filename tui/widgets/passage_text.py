"""Text of a release on the screen: highlighted, and copied as it is stored."""

from typing import ClassVar

from textual.content import Content
from textual.geometry import Size
from textual.selection import Selection
from textual.widget import Widget

from tui.render.highlights import COMPONENT_CLASSES, CSS, draw_highlights, selected_span
from tui.render.layout import ELLIPSIS, beginning, flow
from tui.widgets.excerpts import Excerpt


class PassageText(Widget):
    """Draws an excerpt as one paragraph."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*COMPONENT_CLASSES}
    DEFAULT_CSS = "PassageText { height: auto;" + CSS + "}"

    def __init__(self, excerpt: Excerpt, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._excerpt = excerpt
        self._width = 0

    @property
    def excerpt(self) -> Excerpt:
        """What is drawn."""
        return self._excerpt

    def show(self, excerpt: Excerpt) -> None:
        """Draw another excerpt."""
        if excerpt != self._excerpt:
            self._excerpt = excerpt
            self.refresh(layout=True)

    def render(self) -> Content:
        """Draw the excerpt with its highlights."""
        excerpt = self._excerpt
        shown = flow(excerpt.text).replace("\n", " ")
        start, end = self._span(shown)
        content = Content(shown[start:end].rstrip())
        content = draw_highlights(self, content, excerpt.highlights, start)
        after = ELLIPSIS if end < excerpt.span[1] else excerpt.after
        return Content(excerpt.before) + content + after

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Note the width, to which the last row is cut."""
        if width != self._width:
            self._width = width
            self.clear_cached_dimensions()
        return super().get_content_height(container, viewport, width)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text as it is stored, not as it is drawn."""
        excerpt = self._excerpt
        drawn = self.render().plain
        begun = excerpt.span[0] - len(excerpt.before)
        start, end = (begun + place for place in selected_span(selection, drawn))
        first, last = self._span(flow(excerpt.text).replace("\n", " "))
        return excerpt.text[max(start, first) : min(end, last)], "\n"

    def _span(self, shown: str) -> tuple[int, int]:
        start, end = self._excerpt.span
        if self._excerpt.rows is None or not self._width:
            return start, end
        before = self._excerpt.before
        drawn = before + shown[start:end]
        fits = beginning(drawn, 0, len(drawn), self._width, self._excerpt.rows)
        return start, start + fits - len(before)
