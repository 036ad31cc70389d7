"""What the keys do: every action on a chat.

`check_action` is the one place that says which actions do something now: the footer, the
palette and the keys themselves all follow it. `ChatScreen` adds the widgets and listens to
what they and the desk tell.
"""

from collections.abc import Callable

from tui.chat.modal_actions import ChatWindows
from tui.chat.state import ALONE, NARROW, READING
from tui.platform.open_external import launch, launcher, target_of
from tui.screens.confirm_open import ConfirmOpenScreen
from tui.state.turns import edge_passage, step_evidence, step_passage
from tui.widgets.prompt import Prompt

NEEDS_PASSAGE = frozenset({
    "open_passage", "copy_passage", "copy_citation", "open_source", "explain", "find",
    "step_evidence", "edge_passage", "toggle_pane", "step_passage", "cite_as", "timeline",
})  # fmt: skip


class ChatActions(ChatWindows):
    """A chat with its actions."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether an action does something now."""
        if action in NEEDS_PASSAGE:
            return self.passage is not None
        possible: dict[str, Callable[[], bool]] = {
            "back": lambda: self._step_back() is not None,
            "index_folder": lambda: not self.desk.indexing.running,
            "pause_indexing": lambda: self.desk.indexing.running,
            "stop_indexing": lambda: self.desk.indexing.running,
            "compare": lambda: self.place is not None and len(self.passages) > 1,
            "browse": lambda: self.status is not None and self.status.releases > 0,
            "copy_text": lambda: bool(self.selections),
        }
        if action in possible:
            return possible[action]()
        return super().check_action(action, parameters)

    # Moving

    def action_step_passage(self, step: int) -> None:
        """Read the next or previous passage."""
        place = step_passage(self.turns, self.place, step)
        if place is not None:
            self.moved(place)

    def action_edge_passage(self, last: bool) -> None:
        """Read the first or last passage of the answer; then of the conversation."""
        self.moved(edge_passage(self.turns, self.place, last=last))

    def action_step_evidence(self, step: int) -> None:
        """Go to the next or previous evidence, or match of Find while those are marked."""
        if self.pane.shows_found:
            self.pane.step_found(step)
            self.say(f"{self.pane.found}: n and N go on, Esc ends")
            return
        place = step_evidence(self.turns, self.place, step)
        if place is None:
            self.say("No more evidence in this answer")
        else:
            self.moved(place)

    def action_open_passage(self) -> None:
        """Read the release at the evidence."""
        self.remove_class(ALONE)
        self.set_class(self.has_class(NARROW), READING)
        self.pane.view.focus()
        self.call_after_refresh(self.go, self.place, scroll=False)

    def action_toggle_pane(self) -> None:
        """Show the release beside the conversation, or put it away."""
        if self.has_class(NARROW):
            if self.has_class(READING):
                self.action_back()
            else:
                self.action_open_passage()
            return
        self.toggle_class(ALONE)
        if self.has_class(ALONE) and self.in_pane(self.focused):
            self.conversation.focus()

    def action_back(self) -> None:
        """Go one step back."""
        step = self._step_back()
        if step is not None:
            self.heard()
            step()
        self.update_keys()

    def _step_back(self) -> Callable[[], object] | None:
        """Return what Esc does now, or None."""
        if self.pane.shows_found:
            return self._end_find
        if self.has_class(READING) or self.in_pane(self.focused):
            return self._leave_release
        if self.desk.busy:
            return self.desk.cancel
        return None if isinstance(self.focused, Prompt) else self.prompt.focus

    def _end_find(self) -> None:
        self.pane.forget_found()
        self.heard()

    def _leave_release(self) -> None:
        self.remove_class(READING)
        self.conversation.focus()
        self.conversation.mark(self.place, scroll=True)

    # Copying and opening

    def action_copy_passage(self) -> None:
        """Copy the passage as it is stored, with its citation."""
        if (passage := self.passage) is not None:
            self.copy(f"{passage.text}\n\n{passage.citation}", "the passage with its citation")

    def action_copy_citation(self) -> None:
        """Copy the citation alone."""
        if (passage := self.passage) is not None:
            self.copy(passage.citation, "the citation")

    def action_open_source(self) -> None:
        """Ask, then open where the release came from."""
        passage = self.passage
        if passage is None:
            return
        target = target_of(passage.release, self.settings.folder.parent)
        command = launcher(self._environment)
        if target is None:
            self.say("This release names no web address or file that can be opened", warning=True)
        elif command is None:
            self.copy(target, "the address (there is no desktop to open it)")
        else:
            self.app.push_screen(
                ConfirmOpenScreen(target), lambda yes: self._open(command, target, yes)
            )

    def _open(self, command: str, target: str, agreed: bool | None) -> None:
        if agreed:
            started = launch(command, target)
            self.say(f"Opened {target}" if started else "The desktop did not open it")

    def action_find(self) -> None:
        """Write words to find in the release."""
        self.action_open_passage()
        self.pane.find_bar.open()
