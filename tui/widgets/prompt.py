"""The field in which questions are typed."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import TextArea

from tui.keys.bindings import ALSO_IN_PROMPT, PROMPT
from tui.messages import QuestionAsked
from tui.widgets.input import pasted

_ON_TEXT = ("ask", "newline", "earlier", "later")
"""The actions that depend on the text."""


class Prompt(TextArea):
    """A text area: Enter asks, Up and Down bring back earlier questions."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *PROMPT,
        *ALSO_IN_PROMPT,
        # When they have no earlier question to bring back, the arrows move the cursor.
        Binding("up", "cursor_up", "Cursor up", show=False, id="prompt.cursor-up"),
        Binding("down", "cursor_down", "Cursor down", show=False, id="prompt.cursor-down"),
    ]
    DEFAULT_CSS = """
    Prompt {
        height: auto;
        min-height: 3;
        max-height: 10;
        border: round $border-blurred;
        border-title-color: $quiet;
        padding: 0 1;
        background: $background;
        scrollbar-size-vertical: 1;
        &:focus { border: round $border; }
        & .text-area--placeholder { color: $quiet; }
    }
    """

    def __init__(self) -> None:
        super().__init__(
            soft_wrap=True,
            highlight_cursor_line=False,
            placeholder=Content("Ask the collection a question…"),
        )
        self.border_title = Content("Question")
        self._asked: list[str] = []
        self._recalled: int | None = None
        self._available: list[bool] = []

    @property
    def usable_history(self) -> bool:
        """Whether an earlier question may replace the text: the user typed none of it."""
        return bool(self._asked) and (not self.text or self._shows_recalled)

    @property
    def _shows_recalled(self) -> bool:
        return self._recalled is not None and self.text == self._asked[self._recalled]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether an action does something with the current text."""
        if action in {"ask", "newline"}:
            return bool(self.text.strip())
        if action == "earlier":
            return self.usable_history and self._recalled != 0
        if action == "later":
            return self._shows_recalled
        return super().check_action(action, parameters)

    def action_ask(self) -> None:
        """Ask the question and add it to the history."""
        question = self.text.strip()
        if not self._asked or self._asked[-1] != question:
            self._asked.append(question)
        self._recalled = None
        self.text = ""
        self.post_message(QuestionAsked(question))

    def action_newline(self) -> None:
        """Insert a line break."""
        self.insert("\n")

    def action_earlier(self) -> None:
        """Bring back the question before this one."""
        start = len(self._asked) if self._recalled is None or not self.text else self._recalled
        self._recall(max(start - 1, 0))

    def action_later(self) -> None:
        """Bring back the question after this one; after the last, an empty prompt."""
        position = 0 if self._recalled is None else self._recalled + 1
        if position < len(self._asked):
            self._recall(position)
        else:
            self._recalled = None
            self.text = ""

    def write(self, question: str) -> None:
        """Put a question into the prompt, to be changed before it is asked."""
        self.text = question
        self.move_cursor(self.document.end)
        self.focus()

    def put_aside(self) -> None:
        """Empty the prompt; its text becomes the latest of the earlier questions."""
        text = self.text.strip()
        if text and not self._shows_recalled:
            self._asked.append(text)
        self._recalled = None
        self.text = ""

    def remember(self, question: str) -> None:
        """Add a question to the history."""
        self._asked.append(question)

    def _recall(self, position: int) -> None:
        self._recalled = position
        self.text = self._asked[position]
        self.move_cursor(self.document.end)

    def on_text_area_changed(self) -> None:
        """Update the footer if other keys do something with this text: each update delays keys."""
        available = [bool(self.check_action(action, ())) for action in _ON_TEXT]
        if available != self._available:
            self._available = available
            self.refresh_bindings()

    async def _on_key(self, event: events.Key) -> None:
        """Ask right away when the key is bound to it.

        Textual runs a binding only after the key has passed the screen. If the screen is busy, the
        keys typed after Enter would already be in the text, and two questions would become one.
        """
        if event.is_printable:
            return
        active = self.screen.active_bindings.get(event.key)
        if active is not None and active.node is self and active.binding.action == "ask":
            event.prevent_default()
            event.stop()
            if active.enabled:
                self.action_ask()
        elif event.key == "enter":
            event.prevent_default()

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.type_text(pasted(event.text))

    def type_text(self, text: str) -> None:
        """Insert a text at the cursor, in place of what is selected."""
        start, end = self.selection
        result = self.replace(text, start, end)
        self.move_cursor(result.end_location)
