"""What can be done with the answer at the cursor: look into it, copy from it, ask it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from textual.screen import Screen

from qa.citations import STYLES
from qa.find_command import find_command
from qa.types import RankedPassage, ReleaseRef
from tui.chat.reading import ReadingNavigation
from tui.messages import CopyWanted, QuestionAsked
from tui.platform.open_external import launch, launcher, target_of
from tui.screens.cite import CiteScreen
from tui.screens.compare import CompareScreen
from tui.screens.confirm_open import ConfirmOpenScreen
from tui.screens.explain import ExplainScreen
from tui.screens.line_input import LineInputScreen
from tui.state.filter_chips import filter_chips
from tui.state.turns import shown_passages
from tui.widgets.prompt import Prompt
from tui.widgets.status_line import StatusLine


@dataclass(eq=False)
class AnswerActions:
    """Acts on the answer and the passage at the cursor; without them nothing happens.

    Attributes:
        screen: Dialogs open over it, and it receives the messages.
        reading: Has the cursor.
        prompt: Receives a question to reword.
        status_line: Shows what was done.
        folder: The collection's; a relative source is looked for beside it. None in a browser:
            web addresses alone are offered, and copied.
        environment: The process's: which desktop there is.
    """

    screen: Screen[None]
    reading: ReadingNavigation
    prompt: Prompt
    status_line: StatusLine
    folder: Path | None
    environment: Mapping[str, str]

    def explain(self) -> None:
        """Say why the passage was found and how sure the answer is."""
        passage, turn = self.reading.passage, self.reading.turn
        if passage is not None and turn is not None and turn.answer is not None:
            chips = filter_chips(turn.filters)
            self.screen.app.push_screen(ExplainScreen(turn.answer, passage, chips))

    def compare(self) -> None:
        """Show the passage beside another of its answer."""
        turn, cursor = self.reading.turn, self.reading.cursor
        if turn is not None and cursor is not None and len(turn.passages) > 1:
            self.screen.app.push_screen(CompareScreen(shown_passages(turn), cursor.passage))

    # Copying

    def copy_passage(self) -> None:
        """Copy the passage as it is stored, with its citation."""
        if (passage := self.reading.passage) is not None:
            self._copy(f"{passage.text}\n\n{passage.citation}", "the passage with its citation")

    def copy_citation(self) -> None:
        """Copy the citation alone."""
        if (passage := self.reading.passage) is not None:
            self._copy(passage.citation, "the citation")

    def cite_as(self) -> None:
        """Copy the citation in the style that the user chooses."""
        if (passage := self.reading.passage) is not None:
            self.screen.app.push_screen(CiteScreen(passage), lambda name: self._cite(passage, name))

    def _cite(self, passage: RankedPassage, name: str | None) -> None:
        if name is not None:
            self._copy(STYLES[name](passage), f"the citation as {name}")

    def _copy(self, text: str, what: str) -> None:
        self.screen.post_message(CopyWanted(text, what))

    # The source

    def open_source(self) -> None:
        """Ask, then open the web address or file of the release; without a desktop, copy it."""
        passage = self.reading.passage
        if passage is None:
            return
        release = passage.release
        target = self._target(release)
        command = launcher(self.environment)
        if target is None:
            what = "web address" if self.folder is None else "web address or file"
            self.status_line.say(f"This release has no {what} that can be opened", warning=True)
        elif self.folder is None:
            self._copy(target, "the web address")
        elif command is None:
            self._copy(target, "the address (there is no desktop to open it)")
        else:
            self.screen.app.push_screen(
                ConfirmOpenScreen(target),
                lambda agreed: self._open(command, target, release) if agreed else None,
            )

    def _open(self, command: str, target: str, release: ReleaseRef) -> None:
        """Open what the user agreed to, unless something else has taken its place."""
        if self._target(release) != target:
            self.status_line.say("The file was moved or replaced, so it was not opened")
        else:
            started = launch(command, target)
            self.status_line.say(f"Opened {target}" if started else "The desktop could not open it")

    def _target(self, release: ReleaseRef) -> str | None:
        return target_of(release, None if self.folder is None else self.folder.parent)

    # The question as it was understood

    def ask_as_typed(self) -> None:
        """Ask the question again as it was typed."""
        if (turn := self.reading.turn) is not None:
            self.screen.post_message(QuestionAsked(turn.question, as_typed=True))

    def reword(self) -> None:
        """Let the user edit the question: as it was understood, else in the prompt."""
        turn, unanswered = self.reading.turn, self.reading.unanswered
        if unanswered is not None and unanswered.understood_as is None:
            self.prompt.write(unanswered.question)
        elif turn is not None and turn.understood_as is not None:
            self.screen.app.push_screen(
                LineInputScreen("Ask instead", turn.understood_as), self._ask_reworded
            )

    # A question without an answer

    def ask_again(self) -> None:
        """Ask the question again as it was asked, with the filters that are in force now."""
        if (turn := self.reading.unanswered) is not None:
            self.screen.post_message(QuestionAsked(turn.question, turn.as_typed))

    def ask_by_words(self) -> None:
        """Ask the question again by words only."""
        turn = self.reading.unanswered
        if turn is not None and turn.answer is not None:
            surest = turn.answer.confidence
            asked = QuestionAsked(turn.question, turn.as_typed, words_only=True, surest=surest)
            self.screen.post_message(asked)

    def everything(self) -> str | None:
        """Return the command for a question that asks for more than a passage, else None."""
        turn = self.reading.turn_read
        if turn is None or turn.answer is None:
            return None
        return find_command(turn.answer.asked_as, turn.filters)

    def _ask_reworded(self, question: str | None) -> None:
        if question:
            self.screen.post_message(QuestionAsked(question, as_typed=True))
