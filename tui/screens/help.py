"""The help screen, made from the bindings, so that it is always right."""

from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from tui.keys.bindings import PARTS, RELEASE, Part
from tui.keys.keymap import effective
from tui.screens.modal import DialogScreen
from tui.widgets.input import TextField

_KEY_WIDTH = 14
_PADDING = 2
_LEFT = 3
"""Parts in the left column: those of the chat. Dialogs are at right."""


class HelpScreen(DialogScreen[None]):
    """Every key, by where it works; typed words narrow the list.

    Args:
        keys: The user's keys, by the ids of actions.
        parts: The keys to show; those in the release are left out, being those on a passage.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012
    DEFAULT_CSS = """
    HelpScreen {
        & > .window { width: 130; height: 90%; }
        & #parts { margin: 1 0 0 0; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
        & .help--columns { height: auto; }
        & .help--columns > Vertical { height: auto; width: 1fr; padding: 0 2 0 0; }
        &.-narrow .help--columns { layout: vertical; }
        & .help--part { margin: 0 0 1 0; }
        & .help--part.-empty { display: none; }
    }
    """

    def __init__(self, keys: Mapping[str, str], parts: Iterable[Part] = PARTS) -> None:
        super().__init__()
        self._keys = keys
        self._parts = tuple(part for part in parts if part.bindings is not RELEASE)

    def compose(self) -> ComposeResult:
        """Lay out the field and the columns."""
        with Vertical(classes="window") as window:
            window.border_title = Content("Keys")
            yield TextField(placeholder="a key or what it does")
            with (
                VerticalScroll(id="parts", can_focus=False),
                Horizontal(classes="help--columns"),
            ):
                for column in (self._parts[:_LEFT], self._parts[_LEFT:]):
                    with Vertical(classes="help--column"):
                        for _ in column:
                            yield Static(classes="help--part")

    def on_resize(self) -> None:
        """Wrap the lines to the columns."""
        self.call_after_refresh(self._write)

    def on_input_changed(self, event: Input.Changed) -> None:
        """List only the keys that are looked for."""
        event.stop()
        self._write()

    def action_page(self, step: int) -> None:
        """Scroll the keys by a page."""
        keys = self.query_one("#parts")
        keys.scroll_relative(y=step * keys.size.height, animate=False)

    def _write(self) -> None:
        if not self.is_attached or not self.query(".help--column"):
            return  # closed meanwhile
        columns = 2 if self.has_class("-wide") else 1
        width = self.query_one("#parts").scrollable_content_region.width // columns - _PADDING
        words = self.query_one(TextField).value
        for part, shown in zip(self._parts, self.query(".help--part").results(Static), strict=True):
            text = part_text(part, self._keys, width, words)
            shown.update(text)
            shown.set_class(not text, "-empty")

    def text(self) -> str:
        """Return the whole text."""
        return "\n".join(str(part.render()) for part in self.query(".help--part"))


def part_text(part: Part, keys: Mapping[str, str], width: int, words: str = "") -> Content:
    """List the keys of one part and what they do; empty where none is looked for.

    Args:
        part: Where the keys work.
        keys: The user's keys, by the ids of actions.
        width: In cells.
        words: Of what is looked for: a key, or words of the part or of what a key does.
    """
    keys_of: dict[str, list[str]] = {}
    for binding in effective(part.bindings, keys):
        if description := binding.tooltip or binding.description:
            keys_of.setdefault(description, []).append(key_name(binding.key))
    lines: list[Content] = []
    text_width = max(width - _KEY_WIDTH - 3, 16)
    for description, names in keys_of.items():
        if not _is_wanted(words, description, part.title, names):
            continue
        first, *more = wrap(description, text_width)
        shown = ", ".join(names).ljust(_KEY_WIDTH - 1)
        lines.append(Content.styled(f"  {shown} ", "bold") + first)
        lines += (Content(" " * (_KEY_WIDTH + 2) + line) for line in more)
    if not lines:
        return Content("")
    return Content("\n").join([Content.styled(part.title, "bold $primary"), *lines])


def _is_wanted(words: str, description: str, title: str, names: Sequence[str]) -> bool:
    """Whether a row has all words, or is that of the key that was typed."""
    wanted = words.strip()
    if wanted in names:
        return True
    text = f"{title} {description} {' '.join(names)}".casefold()
    return all(word in text for word in wanted.casefold().split())


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
    "space": "Space", "pageup": "PageUp", "pagedown": "PageDown",
    "home": "Home", "end": "End", "delete": "Delete", "backspace": "Backspace",
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
