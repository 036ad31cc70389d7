"""The conversation: all turns, the newest below, with the passage that is being read."""

from collections.abc import Awaitable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.events import Resize

from tui.bindings import CONVERSATION
from tui.passage_card import PassageCard
from tui.turn_view import TurnView
from tui.turns import Place, Turn

if TYPE_CHECKING:
    from textual.geometry import Size


class Conversation(VerticalScroll, inherit_bindings=False):
    """Shows turns and marks a place in them; `ChatScreen` decides which."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *CONVERSATION,
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("pagedown", "page_down", "Page down", show=False),
        Binding("home", "scroll_home", "Top", show=False),
        Binding("end", "scroll_end", "Bottom", show=False),
    ]
    DEFAULT_CSS = """
    Conversation {
        padding: 0 1;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._marked: PassageCard | None = None
        self._place: Place | None = None
        self._laid_out_for: Size | None = None

    async def follow(self, turn: Turn) -> None:
        """Show a turn as it is now; a new one is added at the end."""
        views = self.views
        if turn.number < len(views):
            await views[turn.number].follow(turn)
        else:
            await self.mount(TurnView(turn))

    def add(self, turns: Iterable[Turn]) -> Awaitable[None]:
        """Put turns at the end at once, in their places; await it to see them drawn."""
        return self.mount_all([TurnView(turn) for turn in turns])

    async def clear(self) -> None:
        """Take all turns off the screen."""
        self._marked, self._place = None, None
        await self.remove_children(TurnView)

    @property
    def views(self) -> list[TurnView]:
        """The turns on the screen, oldest first."""
        return list(self.query_children(TurnView))

    def mark(self, place: Place | None, *, scroll: bool) -> None:
        """Mark the passage that is read, and bring it into view if asked to."""
        chosen = self._card(place)
        if self._marked is not None and self._marked is not chosen:
            self._marked.remove_class("-selected")
            self._marked.evidence = None
        self._marked, self._place = chosen, place
        if chosen is not None and place is not None:
            chosen.add_class("-selected")
            chosen.evidence = place.evidence
        if scroll and chosen is not None and place is not None:
            self.call_after_refresh(self._bring_into_view, place)

    def on_resize(self, event: Resize) -> None:
        """Keep the passage that is read in view when lines break elsewhere or there are fewer."""
        if event.size != self._laid_out_for:
            self._laid_out_for = event.size
            if self._place is not None:
                self.call_after_refresh(self._bring_into_view, self._place)

    def bring_turn(self, number: int) -> None:
        """Scroll so that a turn starts at the top."""
        self.call_after_refresh(self._bring_turn, number)

    def _bring_into_view(self, place: Place) -> None:
        if place.passage == 0:
            self._bring_turn(place.turn)
        elif (card := self._card(place)) is not None:
            tall = card.outer_size.height > self.size.height
            self.scroll_to_widget(card, animate=False, top=tall)

    def _bring_turn(self, number: int) -> None:
        views = self.views
        if number < len(views):
            self.scroll_to_widget(views[number], animate=False, top=True)

    def _card(self, place: Place | None) -> PassageCard | None:
        views = self.views
        if place is None or place.turn >= len(views):
            return None
        cards = views[place.turn].cards
        return cards[place.passage] if place.passage < len(cards) else None
