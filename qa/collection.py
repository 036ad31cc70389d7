"""A collection that can be asked: the public face of the package.

    from qa import open_collection

    with open_collection(".releaseqa") as collection:
        answer = collection.ask("When did Minister Joly visit Korea?", k=5)

A `Collection` can be shared between threads. `ask` searches the releases as they are, and asks
again when they change meanwhile. Other methods search the indexes as they were when it was opened
or last refreshed, and leave out releases that were removed since. It never writes to the
collection's folder. When that folder was deleted or replaced, every method says so.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar, Unpack

from index.errors import CollectionReplacedError, NotAvailableError, ReleaseIndexError
from index.filters import NO_FILTERS, Filters
from index.milvus.address import MilvusAddress, find_place
from index.reports import Facets, Status
from index.search.backend import SearchBackend
from index.search.searcher import Searcher
from index.store.checkpoints import Checkpoint
from index.store.examples import load_examples
from index.store.related import NO_RELATED, related_releases
from index.store.stats import collection_facets, collection_status
from qa.citations import CitationCheck, check_citation
from qa.conversation.history import HistoryAnswers
from qa.conversation.types import (
    NO_CONVERSATION,
    REMEMBERED_PASSAGES,
    Conversation,
    Turn,
    turn_of,
)
from qa.errors import ClosedError, QuestionError
from qa.near_names import near_names
from qa.query.question import parse_question
from qa.query.validate import validate_question
from qa.release_names import find_release
from qa.release_refs import release_ref
from qa.types import (
    DEFAULT_OPTIONS,
    Answer,
    AskKeywords,
    AskOptions,
    ReleaseDocument,
    ReleaseRef,
    WordMatches,
)

if TYPE_CHECKING:
    from index.ingest.article import Article
    from index.milvus.connection import Connection
    from index.store.name_decisions import Act, NameDecision
    from index.types import NameKind
    from qa.answering.per_release import PerReleaseAsker
    from qa.answering.rerank import ReaderFn
    from qa.finding.figures import FigureFilter, FigureFindings
    from qa.finding.figures import Sort as FigureSort
    from qa.finding.query import FindQuery
    from qa.finding.types import Findings, FoundPassage, Match
    from qa.names.lookup import NameLookup
    from qa.names.types import NamedEntity, NameSummary
    from qa.reader.prediction import ReaderInput, ReaderPrediction
    from qa.retrieval.passage_terms import PassageCache
    from qa.retrieval.retriever import Retriever
    from qa.statements.search import StatementSearch
    from qa.statements.types import AlsoSaid, Fold, Statements
    from qa.tracing.types import Trace
    from qa.tracking.types import Tracked, TrackOptions

T = TypeVar("T")

_ATTEMPTS = 9
"""How often a question is asked at most while the collection changes each time."""


def open_collection(
    folder: str | Path | None = None, *, reranker: Path | None = None
) -> "Collection":
    """Open a collection for asking.

    Args:
        folder: Its folder, or its address in Milvus; None to find it as the command line does:
            the environment variable RELEASEQA_INDEX, else the nearest `.releaseqa` in this
            folder or above it.
        reranker: Folder of a cross-encoder that scores the best passages in place of the
            packaged reader.

    Raises:
        index.errors.CollectionNotFoundError: When there is none.
        index.errors.CollectionTooNewError: When a newer version wrote it.
        index.errors.CollectionDamagedError: When it cannot be read.
        index.errors.EngineError: When a collection in Milvus cannot be used.
    """
    return Collection(find_place(folder), reranker)


class Collection:
    """An open collection; use it in a `with` statement or call `close`."""

    def __init__(self, place: Path | MilvusAddress, reranker: Path | None = None) -> None:
        """Open the collection in a folder or at an address; see `open_collection`."""
        self.place = place
        self._connection: Connection | None = None
        self._reranker = reranker
        self._reader: ReaderFn | None = None
        self._read_for = ""
        self._history = HistoryAnswers()
        self._statements: StatementSearch | None
        self._names: NameLookup | None
        self._listed: tuple[object, list[NameSummary]] | None
        self._opened: SearchBackend | None
        self._retriever_lock = threading.Lock()
        self._made: Retriever | None = None
        self._cache: PassageCache | None = None
        self._open()
        self._told = self._opened_at
        self._lock = threading.Lock()

    def _open(self) -> None:
        """Open the store as it is now."""
        # Questions that still run keep the one before; it is freed with the last of them.
        self._opened, self._made = self._backend(), None
        self._opened_at = self._searcher.state
        self._edition = self._searcher.edition
        self._statements = None
        self._names, self._listed = None, None
        self._notes_taken = 0
        if self._cache is not None:
            self._cache.age()

    def _backend(self) -> SearchBackend:
        """Open what searches it: the embedded engine, or Milvus with a connection that stays."""
        if isinstance(self.place, Path):
            return Searcher(self.place)
        from index.milvus.connection import Connection
        from index.milvus.searcher import MilvusSearcher

        if self._connection is None:
            self._connection = Connection(self.place)
        return MilvusSearcher(self._connection)

    def close(self) -> None:
        """Close it; it cannot be asked afterwards."""
        opened, self._opened, self._made = self._opened, None, None
        if opened is not None:
            opened.close()
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    @property
    def folder(self) -> Path:
        """Its folder.

        Raises:
            NotAvailableError: When it is in Milvus.
        """
        if not isinstance(self.place, Path):
            raise NotAvailableError(f"{self.place} has no folder")
        return self.place

    def __enter__(self) -> Self:
        """Return the collection itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the collection."""
        self.close()

    @property
    def _searcher(self) -> SearchBackend:
        opened = self._opened
        if opened is None:
            raise ClosedError(f"the collection in {self.place} is closed; open it again")
        return opened

    @property
    def _embedded(self) -> Searcher:
        """The same with its store, for what reads whole collections."""
        return _embedded(self._searcher)

    @property
    def _retriever(self) -> "Retriever":
        """What answers questions; made when it is needed, since most commands ask none."""
        from qa.retrieval.retriever import Retriever

        with self._retriever_lock:
            made = self._made
            if made is None or made.searcher is not self._searcher:
                made = self._made = Retriever(self._searcher, self._cache)
                self._cache = made.cache
            return made

    @property
    def state(self) -> str:
        """A text that changes with everything an answer depends on, filters included."""
        from index.store.name_decisions import META

        searcher = self._searcher
        said = searcher.store.meta(META) if isinstance(searcher, Searcher) else None
        if said is None:
            return searcher.state
        return f"{searcher.state}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"

    def checkpoint(self) -> Checkpoint:
        """Return the point in its history up to which all releases can be found."""
        return self._searcher.checkpoint()

    def releases_since(self, checkpoint: Checkpoint) -> tuple[Filters, int] | None:
        """Return filters that select the releases added after a checkpoint, and their number.

        None if the checkpoint belongs to another collection, which this one replaced.
        """
        searcher = self._searcher
        filters = searcher.filters_since(checkpoint)
        return None if filters is None else (filters, searcher.count_since(checkpoint))

    def take_notes(self) -> list[str]:
        """Return notes for the user, each of them once."""
        with self._lock:
            notes = self._searcher.notes[self._notes_taken :]
            self._notes_taken += len(notes)
        return notes

    def warm(self, *, reader: bool = True) -> None:
        """Load the encoder, the indexes and the reader, so that the next question is quick."""
        if self._searcher.load() and reader:
            self._loaded_reader()

    def prepare_encoder(self) -> None:
        """Export the encoder of questions on this machine, unless that was done before."""
        self._searcher.prepare_encoder()

    def refresh(self) -> bool:
        """Search the store as it is now; returns whether anything changed.

        A collection that was put in the place of this one is opened.
        """
        with self._lock:
            told: str | None = self._told
            try:
                if self._searcher.state != self._opened_at:
                    self._open()
            except CollectionReplacedError:  # what is remembered is of another collection
                self._cache, self._history, told = None, HistoryAnswers(), None
                self._open()
            self._told = self._opened_at
            return told != self._told

    def ask(
        self,
        question: str,
        options: AskOptions = DEFAULT_OPTIONS,
        *,
        id: str | None = None,  # noqa: A002 - the field's name in question files
        conversation: Conversation = NO_CONVERSATION,
        as_typed: bool = False,
        **changes: Unpack[AskKeywords],
    ) -> Answer:
        """Answer a question.

        Args:
            question: In plain language, up to 2,000 characters.
            options: How to ask it.
            id: Returned with the answer.
            conversation: The turns before it, from which a follow-up is completed; the answer's
                `asked_as` says how it was understood. It changes nothing for a question that
                stands alone.
            as_typed: Ask the question as typed: ignore the conversation and replace no word.
            **changes: Fields of `AskOptions` that replace those of `options`.

        Raises:
            QuestionError: When the question is not a string, empty or too long.
            SettingsError: When `k` or `risk` is out of range.
            NameLookupError: When the filter `mentions` means nobody, or several.
            ClosedError: When the collection was closed.
            ReleaseIndexError: When the collection or its encoder cannot be used.
            index.errors.CollectionNotFoundError: When its folder was deleted since.
            index.errors.CollectionReplacedError: When another collection is in its place;
                `refresh` opens that one.
        """
        text = validate_question(question)
        options = replace(options, **changes)
        if as_typed:
            options = replace(options, exact_words=True)
        before = NO_CONVERSATION if as_typed else self._completed(conversation, options)

        from qa.answering.pipeline import answer_questions

        def ask(retriever: "Retriever") -> Answer:
            resolved = self._with_releases(options.filters, retriever.searcher)
            asked = replace(options, filters=resolved)

            def alone() -> Answer:
                (answer,) = answer_questions([(question, text)], retriever, self._read, asked)
                return answer

            if not before:
                return alone()
            from qa.conversation.answer import answer_in_conversation

            return answer_in_conversation(
                question, text, before, retriever, self._read, asked, alone
            )

        return replace(self._undisturbed(ask), id=id)

    def _undisturbed(self, ask: "Callable[[Retriever], T]") -> T:
        """Return what is found in one edition of the collection.

        If an update replaces releases while it is searched, what is found lacks their passages.
        Then it is searched again, as it is now; not for ever, since updates can go on and on.
        """
        for left in reversed(range(_ATTEMPTS)):
            retriever, edition = self._current()
            found = ask(retriever)
            if not left or retriever.searcher.edition == edition:
                break
        return found

    def _current(self) -> "tuple[Retriever, str]":
        """Return what searches the releases as they are, and their edition."""
        with self._lock:
            if self._searcher.edition != self._edition:
                self._open()
            return self._retriever, self._edition

    def _completed(self, conversation: Conversation, options: AskOptions) -> Conversation:
        """Return a conversation with the questions asked whose answers are not known."""
        plain = replace(options, k=REMEMBERED_PASSAGES, risk=None, explain=False)

        def ask(question: str, before: Conversation) -> Turn:
            try:
                return turn_of(self.ask(question, plain, conversation=before))
            except QuestionError:  # a history may hold what cannot be asked
                return Turn(question, question)

        return self._history.complete(conversation, ask, (self._opened_at, plain))

    def ask_many(
        self,
        questions: Sequence[str],
        options: AskOptions = DEFAULT_OPTIONS,
        **changes: Unpack[AskKeywords],
    ) -> list[Answer]:
        """Answer several questions, with the same results as asking them one by one.

        They are encoded and compared with the vectors together, which is faster. Arguments and
        errors are those of `ask`.
        """
        from qa.answering.pipeline import answer_questions

        options = replace(options, **changes)
        asked = [(question, validate_question(question)) for question in questions]
        retriever = self._retriever
        filters = self._with_releases(options.filters, retriever.searcher)
        return answer_questions(asked, retriever, self._read, replace(options, filters=filters))

    def find(
        self, query: "FindQuery", filters: Filters = NO_FILTERS, *, words_only: bool = False
    ) -> "Findings":
        """Return every passage that has the words of a query, or is near it in meaning.

        Args:
            query: What to look for, from `qa.finding.query.parse_query`.
            filters: What to search. Without kinds, all are searched but datelines.
            words_only: Leave out what matches by meaning alone.
        """
        from qa.finding.search import find_passages

        filters = self._with_releases(filters)
        return find_passages(self._searcher, query, filters, words_only=words_only)

    def load(self, findings: "Findings", matches: "Sequence[Match]") -> "list[FoundPassage]":
        """Return matches of `find` with their texts and citations, in the same order."""
        from qa.finding.search import load_passages

        return load_passages(self._searcher, findings, matches)

    def said(
        self,
        speaker: str,
        topic: "FindQuery | None" = None,
        filters: Filters = NO_FILTERS,
        *,
        words_only: bool = False,
    ) -> "Statements":
        """Return everything that a person said, by date.

        Args:
            speaker: A name, or a title of two words or more that one person has.
            topic: What it is about, from `qa.finding.query.parse_query`; None for all.
            filters: What to search.
            words_only: Leave out what matches the topic by meaning alone.

        Raises:
            UnknownSpeakerError: When the words name nobody.
            SpeakerError: When they can mean several people.
        """
        search = self._statement_search()
        filters = self._with_releases(filters)
        return search.statements(search.person(speaker), topic, filters, words_only=words_only)

    def near_speakers(self, name: str) -> list[str]:
        """Return people who are quoted and whose names are written like another name."""
        return self._statement_search().near(name)

    def also_said(self, statements: "Statements", fold: "Fold") -> "tuple[AlsoSaid, ...]":
        """Return who else says nearly the same as a statement of `said`, by date."""
        return self._statement_search().also_said(statements.person, fold)

    def _statement_search(self) -> "StatementSearch":
        from qa.statements.search import StatementSearch

        with self._lock:
            searcher = self._embedded
            if self._statements is None or self._statements.searcher is not searcher:
                self._statements = StatementSearch(searcher)
            return self._statements

    def figures(
        self,
        query: "FindQuery | None" = None,
        filters: Filters = NO_FILTERS,
        wanted: "FigureFilter | None" = None,
        *,
        words_only: bool = False,
        sort: "FigureSort" = "date",
        limit: int | None = None,
    ) -> "FigureFindings":
        """Return the figures of the passages that `find` finds, or of all passages.

        Args:
            query: What to look for, from `qa.finding.query.parse_query`; None for all passages.
            filters: What to search.
            wanted: Which figures to return; None for all.
            words_only: Leave out what matches by meaning alone.
            sort: Newest release first, or largest figure first.
            limit: How many to return at most; None for all.
        """
        from qa.finding.figures import EVERY_FIGURE, search_figures

        filters = self._with_releases(filters)
        return search_figures(
            self._embedded, query, filters, wanted or EVERY_FIGURE, words_only=words_only,
            sort=sort, limit=limit,
        )  # fmt: skip

    def names(
        self, text: str = "", filters: Filters = NO_FILTERS, kind: "NameKind | None" = None
    ) -> "list[NamedEntity]":
        """Return the people, organisations and places that releases name.

        Args:
            text: Words that a name must have, in any letter case; empty for all names.
            filters: What to read.
            kind: What to return; None for all kinds.

        Returns:
            Those in most releases first, then by name.
        """
        from qa.names.search import list_names, names_with

        found = names_with(list_names(self._embedded, self._with_releases(filters)), text)
        return [entity for entity in found if kind in (None, entity.kind)]

    def name_summaries(
        self, progress: Callable[[int, int], None] | None = None
    ) -> "list[NameSummary]":
        """Return what `names` returns for all releases, each as a list shows it.

        It is remembered until the releases change, or what the user said of names.

        Args:
            progress: Called now and then with how many releases were read, and of how many.
        """
        from index.store.name_decisions import META
        from qa.names.search import list_names, summary_of

        searcher = self._embedded
        state = (searcher.store.generation, searcher.store.meta(META))
        listed = self._listed
        if listed is None or listed[0] != state:
            found = list_names(searcher, progress=progress)
            listed = self._listed = (state, [summary_of(entity) for entity in found])
        return listed[1]

    def check_filters(self, filters: Filters) -> None:
        """Refuse filters that nothing can meet, before a long run begins.

        Raises:
            NameLookupError: When the filter `mentions` means nobody, or several.
        """
        self._with_releases(filters)

    def name_decisions(self) -> "tuple[NameDecision, ...]":
        """Return which names the user merged and parted, the earliest first."""
        from index.store.name_decisions import load_name_decisions

        return load_name_decisions(self._embedded.store)

    def name_decision(
        self, act: "Act", name: str, other: str, kind: "NameKind | None" = None
    ) -> "NameDecision":
        """Return what the user says of two names, each as the releases write it.

        `index.store.name_decisions` records it: this class only reads.

        Args:
            act: `merge` or `part`.
            name: The first name.
            other: The second name.
            kind: What both name, if they can name something else as well.

        Raises:
            NameDecisionError: When they are of different kinds, or are merged, or not merged.
            NameLookupError: When nobody and nothing is named so.
        """
        from qa.names.decide import decision_about

        return decision_about(self._name_lookup(self._embedded), act, name, other, kind)

    def _name_lookup(self, searcher: Searcher) -> "NameLookup":
        from qa.names.lookup import NameLookup

        with self._lock:
            if self._names is None or self._names.searcher is not searcher:
                self._names = NameLookup(searcher)
            return self._names

    def _with_releases(self, filters: Filters, searcher: SearchBackend | None = None) -> Filters:
        """Return filters that say which releases mention a name, if they ask for one."""
        if not filters.mentions:
            return filters
        lookup = self._name_lookup(_embedded(searcher or self._searcher))
        return replace(filters, named_in=lookup.releases(filters.mentions))

    def trace(
        self, article: "Article", filters: Filters = NO_FILTERS, *, words_only: bool = False
    ) -> "Trace":
        """Return which sentences of an article come from which releases, and what was left out.

        Args:
            article: The article, from `index.ingest.article.read_article`.
            filters: What it may come from.
            words_only: Compare words alone, not meaning.
        """
        from qa.tracing.search import trace_article

        filters = self._with_releases(filters)
        return trace_article(self._embedded, article, filters, words_only=words_only)

    def track(self, question: str, options: "TrackOptions | None" = None) -> "Tracked":
        """Return what releases answer to a question, by date, and what changed.

        Args:
            question: In plain language, up to 2,000 characters.
            options: How releases are asked.

        Raises:
            QuestionError: When the question is empty, too long, or in letters that the reader
                does not know.
        """
        from qa.tracking.search import track
        from qa.tracking.types import TrackOptions

        text = validate_question(question)
        options = options or TrackOptions()
        options = replace(options, filters=self._with_releases(options.filters))
        return track(text, self._retriever, self._read, options)

    def per_release(
        self, options: AskOptions = DEFAULT_OPTIONS, *, k: int = 1
    ) -> "PerReleaseAsker":
        """Return what asks one release at a time, each question parsed and encoded once.

        An answer has the best `k` passages of its release.
        """
        from qa.answering.per_release import PerReleaseAsker

        retriever, embedded = self._retriever, self._embedded
        resolve = partial(self._with_releases, searcher=embedded)
        options = replace(options, k=k)
        return PerReleaseAsker(retriever, embedded.store, self._read, options, resolve)

    def _read(self, question: str, inputs: "Sequence[ReaderInput]") -> "Sequence[ReaderPrediction]":
        """Read passages with the reader, which is loaded on first use."""
        return self._loaded_reader()(question, inputs)

    def _loaded_reader(self) -> "ReaderFn":
        encoder = self._searcher.encoder_family
        with self._lock:
            if self._reader is None or self._read_for != encoder:
                from qa.reader.by_language import reader_for

                reader = reader_for(encoder)
                self._reader, self._read_for = reader.read, encoder
                if self._reranker is not None:
                    from index.encoders.cross_encoder import CrossEncoder
                    from qa.reader.cross_encoder import RerankerReader

                    self._reader = RerankerReader(reader, CrossEncoder(self._reranker)).read
            return self._reader

    def document(self, release_id: str) -> ReleaseDocument:
        """Return a whole release.

        Raises:
            index.errors.ReleaseNotFoundError: When there is none of that id.
        """
        stored = self._embedded.store.release(release_id)
        passages = self._embedded.store.passages_of(stored.key)
        belonging = related_releases(self._embedded.store, [stored.key]).get(stored.key, NO_RELATED)
        return ReleaseDocument(release_ref(stored, belonging), stored.release.text, passages)

    def release_id(self, name: str) -> str:
        """Return the id of the release that a user's name for it means.

        Args:
            name: The id, the start of one id only, the title, or a part of one title only.

        Raises:
            AmbiguousReleaseError: When it fits several; its notes list them.
            index.errors.ReleaseNotFoundError: When it fits none.
        """
        return find_release(self._embedded.store, name).release_id

    def metadata(self, release_id: str) -> dict[str, object]:
        """Return the fields of a release that its source had besides the known ones."""
        return dict(self._embedded.store.release(release_id).release.metadata)

    def releases(self, filters: Filters = NO_FILTERS) -> list[ReleaseRef]:
        """Return the releases that meet `filters`, newest first."""
        return list(self.iter_releases(filters))

    def iter_releases(self, filters: Filters = NO_FILTERS) -> Iterator[ReleaseRef]:
        """Yield the releases that `releases` returns, while the collection is open."""
        filters = self._with_releases(filters)
        found = related_releases(self._embedded.store)
        for stored in self._embedded.store.iter_releases(filters):
            yield release_ref(stored, found.get(stored.key, NO_RELATED))

    def releases_with_words(self, question: str, filters: Filters = NO_FILTERS) -> WordMatches:
        """Return the releases that contain most of the words of a question, newest first.

        Args:
            question: Self-contained, up to 2,000 characters.
            filters: The releases must meet them.

        Raises:
            QuestionError: When the question is not a string, empty or too long.
        """
        from qa.retrieval.word_matches import releases_with_words

        parsed = parse_question(validate_question(question))
        stored = self._embedded.store.releases(self._with_releases(filters))
        needed, keys = releases_with_words(self._embedded, parsed, {found.key for found in stored})
        refs = tuple(release_ref(found) for found in stored if found.key in keys)
        return WordMatches(tuple(word.text for word in parsed.words), needed, refs)

    def status(self) -> Status:
        """Return the counts and sizes of the collection."""
        return collection_status(self._embedded.store)

    def facets(self) -> Facets:
        """Return the values to filter by, with counts."""
        return collection_facets(self._embedded.store)

    def near_issuers(self, issuer: str) -> list[str] | None:
        """Return issuers that are written like a text; None if an issuer contains it."""
        known = [name for name, _ in self.facets().get("issuer", ())]
        if any(issuer.casefold() in name.casefold() for name in known):
            return None
        return near_names(issuer, known)

    def examples(self) -> list[str]:
        """Return questions that the collection answers, as `index` chose them; perhaps none."""
        found = load_examples(self._embedded.store)
        return [] if found is None else [question.text for question in found.questions]

    def question_about(self, release_id: str) -> str | None:
        """Return a question that is answered from this release, or None if none can be made.

        Raises:
            index.errors.ReleaseNotFoundError: When there is no release of that id.
        """
        from qa.examples.choose import about_release

        return about_release(self.document(release_id), self.ask)

    def check(self, citation: str) -> CitationCheck:
        """Check that a citation's words stand unchanged in the cited release at the cited place."""
        return check_citation(self._embedded.store, citation)


__all__ = ["Collection", "ReleaseDocument", "ReleaseIndexError", "open_collection"]


def _embedded(searcher: SearchBackend) -> Searcher:
    """Return a searcher with its store, for what reads whole collections.

    Raises:
        NotAvailableError: When the collection is in Milvus.
    """
    if not isinstance(searcher, Searcher):
        raise NotAvailableError(
            "only questions, batches and find are available for a collection in Milvus; for "
            "everything else, open the folder of the store that was published"
        )
    return searcher
