"""The release of the passage at the cursor, beside the conversation or on the whole screen."""

import re
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from qa.display import clean_line
from qa.types import RankedPassage, ReleaseDocument, ReleaseRef
from tui.render.highlights import StyledSpan, highlights_of
from tui.render.layout import source_of, title_of
from tui.state.turns import evidence_of
from tui.widgets.find_bar import FindBar
from tui.widgets.release_view import Numbered, ReleaseView

if TYPE_CHECKING:
    from index.types import Span


class SourcePane(Vertical):
    """Title, facts and text of a release, with the answer's passages highlighted."""

    DEFAULT_CSS = """
    SourcePane {
        & > .source--head { height: 1; margin: 0 0 1 0; background: $surface; color: $quiet; }
        & > .source--head > Static {
            padding: 0 1;
            width: 1fr;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
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
            yield Static(
                Content("The release of a passage is shown here."), classes="source--facts"
            )
        yield self._view
        yield FindBar(self._view)

    @property
    def view(self) -> ReleaseView:
        """The text of the release."""
        return self._view

    @property
    def find_bar(self) -> FindBar:
        """The field for words to find."""
        return self.query_one(FindBar)

    @property
    def shows_matches(self) -> bool:
        """Whether matches of Find are highlighted, so that n and N step through them."""
        return bool(self._matches)

    def on_mount(self) -> None:
        """Update the head line while the release scrolls."""
        self.watch(self.view, "scroll_y", self._show_head, init=False)
        self.watch(self.view, "virtual_size", self._show_head, init=False)

    def expect(
        self, passage: RankedPassage, evidence: int | None, passages: tuple[Numbered, ...]
    ) -> bool:
        """Set the passage to show; return whether its release is loaded already.

        Args:
            passage: The passage at the cursor.
            evidence: Index of the evidence at the cursor.
            passages: All of the answer's passages from the same release.
        """
        self._passage, self._evidence, self._passages = passage, evidence, passages
        self._release_id = passage.release.id
        document = self.view.document
        if document is None or document.ref.id != passage.release.id:
            return False
        self._highlight(scroll=True)
        return True

    def expect_release(self, release: ReleaseRef) -> None:
        """Set the release to show, outside any answer."""
        self._passage, self._release_id = None, release.id

    def show(self, document: ReleaseDocument) -> None:
        """Show a release that was loaded, unless another is expected by now."""
        if document.ref.id != self._release_id:
            return
        self._matches, self._match = [], None
        self.view.show(document)
        if self.view.is_laid_out:
            self._highlight(scroll=True)  # at once: each drawing delays keys
        else:
            self.call_after_refresh(self._highlight, scroll=True)
        self.call_after_refresh(self._show_head)

    def _show_head(self) -> None:
        """Show the facts, or the date and the headline when it is scrolled out of view."""
        document = self.view.document
        if document is None:
            return
        ref = document.ref
        date = ref.date or "undated"
        if self.view.shows_headline and ref.title.strip():
            facts = [date, ref.issuer, ref.lang, ref.url or source_of(ref)]
            head = Content(" · ".join(clean_line(fact) for fact in facts if fact))
        else:
            head = Content.assemble(f"{date} · ", (title_of(ref), "bold $foreground"))
        self.query_one(".source--facts", Static).update(head, layout=False)

    def clear(self) -> None:
        """Expect no release."""
        self._passage, self._release_id = None, None

    def find(self, words: str) -> None:
        """Highlight every match of the words, and scroll to the first after the passage."""
        document = self.view.document
        self._matches, self._match = [], None
        if document is not None and words:
            pattern = re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE)
            self._matches = [match.span() for match in pattern.finditer(document.text)]
        if self._matches:
            here = self._passage.span[0] if self._passage else 0
            self._match = next((i for i, span in enumerate(self._matches) if span[0] >= here), 0)
        self._highlight(scroll=False)
        self._scroll_to_match()
        self.find_bar.count(self._match, len(self._matches))

    def step_match(self, step: int) -> None:
        """Scroll to the next or previous match, around the ends."""
        if self._match is not None:
            self._match = (self._match + step) % len(self._matches)
            self._highlight(scroll=False)
            self._scroll_to_match()

    def clear_matches(self) -> None:
        """Remove the highlights of Find."""
        self._matches, self._match = [], None
        self._highlight(scroll=False)

    @property
    def match_text(self) -> str:
        """Which match is current, of how many; empty without matches."""
        return "" if self._match is None else f"match {self._match + 1} of {len(self._matches)}"

    def _scroll_to_match(self) -> None:
        if self._match is not None:
            self.view.scroll_to_span(self._matches[self._match])

    def _highlight(self, *, scroll: bool) -> None:
        passage, document = self._passage, self.view.document
        if passage is None:
            self.view.highlight([StyledSpan(span, "found") for span in self._matches], None, ())
            return
        if document is None or document.ref.id != passage.release.id:
            return
        start = passage.span[0]
        highlights = highlights_of(passage.highlights, start)
        stops = [(s + start, e + start) for s, e in (h.span for h in evidence_of(passage))]
        target = passage.span
        if self._evidence is not None and self._evidence < len(stops):
            target = stops[self._evidence]
            highlights.append(StyledSpan(target, "current"))
        elif stops:
            target = stops[0]
        highlights += (StyledSpan(span, "found") for span in self._matches)
        self.view.highlight(highlights, passage.span, self._passages)
        if scroll:
            self.view.scroll_to_span(target)
