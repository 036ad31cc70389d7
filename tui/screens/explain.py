"""Why a passage has its rank: its scores and features."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from qa.display import clean_line
from qa.presentation import percentage, sure_words
from qa.types import Answer, RankedPassage
from tui.render.layout import title_of
from tui.screens.modal import DialogScreen

_BAR = 16
_NAME = 34


class ExplainScreen(DialogScreen[None]):
    """The scores of one passage, with names and numbers."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("e,q", "close", "Close", show=False)]

    def __init__(self, answer: Answer, passage: RankedPassage) -> None:
        super().__init__()
        self._answer = answer
        self._passage = passage

    def compose(self) -> ComposeResult:
        """Lay out the scores."""
        with VerticalScroll(classes="window") as window:
            window.border_title = Content(f"Why this passage has rank {self._passage.rank}")
            yield Static(self._text())

    def _text(self) -> Content:
        scores = self._passage.scores
        lines = [
            Content.styled(title_of(self._passage.release), "bold"),
            Content.styled(clean_line(self._passage.passage_id), "$quiet"),
            Content.styled(clean_line(self._passage.release.source), "$quiet"),
            Content(""),
            _line("Ranking score", scores.fused, unit=True),
            _line("Meaning of the passage (cosine)", scores.dense, unit=True),
            _line("Meaning of its best sentence", scores.sentence, unit=True),
            _line("Shared words (BM25)", scores.lexical),
            _line("Answer span found by the reader", scores.reader, unit=True),
        ]
        if self._answer.asked_as != self._answer.question:
            lines += [Content(""), Content("Asked as: " + clean_line(self._answer.asked_as))]
        if self._passage.explanation:
            lines += [Content(""), Content.styled("Features", "bold $primary")]
            lines += (_line(clean_line(name), value) for name, value in self._passage.explanation)
        confidence = self._answer.confidence
        sure = (
            f"That the best passage answers is {sure_words(confidence)}: "
            f"a probability of {percentage(confidence)}"
        )
        return Content("\n").join([*lines, Content(""), Content.styled(sure, "$quiet")])


def _line(name: str, value: float | None, *, unit: bool = False) -> Content:
    """Format a name, its value and, for a value up to 1, a bar."""
    if value is None:
        return Content(name.ljust(_NAME)) + Content.styled("none", "$quiet")
    filled = round(min(max(value, 0.0), 1.0) * _BAR) if unit else 0
    bar = "  " + "━" * filled if filled else ""
    return Content(name.ljust(_NAME) + f"{value:8.3f}") + Content.styled(bar, "$primary")
