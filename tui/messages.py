"""Everything that is told from one part of the screen to another, as typed messages.

Widgets say what happened and know nothing of each other; `ChatScreen` listens and decides.
Text in a message is as it came: it is cleaned where it is drawn.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from textual.message import Message

from index.reports import Facets, Progress, Status, UpdateReport
from tui.state.turns import ChatTurn

if TYPE_CHECKING:
    from qa.types import ReleaseRef
    from tui.state.document import Document


@dataclass
class QuestionAsked(Message):
    """A question was sent off, from the prompt or by choosing a sample.

    Attributes:
        as_typed: To be asked as it stands, without regard to the conversation.
    """

    question: str
    as_typed: bool = False


@dataclass
class TurnChanged(Message):
    """A turn went on: it waits, searches, has passages, is done, cancelled or failed."""

    turn: ChatTurn


@dataclass
class PassageChosen(Message):
    """A passage was clicked; twice to open its release."""

    turn: int
    passage: int
    opened: bool


@dataclass
class CollectionOpened(Message):
    """The collection can be asked, or was refreshed after an update.

    Attributes:
        facets: What it has to filter by.
        examples: Questions made of what it holds, to start from.
    """

    status: Status
    facets: Facets
    examples: tuple[str, ...]


@dataclass
class CollectionUnavailable(Message):
    """The collection cannot be opened; the error says what to do."""

    error: str


@dataclass
class ModelLoading(Message):
    """The model is being loaded: until it is there, questions are answered by words."""


@dataclass
class ModelReady(Message):
    """Questions are answered by meaning and words from now on."""


@dataclass
class ModelUnavailable(Message):
    """The model cannot be loaded; questions go on being answered by words alone."""

    error: str


@dataclass
class DocumentRead(Message):
    """The release of the passage that is read has arrived."""

    document: "Document"


@dataclass
class ReleasesListed(Message):
    """All releases of the collection, newest first, to look through."""

    releases: "tuple[ReleaseRef, ...]"


@dataclass
class UpdateProgressed(Message):
    """Indexing went on."""

    progress: Progress


@dataclass
class UpdateEnded(Message):
    """Indexing ended; `error` says why when it failed, else `report` what it did."""

    report: UpdateReport | None
    error: str | None


@dataclass
class FindChanged(Message):
    """The words looked for in the release changed."""

    words: str


@dataclass
class FindClosed(Message):
    """Looking in the release ended; places where `words` stand stay marked, if there are any."""

    words: str


@dataclass
class Noticed(Message):
    """Something to tell in one calm line."""

    text: str
    severity: Literal["information", "warning"] = "information"


@dataclass
class CopyWanted(Message):
    """Something is to be copied, exactly as it is."""

    text: str
    what: str


@dataclass
class Copied(Message):
    """Something was copied; `where` says where it went."""

    what: str
    where: str


@dataclass
class SessionBegun(Message):
    """A conversation is kept from now on, under a name."""

    conversation: int
    name: str
