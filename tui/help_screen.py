"""The help screen, made from the bindings themselves: it cannot say what is not so."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.bindings import HELP
from tui.modals import Window

_KEY_WIDTH = 22


class HelpScreen(Window[None]):
    """Every key, by where it works."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1,question_mark,q", "close", "Close", show=False)
    ]

    def compose(self) -> ComposeResult:
        """Lay out the sections."""
        with VerticalScroll(classes="window") as window:
            window.border_title = Content("Keys")
            yield Static(self._text())

    def _text(self) -> Content:
        lines: list[Content] = []
        for title, bindings in HELP:
            lines += [Content(""), Content.styled(title, "bold $primary")]
            keys: dict[str, list[str]] = {}
            for binding in Binding.make_bindings(bindings):
                description = binding.tooltip or binding.description
                keys.setdefault(description, []).append(key_name(binding.key))
            lines += (
                Content.styled("  " + ", ".join(names).ljust(_KEY_WIDTH), "bold") + description
                for description, names in keys.items()
            )
        return Content("\n").join(lines[1:])


_NAMES = {
    "enter": "Enter", "escape": "Esc", "tab": "Tab", "question_mark": "?", "slash": "/",
    "plus": "+", "minus": "-", "up": "Up", "down": "Down", "f1": "F1",
}  # fmt: skip


def key_name(key: str) -> str:
    """Write a key as it stands on a keyboard."""
    *modifiers, last = key.split("+")
    name = _NAMES.get(last, last.upper() if modifiers else last)
    return "+".join([*(m.capitalize() for m in modifiers), name])


def short_key_name(key: str) -> str:
    """Write a key as short as the footer needs it."""
    return key_name(key).replace("Ctrl+", "^")
