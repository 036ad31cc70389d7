"""The help screen, made from the bindings, so that it is always right."""

from collections.abc import Iterable, Mapping
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
_LEFT = 4
"""Parts in the left column: those of the chat. Dialogs are at right."""


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
        """Lay out the columns."""
        with VerticalScroll(classes="window") as window:
            window.border_title = Content("Keys")
            with Horizontal(classes="help--columns"):
                for column in (_PARTS[:_LEFT], _PARTS[_LEFT:]):
                    with Vertical():
                        for _ in column:
                            yield Static(classes="help--part")

    def on_resize(self) -> None:
        """Wrap the lines to the columns."""
        self.call_after_refresh(self._write)

    def _write(self) -> None:
        if not self.is_attached or not self.query(Vertical):
            return  # closed meanwhile
        width = self.query(Vertical).first().size.width
        for part, shown in zip(_PARTS, self.query(".help--part").results(Static), strict=True):
            shown.update(part_text(part, self._keys, width))

    def text(self) -> str:
        """Return the whole text."""
        return "\n".join(str(part.render()) for part in self.query(".help--part"))


def part_text(part: Part, keys: Mapping[str, str], width: int) -> Content:
    """List the keys of one part and what they do.

    Args:
        part: Where the keys work.
        keys: The user's keys, by the ids of actions.
        width: In cells.
    """
    keys_of: dict[str, list[str]] = {}
    for binding in effective(part.bindings, keys):
        if description := binding.tooltip or binding.description:
            keys_of.setdefault(description, []).append(key_name(binding.key))
    lines = [Content.styled(part.title, "bold $primary")]
    text_width = max(width - _KEY_WIDTH - 3, 16)
    for description, names in keys_of.items():
        first, *more = wrap(description, text_width)
        shown = ", ".join(names).ljust(_KEY_WIDTH - 1)
        lines.append(Content.styled(f"  {shown} ", "bold") + first)
        lines += (Content(" " * (_KEY_WIDTH + 2) + line) for line in more)
    return Content("\n").join(lines)


def key_of(name: str, bindings: Iterable[BindingType], keys: Mapping[str, str]) -> str:
    """Return the first key of an action as it is called.

    Args:
        name: The id of the action.
        bindings: Where it is bound.
        keys: The user's keys, by the ids of actions.
    """
    return next(key_name(b.key) for b in effective(bindings, keys) if b.id == name)


_NAMES = {
    "enter": "Enter", "escape": "Esc", "tab": "Tab", "question_mark": "?", "slash": "/",
    "up": "Up", "down": "Down", "left": "Left", "right": "Right", "plus": "+", "minus": "-",
    "space": "Space",
}  # fmt: skip


def key_name(key: str) -> str:
    """Return a key's name as on a keyboard."""
    *modifiers, last = key.split("+")
    function = last[:1] == "f" and last[1:].isdecimal()
    name = _NAMES.get(last, last.upper() if modifiers or function else last)
    return "+".join([*(m.capitalize() for m in modifiers), name])


def short_key_name(key: str) -> str:
    """Return a key's short name, for the footer."""
    return key_name(key).replace("Ctrl+", "^")
