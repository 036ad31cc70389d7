"""The releases of an answer over time, as a bar chart of characters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from qa.display import clean_line
from qa.types import Answer, RankedPassage
from tui.keys.bindings import TIMELINE
from tui.render.layout import title_of
from tui.screens.modal import DialogScreen
from tui.widgets.option_list import ChoiceList

_LEVELS = " ▁▂▃▄▅▆▇█"
HEIGHT = 4
"""Rows of the chart."""
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """The passages of an answer from one month.

    Attributes:
        name: `YYYY-MM`, or empty for releases without a date.
        positions: Positions of the passages in the answer, best first.
        releases: How many releases they are from.
    """

    name: str
    positions: tuple[int, ...]
    releases: int


def months_of(passages: Sequence[RankedPassage]) -> tuple[Month, ...]:
    """Group an answer's passages by month, oldest first; those without a date come last."""
    found: dict[str, list[int]] = {}
    for position, passage in enumerate(passages):
        found.setdefault((passage.release.date or "")[:7], []).append(position)
    return tuple(
        Month(name, tuple(found[name]), len({passages[p].release.id for p in found[name]}))
        for name in sorted(found, key=lambda name: (not name, name))
    )


def plot(months: Sequence[Month], width: int) -> list[str]:
    """Draw the number of releases per month, on an axis from the first to the last month.

    Args:
        months: From `months_of`.
        width: In cells; if there are more months, a column holds several.

    Returns:
        Up to `HEIGHT` rows of bars, the axis, and its labels; nothing without dates.
    """
    dated = [month for month in months if month.name]
    if not dated:
        return []
    numbers = [_number(month.name) for month in dated]  # unsorted where a name is not a date
    first = min(numbers)
    span = max(numbers) - first + 1
    each = max(1, min(3, width // span))
    columns = [0] * min(span, width)
    for month in dated:
        columns[(_number(month.name) - first) * len(columns) // span] += month.releases
    top = max(HEIGHT, *columns)
    rows = []
    for level in range(HEIGHT - 1, -1, -1):
        steps = [max(0, min(8, count * HEIGHT * 8 // top - level * 8)) for count in columns]
        rows.append("".join(_LEVELS[step] * each for step in steps))
    rows = [row for row in rows if row.strip()]
    drawn = len(columns) * each
    ends, end = clean_line(dated[0].name), clean_line(dated[-1].name)
    if len(dated) > 1:
        ends = ends.ljust(max(drawn - len(end), len(ends) + 1)) + end
    return [*rows, "─" * drawn, ends]


def _number(name: str) -> int:
    """Return the number of a month; a year alone counts as its January."""
    year, _, month = name.partition("-")
    if not (year.isdecimal() and year.isascii()):
        return 0
    number = int(month) if month.isdecimal() and month.isascii() else 1
    return int(year) * _MONTHS + number - 1


_MARGIN = 8
_WIDEST = 68


class TimelineScreen(DialogScreen[int]):
    """The chart and a list of the months; returns the position of a passage."""

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
        """Lay out the chart and the list."""
        with Vertical(classes="window") as window:
            window.border_title = Content("The answer's releases over time")
            width = max(10, min(_WIDEST, self.app.size.width - _MARGIN - 4))
            yield Static(Content("\n".join(plot(self._months, width))), id="plot")
            yield ChoiceList(*(Option(self._line(month)) for month in self._months))

    def _line(self, month: Month) -> Content:
        """Return one line: the month, its releases, its best passage."""
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
        """Return the best passage of the month."""
        chosen = self.query_one(OptionList).highlighted
        if chosen is not None:
            self.dismiss(self._months[chosen].positions[0])
