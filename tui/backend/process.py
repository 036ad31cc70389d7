"""The collection, open in a process of its own.

Ranking and reading are Python's own work for a good part. In the process that draws the screen
they would hold up keys, however they are shared out among threads; here the screen has a core to
itself. The process is told what to call and sends back what came of it. Nothing is lost with it:
it only reads, and when it is ended from outside the next call starts another.
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
from qa.processes import portable, start
from qa.types import Answer, ReleaseRef
from tui.state.document import Document

if TYPE_CHECKING:
    from qa.collection import Collection

_BEHIND_THE_SCREEN = 5
"""How much its priority is below the screen's (nice)."""
_PART = 500
"""Entries of a long list that are sent at a time: while they are unpacked no key gets through."""


@dataclass(frozen=True, slots=True)
class _Call:
    number: int
    method: str
    args: tuple[object, ...]
    options: dict[str, object]


@dataclass(frozen=True, slots=True)
class _Reply:
    """What came of a call, or a part of it: unless it is the last, more `entries` follow."""

    number: int
    value: Any = None
    entries: Sequence[Any] = ()
    error: Exception | None = None
    last: bool = True


class EngineProcess:
    """An `Engine` in another process; may be called from several threads at once.

    Args:
        folder: The collection's.

    Raises:
        ReleaseIndexError: It cannot be opened.
        WorkerError: From any call, when the process was ended from outside.
        ClosedError: From any call, once it is closed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._closed = False
        self._line = _Connection(folder)
        try:
            self.take_notes()  # anything that opens the collection
        except BaseException:
            self.close()
            raise

    def ask(
        self,
        question: str,
        *,
        k: int = 5,
        filters: Filters = NO_FILTERS,
        risk: float | None = None,
        words_only: bool = False,
        reader: bool = True,
        explain: bool = False,
        conversation: Conversation = NO_CONVERSATION,
        as_typed: bool = False,
    ) -> Answer:
        """Answer a question."""
        answer: Answer = self._call(
            "ask",
            question,
            k=k,
            filters=filters,
            risk=risk,
            words_only=words_only,
            reader=reader,
            explain=explain,
            conversation=conversation,
            as_typed=as_typed,
        )[0]
        return answer

    def warm(self, *, reader: bool = True) -> None:
        """Load the model, the indexes and the reader."""
        self._call("warm", reader=reader)

    def document(self, release_id: str) -> Document:
        """Return a whole release."""
        document, passages = self._call("document", release_id)
        whole: Document = replace(document, passages=tuple(passages))
        return whole

    def releases(self) -> list[ReleaseRef]:
        """Return all releases, newest first."""
        return self._call("releases")[1]

    def status(self) -> Status:
        """Return the collection in numbers."""
        status: Status = self._call("status")[0]
        return status

    def facets(self) -> Facets:
        """Return what the collection has to filter by, with counts."""
        facets: Facets = self._call("facets")[0]
        return facets

    def refresh(self) -> bool:
        """Show the store as it is now; whether anything changed."""
        return bool(self._call("refresh")[0])

    def take_notes(self) -> list[str]:
        """Return what a user should be told, each note once."""
        return self._call("take_notes")[1]

    def close(self) -> None:
        """End the process; calls that still wait raise ClosedError."""
        with self._lock:
            self._closed = True
        self._line.close()

    def _call(self, method: str, *args: object, **options: object) -> tuple[Any, list[Any]]:
        with self._lock:
            if self._closed:
                raise ClosedError("the collection is closed")
            if self._line.ended:
                self._line = _Connection(self._folder)
            future = self._line.send(method, args, options)
        return future.result()


class _Connection:
    """One process, and what waits for its replies."""

    def __init__(self, folder: Path) -> None:
        self.ended = False
        self._worker = start(_serve, folder)
        self._numbers = count()
        self._lock, self._ending = Lock(), Lock()
        self._waiting: dict[int, Future[tuple[Any, list[Any]]]] = {}
        Thread(target=self._hear, name="replies", daemon=True).start()

    def send(
        self, method: str, args: tuple[object, ...], options: dict[str, object]
    ) -> "Future[tuple[Any, list[Any]]]":
        """Have a method called; the future has its value and the entries of a long list."""
        future: Future[tuple[Any, list[Any]]] = Future()
        with self._lock:
            number = next(self._numbers)
            self._waiting[number] = future
            ended = self.ended
        with suppress(OSError):  # it has just ended, and whoever hears so tells those that wait
            self._worker.line.send(_Call(number, method, args, options))
        if ended:
            self._fail(_ended())
        return future

    def close(self) -> None:
        """End the process."""
        self._fail(ClosedError("the collection was closed in the middle of a question"))
        self._end()

    def _hear(self) -> None:
        entries: dict[int, list[Any]] = {}
        with suppress(Exception):  # at the end of the line, or by a reply that cannot be unpacked
            while True:
                reply: _Reply = self._worker.line.recv()
                entries.setdefault(reply.number, []).extend(reply.entries)
                if reply.last:
                    self._settle(reply, entries.pop(reply.number))
        self._fail(_ended())
        self._end()

    def _end(self) -> None:
        with self._ending:  # whoever comes second finds it ended
            self._worker.end()

    def _settle(self, reply: _Reply, entries: list[Any]) -> None:
        with self._lock:
            future = self._waiting.pop(reply.number, None)
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
        for future in waiting.values():
            future.set_exception(error)


def _ended() -> WorkerError:
    return WorkerError(
        "The process that searches was ended from outside, perhaps for lack of memory. "
        "Ask again: another one is started."
    )


def _serve(line: Connection, folder: Path) -> None:
    """Call what is asked for, each in a thread, until nobody is at the other end any more."""
    _leave_the_screen_alone()
    from qa.collection import open_collection

    collection: Collection | None = None
    sending = Lock()
    with suppress(EOFError, OSError):
        while True:
            call: _Call = line.recv()
            try:
                collection = collection or open_collection(folder)
            except Exception as error:  # noqa: BLE001 - it is raised where it was asked for
                line.send(_Reply(call.number, error=portable(error)))
                continue
            method = getattr(collection, call.method)
            Thread(target=_answer, args=(line, sending, call, method), daemon=True).start()


def _answer(line: Connection, sending: Lock, call: _Call, method: Callable[..., object]) -> None:
    try:
        result = method(*call.args, **call.options)
        packed = [pickle.dumps(reply) for reply in _replies(call.number, result)]
    except Exception as error:  # noqa: BLE001 - it is raised where it was asked for
        packed = [pickle.dumps(_Reply(call.number, error=portable(error)))]
    with suppress(OSError):  # nobody is there any more
        for reply in packed:
            with sending:
                line.send_bytes(reply)


def _replies(number: int, result: object) -> Iterator[_Reply]:
    """Yield what came of a call, a long list in parts."""
    value, entries = _with_entries_apart(result)
    last = len(entries) // _PART * _PART
    for first in range(0, last, _PART):
        yield _Reply(number, entries=entries[first : first + _PART], last=False)
    yield _Reply(number, value, entries[last:])


def _with_entries_apart(value: object) -> tuple[object, Sequence[object]]:
    """Return a value without what may be long in it, and that."""
    from qa.collection import ReleaseDocument

    if isinstance(value, ReleaseDocument):
        return replace(value, passages=()), value.passages
    if isinstance(value, list):
        return None, value
    return value, ()


def _leave_the_screen_alone() -> None:
    """Print nothing into it, and let it have the processor first."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
    if hasattr(os, "nice"):
        os.nice(_BEHIND_THE_SCREEN)
