"""The card of a further passage: two plain rows of it, more while it is read."""

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from index.store.page_numbers import format_scan
from qa.display import clean_line
from qa.presentation import counted
from qa.types import RankedPassage
from tui.messages import PassageChosen
from tui.state.turns import Annotations
from tui.widgets.excerpts import PASSAGE_BUDGET, Excerpt, around, brief
from tui.widgets.passage_text import PassageText


class PassageCard(Vertical):
    """A passage that can be clicked, and selected from with the mouse.

    Several are mounted in the moment an answer arrives, so each has few widgets: it draws the
    rank itself, and the lines below the text are there only when they say something.

    Args:
        turn: Number of its turn.
        passage: With the highlights it was found with.
        shown: The same with the highlights that are shown.
        annotations: Shown below the text.
    """

    DEFAULT_CSS = """
    PassageCard {
        height: auto;
        margin: 0 0 1 0;
        padding: 0 1 0 2;
        border-left: blank;
        & > * { margin: 0 0 0 3; }
        & > PassageText { color: $quiet; }
        &:hover { background: $surface; }
        &.-selected { border-left: outer $primary; background: $panel; }
        &.-selected > PassageText { color: $foreground; }
    }
    """

    def __init__(
        self, turn: int, passage: RankedPassage, shown: RankedPassage, annotations: Annotations
    ) -> None:
        super().__init__()
        self.turn = turn
        self.passage = passage
        self.annotations = annotations
        self._shown = shown
        self._selected = False
        self._evidence: int | None = None
        self._text = PassageText(self._excerpt)
        self._below: Static | None = None
        self._draw()

    def compose(self) -> ComposeResult:
        """Lay out the text and what is below it."""
        yield self._text
        if self._below is not None:
            yield self._below

    def render(self) -> Content:
        """Draw the rank, left of the text."""
        return Content.styled(str(self.passage.rank), "$quiet")

    def show(self, passage: RankedPassage, shown: RankedPassage) -> None:
        """Show another passage, or the same with new scores."""
        if (passage, shown) != (self.passage, self._shown):
            self.passage, self._shown = passage, shown
            self._draw()

    def select(self, evidence: int | None) -> None:
        """Show more of the passage, around the evidence at the cursor."""
        self._selected, self._evidence = True, evidence
        self._draw()

    def deselect(self) -> None:
        """Show two rows again."""
        self._selected, self._evidence = False, None
        self._draw()

    def annotate(self, annotations: Annotations) -> None:
        """Show what the user noted."""
        self.annotations = annotations
        self._draw()

    @property
    def _excerpt(self) -> Excerpt:
        if self._selected:
            return around(self._shown, self._evidence, PASSAGE_BUDGET)
        return brief(self.passage)

    def _draw(self) -> None:
        self.set_class(self._selected, "-selected")
        self._text.show(self._excerpt)
        about = " · ".join(about_passage(self.passage)) if self._selected else ""
        lines = [Content.styled(about, "$quiet")] if about else []
        if annotations := draw_annotations(self.annotations):
            lines.append(annotations.stylize("$accent"))
        self._draw_below(Content("\n").join(lines))

    def _draw_below(self, content: Content) -> None:
        if self._below is None and content:
            self._below = Static(content)
            if self.is_attached:
                self.mount(self._below)
        elif self._below is not None and self._below.content != content:
            self._below.display = bool(content)
            self._below.update(content)

    def on_click(self, event: events.Click) -> None:
        """Choose the passage; a double click opens its release."""
        event.stop()
        position = self.passage.rank - 1
        self.post_message(PassageChosen(self.turn, position, opened=event.chain > 1))


def about_passage(passage: RankedPassage) -> list[str]:
    """Return what is worth saying of a passage beside its release, as drawn."""
    parts = [] if passage.kind == "body" else [passage.kind]
    if passage.speaker:
        parts.append(passage.speaker)
    if passage.scan_confidence is not None:
        parts.append(format_scan(passage.scan_confidence))
    if passage.also_in:
        parts.append(f"also in {counted(len(passage.also_in), 'other release')}")
    return [clean_line(part) for part in parts]


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


def show_line(line: Static, content: Content) -> None:
    """Show a line, which has the class `-shown` while it has a text; draw it only if it differs."""
    if str(line.content) != content.plain:
        line.set_class(bool(content), "-shown")
        line.update(content)
