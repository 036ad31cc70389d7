"""The command palette: every command on one line, with its key at the right."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import Matcher
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tui.keys.bindings import PALETTE
from tui.screens.modal import DialogScreen
from tui.widgets.input import TextField
from tui.widgets.option_list import ItemList


@dataclass(frozen=True, slots=True)
class Command:
    """Something to choose.

    Attributes:
        name: By which its uses are counted.
        title: What it does.
        keys: The keys that do the same.
        run: Does it.
    """

    name: str
    title: str
    keys: str
    run: Callable[[], Awaitable[object] | object]


def matching(commands: Sequence[Command], typed: str) -> list[Command]:
    """Return the commands whose title has the typed letters in this order, the best match first.

    Equal ones stay in their order; without letters all do.
    """
    if not typed:
        return list(commands)
    matcher = Matcher(typed)
    scored = [(matcher.match(command.title), command) for command in commands]
    found = [(score, command) for score, command in scored if score > 0]
    return [command for _, command in sorted(found, key=lambda found: -found[0])]


class CommandScreen(DialogScreen[Command]):
    """A list of commands that typed letters narrow; returns the one chosen.

    Args:
        title: Of the dialog.
        commands: In the order in which they are listed.
    """

    BINDINGS: ClassVar[list[BindingType]] = PALETTE
    DEFAULT_CSS = """
    CommandScreen {
        & > .window { height: 90%; }
        & OptionList { height: 1fr; margin: 1 0 0 0; scrollbar-gutter: stable; }
        & OptionList > .option-list--option-highlighted {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
        }
    }
    """

    def __init__(self, title: str, commands: Sequence[Command]) -> None:
        super().__init__()
        self._title = title
        self._commands = commands
        self._shown: list[Command] = []

    def compose(self) -> ComposeResult:
        """Lay out the field and the list."""
        with Vertical(classes="window") as window:
            window.border_title = Content(self._title)
            yield TextField(placeholder="part of a command's name")
            choices = ItemList()
            choices.can_focus = False  # the arrow keys move in it from the field
            yield choices

    def on_resize(self) -> None:
        """List the commands, as wide as the dialog is now."""
        self.call_after_refresh(self._narrow, keep=True)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list while letters are typed."""
        event.stop()
        self._narrow()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose the command that was clicked."""
        event.stop()
        self.dismiss(self._shown[event.option_index])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether there is anything to choose."""
        if action in {"run", "step"}:
            return bool(self._shown)
        return super().check_action(action, parameters)

    def action_step(self, step: int) -> None:
        """Go to the next or previous command."""
        choices = self.query_one(OptionList)
        choices.highlighted = ((choices.highlighted or 0) + step) % len(self._shown)

    def action_run(self) -> None:
        """Return the command."""
        # What was typed last may not have narrowed the list yet.
        self._narrow(keep=True)
        chosen = self.query_one(OptionList).highlighted
        if chosen is not None:
            self.dismiss(self._shown[chosen])

    def _narrow(self, *, keep: bool = False) -> None:
        """List what matches; `keep` the place in the list if it is the same."""
        if not self.is_attached or not self.query(OptionList):
            return  # closed meanwhile
        choices = self.query_one(OptionList)
        shown = matching(self._commands, self.query_one(TextField).value.strip())
        at = choices.highlighted if keep and shown == self._shown else None
        self._shown = shown
        width = max(choices.scrollable_content_region.width, 1)
        choices.set_options(Option(_line(command, width)) for command in shown)
        choices.highlighted = (at or 0) if shown else None
        self.refresh_bindings()


def _line(command: Command, width: int) -> Content:
    """Return one line: the title, the keys at the right."""
    room = max(width - cell_len(command.keys) - 2, 1)
    title = set_cell_size(command.title, room)
    return Content(f"{title}  ") + Content.styled(command.keys, "$quiet")
