"""The answer to a question: the exact words, the sentence they stand in, the release.

While an answer is sought, the same rows show how far it is and the first passage, so that little
moves when it comes.
"""

from dataclasses import dataclass, replace

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from qa.display import clean_line
from qa.presentation import (
    CLOSEST_PASSAGES,
    candidates_line,
    certainty,
    everything,
    is_quoted,
    no_answer,
    undated_note,
)
from qa.types import Answer, ExactAnswer, RankedPassage
from tui.messages import PassageChosen
from tui.render.highlights import StyledSpan
from tui.render.layout import shorten, source_of, title_of
from tui.state.turns import (
    NO_ANNOTATIONS,
    Annotations,
    ChatTurn,
    best_evidence,
    evidence_of,
    shown_passages,
)
from tui.widgets.excerpts import PREVIEW_BUDGET, Excerpt, around, sentence, whole
from tui.widgets.passage_card import about_passage, draw_annotations, show_line
from tui.widgets.passage_text import PassageText

_UNDER_WAY = {
    "waiting": "Waiting…",
    "searching": "Searching…",
    "refining": "Found by words. The model is loading and will improve the order…",
    "reading": "Reading the best passages…",
    "cancelled": "Cancelled",
}
_BEST_PASSAGE = "Best passage:"
_SOURCE = 40
"""Cells of the name of a file, which would else be broken within a word."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is shown of a passage that answers.

    Attributes:
        position: Index of the passage in the answer.
        words: The exact words, where there are several to choose from; else empty.
        sentence: What is quoted of it.
        title: The headline of its release, as drawn.
        facts: Who issued it and when, as drawn.
    """

    position: int
    words: str
    sentence: Excerpt
    title: str
    facts: str


class SourceView(Vertical):
    """A sentence and where it stands; a click chooses its passage."""

    DEFAULT_CSS = """
    SourceView {
        height: auto;
        margin: 0 0 1 0;
        & > .source--words { text-style: bold; display: none; }
        & > .source--words.-shown { display: block; }
        & > PassageText { margin: 0 0 1 0; }
    }
    """

    def __init__(self, turn: int, source: Source) -> None:
        super().__init__()
        self._turn = turn
        self._source = source
        self._words = Static(classes="source--words")
        self._sentence = PassageText(source.sentence)
        self._release = Static()
        self.show(source)

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        yield self._words
        yield self._sentence
        yield self._release

    def show(self, source: Source) -> None:
        """Show another source."""
        self._source = source
        show_line(self._words, Content(source.words))
        self._sentence.show(source.sentence)
        show_line(
            self._release,
            Content("\n").join([Content(source.title), Content.styled(source.facts, "$quiet")]),
        )

    def on_click(self, event: events.Click) -> None:
        """Choose the passage; a double click opens its release."""
        event.stop()
        opened = event.chain > 1
        self.post_message(PassageChosen(self._turn, self._source.position, opened=opened))


class AnswerBlock(Vertical):
    """The first thing below a question. Stands for the answer's first passage."""

    DEFAULT_CSS = """
    AnswerBlock {
        height: auto;
        padding: 0 1 0 2;
        border-left: blank;
        & > .answer--head { height: auto; margin: 0 0 1 0; }
        & > .answer--head > PassageText { width: 1fr; color: $quiet; }
        & > .answer--head > .answer--sure { width: auto; color: $quiet; padding: 0 0 0 2; }
        &.-answered > .answer--head > PassageText { color: $foreground; text-style: bold; }
        &.-declined > .answer--head > PassageText { color: $foreground; text-style: none; }
        &.-failed > .answer--head > PassageText { color: $error; }
        & > .answer--everything { color: $quiet; display: none; margin: 0 0 1 0; }
        & > .answer--everything.-shown { display: block; }
        & > .answer--annotations { color: $accent; display: none; margin: 0 0 1 0; }
        & > .answer--annotations.-shown { display: block; }
        &.-selected { border-left: outer $primary; }
    }
    """

    def __init__(self, turn: ChatTurn, annotations: Annotations) -> None:
        super().__init__()
        self.turn = turn
        self.annotations = annotations
        self._evidence: int | None = None
        self._head = PassageText(head_of(turn))
        self._sure = Static(classes="answer--sure")
        self._everything = Static(classes="answer--everything")
        self._annotations = Static(classes="answer--annotations")
        self._views = [SourceView(turn.number, source) for source in sources_of(turn)]
        self._draw()

    def compose(self) -> ComposeResult:
        """Lay out the words, how sure they are, and the sources."""
        with Horizontal(classes="answer--head"):
            yield self._head
            yield self._sure
        yield from self._views
        yield self._everything
        yield self._annotations

    @property
    def passage(self) -> RankedPassage:
        """The first passage of the answer; there has to be one."""
        return self.turn.passages[0]

    def follow(self, turn: ChatTurn) -> None:
        """Show the turn's new state, changing only what differs."""
        self.turn = turn
        self._draw()

    def select(self, evidence: int | None) -> None:
        """Mark the answer as the passage at the cursor."""
        self.add_class("-selected")
        self._evidence = evidence
        self._draw()

    def deselect(self) -> None:
        """Take the mark away."""
        self.remove_class("-selected")
        self._evidence = None
        self._draw()

    def annotate(self, annotations: Annotations) -> None:
        """Show what the user noted."""
        self.annotations = annotations
        self._draw()

    def _draw(self) -> None:
        turn = self.turn
        self.set_class(turn.answered, "-answered")
        self.set_class(turn.declined, "-declined")
        self.set_class(turn.state == "failed", "-failed")
        self._head.show(head_of(turn))
        show_line(self._sure, Content(sure_of(turn)))
        self._draw_sources(sources_of(turn, self._evidence))
        answered = turn.answer if turn.answered else None
        more = "" if answered is None else everything(answered, turn.filters)
        show_line(self._everything, Content(clean_line(more)))
        shown = self.annotations if turn.passages else NO_ANNOTATIONS
        show_line(self._annotations, draw_annotations(shown))

    def _draw_sources(self, sources: list[Source]) -> None:
        for view in self._views[len(sources) :]:
            view.remove()
        del self._views[len(sources) :]
        for view, source in zip(self._views, sources, strict=False):
            view.show(source)
        more = [SourceView(self.turn.number, source) for source in sources[len(self._views) :]]
        self._views += more
        if more and self.is_attached:
            self.mount_all(more, before=self._everything)

    def on_click(self, event: events.Click) -> None:
        """Choose the first passage; a double click opens its release."""
        event.stop()
        if self.turn.passages:
            self.post_message(PassageChosen(self.turn.number, 0, opened=event.chain > 1))


