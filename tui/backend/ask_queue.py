"""The work behind the screen: opening the collection, loading the model, answering, reading.

The work runs in threads; each step is reported by a message (see `tui.messages`). State changes
only on the event loop, so there are no locks. Questions wait in a queue and are answered one after
another. While there is nothing to search yet, they wait for it. While the model is still loading, a
question is answered by words first, then again with the model.

Another process may index into the collection at any time. So the store is looked at before each
question and by `look`, and what is new is searched from then on.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import CollectionNotFoundError, ReleaseIndexError
from index.filters import NO_FILTERS, Filters
from index.reports import Status
from qa.conversation.types import NO_CONVERSATION, Conversation, Turn
from qa.errors import QAError, WorkerError
from qa.types import Answer, ReleaseRef
from tui import messages
from tui.backend.indexing import IndexingJob, Post, Start
from tui.backend.protocols import ChatSettings, Engine, Renewal, Update
from tui.backend.threads import in_thread, with_retry
from tui.state.turns import ChatTurn, no_surer

if TYPE_CHECKING:
    from qa.types import ReleaseDocument

PREVIEW_DELAY = 0.1
"""Seconds before an unfinished state is shown. If the next one comes sooner, nobody would see it,
and each drawing delays keys."""
CACHED_RELEASES = 16
"""Releases kept in memory, so that stepping between passages is instant."""


class AskQueue:
    """Answers the questions of one screen, one after another.

    Args:
        settings: What the chat was started with.
        post: Receives each message; called on the event loop.
        start: Starts a coroutine in the background.
        opener: Opens the collection in a folder.
        update: Indexes sources into the collection.
        renew: Renews its example questions after that.
    """

    def __init__(
        self,
        settings: ChatSettings,
        post: Post,
        start: Start,
        *,
        opener: Callable[[Path], Engine],
        update: Update,
        renew: Renewal | None = None,
    ) -> None:
        self.settings = settings
        self.indexing = IndexingJob(settings.folder, post, start, update, self._refresh, renew)
        self._post = post
        self._start = start
        self._opener = opener
        self._engine: Engine | None = None
        self._open_error = "There is no collection yet."
        self._opening = asyncio.Lock()
        self._opened = asyncio.Event()
        self._looking = False
        self._warm = asyncio.Event()
        self._words_only = settings.options.words_only
        self._reader = settings.options.reader
        self._waiting: deque[ChatTurn] = deque()
        self._turn: ChatTurn | None = None
        self._delayed: asyncio.TimerHandle | None = None
        self._conversation = NO_CONVERSATION
        self._subject: str | None = None
        self._task: asyncio.Task[None] | None = None
        self._draining = False
        self._documents: OrderedDict[str, ReleaseDocument] = OrderedDict()

    @property
    def busy(self) -> bool:
        """Whether a question is being answered, or is about to be."""
        settled = self._turn is not None and self._turn.settled
        return self._draining and (bool(self._waiting) or not settled)

    @property
    def waits_for_releases(self) -> bool:
        """Whether a question waits until there is something to search."""
        return self.busy and not self._opened.is_set()

    @property
    def waiting(self) -> int:
        """How many questions wait behind the running one."""
        about_to_run = self._task is None and bool(self._waiting)
        return len(self._waiting) - about_to_run

    def open(self) -> None:
        """Open the collection and load the model."""
        self._start(self._open())

    def ask(self, turn: ChatTurn) -> None:
        """Add a question to the queue."""
        self._waiting.append(turn)
        if not self._draining:
            self._draining = True
            self._start(self._drain())

    def cancel(self) -> bool:
        """Cancel the running question; the next in the queue follows."""
        return self._task is not None and self._task.cancel()

    def forget(self) -> None:
        """Cancel all questions and forget the conversation."""
        self._waiting.clear()
        self._conversation, self._subject = NO_CONVERSATION, None
        self.cancel()

    def remember(self, turns: Iterable[ChatTurn]) -> None:
        """Add answered turns to the conversation that follow-up questions refer to."""
        for turn in turns:
            self._begin_subject(turn)
            if turn.state == "done" and turn.answer is not None:
                self._conversation = self._conversation.plus(turn.answer)

    def _begin_subject(self, turn: ChatTurn) -> None:
        """Begin a conversation about the name that questions are newly restricted to.

        "He" is then whoever was chosen, not who was spoken of before.
        """
        name = turn.filters.mentions or turn.filters.speaker
        if name is not None and name != self._subject:
            self._conversation = Conversation((Turn(name, name),))
        self._subject = name

    def read(self, release_id: str) -> None:
        """Load a release."""
        if (document := self._documents.get(release_id)) is not None:
            self._documents.move_to_end(release_id)
            self._post(messages.DocumentRead(document))
        else:
            self._start(self._read(release_id))

    def suggest(self, release: ReleaseRef) -> None:
        """Find a question about a release."""
        self._start(self._suggest(release))

    def list_releases(self, filters: Filters = NO_FILTERS) -> None:
        """Load the list of the releases that meet filters."""
        self._start(self._list(filters))

    def list_names(self) -> None:
        """Find who and what the releases name."""
        self._start(self._list_names())

    def match_words(self, turn: ChatTurn) -> None:
        """Find the releases that contain words of a turn's question."""
        self._start(self._match_words(turn))

    def index(self, sources: Sequence[str]) -> None:
        """Index sources into the collection, creating it if need be."""
        if not self.indexing.running:
            if self._engine is None:
                self._opened.clear()
            self.indexing.begin(sources)

    def look(self) -> None:
        """Search what another process has stored meanwhile; does nothing while this one is busy."""
        at_work = self.indexing.running or (self.busy and not self.waits_for_releases)
        if not at_work and not self._looking:
            self._looking = True
            self._start(self._look())

    def close(self) -> None:
        """Stop indexing and close the collection."""
        self.indexing.close()
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    async def _open(self, *, again: bool = False) -> None:
        """Open the collection.

        Args:
            again: It could not be opened before, so the user knows that already.
        """
        async with self._opening:
            if self._engine is not None:
                return
            try:
                engine, status = await with_retry(self._opened_engine)
            except (ReleaseIndexError, QAError) as error:
                self._open_error = str(error)
                if not again:
                    self._post(messages.CollectionUnavailable(self._open_error))
                if not self.indexing.running and not isinstance(error, CollectionNotFoundError):
                    self._opened.set()
                return
            self._engine = engine
            self._note_searchable(status)
            self._post(await self._opened_with(engine, status, elsewhere=again))
        await self._warm_up(engine)

    def _note_searchable(self, status: Status) -> None:
        """Let the questions go on that wait for something to search."""
        if status.passages:
            self._opened.set()

    async def _look(self) -> None:
        try:
            if self._engine is None:
                await self._open(again=True)
            else:
                await self._catch_up(self._engine)
        finally:
            self._looking = False

    async def _catch_up(self, engine: Engine) -> None:
        """Search the store as it is now, and say so if another process has changed it."""
        with suppress(ReleaseIndexError, QAError):  # the next question reports the error
            if await in_thread(engine.refresh):
                status = await in_thread(engine.status)
                self._documents.clear()
                self._note_searchable(status)
                self._start(self._announce(engine, status))

    async def _announce(self, engine: Engine, status: Status) -> None:
        """Describe the collection as another process has left it, and load its indexes."""
        self._post(await self._opened_with(engine, status, elsewhere=True))
        if not self.busy and not self._words_only:
            with suppress(ReleaseIndexError, QAError):
                await in_thread(partial(engine.warm, reader=self._reader))

    def _opened_engine(self) -> tuple[Engine, Status]:
        engine = self._opener(self.settings.folder)
        try:
            return engine, engine.status()
        except BaseException:
            engine.close()
            raise

    async def _opened_with(
        self, engine: Engine, status: Status, *, elsewhere: bool = False
    ) -> messages.CollectionOpened:
        """Describe the collection, with example questions unless the settings have some."""
        try:
            facets = await in_thread(engine.facets)
            examples = [] if self.settings.questions else await in_thread(engine.examples)
        except (ReleaseIndexError, QAError):
            return messages.CollectionOpened(status, {}, (), elsewhere)
        return messages.CollectionOpened(status, facets, tuple(examples), elsewhere)

    async def _warm_up(self, engine: Engine) -> None:
        if not self._words_only:
            self._post(messages.ModelChanged("loading"))
            try:
                await with_retry(engine.warm, reader=self._reader)
            except (ReleaseIndexError, QAError) as error:
                self._words_only = True
                self._post(messages.ModelChanged("unavailable", str(error)))
            else:
                self._post(messages.ModelChanged("ready"))
        self._warm.set()
        await self._post_notes(engine)

    async def _post_notes(self, engine: Engine) -> None:
        with suppress(ReleaseIndexError, QAError):  # the next question will report the error
            for note in await in_thread(engine.take_notes):
                self._post(messages.Noticed(note, "warning"))

    async def _drain(self) -> None:
        while self._waiting:
            self._turn = turn = self._waiting.popleft()
            self._task = asyncio.ensure_future(self._answer(turn))
            try:
                await self._task
            except asyncio.CancelledError:
                current = asyncio.current_task()
                if current is not None and current.cancelling():
                    raise
                self._report(replace(self._turn, state="cancelled"))
            finally:
                self._task = None
        self._draining = False

    async def _answer(self, turn: ChatTurn) -> None:
        """Answer one question and report each state it goes through."""
        turn = self._report(replace(turn, state="searching"))
        self._begin_subject(turn)
        await self._opened.wait()
        if self._engine is not None and not self.indexing.running:
            await self._catch_up(self._engine)
        try:
            if turn.words_only or not self._warm.is_set():
                turn = replace(turn, answer=await self._ask(turn, words_only=True))
                if turn.is_preview and not turn.words_only:
                    self._report(replace(turn, state="refining"))
                    await self._warm.wait()
            if turn.words_only and turn.answer is not None:
                turn = replace(turn, answer=no_surer(turn.answer, turn.surest))
            words_only = self._words_only or turn.words_only
            if turn.answer is None or (turn.is_preview and not words_only):
                turn = await self._answer_with_model(turn)
        except (ReleaseIndexError, QAError) as error:
            self._report(replace(turn, state="failed", error=str(error)))
            if isinstance(error, WorkerError) and self._engine is not None:
                self._warm.clear()
                self._start(self._warm_up(self._engine))
        else:
            turn = self._report(replace(turn, state="done"))
            self.remember([turn])
            if self._engine is not None:
                self._start(self._post_notes(self._engine))

    async def _answer_with_model(self, turn: ChatTurn) -> ChatTurn:
        """Answer with the encoder, then with the reader too."""
        if self._reader and not self._words_only:
            answer = await self._ask(turn, words_only=False, reader=False)
            turn = self._report(replace(turn, state="reading", answer=answer))
        answer = await self._ask(turn, words_only=self._words_only)
        return replace(turn, answer=answer)

    def _report(self, turn: ChatTurn) -> ChatTurn:
        """Post a turn's state: at once if it is final, else unless another follows soon."""
        self._turn = turn
        if self._delayed is not None:
            self._delayed.cancel()
        if turn.settled:
            self._delayed = None
            self._post(messages.TurnChanged(turn))
        else:
            post = partial(self._post, messages.TurnChanged(turn))
            self._delayed = asyncio.get_running_loop().call_later(PREVIEW_DELAY, post)
        return turn

    async def _ask(self, turn: ChatTurn, *, words_only: bool, reader: bool | None = None) -> Answer:
        if self._engine is None:
            raise QAError(self._open_error)
        options = replace(
            self.settings.options,
            filters=turn.filters,
            words_only=words_only,
            reader=self._reader if reader is None else reader,
            explain=True,
        )
        return await in_thread(
            self._engine.ask,
            turn.question,
            options,
            conversation=self._conversation,
            as_typed=turn.as_typed,
        )

    async def _read(self, release_id: str) -> None:
        if self._engine is None:
            return
        try:
            document = await in_thread(self._engine.document, release_id)
        except (ReleaseIndexError, QAError) as error:
            self._post(messages.Noticed(str(error), "warning"))
            return
        self._documents[release_id] = document
        while len(self._documents) > CACHED_RELEASES:
            self._documents.popitem(last=False)
        self._post(messages.DocumentRead(document))

    async def _suggest(self, release: ReleaseRef) -> None:
        """Post a question that is answered from a release, otherwise its headline.

        The headline alone finds the release too. It is all there is while the model is loading.
        """
        question = None
        if self._engine is not None and self._warm.is_set() and not self._words_only:
            with suppress(ReleaseIndexError, QAError):
                question = await in_thread(self._engine.question_about, release.id)
        text = question or release.title.strip()
        self._post(messages.QuestionSuggested(text, is_headline=question is None))

    async def _list(self, filters: Filters) -> None:
        if self._engine is None:
            return
        try:
            releases = await in_thread(self._engine.releases, filters)
        except (ReleaseIndexError, QAError) as error:
            self._post(messages.Noticed(str(error), "warning"))
            return
        self._post(messages.ReleasesListed(tuple(releases), filters))

    async def _list_names(self) -> None:
        """Post the names, and now and then how far reading the releases is."""
        loop, shown = asyncio.get_running_loop(), 0.0

        def progress(done: int, total: int) -> None:
            nonlocal shown
            if (now := loop.time()) - shown >= PREVIEW_DELAY:
                shown = now
                with suppress(RuntimeError):  # the loop was closed
                    loop.call_soon_threadsafe(self._post, messages.NamesRead(done, total))

        found = None
        if self._engine is not None:
            try:
                found = tuple(await in_thread(self._engine.name_summaries, progress))
            except (ReleaseIndexError, QAError) as error:
                self._post(messages.Noticed(str(error), "warning"))
        self._post(messages.NamesListed(found))

    async def _match_words(self, turn: ChatTurn) -> None:
        found = None
        if self._engine is not None:
            question = turn.understood_as or turn.question
            try:
                found = await in_thread(self._engine.releases_with_words, question, turn.filters)
            except (ReleaseIndexError, QAError) as error:
                self._post(messages.Noticed(str(error), "warning"))
        self._post(messages.WordsMatched(turn, found))

    async def _refresh(self) -> None:
        """Show what indexing has stored."""
        if self._engine is None:
            await self._open()
            return
        try:
            changed = await in_thread(self._engine.refresh)
            status = await in_thread(self._engine.status)
            if changed and not self._words_only:
                await in_thread(partial(self._engine.warm, reader=self._reader))
        except (ReleaseIndexError, QAError) as error:
            self._post(messages.Noticed(str(error), "warning"))
            return
        self._documents.clear()
        self._note_searchable(status)
        self._post(await self._opened_with(self._engine, status))
