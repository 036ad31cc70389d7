"""Reading an answer: the turns of the conversation, the cursor in them, and the release beside."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from textual.screen import Screen
from textual.widget import Widget

from qa.types import Answer, RankedPassage
from tui.state.turns import (
    ChatTurn,
    Cursor,
    edge_passage,
    evidence_of,
    passage_at,
    settle,
    shown_passages,
    start_of,
    step_evidence,
    step_passage,
)
from tui.widgets.conversation import ConversationView
from tui.widgets.release_view import Numbered
from tui.widgets.source_pane import SourcePane
from tui.widgets.status_line import StatusLine

NARROW, WIDE = "-narrow", "-wide"
READING, EMPTY, ALONE = "-reading", "-empty", "-alone"
"""The release fills a narrow screen; nothing was asked yet; the release pane is hidden."""


@dataclass(eq=False)
class ReadingNavigation:
    """Holds the turns and the cursor, and shows both in the conversation and in the release pane.

    Attributes:
        screen: Its classes decide which panes are visible.
        conversation: Shows the turns.
        pane: Shows the release of the passage at the cursor.
        status_line: Shows notices.
        fetch: Loads a release by its id; it arrives later.
        changed: Called when the turns, the cursor or the panes have changed.
    """

    screen: Screen[None]
    conversation: ConversationView
    pane: SourcePane
    status_line: StatusLine
    fetch: Callable[[str], None]
    changed: Callable[[], None]
    turns: list[ChatTurn] = field(default_factory=list, init=False)
    cursor: Cursor | None = field(default=None, init=False)
    _follows_answers: bool = field(default=True, init=False)
    _question: int | None = field(default=None, init=False)

    @property
    def turn(self) -> ChatTurn | None:
        """The turn at the cursor."""
        return None if self.cursor is None else self.turns[self.cursor.turn]

    @property
    def answer(self) -> Answer | None:
        """The answer at the cursor."""
        return None if self.turn is None else self.turn.answer

    @property
    def passages(self) -> tuple[RankedPassage, ...]:
        """The passages of the answer at the cursor."""
        return () if self.turn is None else self.turn.passages

    @property
    def passage(self) -> RankedPassage | None:
        """The passage at the cursor."""
        return passage_at(self.turns, self.cursor)

    @property
    def unanswered(self) -> ChatTurn | None:
        """The turn without an answer at the cursor, or the last one where it has no passages."""
        turn = self.turn_read
        return turn if turn is not None and turn.declined else None

    @property
    def has_evidence(self) -> bool:
        """Whether there is evidence in the answer, or a match of Find, to step to."""
        shown = () if self.turn is None else shown_passages(self.turn)
        return self.pane.shows_matches or any(map(evidence_of, shown))

    @property
    def question(self) -> int | None:
        """The number of the question that is read, which may have no passage for the cursor."""
        at = None if self.cursor is None else self.cursor.turn
        return at if self._question is None else self._question

    @property
    def turn_read(self) -> ChatTurn | None:
        """The turn at the cursor, or the last one where it has no passages."""
        last = self.turns[-1] if self.turns else None
        return last if last is not None and last.settled and not last.passages else self.turn

    # Turns

    async def add(self, turn: ChatTurn) -> None:
        """Show a new question at the end; the cursor follows its answer."""
        self.turns.append(turn)
        self._follows_answers = True
        self.status_line.clear_notice()
        self.screen.remove_class(EMPTY)
        await self.conversation.follow(turn)
        self.conversation.bring_turn(turn.number)

    async def update(self, turn: ChatTurn) -> None:
        """Show a turn's new state. A cursor that the user moved stays on its passage."""
        old, self.turns[turn.number] = self.turns[turn.number], turn
        await self.conversation.follow(turn)
        if turn.number >= len(self.turns):
            return  # the conversation was left meanwhile
        follows = self._follows_answers
        if self.cursor is not None and not (follows and turn.number >= self.cursor.turn):
            self.go(settle(old, turn, self.cursor), scroll=False)
            return
        if follows:
            self.conversation.bring_turn(turn.number)
        self.go(start_of(self.turns, turn.number) or self.cursor, scroll=False)

    async def clear(self) -> None:
        """Remove all turns, for another conversation."""
        self.turns, self.cursor, self._follows_answers = [], None, True
        self._question = None
        self.status_line.clear_notice()
        await self.conversation.clear()
        self.pane.clear()
        self.screen.remove_class(READING)
        self.screen.add_class(EMPTY)
        self.changed()

    def restore(self, turns: Sequence[ChatTurn]) -> Awaitable[None]:
        """Show the turns of a saved conversation; await the result to see them drawn."""
        self.turns = list(turns)
        self.screen.set_class(not turns, EMPTY)
        self.changed()
        return self.conversation.add(turns)

    def go_to_last_turn(self) -> None:
        """Move the cursor to the best passage of the last turn."""
        if self.turns:
            self.conversation.bring_turn(len(self.turns) - 1)
            self.go(start_of(self.turns, len(self.turns) - 1), scroll=False)

    # The cursor

    def go(self, cursor: Cursor | None, *, scroll: bool = True) -> None:
        """Put the cursor somewhere and highlight its passage in both panes."""
        if cursor is not None and cursor.turn >= len(self.turns):
            return  # it belongs to a conversation that was left meanwhile
        self.cursor, self._question = cursor, None
        self.conversation.select(cursor, scroll=scroll)
        if self.passage is None or cursor is None:
            return
        passage = shown_passages(self.turns[cursor.turn])[cursor.passage]
        passages = tuple(
            Numbered(other.span, other.rank)
            for other in self.passages
            if other.release.id == passage.release.id
        )
        if not self.pane.expect(passage, cursor.evidence, passages):
            self.fetch(passage.release.id)
        self.changed()

    def move(self, cursor: Cursor | None) -> None:
        """Put the cursor where the user wants it; answers that arrive do not move it."""
        self._follows_answers = False
        self.status_line.clear_notice()
        self.go(cursor)

    def step_passage(self, step: int) -> None:
        """Move to the next or previous passage."""
        cursor = step_passage(self.turns, self.cursor, step)
        if cursor is not None:
            self.move(cursor)

    def edge_passage(self, last: bool) -> None:
        """Move to the first or last passage of the answer; from there, of the conversation."""
        self.move(edge_passage(self.turns, self.cursor, last=last))

    def toggle_further(self, number: int | None = None) -> None:
        """Show or hide the further passages of a turn, or else of the one at the cursor."""
        if number is None and self.cursor is not None:
            number = self.cursor.turn
        if number is None or number >= len(self.turns):
            return
        opened = not self.conversation.is_opened(number)
        self.conversation.open_further(number, opened=opened)
        if not opened and self.cursor is not None and self.cursor.turn == number:
            self.move(Cursor(number, 0))

    def step_question(self, step: int) -> None:
        """Move to the next or previous question, also to one without passages."""
        here = self.question
        number = (len(self.turns) if here is None else here) + step
        if not 0 <= number < len(self.turns):
            return
        if (start := start_of(self.turns, number)) is not None:
            self.move(start)
        self._question = number
        self.conversation.bring_turn(number)

    def page(self, step: int) -> None:
        """Scroll what is read by a page: the release where it fills the screen."""
        shown = self.pane.view if self.screen.has_class(READING) else self.conversation
        if step > 0:
            shown.scroll_page_down(animate=False)
        else:
            shown.scroll_page_up(animate=False)

    def step_evidence(self, step: int) -> None:
        """Move to the next or previous evidence; between matches while they are highlighted."""
        if self.pane.shows_matches:
            self.pane.step_match(step)
            self.status_line.say(
                f"{self.pane.match_text}: n for the next, N for the previous, Esc to stop"
            )
            return
        cursor = step_evidence(self.turns, self.cursor, step)
        if cursor is None:
            self.status_line.say("No more evidence in this answer")
        else:
            self.move(cursor)

    # The release pane

    def in_pane(self, widget: Widget | None) -> bool:
        """Whether a widget belongs to the release pane."""
        return widget is not None and self.pane in widget.ancestors_with_self

    def open_passage(self) -> None:
        """Read the release, scrolled to the evidence."""
        self.screen.remove_class(ALONE)
        self.screen.set_class(self.screen.has_class(NARROW), READING)
        self.screen.set_focus(self.pane.view)
        self.screen.call_after_refresh(self.go, self.cursor, scroll=False)

    def leave_release(self) -> None:
        """Go back from the release to the conversation."""
        self.status_line.clear_notice()
        self.screen.remove_class(READING)
        self.screen.set_focus(self.conversation)
        self.conversation.select(self.cursor, scroll=True)

    def toggle_pane(self) -> None:
        """Show or hide the release; on a narrow screen it takes the place of the conversation."""
        if not self.screen.has_class(NARROW):
            self.screen.toggle_class(ALONE)
            if self.screen.has_class(ALONE) and self.in_pane(self.screen.focused):
                self.screen.set_focus(self.conversation)
        elif self.screen.has_class(READING):
            (self.step_back() or self.leave_release)()
        else:
            self.open_passage()
        self.changed()

    def keep_release_visible(self) -> None:
        """Go on reading on the whole screen when it gets too narrow for both panes."""
        if self.screen.has_class(NARROW) and self.in_pane(self.screen.focused):
            self.screen.add_class(READING)

    def step_back(self) -> Callable[[], None] | None:
        """Return what Esc does in the release pane, or None when there is nothing to leave."""
        if self.pane.shows_matches:
            return self._end_find
        if self.screen.has_class(READING) or self.in_pane(self.screen.focused):
            return self.leave_release
        return None

    # Find

    def _end_find(self) -> None:
        self.pane.clear_matches()
        self.status_line.clear_notice()

    def open_find(self) -> None:
        """Open the field for words to find in the release."""
        self.open_passage()
        self.pane.find_bar.open()

    def close_find(self, words: str) -> None:
        """Go back to the text; matches of the words stay highlighted, if there are any."""
        if not words:
            self.pane.clear_matches()
        self.screen.set_focus(self.pane.view)
        if self.pane.match_text:
            self.status_line.say(
                f"{self.pane.match_text}: n for the next, N for the previous, Esc to stop"
            )
        elif words:
            self.status_line.say(f"Not found in this release: {words}", warning=True)
        else:
            self.status_line.clear_notice()
        self.changed()
