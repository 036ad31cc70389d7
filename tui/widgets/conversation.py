"""The conversation: all turns, the newest at the bottom. Only turns near the screen are drawn."""

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
from tui.state.turns import Annotations, ChatTurn, Cursor
from tui.widgets.answer_block import AnswerBlock
from tui.widgets.passage_card import PassageCard
from tui.widgets.turn import TurnKeys, TurnView, rows_of

if TYPE_CHECKING:
    from textual.geometry import Size


AROUND = 2
"""Screens drawn above and below the visible one; the space of other turns is left empty."""
MARGIN = 1
"""When fewer screens than this remain drawn above or below, others are drawn."""
MIN_ROWS = 24
"""Height assumed before the first layout."""
SETTLED = 2
"""Refreshes after which mounted widgets have their height."""


class Spacer(Static):
    """The space of turns that are not drawn."""

    ALLOW_SELECT = False


class ConversationView(VerticalScroll, inherit_bindings=False):
    """Shows the turns and highlights the passage at the cursor.

    Args:
        keys: The names of the keys that turns show.
    """

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
        &:focus .retry--lead { display: none; }
    }
    """

    def __init__(self, keys: TurnKeys) -> None:
        super().__init__()
        self._keys = keys
        self._turns: list[ChatTurn] = []
        self._heights: list[int] = []
        self._opened: dict[int, bool] = {}
        self._annotations: dict[int, Mapping[str, Annotations]] = {}
        self._drawn: dict[int, TurnView] = {}
        self._range = range(0)
        self._selected: AnswerBlock | PassageCard | None = None
        self._cursor: Cursor | None = None
        self._scroll_pending = False
        self._laid_out_for: Size | None = None

    def compose(self) -> ComposeResult:
        """Lay out the space of what is not drawn, above and below."""
        yield Spacer(id="above")
        yield Spacer(id="below")

    def on_mount(self) -> None:
        """Draw other turns as the conversation scrolls."""
        self._fit()
        self.watch(self, "scroll_y", self._follow_scrolling, init=False)

    async def follow(self, turn: ChatTurn) -> None:
        """Show a turn's current state; a new one is added at the end."""
        number = turn.number
        if number < len(self._turns):
            self._turns[number] = turn
            if (view := self._drawn.get(number)) is not None:
                await _all(view.follow(turn, opened=self.is_opened(number)))
            return
        self._add(turn)
        if self._range.stop == number:
            first = max(self._range.start, self._around(number).start)
            await _all(self._draw(range(first, number + 1)))
        self._fit()

    def add(self, turns: Iterable[ChatTurn]) -> Awaitable[None]:
        """Add turns at the end; await the result to see the last of them drawn."""
        for turn in turns:
            self._add(turn)
        return _all(self._draw(self._around(len(self._turns) - 1)))

    def _add(self, turn: ChatTurn) -> None:
        self._turns.append(turn)
        self._heights.append(rows_of(turn, opened=self.is_opened(turn.number)))

    def is_opened(self, number: int) -> bool:
        """Whether a turn's further passages are shown.

        Unless the user chose, they are where there is no answer, or something was noted on one.
        """
        turn = self._turns[number]
        noted = self._annotations.get(number, {})
        needed = turn.declined or any(p.passage_id in noted for p in turn.passages[1:])
        return self._opened.get(number, needed)

    def open_further(self, number: int, *, opened: bool) -> None:
        """Show or hide a turn's further passages."""
        self._opened[number] = opened
        if (view := self._drawn.get(number)) is not None:
            mounted = view.follow(self._turns[number], opened=opened)
            self.call_later(self._select_mounted, mounted)

    async def clear(self) -> None:
        """Remove all turns."""
        self._selected, self._cursor = None, None
        self._turns, self._heights, self._range = [], [], range(0)
        self._annotations.clear()
        self._opened.clear()
        self._drawn.clear()
        self._fit()
        await self.remove_children(TurnView)

    def annotate(self, number: int, annotations: Mapping[str, Annotations]) -> None:
        """Show the annotations on the passages of a turn, by the passages' ids."""
        self._annotations[number] = annotations
        if (view := self._drawn.get(number)) is not None:
            view.annotate(annotations)
            if number not in self._opened and self.is_opened(number):
                self.open_further(number, opened=True)

    @property
    def views(self) -> list[TurnView]:
        """The turns that are drawn, oldest first."""
        return [self._drawn[number] for number in self._range]

    @property
    def _rows(self) -> int:
        return max(self.size.height, MIN_ROWS)

    def _around(self, number: int) -> range:
        """Return which turns to draw when a turn is at the top of the screen."""
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
        """Draw other turns when the drawn ones are about to end.

        The visible text stays where it is, even if turns above it turn out taller or lower than
        estimated.
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
        """Draw these turns and no others."""
        self._measure()
        for number in [number for number in self._drawn if number not in numbers]:
            self._drawn.pop(number).remove()
        first = next(iter(self._range), 0)
        before = [number for number in numbers if number < first and number not in self._drawn]
        after = [number for number in numbers if number >= first and number not in self._drawn]
        views = {number: self._view(number) for number in (*before, *after)}
        self._drawn |= views
        self._range = numbers
        mounted = [
            self.mount(*(views[n] for n in before), after="#above"),
            self.mount(*(views[n] for n in after), before="#below"),
        ]
        self._fit()
        self.call_later(self._select_mounted, mounted)
        return mounted

    def _view(self, number: int) -> TurnView:
        return TurnView(
            self._turns[number],
            self._annotations.get(number, {}),
            opened=self.is_opened(number),
            keys=self._keys,
        )

    async def _select_mounted(self, mounted: Sequence[AwaitMount]) -> None:
        """Highlight the passage at the cursor once its card is mounted."""
        await _all(mounted)
        if self._selected is None or not self._selected.is_attached:
            self._select_card()
        self._scroll_to_selected()

    def _go_to(self, number: int) -> None:
        """Draw a turn that is not drawn, with its neighbours."""
        if number not in self._drawn and number < len(self._turns):
            self._draw(self._around(number))
            self.scroll_to(y=sum(self._heights[:number]), animate=False, immediate=True)

    def _measure(self) -> None:
        """Note the heights of the drawn turns."""
        for number, view in self._drawn.items():
            self._heights[number] = view.outer_size.height or self._heights[number]

    def _fit(self) -> None:
        """Set the height of the space of what is not drawn."""
        above, below = self.query_one("#above"), self.query_one("#below")
        above.styles.height = sum(self._heights[: self._range.start])
        below.styles.height = sum(self._heights[self._range.stop :])

    def _keep(self, view: TurnView, row: int, times: int) -> None:
        """Keep a turn on its row of the screen while its neighbours are laid out."""
        if not view.is_attached:
            return
        moved = view.virtual_region.y - row
        if moved:
            self.scroll_to(y=self.scroll_offset.y + moved, animate=False)
        if times:
            self.call_after_refresh(self._keep, view, row + moved, times - 1)

    def action_page_up(self) -> None:
        """Go up a page, without animation: heights on the way are only estimates."""
        self.scroll_page_up(animate=False)

    def action_page_down(self) -> None:
        """Go down a page, without animation."""
        self.scroll_page_down(animate=False)

    def action_scroll_home(self) -> None:
        """Go to the first turn, without drawing those on the way."""
        self.scroll_home(animate=False)

    def action_scroll_end(self) -> None:
        """Go to the last turn, without drawing those on the way."""
        self.scroll_end(animate=False)

    def select(self, cursor: Cursor | None, *, scroll: bool) -> None:
        """Highlight the passage at the cursor, and scroll to it if asked."""
        self._cursor = cursor
        if cursor is not None:
            self._go_to(cursor.turn)
            if cursor.passage > 0 and not self.is_opened(cursor.turn):
                self.open_further(cursor.turn, opened=True)
        self._select_card()
        self._scroll_pending = scroll
        self._scroll_to_selected()

    def _scroll_to_selected(self) -> None:
        """Scroll to the passage at the cursor if asked, at the latest when it is mounted."""
        if self._selected is None or not self._selected.is_mounted:
            return
        if self._scroll_pending and self._cursor is not None:
            self._scroll_pending = False
            self.call_after_refresh(self._bring_into_view, self._cursor)

    def _select_card(self) -> None:
        chosen = self._card(self._cursor)
        if self._selected is not None and self._selected is not chosen:
            self._selected.deselect()
        self._selected = chosen
        if chosen is not None and self._cursor is not None:
            chosen.select(self._cursor.evidence)

    def on_resize(self, event: Resize) -> None:
        """Keep the passage at the cursor visible when the size changes."""
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

    def _card(self, cursor: Cursor | None) -> AnswerBlock | PassageCard | None:
        view = None if cursor is None else self._drawn.get(cursor.turn)
        return None if view is None or cursor is None else view.card(cursor.passage)


async def _all(mounted: Iterable[AwaitMount]) -> None:
    for each in mounted:
        await each
