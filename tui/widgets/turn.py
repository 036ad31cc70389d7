"""One turn of the conversation: the question, the verdict, the passages."""

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from qa.display import clean, clean_line
from tui.state.turns import NO_ANNOTATIONS, Annotations, ChatTurn
from tui.widgets.passage_card import PassageCard
from tui.widgets.status_line import update_line

ASKED = "\u203a "
"""Drawn before a question."""

_BAR = 5
_SURE = (
    (0.95, "Almost certain"),
    (0.8, "Very likely"),
    (0.6, "Likely"),
    (0.4, "Perhaps"),
    (0.0, "Unlikely"),
)
_ROWS = 4
_ROWS_OF_PASSAGE = 7
_UNDER_WAY = {
    "waiting": "◌ waiting",
    "searching": "◌ searching…",
    "refining": "◐ found by words; the order is refined once the model is loaded",
    "reading": "◐ found; reading the best passages…",
    "cancelled": "⊘ cancelled",
}


class TurnView(Vertical):
    """Draws a turn and updates it in place."""

    DEFAULT_CSS = """
    TurnView {
        height: auto;
        padding: 1 0 0 0;
        & > .turn--question { color: $primary; text-style: bold; padding: 0 1; }
        & > .turn--understood { color: $quiet; padding: 0 1 0 3; display: none; }
        & > .turn--understood.-shown { display: block; }
        & > .turn--verdict { color: $quiet; padding: 0 1 0 3; margin: 0 0 1 0; }
        & > .turn--verdict.-answered { color: $success; }
        & > .turn--verdict.-failed { color: $error; }
    }
    """

    def __init__(self, turn: ChatTurn, annotations: Mapping[str, Annotations]) -> None:
        super().__init__()
        self.turn = turn
        self._annotations = annotations

    def compose(self) -> ComposeResult:
        """Lay out the question, the verdict and the passages found so far."""
        yield Static(Content(ASKED) + clean(self.turn.question), classes="turn--question")
        yield Static(classes="turn--understood")
        yield Static(verdict(self.turn), classes="turn--verdict")
        yield from (self._card(position) for position in range(len(self.turn.passages)))

    def on_mount(self) -> None:
        """Show the current state."""
        self._show_verdict()

    async def follow(self, turn: ChatTurn) -> None:
        """Show the turn's new state, changing only what differs."""
        self.turn = turn
        if not self.children or not self.is_attached:
            return  # not composed yet, or removed
        self._show_verdict()
        cards = self.cards
        for card, passage in zip(cards, turn.passages, strict=False):
            card.show(passage, nearest=self._nearest)
        await self.mount_all(self._card(i) for i in range(len(cards), len(turn.passages)))
        for card in cards[len(turn.passages) :]:
            await card.remove()

    def annotate(self, annotations: Mapping[str, Annotations]) -> None:
        """Show the annotations, by the passages' ids."""
        self._annotations = annotations
        for card in self.cards:
            card.annotations = annotations.get(card.passage.passage_id, NO_ANNOTATIONS)

    @property
    def cards(self) -> list[PassageCard]:
        """The cards, best passage first."""
        return [child for child in self.children if isinstance(child, PassageCard)]

    @property
    def _nearest(self) -> bool:
        """Whether there is no answer, so that the passages are only the nearest ones."""
        answer = self.turn.answer
        if answer is None or self.turn.state != "done":
            return False
        return not answer.answered and not answer.partial

    def _card(self, position: int) -> PassageCard:
        passage = self.turn.passages[position]
        card = PassageCard(self.turn.number, passage, nearest=self._nearest)
        card.annotations = self._annotations.get(passage.passage_id, NO_ANNOTATIONS)
        return card

    def _show_verdict(self) -> None:
        if not self.children:
            return
        understood = self.query_one(".turn--understood", Static)
        understood.set_class(self.turn.understood_as is not None, "-shown")
        if self.turn.understood_as is not None:
            understood.update(Content("asked as: " + clean_line(self.turn.understood_as)))
        line = self.query_one(".turn--verdict", Static)
        update_line(line, verdict(self.turn))
        answer = self.turn.answer
        answered = answer is not None and answer.answered and not answer.partial
        line.set_class(answered and self.turn.state == "done", "-answered")
        line.set_class(self.turn.state == "failed", "-failed")


def rows_of(turn: ChatTurn) -> int:
    """Estimate how many rows a turn takes that was never laid out."""
    return _ROWS + _ROWS_OF_PASSAGE * len(turn.passages)


def verdict(turn: ChatTurn) -> Content:
    """Return one line on the state of the question."""
    answer = turn.answer
    if turn.state == "failed" or (turn.state == "done" and answer is None):
        return Content("✗ " + clean_line(turn.error or "Failed."))
    if turn.state != "done" or answer is None:
        return Content(_UNDER_WAY[turn.state])
    if not answer.answered:
        reason = clean_line(answer.reason or "nothing in the collection answers this")
        nearest = ". The nearest passages:" if answer.passages else ""
        return Content(f"○ No answer here: {reason.rstrip('.')}{nearest}")
    filled = round(answer.confidence * _BAR)
    bar = "▰" * filled + "▱" * (_BAR - filled)
    by_words = " · by words only" if answer.by_words else ""
    line = Content(f"{bar} {sure_words(answer.confidence)}, {answer.confidence:.0%} sure{by_words}")
    if answer.answer is None:
        return line
    return line + ": " + Content.styled(f"“{clean_line(answer.answer.text)}”", "bold $foreground")


def sure_words(confidence: float) -> str:
    """Describe a confidence in words.

    Args:
        confidence: Between 0 and 1.
    """
    return next(words for bound, words in _SURE if confidence >= bound)
