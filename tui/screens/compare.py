"""Two passages of an answer side by side."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from qa.display import clean_line
from qa.types import RankedPassage
from tui.keys.bindings import COMPARISON
from tui.render.highlights import COMPONENT_CLASSES, CSS, draw_highlights, highlights_of
from tui.render.layout import flow, source_of, title_of
from tui.screens.modal import DialogScreen


class ComparedPassage(Static):
    """A whole passage with facts about its release, and highlights."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*COMPONENT_CLASSES}
    DEFAULT_CSS = "ComparedPassage {" + CSS + "}"

    def show(self, passage: RankedPassage) -> None:
        """Show a passage."""
        release = passage.release
        facts = [release.date or "undated", release.issuer or source_of(release), passage.kind]
        if passage.speaker:
            facts.append(passage.speaker)
        text = draw_highlights(self, Content(flow(passage.text)), highlights_of(passage.highlights))
        self.update(
            Content("\n").join(
                [
                    Content.styled(f"{passage.rank}  {title_of(release)}", "bold $primary"),
                    Content.styled(" · ".join(map(clean_line, facts)), "$quiet"),
                    Content(""),
                    text,
                ]
            )
        )


class CompareScreen(DialogScreen[int]):
    """The passage at the cursor at left, another of the answer at right.

    On narrow screens one is above the other.
    """

    BINDINGS: ClassVar[list[BindingType]] = COMPARISON
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012
    DEFAULT_CSS = """
    CompareScreen {
        & > .window { width: 150; max-width: 100%; height: 90%; }
        & .compare--side { width: 1fr; height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
        &.-wide .compare--side.-right { border-left: solid $rule; }
        &.-narrow .window { layout: vertical; }
        &.-narrow .compare--side.-right { border-top: solid $rule; }
    }
    """

    def __init__(self, passages: Sequence[RankedPassage], position: int) -> None:
        super().__init__()
        self._passages = passages
        self._left = position
        self._right = position + 1 if position + 1 < len(passages) else position - 1

    def compose(self) -> ComposeResult:
        """Lay out both sides."""
        with Horizontal(classes="window") as window:
            window.border_title = Content("Compare two passages")
            for side in ("-left", "-right"):
                with VerticalScroll(classes=f"compare--side {side}"):
                    yield ComparedPassage()

    def on_mount(self) -> None:
        """Show the passages."""
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether there is another passage to compare with."""
        if action == "other":
            return len(self._passages) > 2  # noqa: PLR2004 - the two that are shown
        return super().check_action(action, parameters)

    def action_other(self, step: int) -> None:
        """Compare with the next or previous passage, leaving out the one at left."""
        others = [p for p in range(len(self._passages)) if p != self._left]
        self._right = others[(others.index(self._right) + step) % len(others)]
        self._show()

    def _show(self) -> None:
        sides = zip(self.query(ComparedPassage), (self._left, self._right), strict=True)
        for side, position in sides:
            side.show(self._passages[position])
