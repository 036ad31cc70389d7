"""A collection small and plain enough that every screen it leads to can be predicted.

It ranks paragraphs by the words they share with the question, in memory, with fixed timings, and
finds exact words where a test has named them. Gates hold it up where a test wants to look at what
is on the screen meanwhile.
"""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.errors import CollectionNotFoundError
from index.filters import NO_FILTERS, Filters
from index.reports import Facets, Progress, Skip, Status, UpdateReport
from index.types import Passage, Span
from qa.conversation.types import NO_CONVERSATION, Conversation
from qa.names.join import join_names
from qa.names.read import NameReader
from qa.names.search import summary_of
from qa.names.types import NamedRelease, NameSummary
from qa.presentation import NOT_CLEAR
from qa.types import (
    DEFAULT_OPTIONS,
    Answer,
    AskOptions,
    Evidence,
    ExactAnswer,
    Highlight,
    PassageScores,
    RankedPassage,
    ReleaseRef,
    Timing,
    WordMatches,
)

HELD = 90.0
"""Seconds that a closed gate holds at most, where a test forgot to open it."""
STOPWORDS = {"a", "an", "and", "did", "does", "for", "in", "is", "of", "the", "to", "what"}
STOPWORDS |= {"was", "when", "where", "who", "with"}
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"[^\s.!?][^.!?\n]*[.!?”]*")


@dataclass(frozen=True)
class Document:
    """A release with its paragraphs."""

    ref: ReleaseRef
    text: str
    passages: tuple[Passage, ...]


def release(release_id: str, text: str, **facts: str | None) -> Document:
    """Make a release whose passages are its paragraphs; the first is the headline."""
    spans = [match.span() for match in re.finditer(r"[^\n]+(?:\n(?!\n)[^\n]+)*", text)]
    passages = []
    for ordinal, (start, end) in enumerate(spans):
        words = text[start:end]
        kind = "headline" if ordinal == 0 else "quote" if words.startswith("“") else "body"
        if words.startswith("About "):
            kind = "boilerplate"
        sentences = tuple(match.span() for match in _SENTENCE.finditer(words))
        passages.append(Passage(ordinal, kind, (start, end), sentences))  # type: ignore[arg-type]
    ref = ReleaseRef(
        id=release_id,
        title=facts.get("title") or text[slice(*spans[0])],
        date=facts.get("date"),
        issuer=facts.get("issuer"),
        lang=facts.get("lang", "en"),
        source=facts.get("source") or f"releases/{release_id}.txt",
        url=facts.get("url"),
    )
    return Document(ref, text, tuple(passages))


def words_of(text: str) -> set[str]:
    """The words of a text that carry its meaning, in small letters."""
    return {word.lower() for word in _WORD.findall(text)} - STOPWORDS


