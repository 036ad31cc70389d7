"""When the releases that contain the question's words came out, over the whole collection."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from qa.display import clean_line
from qa.presentation import counted
from qa.types import ReleaseRef, WordMatches
from tui.keys.bindings import TIMELINE
from tui.messages import PeriodSelected
from tui.render.layout import title_of
from tui.screens.modal import DialogScreen
from tui.state.filter_chips import filter_chips
from tui.state.timeline import MarkedAnswer, Period, too_few_for_bars
from tui.state.turns import ChatTurn
from tui.widgets.passage_card import show_line
from tui.widgets.timeline_chart import BELOW, OTHER_ANSWER, THIS_ANSWER, TimelineChart

NO_DATE = "without a date"
_LISTED = 3
"""Headlines of the selected period that are shown."""
_LISTED_ALONE = 8
"""Headlines that are shown instead of a chart."""
_LOW, _HIGH = 4, 10
"""Rows of the bars on a screen of less than `_TALL` rows, and on others."""
_TALL = 30


class TimelineScreen(DialogScreen[None]):
    """Bars to move between, and the releases of the selected one; of few months, the releases.

    Args:
        turn: The question.
        answers: The answers of the conversation, to mark.
        list_releases: Lists the releases of a period; the timeline stays behind the list.
    """

    BINDINGS: ClassVar[list[BindingType]] = TIMELINE
    DEFAULT_CSS = """
    TimelineScreen {
        & > .window { width: 120; max-height: 100%; }
        & #summary { margin: 0 0 1 0; }
        & TimelineChart { display: none; }
        & TimelineChart.-shown { display: block; }
        & #undated { color: $accent; display: none; }
        & #legend { color: $quiet; display: none; }
        & #undated.-shown, & #legend.-shown { display: block; }
        & #undated.-selected {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
        }
        & #selected { margin: 1 0 0 0; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(
        self,
        turn: ChatTurn,
        answers: Sequence[MarkedAnswer],
        list_releases: Callable[[Period], None],
    ) -> None:
        super().__init__()
        self.turn = turn
        self._answers = answers
        self._list = list_releases
        self._chart = TimelineChart()
        self._alone: Period | None = None

    def compose(self) -> ComposeResult:
        """Lay out the chart between what it counts and what is selected."""
        with Vertical(classes="window") as window:
            window.border_title = Content("Releases over time")
            yield Static(Content("Looking through the collection…"), id="summary")
            yield self._chart
            yield Static(id="undated")
            yield Static(id="legend")
            yield Static(id="selected")

    def show(self, matches: WordMatches | None) -> None:
        """Show what was found; None if the search failed."""
        found = () if matches is None else matches.releases
        self.query_one("#summary", Static).update(Content(summary(matches, self.turn)))
        self._chart.show(found, self._answers)
        self._alone = alone = too_few_for_bars(found, self._answers)
        self._chart.set_class(bool(found or self._answers) and alone is None, "-shown")
        if alone is not None:
            listed = headlines(alone, _LISTED_ALONE, mark=True)
            self.query_one("#selected", Static).update(Content("\n").join(listed))
        marks = "" if alone is not None else legend(self._chart.marked)
        without = counted(len(self._chart.undated.releases), "release") + f" {NO_DATE}"
        undated = bool(self._chart.undated.releases) and alone is None
        show_line(self.query_one("#undated", Static), Content(without if undated else ""))
        show_line(self.query_one("#legend", Static), Content(marks))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether an action does something now."""
        if action in {"step", "edge"}:
            return self._chart.selected is not None and self._alone is None
        if action == "list":
            return self._chart.selected is not None
        return super().check_action(action, parameters)

    def on_resize(self, event: events.Resize) -> None:
        """Make the bars as high as the screen allows."""
        self._chart.styles.height = (_HIGH if event.size.height >= _TALL else _LOW) + BELOW

    def on_period_selected(self, message: PeriodSelected) -> None:
        """Show the releases of the selected period."""
        message.stop()
        if self._alone is not None:
            return
        period = message.period
        self.query_one("#undated").set_class(not period.name, "-selected")
        self.query_one("#selected", Static).update(describe(period))
        self.refresh_bindings()

    def action_step(self, step: int) -> None:
        """Select the next or previous bar."""
        self._chart.step(step)

    def action_edge(self, last: bool) -> None:
        """Select the first or the last bar."""
        self._chart.edge(last=last)

    def action_list(self) -> None:
        """List the releases of the selected bar."""
        if (period := self._alone or self._chart.selected) is not None:
            self._list(period)


def summary(matches: WordMatches | None, turn: ChatTurn) -> str:
    """Return what the bars count, in a sentence or two."""
    if matches is None:
        return "The collection could not be searched."
    if not matches.words:
        return "The question has no words to look for."
    words = ", ".join(map(clean_line, matches.words))
    number = len(matches.releases)
    how_many = counted(number, "release") if number else "No release"
    said = f"{how_many} {'contain' if number > 1 else 'contains'} {_which(matches)}{words}."
    restricted = ", ".join(filter_chips(turn.filters))
    return said + (f" Searched only: {restricted}." if restricted else "")


def _which(matches: WordMatches) -> str:
    """Return how many of its words a release has that is counted."""
    if len(matches.words) == 1:
        return "the word "
    if matches.needed == 1:
        return "one or more of these words: "
    every = matches.needed == len(matches.words)
    return "all of these words: " if every else f"at least {matches.needed} of these words: "


def legend(answers: Sequence[MarkedAnswer]) -> str:
    """Return what the marks mean that are shown."""
    parts = []
    if any(answer.current for answer in answers):
        parts.append(f"{THIS_ANSWER} answers this question")
    if not all(answer.current for answer in answers):
        parts.append(f"{OTHER_ANSWER} answers another question")
    return "   ".join(parts)


def describe(period: Period) -> Content:
    """Return the name of a period, what it holds, and its first headlines."""
    facts = [counted(len(period.counted), "release"), *_answered(period)]
    name = (period.name or NO_DATE.capitalize(), "bold")
    heading = Content.assemble(name, "  ", (" · ".join(facts), "$quiet"))
    return Content("\n").join([heading, *headlines(period, _LISTED)])


def headlines(period: Period, most: int, *, mark: bool = False) -> list[Content]:
    """Return lines on the releases of a period.

    Args:
        period: The period.
        most: How many lines at most, the last of them on the rest.
        mark: Whether to say which ones answer a question.
    """
    releases = period.releases
    lines = [
        Content.assemble(
            (clean_line(release.date or "undated")[:10].ljust(10), "$quiet"), "  ",
            (_mark_of(release, period) if mark else "", "$warning"), title_of(release),
        )
        for release in releases[: most if len(releases) <= most else most - 1]
    ]  # fmt: skip
    if len(releases) > most:
        more = f"and {len(releases) - most + 1:,} more"
        lines.append(Content.styled(" " * 12 + more, "$quiet"))
    return lines


def _mark_of(release: ReleaseRef, period: Period) -> str:
    """Say which question a release answers."""
    answers = [answer for answer in period.answers if answer.release.id == release.id]
    if any(answer.current for answer in answers):
        return f"{THIS_ANSWER} answers this  "
    numbers = ", ".join(str(answer.question) for answer in answers)
    return f"{OTHER_ANSWER} answers question {numbers}  " if answers else ""


def _answered(period: Period) -> list[str]:
    """Say which other questions the period has answers to; the mark says so of this one."""
    numbers = sorted({answer.question for answer in period.answers if not answer.current})
    listed = ", ".join(map(str, numbers))
    return [f"answers question{'s' * (len(numbers) > 1)} {listed}"] if numbers else []
