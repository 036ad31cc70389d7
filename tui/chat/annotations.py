"""What the user makes of a passage: a judgement, a pin, a note. Saved, and shown below it."""

from dataclasses import dataclass, field, replace

from textual.screen import Screen

from qa.sessions.types import Judgement, Remark, Transcript
from qa.types import RankedPassage
from tui.backend.session_recorder import SessionRecorder
from tui.chat.reading import ReadingNavigation
from tui.screens.line_input import LineInputScreen
from tui.state.turns import NO_ANNOTATIONS, Annotations, ChatTurn
from tui.widgets.conversation import ConversationView
from tui.widgets.status_line import StatusLine


@dataclass(eq=False)
class PassageAnnotations:
    """Holds the annotations of a conversation and changes those of the passage at the cursor.

    Attributes:
        screen: Dialogs open over it.
        reading: Has the turns and the cursor.
        recorder: Saves the annotations.
        conversation: Shows the annotations.
        status_line: Shows what a key did.
    """

    screen: Screen[None]
    reading: ReadingNavigation
    recorder: SessionRecorder
    conversation: ConversationView
    status_line: StatusLine
    _annotations: dict[tuple[int, str], Annotations] = field(default_factory=dict, init=False)

    def clear(self) -> None:
        """Forget everything, for another conversation."""
        self._annotations = {}

    def restore(self, transcript: Transcript) -> None:
        """Show the annotations of a saved conversation, whose turns are there already."""
        self._annotations = {
            (number, passage.passage_id): Annotations(
                transcript.grade(turn, passage), remark.pinned, remark.note
            )
            for number, turn in enumerate(transcript.turns)
            for passage in turn.passages
            for remark in [turn.remark_on(passage.passage_id)]
        }
        for number in range(len(transcript.turns)):
            self.show(number)

    def show(self, number: int) -> None:
        """Show the annotations on the passages of a turn."""
        turns = self.reading.turns
        found = {
            passage.passage_id: self._annotations[number, passage.passage_id]
            for passage in (turns[number].passages if number < len(turns) else ())
            if (number, passage.passage_id) in self._annotations
        }
        self.conversation.annotate(number, found)

    def judge(self, grade: int) -> None:
        """Judge whether the passage answers; the same judgement again takes it back."""
        passage, turn = self.reading.passage, self.reading.turn
        if passage is None or turn is None:
            return
        old = self._of(turn, passage)
        question = turn.answer.asked_as if turn.answer else turn.question
        judgement = Judgement(question, passage.release.id, passage.passage_id, grade)
        if old.grade == grade:
            self.recorder.withdraw(judgement)
            self._set(turn, passage, replace(old, grade=None))
            self.status_line.say("Judgement removed")
        else:
            self.recorder.judge(judgement)
            self._set(turn, passage, replace(old, grade=grade))
            self.status_line.say("Judged: answers" if grade else "Judged: does not answer")

    def pin(self) -> None:
        """Pin the passage, or unpin it."""
        passage, turn = self.reading.passage, self.reading.turn
        if passage is not None and turn is not None:
            old = self._of(turn, passage)
            self._remark(turn, passage, replace(old, pinned=not old.pinned))

    def note(self) -> None:
        """Ask for a note on the passage; an empty one removes it."""
        passage, turn = self.reading.passage, self.reading.turn
        if passage is None or turn is None:
            return
        old = self._of(turn, passage)

        def save(text: str | None) -> None:
            if text is not None:
                self._remark(turn, passage, replace(old, note=text))

        hint = "Shown below the passage and in exports. An empty note is removed."
        dialog = LineInputScreen("Note on the passage", old.note, hint=hint)
        self.screen.app.push_screen(dialog, save)

    def _remark(self, turn: ChatTurn, passage: RankedPassage, new: Annotations) -> None:
        self.recorder.remark(turn, Remark(passage.passage_id, new.pinned, new.note))
        self._set(turn, passage, new)

    def _set(self, turn: ChatTurn, passage: RankedPassage, new: Annotations) -> None:
        self._annotations[turn.number, passage.passage_id] = new
        self.show(turn.number)

    def _of(self, turn: ChatTurn, passage: RankedPassage) -> Annotations:
        return self._annotations.get((turn.number, passage.passage_id), NO_ANNOTATIONS)
