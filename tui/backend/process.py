"""The collection, opened in a separate process.

Ranking and reading are partly pure Python. In the process that draws the screen they would delay
keys, even in threads. The process receives method calls and sends back the results. It only reads,
so nothing is lost when it is killed: the next call starts another.
"""

import os
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from index.filters import NO_FILTERS, Filters
from index.reports import Facets, Status
from qa.conversation.types import NO_CONVERSATION, Conversation
from qa.errors import ClosedError, WorkerError
from qa.names.types import NameSummary
from qa.processes import portable, start
from qa.types import (
    DEFAULT_OPTIONS,
    Answer,
    AskOptions,
    ReleaseDocument,
    ReleaseRef,
    WordMatches,
)

if TYPE_CHECKING:
    from qa.collection import Collection

_NICENESS = 5
"""Added to its niceness, so that the screen has priority."""
_CHUNK = 500
"""Items of a long list sent at a time: unpickling a message delays keys."""


_WITH_PROGRESS = "name_summaries"
"""The method that reports progress, to an argument `progress` that stays in this process."""
_Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Call:
    number: int
    method: str
    args: tuple[object, ...]
    options: dict[str, object]


@dataclass(frozen=True, slots=True)
class _Reply:
    """The result of a call, or a chunk of its `entries`: more follow unless it is the last.

    With `progress`, it is only how far the call is.
    """

    number: int
    value: Any = None
    entries: Sequence[Any] = ()
    error: Exception | None = None
    last: bool = True
    progress: tuple[int, int] | None = None


