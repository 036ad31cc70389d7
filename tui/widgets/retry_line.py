"""What to do about a question without an answer, or that asks for all: keys that can be clicked."""

from collections.abc import Mapping

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from index.filters import NO_FILTERS
from qa.find_command import find_command
from tui.messages import Retry, RetryWanted
from tui.state.turns import ChatTurn

RETRIES: Mapping[Retry, str] = {
    "everything": "Show all matches",
    "reword": "Reword it",
    "without_filters": "Ask without filters",
    "by_words": "Search by words only",
}
"""In the order in which they are shown."""
FROM_PROMPT = "Tab, then "
"""Shown while the keys would type letters."""


class RetryAction(Static):
    """A key and what it does."""

    DEFAULT_CSS = """
    RetryAction {
        width: auto;
        margin: 0 3 0 0;
        &:hover { background: $block-hover-background; pointer: pointer; }
    }
    """
    ALLOW_SELECT = False

    def __init__(self, turn: int, retry: Retry, key: str) -> None:
        label = Content.styled(key, "bold $footer-key-foreground")
        super().__init__(label + Content(f" {RETRIES[retry]}"))
        self._turn = turn
        self._retry = retry

    def on_click(self, event: events.Click) -> None:
        """Do it."""
        event.stop()
        self.post_message(RetryWanted(self._turn, self._retry))


class RetryLine(Horizontal):
    """The keys that ask a question in another way, or show all that it asks for.

    Args:
        turn: The turn.
        keys: The names of the keys.
    """

    DEFAULT_CSS = """
    RetryLine {
        height: auto;
        display: none;
        padding: 0 1 0 3;
        margin: 0 0 1 0;
        &.-any { display: block; }
        & > .retry--lead { width: auto; color: $quiet; }
    }
    """

    def __init__(self, turn: ChatTurn, keys: Mapping[Retry, str]) -> None:
        super().__init__()
        self._keys = keys
        self._offered: tuple[Retry, ...] = ()
        self._number = turn.number
        self._actions: list[RetryAction] = []
        self.follow(turn)

    def compose(self) -> ComposeResult:
        """Lay out the keys."""
        yield Static(Content(FROM_PROMPT), classes="retry--lead")
        yield from self._actions

    def follow(self, turn: ChatTurn) -> None:
        """Offer what can be done about the turn."""
        offered = tuple(retry for retry in RETRIES if can_retry(turn, retry))
        if offered[:1] == ("everything",):  # asking again would find no more
            offered = offered[:1]
        if offered == self._offered:
            return
        for action in self._actions:
            action.remove()
        self._offered = offered
        self._actions = [RetryAction(self._number, retry, self._keys[retry]) for retry in offered]
        self.set_class(bool(offered), "-any")
        if self.is_attached:
            self.mount_all(self._actions)


def can_retry(turn: ChatTurn | None, retry: Retry) -> bool:
    """Whether asking in another way is offered for a turn.

    All matches are for a question that asks for all, the others for one without an answer.
    """
    if turn is None or turn.answer is None:
        return False
    if retry == "everything":
        return find_command(turn.answer.asked_as, turn.filters) is not None
    if not turn.declined:
        return False
    if retry == "without_filters":
        return turn.filters != NO_FILTERS
    return retry == "reword" or not turn.answer.by_words
