"""The card of one passage: its text with highlights, its release, its annotations."""

from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.selection import Selection
from textual.widget import Widget

from qa.display import clean_line
from qa.types import RankedPassage
from tui.messages import PassageChosen
from tui.render.highlights import (
    COMPONENT_CLASSES,
    CSS,
    StyledSpan,
    draw_highlights,
    highlights_of,
    selected_span,
)
from tui.render.layout import excerpt, flow, shorten, source_of, title_of
from tui.state.turns import NO_ANNOTATIONS, Annotations, best_evidence, evidence_of

BEST_BUDGET = 1400
"""Code points shown of the best passage: nearly always all of it."""
OTHER_BUDGET = 320
"""Code points shown of the other passages."""
CUT = "… "
UNKNOWN_WIDTH = 1_000
"""Cells for a head line before the card is laid out for the first time."""


class PassageCard(Widget):
    """A passage that can be clicked, and selected from with the mouse."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *COMPONENT_CLASSES,
        "card--meta",
        "card--rank",
        "card--annotations",
    }
    DEFAULT_CSS = (
        """
    PassageCard {
        height: auto;
        margin: 0 0 1 0;
        padding: 0 1;
        border-left: vkey $rule;
        background: $surface;
        & > .card--meta { color: $quiet; }
        & > .card--rank { color: $primary; text-style: bold; }
        & > .card--annotations { color: $accent; }
        &:hover { background: $panel; }
        &.-selected { border-left: outer $primary; background: $panel; }
    """
        + CSS
        + "}"
    )

    evidence: reactive[int | None] = reactive(None)
    """Index of the evidence at the cursor."""
    annotations: reactive[Annotations] = reactive(NO_ANNOTATIONS, layout=True)
    """Shown below the text."""

    def __init__(self, turn: int, passage: RankedPassage, *, nearest: bool) -> None:
        super().__init__()
        self.turn = turn
        self.passage = passage
        self.nearest = nearest
        self._width = UNKNOWN_WIDTH

    def show(self, passage: RankedPassage, *, nearest: bool) -> None:
        """Show another passage, or the same with new scores."""
        if (passage, nearest) != (self.passage, self.nearest):
            self.passage = passage
            self.nearest = nearest
            self.refresh(layout=True)

    def render(self) -> Content:
        """Draw the head lines and the text with its highlights."""
        passage = self.passage
        rank = self.get_visual_style("card--rank", partial=True)
        meta = self.get_visual_style("card--meta", partial=True)
        number = f"{'≈' if self.nearest else ''}{passage.rank}  "
        title = shorten(title_of(passage.release), self._width - cell_len(number))
        head = Content.assemble((number, rank), (title, "bold"))
        about = Content.styled(self._about_line(), meta)
        lines = [head, about, self._text()]
        if self.annotations != NO_ANNOTATIONS:
            style = self.get_visual_style("card--annotations", partial=True)
            lines.append(draw_annotations(self.annotations).stylize(style))
        return Content("\n").join(lines)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Note the width, to which the head lines are cut."""
        if width != self._width:
            self._width = width
            self.clear_cached_dimensions()
        return super().get_content_height(container, viewport, width)

    def _about_line(self) -> str:
        """Describe the release and, at right, how well the passage matches."""
        score = f"match {self.passage.score:.2f}"
        facts = shorten(" · ".join(self._about()), self._width - len(score) - 2)
        gap = self._width - cell_len(facts) - len(score)
        return facts + " " * gap + score if self._width < UNKNOWN_WIDTH else f"{facts} · {score}"

    def _about(self) -> list[str]:
        """Return what is known about the release and the passage."""
        passage = self.passage
        release = passage.release
        parts = [release.date or "undated", release.issuer or source_of(release)]
        if passage.kind != "body":
            parts.append(passage.kind)
        if passage.speaker:
            parts.append(passage.speaker)
        if passage.also_in:
            parts.append(f"also in {len(passage.also_in)} more")
        return [clean_line(part) for part in parts]

    def _text(self) -> Content:
        passage = self.passage
        shown = flow(passage.text)
        start, end = self._excerpt()
        highlights = highlights_of(passage.highlights)
        stops = evidence_of(passage)
        if self.evidence is not None and self.evidence < len(stops):
            highlights.append(StyledSpan(stops[self.evidence].span, "current"))
        text = draw_highlights(self, Content(shown[start:end].rstrip()), highlights, start)
        return (CUT if start else "") + text + (" …" if end < len(shown) else "")

    def _excerpt(self) -> tuple[int, int]:
        passage = self.passage
        budget = BEST_BUDGET if passage.rank == 1 and not self.nearest else OTHER_BUDGET
        best = best_evidence(passage) if self.evidence is None else self.evidence
        stops = evidence_of(passage)
        span = stops[best].span if best is not None and best < len(stops) else None
        return excerpt(passage.text, span, budget)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text as it is stored, not as it is drawn."""
        content = self.render()
        start, end = selected_span(selection, content.plain)
        first, last = self._excerpt()
        head = len(content.plain.split("\n", 2)[0]) + len(content.plain.split("\n", 2)[1]) + 2
        head += len(CUT) if first else 0
        if start >= head:
            return self.passage.text[first + start - head : min(first + end - head, last)], "\n"
        return content.plain[start:end], "\n"

    def on_click(self, event: events.Click) -> None:
        """Choose the passage; a double click opens its release."""
        event.stop()
        position = self.passage.rank - 1
        self.post_message(PassageChosen(self.turn, position, opened=event.chain > 1))


def draw_annotations(annotations: Annotations) -> Content:
    """Return one line, in words as well as symbols."""
    parts = []
    if annotations.grade is not None:
        parts.append("+ answers" if annotations.grade > 0 else "- does not answer")
    if annotations.pinned:
        parts.append("⚑ pinned")
    if annotations.note:
        parts.append("✎ " + clean_line(annotations.note))
    return Content(" · ".join(parts))
