"""A bar for each period of a timeline, one of them selected, with the answers marked below."""

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.widget import Widget

from qa.types import ReleaseRef
from tui.messages import PeriodSelected
from tui.render.bar_chart import Column, bar_rows, columns_of, label_row
from tui.state.timeline import MarkedAnswer, Period, Timeline, timeline_of

THIS_ANSWER, OTHER_ANSWER = "▲", "△"
"""Below the period of the answer to this question, and to other questions."""
BELOW = 3
"""Rows below the bars: the axis, the marks, the labels."""
_LEAST = 10


class TimelineChart(Widget):
    """Draws releases over time, by months if they fit."""

    DEFAULT_CSS = """
    TimelineChart {
        height: 10;
        color: $accent;
        text-wrap: nowrap;
    }
    """
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._releases: Sequence[ReleaseRef] = ()
        self._answers: Sequence[MarkedAnswer] = ()
        self._timeline = Timeline((), Period("", ""))
        self._selected: int | None = None
        self._divided_for = 0

    def show(self, releases: Sequence[ReleaseRef], answers: Sequence[MarkedAnswer]) -> None:
        """Show other releases, and select the answer to the question, or else the newest."""
        self._releases, self._answers = releases, answers
        self._divide(None)

    @property
    def selected(self) -> Period | None:
        """The selected period, or the releases without a date; None if there are no releases."""
        return None if self._selected is None else self._stops[self._selected]

    @property
    def undated(self) -> Period:
        """The releases without a date."""
        return self._timeline.undated

    @property
    def marked(self) -> list[MarkedAnswer]:
        """The answers that are marked."""
        return [answer for period in self._timeline.periods for answer in period.answers]

    def step(self, step: int) -> None:
        """Select the next or previous period with releases; after the last are the undated."""
        stops = self._filled()
        if self._selected is not None and stops:
            place = stops.index(self._selected) + step
            self._select(stops[max(0, min(place, len(stops) - 1))])

    def edge(self, *, last: bool) -> None:
        """Select the first or the last period with releases."""
        if stops := self._filled():
            self._select(stops[-1 if last else 0])

    def on_resize(self) -> None:
        """Divide the time anew: more or fewer bars fit."""
        self._divide(self.selected if self._divided_for else None)

    def on_click(self, event: events.Click) -> None:
        """Select the period that was clicked."""
        event.stop()
        x = event.x - self._gutter
        columns = self._columns
        step = columns[1].start if len(columns) > 1 else max(self._room, 1)
        if x >= 0 and x // step in self._filled():
            self._select(x // step)

    def render(self) -> Content:
        """Draw the bars, the axis, the marks and the labels."""
        periods = self._timeline.periods
        height = self.content_size.height - BELOW
        if not periods or height < 1 or self._divided_for != self.content_size.width:
            return Content("")  # the time is divided anew in a moment
        counts = [len(period.counted) for period in periods]
        rows = bar_rows(counts, height)
        highest = f"{max(counts):,}".rjust(self._gutter - 1) + " "
        lines = [
            Content.styled(highest if row is rows[0] else " " * self._gutter, "$quiet")
            + self._bars(row, "")
            for row in rows
        ]
        blank = Content(" " * self._gutter)
        labels = label_row([period.label for period in periods], self._columns, self._room)
        lines += [
            blank + self._axis(),
            blank + self._bars([_mark(period) for period in periods], "$warning", wide=False),
            blank + Content.styled(labels, "$quiet"),
        ]
        return Content("\n").join(lines)

    # Layout

    @property
    def _gutter(self) -> int:
        """Cells at left for the highest count."""
        counts = [len(period.counted) for period in self._timeline.periods]
        return len(f"{max(counts, default=0):,}") + 1

    @property
    def _room(self) -> int:
        """Cells for the bars."""
        return max(_LEAST, self.content_size.width - self._gutter)

    @property
    def _columns(self) -> list[Column]:
        return columns_of(len(self._timeline.periods), self._room)

    @property
    def _stops(self) -> list[Period]:
        """What can be selected: each period, then the releases without a date."""
        return [*self._timeline.periods, self._timeline.undated]

    def _filled(self) -> list[int]:
        return [place for place, period in enumerate(self._stops) if period.releases]

    # State

    def _divide(self, before: Period | None) -> None:
        """Divide the time into as many periods as fit; select what was selected before."""
        widest = len(f"{len(self._releases):,}") + 1
        self._divided_for = self.content_size.width
        most = max(_LEAST, self._divided_for - widest)
        self._timeline = timeline_of(self._releases, self._answers, most)
        self._selected = None
        if stops := self._filled():
            self._select(self._place_of(before) if before is not None else self._first(stops))
        self.refresh()

    def _first(self, stops: Sequence[int]) -> int:
        """Return the period of the answer to this question, or else the newest."""
        answers = (p for p in stops if any(a.current for a in self._stops[p].answers))
        dated = [place for place in stops if place < len(self._timeline.periods)]
        return next(answers, (dated or stops)[-1])

    def _place_of(self, before: Period) -> int:
        """Return the period that has the newest release of another one."""
        wanted = before.releases[0].id
        return next(
            place for place, p in enumerate(self._stops) if wanted in {r.id for r in p.releases}
        )

    def _select(self, place: int) -> None:
        self._selected = place
        self.refresh()
        self.post_message(PeriodSelected(self._stops[place]))

    # Drawing

    def _bars(self, characters: Sequence[str], style: str, *, wide: bool = True) -> Content:
        """Draw one row: a character in each column, the selected one in other colours."""
        parts: list[Content] = []
        columns = self._columns
        for place, (column, character) in enumerate(zip(columns, characters, strict=True)):
            end = columns[place + 1].start if place + 1 < len(columns) else column.start
            cells = character * column.width if wide else character.ljust(column.width)
            here = "bold $primary" if wide else style
            parts.append(Content.styled(cells, here if place == self._selected else style))
            parts.append(Content(" " * (end - column.start - column.width)))
        return Content("").join(parts)

    def _axis(self) -> Content:
        """Draw the axis, which is thick below the selected bar: colour is not all there is."""
        columns = self._columns
        parts = []
        for place, column in enumerate(columns):
            end = columns[place + 1].start if place + 1 < len(columns) else 0
            selected = place == self._selected
            parts.append(
                Content.styled("━" * column.width, "bold $foreground")
                if selected
                else Content.styled("─" * column.width, "$quiet")
            )
            parts.append(Content.styled("─" * (end - column.start - column.width), "$quiet"))
        return Content("").join(parts)


def _mark(period: Period) -> str:
    if any(answer.current for answer in period.answers):
        return THIS_ANSWER
    return OTHER_ANSWER if period.answers else " "