@dataclass
class PlainEngine:
    """An engine in memory. Its gates are open unless a test closes them."""

    documents: Sequence[Document]
    warm_gate: threading.Event = field(default_factory=threading.Event)
    ask_gate: threading.Event = field(default_factory=threading.Event)
    question_gate: threading.Event = field(default_factory=threading.Event)
    names_gate: threading.Event = field(default_factory=threading.Event)
    names_error: Exception | None = None
    warm_error: Exception | None = None
    ask_error: Exception | None = None
    refined: Callable[[Answer], Answer] = lambda answer: answer
    unknown_letters: bool = False
    exact: Sequence[str] = ()
    competing: bool = False
    asked: list[tuple[str, Filters, bool]] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    questions: dict[str, str] = field(default_factory=dict)
    skipped: tuple[Skip, ...] = ()
    closed: bool = False
    changed: bool = False

    def __post_init__(self) -> None:
        self.warm_gate.set()
        self.ask_gate.set()
        self.question_gate.set()
        self.names_gate.set()

    def warm(self, *, reader: bool = True) -> None:  # noqa: ARG002 - there is none
        """Load nothing, when the test lets it."""
        self.warm_gate.wait(HELD)
        if self.warm_error is not None:
            raise self.warm_error

    def status(self) -> Status:
        """Count."""
        dates = sorted(d.ref.date for d in self.documents if d.ref.date)
        return Status(
            folder=".releaseqa", releases=len(self.documents),
            passages=sum(len(d.passages) for d in self.documents), to_encode=0, dated=len(dates),
            first_date=dates[0] if dates else None, last_date=dates[-1] if dates else None,
            issuers=len({d.ref.issuer for d in self.documents}), languages=(("en", 1),),
            model="plain", fingerprint=None, store_bytes=0, derived_bytes=0, updated_at=None,
            schema=1, skipped=self.skipped,
        )  # fmt: skip

    def refresh(self) -> bool:
        """Nothing changes by itself: a test says that something did."""
        changed, self.changed = self.changed, False
        return changed

    def releases(self, filters: Filters = NO_FILTERS) -> list[ReleaseRef]:
        """Give those of an issuer, of some row numbers, or all, newest first."""
        wanted, rows = filters.issuer or "", filters.named_in
        refs = [
            d.ref
            for row, d in enumerate(self.documents, 1)
            if wanted in (d.ref.issuer or "") and (rows is None or row in rows)
        ]
        return sorted(refs, key=lambda ref: ref.date or "", reverse=True)

    def name_summaries(self, progress: Callable[[int, int], None]) -> list[NameSummary]:
        """Find the names in the paragraphs, when the test lets it."""
        progress(1, 4)
        self.names_gate.wait(HELD)
        if self.names_error is not None:
            raise self.names_error
        reader = NameReader(frozenset())
        rows = dict(enumerate(self.documents, 1))
        read = {
            row: [p.span for p in d.passages if p.kind != "headline"] for row, d in rows.items()
        }
        entities = join_names(
            {row: list(reader.mentions(d.text, read[row])) for row, d in rows.items()},
            {row: NamedRelease(row, d.ref.id, d.ref.date) for row, d in rows.items()},
        )
        return [summary_of(e) for e in sorted(entities, key=lambda e: (-len(e.releases), e.name))]

    def releases_with_words(self, question: str, filters: Filters = NO_FILTERS) -> WordMatches:
        """Find those that share half of the words of a question, newest first."""
        wanted = words_of(question)
        needed = (len(wanted) + 1) // 2
        found = {d.ref.id for d in self.documents if len(wanted & words_of(d.text)) >= needed}
        releases = tuple(ref for ref in self.releases(filters) if ref.id in found)
        return WordMatches(tuple(sorted(wanted)), needed, releases)

    def examples(self) -> list[str]:
        """Give those of the test."""
        return list(self.questions.values())

    def question_about(self, release_id: str) -> str | None:
        """Find the question of the test that is about the release, when the test lets it."""
        self.question_gate.wait(10)
        return self.questions.get(release_id)

    def facets(self) -> Facets:
        """Count, the most frequent first."""

        def counts(values: Iterable[str | None]) -> tuple[tuple[str, int], ...]:
            found = Counter(value for value in values if value)
            return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))

        refs = [document.ref for document in self.documents]
        passages = [passage for document in self.documents for passage in document.passages]
        years = tuple(sorted(counts((ref.date or "")[:4] for ref in refs), reverse=True))
        return {
            "since": years,
            "until": years,
            "issuer": counts(ref.issuer for ref in refs),
            "lang": counts(ref.lang for ref in refs),
            "kind": counts(passage.kind for passage in passages),
            "speaker": counts(passage.speaker for passage in passages),
        }

    def take_notes(self) -> list[str]:
        """Give each note once."""
        notes, self.notes = list(self.notes), ()
        return notes

    def close(self) -> None:
        """Note that it was called."""
        self.closed = True

    def document(self, release_id: str) -> Document:
        """Give the release."""
        return next(d for d in self.documents if d.ref.id == release_id)

    def ask(
        self,
        question: str,
        options: AskOptions = DEFAULT_OPTIONS,
        *,
        conversation: Conversation = NO_CONVERSATION,
        as_typed: bool = False,
    ) -> Answer:
        """Rank the paragraphs by shared words; “And …” goes on from the last turn."""
        filters, words_only = options.filters, options.words_only
        self.asked.append((question, filters, words_only))
        typed = question
        if conversation and not as_typed and question.startswith("And "):
            question = f"{question} ({conversation.turns[-1].asked_as})"
        if not words_only:
            self.ask_gate.wait(HELD)
        if self.ask_error is not None:
            raise self.ask_error
        wanted = words_of(question)
        found = [
            (len(wanted & words_of(document.text[slice(*passage.span)])), document, passage)
            for document in self.documents
            if filters.issuer is None or filters.issuer in (document.ref.issuer or "")
            for passage in document.passages
        ]
        found.sort(key=lambda entry: (-entry[0], entry[1].ref.id, entry[2].ordinal))
        most = found[0][0] if found else 0
        answered = most >= max(2, len(wanted) // 2)
        passages = tuple(
            _rank(rank, document, passage, wanted, sure=shared == most, explain=options.explain)
            for rank, (shared, document, passage) in enumerate(found[: options.k], 1)
            if shared
        )
        best = _best(passages)
        if not answered:
            passages = tuple(_unmarked(passage) for passage in passages)
        words = () if words_only else self._exact_words(passages) if answered else ()
        answer = Answer(
            id=None, question=typed, asked_as=question, answered=answered,
            confidence=0.93 if answered else 0.12,
            reason=None if answered else NOT_CLEAR,
            evidence=best if answered else None, answer=words[0] if words else None,
            passages=_with_exact(passages, words), alternatives=words[1:],
            nearest=None if answered else best,
            timing=Timing(3.0, 9.0, 12.0), partial=words_only and not self.unknown_letters,
        )  # fmt: skip
        if self.unknown_letters:
            return _without_meaning(answer)
        return answer if words_only else self.refined(answer)

    def _exact_words(self, passages: Sequence[RankedPassage]) -> tuple[ExactAnswer, ...]:
        """Find the named words in the first passage, and in the others if they are to compete."""
        found = []
        for position, passage in enumerate(passages if self.competing else passages[:1]):
            for words in self.exact:
                start = passage.text.find(words)
                if start >= 0:
                    span = (start, start + len(words))
                    found.append(ExactAnswer(position, span, words, 0.8))
        return tuple(found)


def _with_exact(
    passages: Sequence[RankedPassage], words: Sequence[ExactAnswer]
) -> tuple[RankedPassage, ...]:
    """Mark the exact words in their passages."""
    marked = list(passages)
    for found in words:
        passage = marked[found.passage]
        marks = (*passage.highlights, Highlight(found.span, "answer", found.score))
        marked[found.passage] = replace(passage, highlights=marks)
    return tuple(marked)


def _unmarked(passage: RankedPassage) -> RankedPassage:
    """Take the evidence away: where there is no answer, nothing is."""
    marks = tuple(mark for mark in passage.highlights if mark.kind == "term")
    return replace(passage, highlights=marks)


def _rank(
    rank: int, document: Document, passage: Passage, wanted: set[str], *, sure: bool, explain: bool
) -> RankedPassage:
    text = document.text[slice(*passage.span)]
    terms = [
        Highlight(match.span(), "term", 0.5)
        for match in _WORD.finditer(text)
        if match[0].lower() in wanted
    ]
    sentences = sorted(passage.sentences, key=lambda s: -len(wanted & words_of(text[s[0] : s[1]])))
    evidence = [Highlight(span, "evidence", 0.9 - 0.1 * i) for i, span in enumerate(sentences[:1])]
    score = round(1.0 - rank / 10, 2)
    return RankedPassage(
        rank=rank, score=score, scores=PassageScores(
            score - 0.1, score, 4.2 - rank / 10, score, 0.95 if sure else 0.1
        ),
        release=document.ref, passage_id=f"{document.ref.id}#{passage.ordinal}",
        ordinal=passage.ordinal, kind=passage.kind, speaker=passage.speaker, span=passage.span,
        text=text, highlights=tuple(sorted(evidence + terms, key=lambda mark: mark.span)),
        also_in=(), citation=f"“{document.ref.title}”, {document.ref.id}#{passage.ordinal}",
        explanation=(("idf-weighted coverage", 0.8), ("gap to the runner-up", 0.2))
        if explain else (),
    )  # fmt: skip


def _without_meaning(answer: Answer) -> Answer:
    """Take the cosines away."""
    passages = tuple(
        replace(p, scores=replace(p.scores, dense=None, sentence=None)) for p in answer.passages
    )
    return replace(answer, passages=passages)


def _best(passages: tuple[RankedPassage, ...]) -> Evidence | None:
    for position, passage in enumerate(passages):
        for mark in passage.highlights:
            if mark.kind == "evidence":
                return Evidence(position, mark.span, passage.text[slice(*mark.span)])
    return None


def reversed_order(answer: Answer) -> Answer:
    """What meaning makes of words: the same passages the other way round."""
    passages = tuple(
        replace(passage, rank=rank, score=round(1.0 - rank / 10, 2))
        for rank, passage in enumerate(reversed(answer.passages), 1)
    )
    return replace(answer, passages=passages, partial=False)


@dataclass
class PlainUpdate:
    """Indexing that a test steps through; `folder` opens afterwards."""

    report: UpdateReport = field(default_factory=UpdateReport)
    steps: tuple[Progress, ...] = ()
    gate: threading.Event = field(default_factory=threading.Event)
    error: Exception | None = None
    sources: list[str | Path] = field(default_factory=list)
    done: bool = False

    def __call__(
        self,
        folder: Path,  # noqa: ARG002 - the real one takes it
        sources: Sequence[str | Path],
        *,
        progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
    ) -> UpdateReport:
        """Report each step, then wait for the gate or to be cancelled."""
        self.sources += sources
        for step in self.steps:
            progress(step)
        while not self.gate.wait(0.02):
            if cancelled():
                return replace(self.report, interrupted=True)
        if self.error is not None:
            raise self.error
        self.done = True
        return self.report


def missing(folder: Path) -> PlainEngine:
    """An opener that finds no collection."""
    raise CollectionNotFoundError(f"There is no collection at {folder}; run: releaseqa index DIR")


def span_of(document: Document, words: str) -> Span:
    """The span of words in a release."""
    start = document.text.index(words)
    return start, start + len(words)


SKIP = Skip("odd\x1b[2Jname.txt", "no text\n[@click=app.quit]x[/]")
