"""The help screen, made from the bindings themselves: it cannot say what is not so."""

from collections.abc import Mapping
from textwrap import wrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.keys.bindings import PARTS, RELEASE, Part
from tui.keys.keymap import effective
from tui.screens.modal import DialogScreen

_PARTS = tuple(part for part in PARTS if part.bindings is not RELEASE)
_KEY_WIDTH = 14
_FIRST = 4
"""Parts of the left column: what the chat itself does; the windows are at right."""


class HelpScreen(DialogScreen[None]):
    """Every key, by where it works."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1,question_mark,q", "close", "Close", show=False)
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012
    DEFAULT_CSS = """
    HelpScreen {
        & > .window { width: 130; scrollbar-size-vertical: 1; }
        & .help--columns { height: auto; }
        & .help--columns > Vertical { height: auto; width: 1fr; padding: 0 2 0 0; }
        &.-narrow .help--columns { layout: vertical; }
        & .help--part { margin: 0 0 1 0; }
    }
    """

    def __init__(self, keys: Mapping[str, str]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        with VerticalScroll(classes="window") as window:
            window.border_title = Content("Keys")
            with Horizontal(classes="help--columns"):
                for column in (_PARTS[:_FIRST], _PARTS[_FIRST:]):
                    with Vertical():
                        for _ in column:
                            yield Static(classes="help--part")

    def on_resize(self) -> None:
        """Break the lines where the columns end."""
        self.call_after_refresh(self._write)

    def _write(self) -> None:
        if not self.is_attached or not self.query(Vertical):
            return  # closed since this was put off
        width = self.query(Vertical).first().size.width
        for part, shown in zip(_PARTS, self.query(".help--part").results(Static), strict=True):
            shown.update(part_text(part, self._keys, width))

    def text(self) -> str:
        """Return all that is shown."""
        return "\n".join(str(part.render()) for part in self.query(".help--part"))


def part_text(part: Part, keys: Mapping[str, str], width: int) -> Content:
    """Say what the keys of one place do.

    Args:
        part: The place.
        keys: In force, by the ids of actions.
        width: In cells.
    """
    said: dict[str, list[str]] = {}
    for binding in effective(part.bindings, keys):
        if description := binding.tooltip or binding.description:
            said.setdefault(description, []).append(key_name(binding.key))
    lines = [Content.styled(part.title, "bold $primary")]
    room = max(width - _KEY_WIDTH - 3, 16)
    for description, names in said.items():
        first, *more = wrap(description, room)
        shown = ", ".join(names).ljust(_KEY_WIDTH - 1)
        lines.append(Content.styled(f"  {shown} ", "bold") + first)
        lines += (Content(" " * (_KEY_WIDTH + 2) + line) for line in more)
    return Content("\n").join(lines)


_NAMES = {
    "enter": "Enter", "escape": "Esc", "tab": "Tab", "question_mark": "?", "slash": "/",
    "up": "Up", "down": "Down", "left": "Left", "right": "Right", "plus": "+", "minus": "-",
    "space": "Space",
}  # fmt: skip


def key_name(key: str) -> str:
    """Write a key as it stands on a keyboard."""
    *modifiers, last = key.split("+")
    function = last[:1] == "f" and last[1:].isdecimal()
    name = _NAMES.get(last, last.upper() if modifiers or function else last)
    return "+".join([*(m.capitalize() for m in modifiers), name])


def short_key_name(key: str) -> str:
    """Write a key as short as the footer needs it."""
    return key_name(key).replace("Ctrl+", "^")
