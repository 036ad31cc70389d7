"""The release of the passage that is read, beside the conversation or on a screen of its own."""

import re
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from qa.display import clean_line
from qa.types import RankedPassage, ReleaseRef
from tui.render.highlights import StyledSpan, highlights_of
from tui.render.layout import source_of, title_of
from tui.state.document import Document
from tui.state.turns import evidence_of
from tui.widgets.find_bar import FindBar
from tui.widgets.release_view import Numbered, ReleaseView

if TYPE_CHECKING:
    from index.types import Span


class SourcePane(Vertical):
    """Title, facts and text of a release; marks what the answer took from it."""

    DEFAULT_CSS = """
    SourcePane {
        & > .source--head { height: 1; margin: 0 0 1 0; background: $surface; color: $quiet; }
        & > .source--head > Static {
            padding: 0 1;
            width: 1fr;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
        & > .source--head > .source--depth { width: auto; }
        & > ReleaseView { padding: 0 1 0 0; }
    }
    """

    def __init__(self, view: ReleaseView | None = None) -> None:
        super().__init__()
        self._view = view or ReleaseView()
        self._release_id: str | None = None
        self._passage: RankedPassage | None = None
        self._evidence: int | None = None
        self._passages: tuple[Numbered, ...] = ()
        self._matches: list[Span] = []
        self._match: int | None = None

    def compose(self) -> ComposeResult:
        """Lay out the pane."""
        with Horizontal(classes="source--head"):
            yield Static(Content("The release of a passage shows here."), classes="source--facts")
            yield Static(classes="source--depth")
        yield self._view
        yield FindBar()

    @property
    def view(self) -> ReleaseView:
        """The text of the release."""
        return self._view

    @property
    def find_bar(self) -> FindBar:
        """Where the words to find are written."""
        return self.query_one(FindBar)

    @property
    def shows_matches(self) -> bool:
        """Whether matches of Find are marked, so that n and N step through them."""
        return bool(self._matches)

    def on_mount(self) -> None:
        """Keep the head line true while the release scrolls."""
        self.watch(self.view, "scroll_y", self._show_head, init=False)
        self.watch(self.view, "virtual_size", self._show_head, init=False)

    def expect(
        self, passage: RankedPassage, evidence: int | None, passages: tuple[Numbered, ...]
    ) -> bool:
        """Take the passage to show; whether its release is here already.

        Args:
            passage: The passage that is read.
            evidence: Which of its evidence.
            passages: All of the answer's passages from the same release.
        """
        self._passage, self._evidence, self._passages = passage, evidence, passages
        self._release_id = passage.release.id
        document = self.view.document
        if document is None or document.ref.id != passage.release.id:
            return False
        self._mark(bring=True)
        return True

    def expect_release(self, release: ReleaseRef) -> None:
        """Take the release to show, outside any answer."""
        self._passage, self._release_id = None, release.id

    def show(self, document: Document) -> None:
        """Show a release that arrived, unless another is wanted by now."""
        if document.ref.id != self._release_id:
            return
        self._matches, self._match = [], None
        self.view.show(document)
        if self.view.is_laid_out:
            self._mark(bring=True)  # at once: each drawing holds up a key
        else:
            self.call_after_refresh(self._mark, bring=True)
        self.call_after_refresh(self._show_head)

    def _show_head(self) -> None:
        """Say which release it is, by its headline where that is out of sight, and how far down."""
        document = self.view.document
        if document is None:
            return
        ref = document.ref
        facts = [ref.date or "undated", ref.issuer, ref.lang, ref.url or source_of(ref)]
        line = " · ".join(clean_line(fact) for fact in facts if fact)
        seen = self.view.headline_seen and bool(ref.title.strip())
        head = Content(line) if seen else Content.styled(title_of(ref), "bold $foreground")
        self.query_one(".source--facts", Static).update(head, layout=False)
        depth = self.query_one(".source--depth", Static)
        content = Content(f"{self.view.depth}%")
        depth.update(content, layout=len(content) != len(str(depth.content)))

    def clear(self) -> None:
        """Show nothing in particular."""
        self._passage, self._release_id = None, None

    def find(self, words: str) -> None:
        """Mark every place where the words stand, and go to the first from here on."""
        document = self.view.document
        self._matches, self._match = [], None
        if document is not None and words:
            pattern = re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE)
            self._matches = [match.span() for match in pattern.finditer(document.text)]
        if self._matches:
            here = self._passage.span[0] if self._passage else 0
            self._match = next((i for i, span in enumerate(self._matches) if span[0] >= here), 0)
        self._mark(bring=False)
        self._bring_match()
        self.find_bar.count(self._match, len(self._matches))

    def step_match(self, step: int) -> None:
        """Go to the next or previous match, around the ends."""
        if self._match is not None:
            self._match = (self._match + step) % len(self._matches)
            self._mark(bring=False)
            self._bring_match()

    def clear_matches(self) -> None:
        """Take the marks of Find away."""
        self._matches, self._match = [], None
        self._mark(bring=False)

    @property
    def match_text(self) -> str:
        """Say which match is shown, of how many."""
        return "" if self._match is None else f"match {self._match + 1} of {len(self._matches)}"

    def _bring_match(self) -> None:
        if self._match is not None:
            self.view.bring(self._matches[self._match])

    def _mark(self, *, bring: bool) -> None:
        passage, document = self._passage, self.view.document
        if passage is None:
            self.view.mark([StyledSpan(span, "found") for span in self._matches], None, ())
            return
        if document is None or document.ref.id != passage.release.id:
            return
        start = passage.span[0]
        marks = highlights_of(passage.highlights, start)
        stops = [(s + start, e + start) for s, e in (m.span for m in evidence_of(passage))]
        target = passage.span
        if self._evidence is not None and self._evidence < len(stops):
            target = stops[self._evidence]
            marks.append(StyledSpan(target, "current"))
        elif stops:
            target = stops[0]
        marks += (StyledSpan(span, "found") for span in self._matches)
        self.view.mark(marks, passage.span, self._passages)
        if bring:
            self.view.bring(target)
