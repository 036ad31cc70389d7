"""What the terminal UI needs from the rest of the program, as protocols.

`qa.collection.Collection` and `index.ingest.update.update_collection` satisfy them. They are
imported late, in a worker: the screen appears before the libraries they need are loaded.
"""

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import Protocol

from index.filters import NO_FILTERS, Filters
from index.reports import Facets, Progress, Status, UpdateReport
from qa.conversation.types import NO_CONVERSATION, Conversation
from qa.names.types import NameSummary
from qa.types import (
    DEFAULT_OPTIONS,
    Answer,
    AskOptions,
    ReleaseDocument,
    ReleaseRef,
    WordMatches,
)


class Engine(Protocol):
    """An open collection. Every method may be slow, so it is called outside the UI's thread."""

    def ask(
        self,
        question: str,
        options: AskOptions = DEFAULT_OPTIONS,
        *,
        conversation: Conversation = NO_CONVERSATION,
        as_typed: bool = False,
    ) -> Answer:
        """Answer a question.

        A follow-up is completed from the `conversation`, unless it is asked `as_typed`.
        """

    def warm(self, *, reader: bool = True) -> None:
        """Load the model, the indexes and the reader."""

    def document(self, release_id: str) -> ReleaseDocument:
        """Return a whole release."""

    def releases(self, filters: Filters = NO_FILTERS) -> list[ReleaseRef]:
        """Return the releases that meet filters, newest first."""

    def name_summaries(self, progress: Callable[[int, int], None]) -> list[NameSummary]:
        """Return who and what the releases name, most releases first.

        Takes seconds; reports how many releases were read, and of how many.
        """

    def releases_with_words(self, question: str, filters: Filters = NO_FILTERS) -> WordMatches:
        """Return the releases that contain most of the words of a question, newest first."""

    def status(self) -> Status:
        """Return the collection in numbers."""

    def facets(self) -> Facets:
        """Return what the collection has to filter by, with counts."""

    def examples(self) -> list[str]:
        """Return questions that the collection answers."""

    def question_about(self, release_id: str) -> str | None:
        """Return a question that is answered from a release, or None if none can be made."""

    def refresh(self) -> bool:
        """Read the store as it is now; return whether anything changed."""

    def take_notes(self) -> list[str]:
        """Return notes for the user, each once."""

    def close(self) -> None:
        """Close the files."""


class Update(Protocol):
    """Adds sources to the collection in a folder, creating it if need be."""

    def __call__(
        self,
        folder: Path,
        sources: Sequence[str | Path],
        *,
        progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
    ) -> UpdateReport:
        """Report progress while it runs; stop once `cancelled()` is true."""


class Renewal(Protocol):
    """Renews the example questions of the collection in a folder."""

    def __call__(self, folder: Path, stopped: Callable[[], bool]) -> bool:
        """Return whether they were renewed; change nothing once `stopped()` is true."""


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """What a chat was started with.

    Attributes:
        options: How questions are asked; the user can change the filters.
        sources: Indexed first, with progress on the screen.
        questions: Examples that an empty conversation offers.
        session: Name of the conversation to continue or begin; None for a new one.
        keys: Other keys for actions, by the actions' ids.
        in_browser: The user sits at a browser, perhaps not the one whose computer runs the chat:
            nothing is indexed, and no file, clipboard or program of that computer is used.
        save_sessions: Save the conversations; otherwise they are forgotten at the end.
        new: Whether there is no collection yet, so that the chat first asks for a folder to index.
    """

    folder: Path
    _: KW_ONLY
    options: AskOptions = DEFAULT_OPTIONS
    sources: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    session: str | None = None
    keys: tuple[tuple[str, str], ...] = ()
    in_browser: bool = False
    save_sessions: bool = True
    new: bool = False
