"""When the releases of an answer were published."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from qa.answer import Answer
from qa.display import clean_line
from tui.bindings import TIMELINE
from tui.layout import title_of
from tui.modals import Choices, Window
from tui.timeline import Month, months_of, plot

_MARGIN = 8
_WIDEST = 68


class TimelineScreen(Window[int]):
    """A drawing over the months, and a line for each; gives the position of a passage."""

    BINDINGS: ClassVar[list[BindingType]] = TIMELINE
    DEFAULT_CSS = """
    TimelineScreen {
        & > .window { max-height: 22; }
        & #plot { color: $accent; text-wrap: nowrap; }
        & OptionList { height: auto; max-height: 12; margin: 1 0 0 0; }
    }
    """

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer
        self._months = months_of(answer.passages)

    def compose(self) -> ComposeResult:
        """Lay out the drawing and the months."""
        with Vertical(classes="window") as window:
            window.border_title = Content("The answer's releases over time")
            width = max(10, min(_WIDEST, self.app.size.width - _MARGIN - 4))
            yield Static(Content("\n".join(plot(self._months, width))), id="plot")
            yield Choices(*(Option(self._line(month)) for month in self._months))
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Let the keys work on the months."""
        choices = self.query_one(OptionList)
        choices.highlighted = 0
        choices.focus()

    def _line(self, month: Month) -> Content:
        """Write a month, how many releases it has, and its best passage."""
        passages = self._answer.passages
        ranks = ", ".join(str(passages[position].rank) for position in month.positions)
        name = clean_line(month.name) or "undated"
        return Content.assemble(
            (name.ljust(9), "bold"),
            ("▪" * min(month.releases, 10)).ljust(4),
            f"{title_of(passages[month.positions[0]].release)} ",
            (f"({ranks})", "$quiet"),
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go to the month."""
        event.stop()
        self.action_go_to()

    def action_go_to(self) -> None:
        """Give the first passage of the month."""
        chosen = self.query_one(OptionList).highlighted
        if chosen is not None:
            self.dismiss(self._months[chosen].positions[0])
