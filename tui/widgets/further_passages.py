"""The passages after the first: one line that counts them, and below it, when wanted, each of them.

They stand by release, so that a headline is read once.
"""

from collections.abc import Mapping

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import AwaitMount, Widget
from textual.widgets import Static

from qa.display import clean_line
from qa.presentation import by_release, counted
from qa.types import RankedPassage, ReleaseRef
from tui.messages import FurtherWanted
from tui.render.layout import source_of, title_of
from tui.state.turns import NO_ANNOTATIONS, Annotations, ChatTurn, shown_passages
from tui.widgets.passage_card import PassageCard

_CLOSED, _OPENED = "▸ ", "▾ "
_SAME_RELEASE = "In the same release"


class CountLine(Widget):
    """Counts the further passages, and names the key where there is room; a click is the key."""

    DEFAULT_CSS = """
    CountLine {
        color: $primary;
        padding: 0 1;
        margin: 0 0 1 2;
        height: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        &:hover { background: $surface; }
    }
    """
    ALLOW_SELECT = False

    def __init__(self, turn: int) -> None:
        super().__init__()
        self._turn = turn
        self._count = self._hint = ""

    def show(self, count: str, hint: str) -> None:
        """Show a count and what a key does about it."""
        if (count, hint) != (self._count, self._hint):
            self._count, self._hint = count, hint
            self.refresh()

    def render(self) -> Content:
        """Draw what fits whole."""
        hint = f"   {self._hint}"
        fits = cell_len(self._count) + cell_len(hint) <= self.content_size.width
        return Content(self._count) + Content.styled(hint if fits else "", "$quiet")

    def on_click(self, event: events.Click) -> None:
        """Show or hide the passages."""
        event.stop()
        self.post_message(FurtherWanted(self._turn))


class FurtherPassages(Vertical):
    """Shows the passages of a turn after the first.

    Args:
        turn: The turn.
        annotations: By the passages' ids.
        opened: Whether the passages are shown and not only counted.
        key: The key that shows and hides them, as it is called.
    """

    DEFAULT_CSS = """
    FurtherPassages {
        height: auto;
        display: none;
        &.-any { display: block; }
        & > .further--release { padding: 0 1 0 3; }
    }
    """

    def __init__(
        self, turn: ChatTurn, annotations: Mapping[str, Annotations], *, opened: bool, key: str
    ) -> None:
        super().__init__()
        self._turn = turn
        self._notes = annotations
        self._opened = opened
        self._key = key
        self._line = CountLine(turn.number)
        self._cards: dict[int, PassageCard] = {}
        self._content: list[Widget] = []
        self._layout: list[list[int]] = []
        self._draw_line()
        if opened:
            self._build()

    def compose(self) -> ComposeResult:
        """Lay out the line and what is below it."""
        yield self._line
        yield from self._content

    @property
    def cards(self) -> Mapping[int, PassageCard]:
        """The cards that are shown, by the positions of their passages."""
        return self._cards

    def follow(self, turn: ChatTurn, *, opened: bool) -> list[AwaitMount]:
        """Show the turn's new state, changing only what differs."""
        self._turn, self._opened = turn, opened
        self._draw_line()
        if opened and self._layout == _positions(turn):
            shown = shown_passages(turn)
            for position, card in self._cards.items():
                card.show(turn.passages[position], shown[position])
            return []
        for widget in self._content:
            widget.display = False
            widget.remove()
        self._cards, self._content, self._layout = {}, [], []
        if not opened:
            return []
        self._build()
        return [self.mount(*self._content)] if self.is_attached and self._content else []

    def annotate(self, annotations: Mapping[str, Annotations]) -> None:
        """Show the annotations, by the passages' ids."""
        self._notes = annotations
        for card in self._cards.values():
            card.annotate(annotations.get(card.passage.passage_id, NO_ANNOTATIONS))

    def _draw_line(self) -> None:
        further = self._turn.passages[1:]
        self.set_class(bool(further), "-any")
        mark, hint = (_OPENED, "hides") if self._opened else (_CLOSED, "shows")
        self._line.show(mark + count_further(further), f"{self._key} {hint} them")

    def _build(self) -> None:
        """Make the widgets of the passages, by release."""
        turn = self._turn
        shown = shown_passages(turn)
        self._layout = _positions(turn)
        for group in self._layout:
            heading = _heading(turn, turn.passages[group[0]].release)
            self._content.append(Static(heading, classes="further--release"))
            for position in group:
                passage = turn.passages[position]
                notes = self._notes.get(passage.passage_id, NO_ANNOTATIONS)
                card = PassageCard(turn.number, passage, shown[position], notes)
                self._cards[position] = card
                self._content.append(card)


def count_further(passages: tuple[RankedPassage, ...]) -> str:
    """Return how many passages there are, and of how many releases."""
    releases = len({passage.release.id for passage in passages})
    return (
        f"{len(passages)} more {'passage' if len(passages) == 1 else 'passages'} from "
        + counted(releases, "release")
    )


def _positions(turn: ChatTurn) -> list[list[int]]:
    """Return the positions of the further passages, those of one release together."""
    groups = [[p.rank - 1 for p in group if p.rank > 1] for group in by_release(turn.passages)]
    return [group for group in groups if group]


def _heading(turn: ChatTurn, release: ReleaseRef) -> Content:
    """Return what stands above the passages of a release."""
    if release.id == turn.passages[0].release.id:
        return Content.styled(_SAME_RELEASE, "$quiet")
    facts = [release.issuer or source_of(release), release.date or "undated"]
    return Content("\n").join(
        [
            Content.styled(title_of(release), "bold"),
            Content.styled(" · ".join(map(clean_line, facts)), "$quiet"),
        ]
    )
