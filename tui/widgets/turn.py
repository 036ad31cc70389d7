"""One turn of the conversation: the question, its filters, the answer, the further passages."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import AwaitMount
from textual.widgets import Static

from qa.display import clean, clean_line
from qa.presentation import searched_instead
from tui.messages import Retry
from tui.state.filter_chips import filter_chips
from tui.state.turns import NO_ANNOTATIONS, Annotations, ChatTurn
from tui.widgets.answer_block import AnswerBlock
from tui.widgets.further_passages import FurtherPassages
from tui.widgets.passage_card import PassageCard, show_line
from tui.widgets.retry_line import RetryLine
from tui.widgets.title_line import draw_chips

ASKED = "\u203a "
"""Drawn before a question."""

_ROWS = 6
_ROWS_OF_SOURCE = 7
_ROWS_OF_PASSAGE = 4


@dataclass(frozen=True, slots=True)
class TurnKeys:
    """The names of the keys that a turn shows.

    Attributes:
        further: Shows and hides the further passages.
        retries: Ask again in another way.
    """

    further: str
    retries: Mapping[Retry, str]


class TurnView(Vertical):
    """Draws a turn and updates it in place."""

    DEFAULT_CSS = """
    TurnView {
        height: auto;
        padding: 1 0 0 0;
        & > .turn--question { height: auto; color: $primary; text-style: bold; padding: 0 1; }
        & > .turn--question > .mark { width: 2; }
        & > .turn--question > .words { width: 1fr; }
        & > .turn--understood { color: $quiet; padding: 0 1 0 3; display: none; }
        & > .turn--understood.-shown { display: block; }
        & > .turn--filters { padding: 0 1 0 3; }
        & > AnswerBlock { margin: 1 0 0 0; }
    }
    """

    def __init__(
        self,
        turn: ChatTurn,
        annotations: Mapping[str, Annotations],
        *,
        opened: bool,
        keys: TurnKeys,
    ) -> None:
        super().__init__()
        self.turn = turn
        self._annotations = annotations
        self._understood = Static(classes="turn--understood")
        self._block = AnswerBlock(turn, self._first_annotations)
        self._retries = RetryLine(turn, keys.retries)
        self._further = FurtherPassages(turn, annotations, opened=opened, key=keys.further)
        self._show_understood()

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        with Horizontal(classes="turn--question"):
            yield Static(Content(ASKED), classes="mark")
            yield Static(Content(clean(self.turn.question)), classes="words")
        yield self._understood
        if chips := filter_chips(self.turn.filters):
            yield Static(draw_chips(chips), classes="turn--filters")
        yield self._block
        yield self._retries
        yield self._further

    def follow(self, turn: ChatTurn, *, opened: bool) -> list[AwaitMount]:
        """Show the turn's new state, changing only what differs.

        Args:
            turn: The turn.
            opened: Whether the further passages are shown.

        Returns:
            What to await to see all of it mounted.
        """
        self.turn = turn
        self._show_understood()
        self._block.annotate(self._first_annotations)
        self._block.follow(turn)
        self._retries.follow(turn)
        return self._further.follow(turn, opened=opened)

    def annotate(self, annotations: Mapping[str, Annotations]) -> None:
        """Show the annotations, by the passages' ids."""
        self._annotations = annotations
        self._block.annotate(self._first_annotations)
        self._further.annotate(annotations)

    @property
    def block(self) -> AnswerBlock:
        """The answer."""
        return self._block

    @property
    def further(self) -> FurtherPassages:
        """The passages after the first."""
        return self._further

    def card(self, position: int) -> AnswerBlock | PassageCard | None:
        """Return what shows a passage: the answer the first one; None while it is not shown."""
        if position == 0:
            return self._block if self.turn.passages else None
        return self._further.cards.get(position)

    @property
    def _first_annotations(self) -> Annotations:
        passages = self.turn.passages
        return (
            self._annotations.get(passages[0].passage_id, NO_ANNOTATIONS)
            if passages
            else (NO_ANNOTATIONS)
        )

    def _show_understood(self) -> None:
        answer = self.turn.answer
        lines = []
        if answer is not None and answer.completed:
            lines.append(f"Asked as: {clean_line(answer.asked_as)}")
        if answer is not None and answer.corrections:
            lines.append(clean_line(searched_instead(answer)))
        show_line(self._understood, Content("\n".join(lines)))


def rows_of(turn: ChatTurn, *, opened: bool) -> int:
    """Estimate how many rows a turn takes that was never laid out."""
    if not turn.passages:
        return _ROWS
    further = _ROWS_OF_PASSAGE * (len(turn.passages) - 1) if opened else 0
    return _ROWS + _ROWS_OF_SOURCE + further
