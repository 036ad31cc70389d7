"""Why a passage has its place, in three sentences; behind a key, the figures."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from qa.display import clean_line
from qa.explanation import explain
from qa.types import Answer, RankedPassage
from tui.keys.bindings import EXPLANATION
from tui.render.layout import title_of
from tui.screens.modal import DialogScreen

_BAR = 16
_NAME = 34


class ExplainScreen(DialogScreen[None]):
    """Says why a passage was found and how sure the answer is.

    Args:
        answer: The answer.
        passage: One of its passages.
        filters: Those the question was asked with, in words.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *EXPLANATION,
        Binding("e,q", "close", "Close", show=False),
    ]
    DEFAULT_CSS = """
    ExplainScreen {
        align: center bottom;  /* below the answer that it explains */
        & #figures { display: none; margin: 1 0 0 0; }
        & #figures.-shown { display: block; }
    }
    """

    def __init__(self, answer: Answer, passage: RankedPassage, filters: Sequence[str] = ()) -> None:
        super().__init__()
        self._answer = answer
        self._passage = passage
        self._filters = filters

    def compose(self) -> ComposeResult:
        """Lay out the sentences and the figures."""
        with VerticalScroll(classes="window") as window:
            window.border_title = Content("Why this passage")
            yield Static(self._sentences(), id="sentences")
            yield Static(self._figures(), id="figures")

    def action_figures(self) -> None:
        """Show or hide the figures."""
        self.query_one("#figures").toggle_class("-shown")

    def _sentences(self) -> Content:
        sentences = explain(self._answer, self._passage, self._filters)
        title = Content.styled(title_of(self._passage.release), "bold")
        return Content("\n\n").join([title, *(Content(clean_line(text)) for text in sentences)])

    def _figures(self) -> Content:
        scores = self._passage.scores
        lines = [
            Content.styled(clean_line(self._passage.passage_id), "$quiet"),
            Content.styled(clean_line(self._passage.release.source), "$quiet"),
        ]
        if self._answer.asked_as != self._answer.question.strip():
            lines.append(Content("Asked as: " + clean_line(self._answer.asked_as)))
        lines += [
            Content(""),
            _line("Confidence of the answer", self._answer.confidence, unit=True),
            _line("Ranking score", scores.fused, unit=True),
            _line("Reading model", scores.reader, unit=True),
            _line("Meaning of the passage (cosine)", scores.dense, unit=True),
            _line("Meaning of its best sentence", scores.sentence, unit=True),
            _line("Shared words (BM25)", scores.lexical),
        ]
        if self._passage.explanation:
            lines += [Content(""), Content.styled("Features", "bold $primary")]
            lines += (_line(clean_line(name), value) for name, value in self._passage.explanation)
        return Content("\n").join(lines)


def _line(name: str, value: float | None, *, unit: bool = False) -> Content:
    """Format a name, its value and, for a value up to 1, a bar."""
    if value is None:
        return Content(name.ljust(_NAME)) + Content.styled("none", "$quiet")
    filled = round(min(max(value, 0.0), 1.0) * _BAR) if unit else 0
    bar = "  " + "━" * filled if filled else ""
    return Content(name.ljust(_NAME) + f"{value:8.3f}") + Content.styled(bar, "$primary")
