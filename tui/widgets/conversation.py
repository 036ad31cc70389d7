"""The conversation: all turns, the newest below, with the passage that is being read."""

from bisect import bisect_right
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.events import Resize
from textual.widget import AwaitMount
from textual.widgets import Static

from tui.keys.bindings import CONVERSATION
from tui.render.annotations import Annotations
from tui.state.turns import ChatTurn, Cursor
from tui.widgets.passage_card import PassageCard
from tui.widgets.turn import TurnView, rows_of

if TYPE_CHECKING:
    from textual.geometry import Size


AROUND = 2
"""Screens before and behind what is in sight that are drawn; other turns only keep their room."""
MARGIN = 1
"""When fewer than these are left, others are drawn."""
LEAST_ROWS = 24
"""What a screen has before it was ever laid out."""
SETTLED = 2
"""Refreshes after which what was mounted has its height."""


class Spacer(Static):
    """The room of turns that are not drawn."""

    ALLOW_SELECT = False


class ConversationView(VerticalScroll, inherit_bindings=False):
    """Shows the turns and highlights the passage at the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *CONVERSATION,
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("pagedown", "page_down", "Page down", show=False),
        Binding("home", "scroll_home", "Top", show=False),
        Binding("end", "scroll_end", "Bottom", show=False),
    ]
    DEFAULT_CSS = """
    ConversationView {
        padding: 0 1;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._turns: list[ChatTurn] = []
        self._heights: list[int] = []
        self._annotations: dict[int, Mapping[str, Annotations]] = {}
        self._drawn: dict[int, TurnView] = {}
        self._range = range(0)
        self._marked: PassageCard | None = None
        self._cursor: Cursor | None = None
        self._wanted = False
        self._laid_out_for: Size | None = None

    def compose(self) -> ComposeResult:
        """Lay out the room of what is not drawn, above and below."""
        yield Spacer(id="above")
        yield Spacer(id="below")

    def on_mount(self) -> None:
        """Draw what is near whenever another part of the conversation is in sight."""
        self._fit()
        self.watch(self, "scroll_y", self._follow_scrolling, init=False)

    async def follow(self, turn: ChatTurn) -> None:
        """Show a turn as it is now; a new one is added at the end."""
        number = turn.number
        if number < len(self._turns):
            self._turns[number] = turn
            if (view := self._drawn.get(number)) is not None:
                await view.follow(turn)
            return
        self._turns.append(turn)
        self._heights.append(rows_of(turn))
        if self._range.stop == number:
            first = max(self._range.start, self._around(number).start)
            await _all(self._draw(range(first, number + 1)))
        self._fit()

    def add(self, turns: Iterable[ChatTurn]) -> Awaitable[None]:
        """Add turns at the end; await the result to see the last of them drawn."""
        for turn in turns:
            self._turns.append(turn)
            self._heights.append(rows_of(turn))
        return _all(self._draw(self._around(len(self._turns) - 1)))

    async def clear(self) -> None:
        """Take all turns off the screen."""
        self._marked, self._cursor = None, None
        self._turns, self._heights, self._range = [], [], range(0)
        self._annotations.clear()
        self._drawn.clear()
        self._fit()
        await self.remove_children(TurnView)

    def annotate(self, number: int, annotations: Mapping[str, Annotations]) -> None:
        """Show what was made of each passage of a turn, by the passages' ids."""
        self._annotations[number] = annotations
        if (view := self._drawn.get(number)) is not None:
            view.annotate(annotations)

    @property
    def views(self) -> list[TurnView]:
        """The turns that are drawn, oldest first: all of them where there are few."""
        return [self._drawn[number] for number in self._range]

    @property
    def _rows(self) -> int:
        return max(self.size.height, LEAST_ROWS)

    def _around(self, number: int) -> range:
        """Return which turns are drawn when the top of one of them is in sight."""
        start = stop = max(number, 0)
        left = AROUND * self._rows
        while start > 0 and left > 0:
            start -= 1
            left -= self._heights[start]
        left = (1 + AROUND) * self._rows
        while stop < len(self._turns) and left > 0:
            left -= self._heights[stop]
            stop += 1
        return range(start, stop)

    def _follow_scrolling(self) -> None:
        """Draw other turns when what is drawn is about to end.

        What is in sight stays where it is, also when turns before it turn out taller or lower
        than they were taken for.
        """
        self._measure()
        ends = list(accumulate(self._heights))
        top = self.scroll_offset.y
        seen = min(bisect_right(ends, top), len(ends) - 1)
        first = bisect_right(ends, top - MARGIN * self._rows)
        last = min(bisect_right(ends, top + (1 + MARGIN) * self._rows), len(ends) - 1)
        if not ends or (first in self._range and last in self._range):
            return
        self._draw(self._around(seen))
        row = ends[seen] - self._heights[seen]
        self.call_after_refresh(self._keep, self._drawn[seen], row, SETTLED)

    def _draw(self, numbers: range) -> list[AwaitMount]:
        """Draw these turns and no others; what is returned may be waited for."""
        self._measure()
        for number in [number for number in self._drawn if number not in numbers]:
            self._drawn.pop(number).remove()
        first = next(iter(self._range), 0)
        before = [number for number in numbers if number < first and number not in self._drawn]
        behind = [number for number in numbers if number >= first and number not in self._drawn]
        views = {
            n: TurnView(self._turns[n], self._annotations.get(n, {})) for n in (*before, *behind)
        }
        self._drawn |= views
        self._range = numbers
        mounted = [
            self.mount(*(views[n] for n in before), after="#above"),
            self.mount(*(views[n] for n in behind), before="#below"),
        ]
        self._fit()
        self.call_later(self._mark_mounted, mounted)
        return mounted

    async def _mark_mounted(self, mounted: Sequence[AwaitMount]) -> None:
        """Mark the passage that is read once its card is there."""
        await _all(mounted)
        if self._marked is None or not self._marked.is_attached:
            self._mark_card()
            if self._marked is not None and self._cursor is not None and self._wanted:
                self._wanted = False
                self.call_after_refresh(self._bring_into_view, self._cursor)

    def _go_to(self, number: int) -> None:
        """Draw a turn that is not drawn, and what is around it, where its room is."""
        if number not in self._drawn and number < len(self._turns):
            self._draw(self._around(number))
            self.scroll_to(y=sum(self._heights[:number]), animate=False, immediate=True)

    def _measure(self) -> None:
        """Note how tall the turns are that are drawn."""
        for number, view in self._drawn.items():
            self._heights[number] = view.outer_size.height or self._heights[number]

    def _fit(self) -> None:
        """Keep the room of what is not drawn."""
        above, below = self.query_one("#above"), self.query_one("#below")
        above.styles.height = sum(self._heights[: self._range.start])
        below.styles.height = sum(self._heights[self._range.stop :])

    def _keep(self, view: TurnView, row: int, times: int) -> None:
        """Scroll as far as a turn has moved from its row, until its neighbours are laid out."""
        if not view.is_attached:
            return
        moved = view.virtual_region.y - row
        if moved:
            self.scroll_to(y=self.scroll_offset.y + moved, animate=False)
        if times:
            self.call_after_refresh(self._keep, view, row + moved, times - 1)

    def action_page_up(self) -> None:
        """Go up a page at once: what is drawn on the way may be taller than it was taken for."""
        self.scroll_page_up(animate=False)

    def action_page_down(self) -> None:
        """Go down a page at once."""
        self.scroll_page_down(animate=False)

    def action_scroll_home(self) -> None:
        """Go to the first turn at once: what lies between is not drawn on the way."""
        self.scroll_home(animate=False)

    def action_scroll_end(self) -> None:
        """Go to the last turn at once."""
        self.scroll_end(animate=False)

    def select(self, cursor: Cursor | None, *, scroll: bool) -> None:
        """Mark the passage that is read, and bring it into view if asked to."""
        self._cursor = cursor
        if cursor is not None:
            self._go_to(cursor.turn)
        self._mark_card()
        self._wanted = scroll
        if scroll and self._marked is not None and cursor is not None:
            self.call_after_refresh(self._bring_into_view, cursor)
            self._wanted = False

    def _mark_card(self) -> None:
        chosen = self._card(self._cursor)
        if self._marked is not None and self._marked is not chosen:
            self._marked.remove_class("-selected")
            self._marked.evidence = None
        self._marked = chosen
        if chosen is not None and self._cursor is not None:
            chosen.add_class("-selected")
            chosen.evidence = self._cursor.evidence

    def on_resize(self, event: Resize) -> None:
        """Keep the passage that is read in view when lines break elsewhere or there are fewer."""
        if event.size != self._laid_out_for:
            self._laid_out_for = event.size
            if self._cursor is not None:
                self.call_after_refresh(self._bring_into_view, self._cursor)

    def bring_turn(self, number: int) -> None:
        """Scroll so that a turn starts at the top."""
        self._go_to(number)
        self.call_after_refresh(self._bring_turn, number)

    def _bring_into_view(self, cursor: Cursor) -> None:
        if cursor.passage == 0:
            self._bring_turn(cursor.turn)
        elif (card := self._card(cursor)) is not None:
            tall = card.outer_size.height > self.size.height
            self.scroll_to_widget(card, animate=False, top=tall)

    def _bring_turn(self, number: int) -> None:
        if (view := self._drawn.get(number)) is not None:
            self.scroll_to_widget(view, animate=False, top=True)

    def _card(self, cursor: Cursor | None) -> PassageCard | None:
        view = None if cursor is None else self._drawn.get(cursor.turn)
        if view is None or cursor is None:
            return None
        # Of a turn that was only now mounted, the cards are composed later.
        return view.cards[cursor.passage] if cursor.passage < len(view.cards) else None


async def _all(mounted: Iterable[AwaitMount]) -> None:
    for each in mounted:
        await each
