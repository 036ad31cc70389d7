"""The first line of the screen: the collection, the conversation, the filters that are in force."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from qa.display import clean_line
from qa.presentation import counted
from tui.render.layout import cut_at_word

NEW_CONVERSATION = "New conversation"
"""Stands for the name of a conversation until its first question."""

_BETWEEN = " · "
_GAP = 2
_PADDING = 2
_LONGEST_CHIP = 32


@dataclass(frozen=True, slots=True)
class TitleParts:
    """What fits on the line.

    Attributes:
        chips: Without the blanks around each.
    """

    collection: str
    conversation: str
    chips: tuple[str, ...]


def fit_title(collection: str, conversation: str, chips: Sequence[str], width: int) -> TitleParts:
    """Shorten a title to a width: first the filters are left out, then the names are cut at words.

    Filters that are left out are counted, so that no answer is restricted unnoticed.

    Args:
        collection: Name of the collection.
        conversation: Name of the conversation.
        chips: The filters.
        width: In cells.
    """
    short = [cut_at_word(chip, _LONGEST_CHIP) for chip in chips]
    names = cell_len(collection) + len(_BETWEEN) + cell_len(conversation)
    for shown in range(len(short), -1, -1):
        fitting = _counted_rest(short, shown)
        if names + _width(fitting) <= width:
            return TitleParts(collection, conversation, fitting)
    fitting = _counted_rest(short, 0)
    left = max(width - _width(fitting) - len(_BETWEEN), 2)
    first = cut_at_word(collection, max(left // 3, left - cell_len(conversation)))
    return TitleParts(first, cut_at_word(conversation, left - cell_len(first)), fitting)


def _counted_rest(chips: Sequence[str], shown: int) -> tuple[str, ...]:
    """Return the first chips and one that counts the others."""
    rest = len(chips) - shown
    if not rest:
        return tuple(chips)
    return (*chips[:shown], f"+{rest}" if shown else counted(rest, "filter"))


def _width(chips: Sequence[str]) -> int:
    """Return the cells that chips take, with the gap before them."""
    return sum(cell_len(chip) + _PADDING + 1 for chip in chips) + _GAP - 1 if chips else 0


def draw_chips(chips: Sequence[str]) -> Content:
    """Draw filters beside each other; the texts are clean."""
    return Content(" ").join(Content.styled(f" {chip} ", "$accent on $panel") for chip in chips)


class TitleLine(Widget):
    """Names what is searched and which conversation it is.

    Args:
        collection: Name of the collection.
    """

    DEFAULT_CSS = """
    TitleLine {
        height: 1;
        padding: 0 1;
        color: $quiet;
        text-wrap: nowrap;
    }
    """

    def __init__(self, collection: str) -> None:
        super().__init__()
        self._collection = clean_line(collection)
        self._conversation = NEW_CONVERSATION
        self._chips: tuple[str, ...] = ()

    def show_conversation(self, name: str | None) -> None:
        """Name the conversation; None for one without questions."""
        self._conversation = clean_line(name or NEW_CONVERSATION)
        self.refresh()

    def show_filters(self, chips: Sequence[str]) -> None:
        """Show the filters of the next question."""
        self._chips = tuple(chips)
        self.refresh()

    def render(self) -> Content:
        """Draw what fits."""
        width = self.content_size.width
        parts = fit_title(self._collection, self._conversation, self._chips, width)
        names = Content.assemble(
            (parts.collection, "bold $primary"), (_BETWEEN, "$quiet"), parts.conversation
        )
        chips = draw_chips(parts.chips)
        blank = width - names.cell_length - chips.cell_length
        return names + " " * max(blank, 0) + chips