def head_of(turn: ChatTurn) -> Excerpt:
    """Return the exact words, or one line on the state of the question."""
    answer = turn.answer
    if turn.state == "failed" or (turn.state == "done" and answer is None):
        return whole("✗ " + (turn.error or "The question failed."))
    if turn.state != "done" or answer is None:
        return whole(_UNDER_WAY[turn.state])
    if not answer.answered:
        said = no_answer(answer, turn.filters)
        return whole(f"{said} {CLOSEST_PASSAGES}" if answer.passages else said)
    undated = undated_note(answer)
    words = candidates_line(answer) or _BEST_PASSAGE
    return whole(f"{words} ({undated})" if undated else words)


def sure_of(turn: ChatTurn) -> str:
    """Return how sure an answer is, in words; empty without one."""
    if turn.answer is None or not turn.answered:
        return ""
    by_words = " · by words only" if turn.answer.by_words else ""
    return certainty(turn.answer) + by_words


def sources_of(turn: ChatTurn, evidence: int | None = None) -> list[Source]:
    """Return where the answer stands: once for each candidate.

    Args:
        turn: The turn.
        evidence: Index of the evidence at the cursor in the first passage; None for the best.
    """
    answer = turn.answer
    if answer is None or not answer.passages:
        return []
    shown = shown_passages(turn)
    if turn.answered and answer.alternatives:
        return [
            _source(
                shown[words.passage], _candidate(answer.passages[words.passage], words), words.text
            )
            for words in answer.candidates
        ]
    return [_source(shown[0], _quoted(turn, answer, shown[0], evidence))]


def _source(shown: RankedPassage, quoted: Excerpt, words: str = "") -> Source:
    release = shown.release
    facts = [release.issuer or shorten(source_of(release), _SOURCE), release.date or "undated"]
    line = " · ".join([*map(clean_line, facts), *about_passage(shown)])
    return Source(shown.rank - 1, clean_line(words), quoted, title_of(release), line)


def _candidate(passage: RankedPassage, words: ExactAnswer) -> Excerpt:
    """Return the sentence of a candidate; none of them is painted as the answer."""
    start, end = words.span
    around_them = (h.span for h in evidence_of(passage) if h.span[0] <= start and end <= h.span[1])
    quoted = sentence(passage, next(around_them, words.span))
    return replace(quoted, highlights=(StyledSpan(words.span, "term"),))


def _quoted(turn: ChatTurn, answer: Answer, shown: RankedPassage, evidence: int | None) -> Excerpt:
    """Return what is quoted of the first passage."""
    if turn.declined and answer.nearest is not None:
        near = sentence(shown, answer.nearest.span)
        left, right = ("", "") if is_quoted(answer.nearest.text) else ("“", "”")
        return replace(near, before=f"May help: {left}", after=near.after + right)
    stops = evidence_of(shown)
    best = best_evidence(shown) if evidence is None or evidence >= len(stops) else evidence
    if best is None:
        return around(shown, None, PREVIEW_BUDGET)
    return sentence(shown, stops[best].span, evidence)