class EngineProcess:
    """An `Engine` in another process; may be called from several threads at once.

    Args:
        folder: The collection's.

    Raises:
        ReleaseIndexError: It cannot be opened.
        WorkerError: From any call, if the process was killed.
        ClosedError: From any call, after `close`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._closed = False
        self._connection = _Connection(folder)
        try:
            self.take_notes()  # any call opens the collection
        except BaseException:
            self.close()
            raise

    def ask(
        self,
        question: str,
        options: AskOptions = DEFAULT_OPTIONS,
        *,
        conversation: Conversation = NO_CONVERSATION,
        as_typed: bool = False,
    ) -> Answer:
        """Answer a question."""
        answer: Answer = self._call(
            "ask", question, options, conversation=conversation, as_typed=as_typed
        )[0]
        return answer

    def warm(self, *, reader: bool = True) -> None:
        """Load the model, the indexes and the reader."""
        self._call("warm", reader=reader)

    def document(self, release_id: str) -> ReleaseDocument:
        """Return a whole release."""
        document, passages = self._call("document", release_id)
        complete: ReleaseDocument = replace(document, passages=tuple(passages))
        return complete

    def releases(self, filters: Filters = NO_FILTERS) -> list[ReleaseRef]:
        """Return the releases that meet filters, newest first."""
        return self._call("releases", filters)[1]

    def name_summaries(self, progress: Callable[[int, int], None]) -> list[NameSummary]:
        """Return who and what the releases name, most releases first."""
        return self._call(_WITH_PROGRESS, progress=progress)[1]

    def releases_with_words(self, question: str, filters: Filters = NO_FILTERS) -> WordMatches:
        """Return the releases that contain most of the words of a question, newest first."""
        found, releases = self._call("releases_with_words", question, filters)
        matches: WordMatches = replace(found, releases=tuple(releases))
        return matches

    def status(self) -> Status:
        """Return the collection in numbers."""
        status: Status = self._call("status")[0]
        return status

    def facets(self) -> Facets:
        """Return what the collection has to filter by, with counts."""
        facets: Facets = self._call("facets")[0]
        return facets

    def examples(self) -> list[str]:
        """Return questions that the collection answers."""
        return self._call("examples")[1]

    def question_about(self, release_id: str) -> str | None:
        """Return a question that is answered from a release, or None if none can be made."""
        question: str | None = self._call("question_about", release_id)[0]
        return question

    def refresh(self) -> bool:
        """Read the store as it is now; return whether anything changed."""
        return bool(self._call("refresh")[0])

    def take_notes(self) -> list[str]:
        """Return notes for the user, each once."""
        return self._call("take_notes")[1]

    def close(self) -> None:
        """End the process; waiting calls raise ClosedError."""
        with self._lock:
            self._closed = True
        self._connection.close()

    def _call(self, method: str, *args: object, **options: object) -> tuple[Any, list[Any]]:
        with self._lock:
            if self._closed:
                raise ClosedError("the collection is closed")
            if self._connection.ended:
                self._connection = _Connection(self._folder)
            future = self._connection.send(method, args, options)
        return future.result()


class _Connection:
    """One process, and the calls that wait for its replies."""

    def __init__(self, folder: Path) -> None:
        self.ended = False
        self._worker = start(_serve, folder)
        self._numbers = count()
        self._lock, self._ending = Lock(), Lock()
        self._waiting: dict[int, Future[tuple[Any, list[Any]]]] = {}
        self._reports: dict[int, _Report] = {}
        Thread(target=self._receive, name="replies", daemon=True).start()

    def send(
        self, method: str, args: tuple[object, ...], options: dict[str, object]
    ) -> "Future[tuple[Any, list[Any]]]":
        """Call a method; the future has its value and the entries of a long list."""
        future: Future[tuple[Any, list[Any]]] = Future()
        with self._lock:
            number = next(self._numbers)
            self._waiting[number] = future
            if method == _WITH_PROGRESS:
                self._reports[number] = options.pop("progress")  # type: ignore[assignment]
            ended = self.ended
        with suppress(OSError):  # it has just ended: the reading thread fails the call
            self._worker.line.send(_Call(number, method, args, options))
        if ended:
            self._fail(_ended())
        return future

    def close(self) -> None:
        """End the process."""
        self._fail(ClosedError("the collection was closed during a question"))
        self._end()

    def _receive(self) -> None:
        entries: dict[int, list[Any]] = {}
        with suppress(Exception):  # the connection ended, or a reply cannot be unpickled
            while True:
                reply: _Reply = self._worker.line.recv()
                if reply.progress is not None:
                    if (report := self._reports.get(reply.number)) is not None:
                        report(*reply.progress)
                    continue
                entries.setdefault(reply.number, []).extend(reply.entries)
                if reply.last:
                    self._settle(reply, entries.pop(reply.number))
        self._fail(_ended())
        self._end()

    def _end(self) -> None:
        with self._ending:  # a second call finds it ended
            self._worker.end()

    def _settle(self, reply: _Reply, entries: list[Any]) -> None:
        with self._lock:
            future = self._waiting.pop(reply.number, None)
            self._reports.pop(reply.number, None)
        if future is None:
            return
        if reply.error is not None:
            future.set_exception(reply.error)
        else:
            future.set_result((reply.value, entries))

    def _fail(self, error: Exception) -> None:
        with self._lock:
            self.ended = True
            waiting, self._waiting = self._waiting, {}
            self._reports.clear()
        for future in waiting.values():
            future.set_exception(error)


def _ended() -> WorkerError:
    return WorkerError(
        "The search process was killed, perhaps because memory ran out. "
        "Ask again; a new one will start."
    )


def _serve(connection: Connection, folder: Path) -> None:
    """Run calls, each in a thread, until the other end is closed."""
    _yield_to_screen()
    from qa.collection import open_collection

    collection: Collection | None = None
    sending = Lock()
    with suppress(EOFError, OSError):
        while True:
            call: _Call = connection.recv()
            try:
                collection = collection or open_collection(folder)
            except Exception as error:  # noqa: BLE001 - it is raised in the caller
                connection.send(_Reply(call.number, error=portable(error)))
                continue
            method = getattr(collection, call.method)
            Thread(target=_answer, args=(connection, sending, call, method), daemon=True).start()


def _answer(
    connection: Connection, sending: Lock, call: _Call, method: Callable[..., object]
) -> None:
    def report(done: int, total: int) -> None:
        with suppress(OSError), sending:
            connection.send(_Reply(call.number, last=False, progress=(done, total)))

    try:
        options = call.options | ({"progress": report} if call.method == _WITH_PROGRESS else {})
        result = method(*call.args, **options)
        pickled = [pickle.dumps(reply) for reply in _replies(call.number, result)]
    except Exception as error:  # noqa: BLE001 - it is raised in the caller
        pickled = [pickle.dumps(_Reply(call.number, error=portable(error)))]
    with suppress(OSError):  # the other end is closed
        for reply in pickled:
            with sending:
                connection.send_bytes(reply)


def _replies(number: int, result: object) -> Iterator[_Reply]:
    """Yield the replies to a call: a long list in chunks."""
    value, entries = _split_entries(result)
    last = len(entries) // _CHUNK * _CHUNK
    for first in range(0, last, _CHUNK):
        yield _Reply(number, entries=entries[first : first + _CHUNK], last=False)
    yield _Reply(number, value, entries[last:])


def _split_entries(value: object) -> tuple[object, Sequence[object]]:
    """Return a value without its long list, and the list."""
    if isinstance(value, ReleaseDocument):
        return replace(value, passages=()), value.passages
    if isinstance(value, WordMatches):
        return replace(value, releases=()), value.releases
    if isinstance(value, list):
        return None, value
    return value, ()


def _yield_to_screen() -> None:
    """Print nothing on the terminal, and give the screen priority."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
