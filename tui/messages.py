"""The messages between parts of the UI.

Widgets post what happened and do not know each other; `ChatScreen` handles the messages. Text in a
message is not cleaned yet: it is cleaned where it is drawn.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from textual.message import Message

from index.filters import NO_FILTERS, Filters
from index.reports import Facets, Progress, Status, UpdateReport
from qa.names.types import NameSummary
from tui.state.timeline import Period
from tui.state.turns import ChatTurn

if TYPE_CHECKING:
    from qa.types import ReleaseDocument, ReleaseRef, WordMatches


@dataclass
class QuestionAsked(Message):
    """The user asked a question, in the prompt or by choosing an example.

    Attributes:
        as_typed: Ask it as it is, not completed from the conversation.
        words_only: Search by words alone.
        surest: Confidence that the answer has at most: of the better search that found none.
    """

    question: str
    as_typed: bool = False
    words_only: bool = False
    surest: float = 1.0


@dataclass
class TurnChanged(Message):
    """A turn has a new state: waiting, searching, with passages, done, cancelled or failed."""

    turn: ChatTurn


@dataclass
class PassageChosen(Message):
    """A passage was clicked; a double click opens its release."""

    turn: int
    passage: int
    opened: bool


@dataclass
class FurtherWanted(Message):
    """The line that counts a turn's further passages was clicked, to show or hide them."""

    turn: int


Retry = Literal["everything", "reword", "without_filters", "by_words"]
"""A way to ask a question again that has no answer."""


@dataclass
class RetryWanted(Message):
    """A way to ask a turn's question again was clicked."""

    turn: int
    retry: Retry


@dataclass
class CollectionOpened(Message):
    """The collection is open, or was read again after an update.

    Attributes:
        facets: Values to filter by.
        examples: Example questions.
        elsewhere: Another process has changed it.
    """

    status: Status
    facets: Facets
    examples: tuple[str, ...]
    elsewhere: bool = False


@dataclass
class CollectionUnavailable(Message):
    """The collection cannot be opened; the error says what to do."""

    error: str


@dataclass
class ModelChanged(Message):
    """The model is being loaded, is loaded, or cannot be loaded.

    Unless it is ready, questions are answered by words only; `error` says why it is unavailable.
    """

    state: Literal["loading", "ready", "unavailable"]
    error: str | None = None


@dataclass
class DocumentRead(Message):
    """A release was loaded."""

    document: "ReleaseDocument"


@dataclass
class ReleasesListed(Message):
    """A list of releases was loaded, newest first; `filters` say of which."""

    releases: "tuple[ReleaseRef, ...]"
    filters: Filters = NO_FILTERS


@dataclass
class NamesRead(Message):
    """Reading all releases for their names has come so far."""

    done: int
    total: int


@dataclass
class NamesListed(Message):
    """Who and what the releases name was found; None if that failed."""

    names: tuple[NameSummary, ...] | None


@dataclass
class WordsMatched(Message):
    """The releases that contain words of a turn's question were found; None if that failed."""

    turn: ChatTurn
    matches: "WordMatches | None"


@dataclass
class PeriodSelected(Message):
    """A bar of a timeline was selected."""

    period: Period


@dataclass
class QuestionSuggested(Message):
    """A question about a release was found, for the user to change or ask.

    Attributes:
        question: Or the headline, which finds the release too.
        is_headline: Whether it is that.
    """

    question: str
    is_headline: bool = False


@dataclass
class UpdateProgressed(Message):
    """Indexing made progress."""

    progress: Progress


@dataclass
class UpdateEnded(Message):
    """Indexing ended: `report` says what it did, or `error` why it failed."""

    report: UpdateReport | None
    error: str | None


@dataclass
class FindChanged(Message):
    """The words to find in the release changed."""

    words: str


@dataclass
class FindClosed(Message):
    """The Find field was closed; matches of `words` stay highlighted, if there are any."""

    words: str


@dataclass
class Noticed(Message):
    """A notice for the status line."""

    text: str
    severity: Literal["information", "warning"] = "information"


@dataclass
class CopyWanted(Message):
    """Something is to be copied, exactly as it is; `what` names it."""

    text: str
    what: str


@dataclass
class Copied(Message):
    """Something was copied; `where` says where to."""

    what: str
    where: str


@dataclass
class SessionBegun(Message):
    """A conversation is being saved under a name."""

    conversation: int
    name: str
