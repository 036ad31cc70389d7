"""Where a question is written."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import TextArea

from tui.keys.bindings import PROMPT
from tui.messages import QuestionAsked
from tui.widgets.input import pasted


class Prompt(TextArea):
    """A text area in which Enter asks, and Up and Down bring earlier questions back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *PROMPT,
        # Where the history does not apply, the arrows move the cursor.
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
        self._offered: tuple[bool | None, ...] = ()

    @property
    def usable_history(self) -> bool:
        """Whether Up would bring an earlier question: nothing of one's own would be lost."""
        return bool(self._asked) and (not self.text or self._shows_recalled)

    @property
    def _shows_recalled(self) -> bool:
        return self._recalled is not None and self.text == self._asked[self._recalled]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what does something with the text as it is."""
        if action in {"ask", "newline"}:
            return bool(self.text.strip())
        if action == "earlier":
            return self.usable_history and self._recalled != 0
        if action == "later":
            return self._shows_recalled
        return super().check_action(action, parameters)

    def action_ask(self) -> None:
        """Send the question off and keep it in the history."""
        question = self.text.strip()
        if not self._asked or self._asked[-1] != question:
            self._asked.append(question)
        self._recalled = None
        self.text = ""
        self.post_message(QuestionAsked(question))

    def action_newline(self) -> None:
        """Break the line."""
        self.insert("\n")

    def action_earlier(self) -> None:
        """Bring the question before this one back."""
        start = len(self._asked) if self._recalled is None or not self.text else self._recalled
        self._recall(max(start - 1, 0))

    def action_later(self) -> None:
        """Bring the question after this one back; after the last, an empty prompt."""
        position = 0 if self._recalled is None else self._recalled + 1
        if position < len(self._asked):
            self._recall(position)
        else:
            self._recalled = None
            self.text = ""

    def remember(self, question: str) -> None:
        """Add a question that was asked by other means to the history."""
        self._asked.append(question)

    def _recall(self, position: int) -> None:
        self._recalled = position
        self.text = self._asked[position]
        self.move_cursor(self.document.end)

    def on_text_area_changed(self) -> None:
        """Keep the footer true to what the keys do with this text."""
        names = ("ask", "earlier", "later")
        offered = tuple(self.check_action(name, ()) for name in names)
        if offered != self._offered:
            self._offered = offered
            self.refresh_bindings()

    async def _on_key(self, event: events.Key) -> None:
        """Ask at once; every other key writes, and Enter under another name does nothing.

        A binding is found only after the key has gone through the screen. When that is busy, the
        keys behind it have been written meanwhile, and two questions would become one.
        """
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
        start, end = self.selection
        result = self.replace(pasted(event.text), start, end)
        self.move_cursor(result.end_location)
