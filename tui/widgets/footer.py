"""The footer: the keys that do something now, as many of them as fit on the line.

On a narrow screen the least needed keys are left out, instead of whichever come last. The help
has all of them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.events import Click, Resize
from textual.screen import Screen
from textual.widgets import Footer, Static

from tui.keys.bindings import FIRST_TO_LEAVE, LAST_IN_FOOTER, NEXT_PART

BETWEEN = "/"
"""Between the keys of an entry, so that they do not look like one key after another."""
GAP = 2
"""Cells between two entries: one more than between a key and what it does."""


@dataclass(frozen=True, slots=True)
class FooterEntry:
    """One or more keys and what they do.

    Attributes:
        keys: Each as Textual names it and as it is shown.
        action: Of the first key, without arguments.
    """

    keys: tuple[tuple[str, str], ...]
    description: str
    action: str
    tooltip: str = ""

    @property
    def label(self) -> str:
        """The keys as they are shown."""
        return BETWEEN.join(label for _, label in self.keys)

    @property
    def width(self) -> int:
        """The cells it takes, with the gap after it."""
        return cell_len(f"{self.label} {self.description}") + GAP


def entries_of(keys: Iterable[tuple[Binding, str]]) -> list[FooterEntry]:
    """Return one entry for the keys of an action, and for adjacent actions of a group.

    Args:
        keys: In order, each with how it is shown.
    """
    first: dict[str, tuple[Binding, str]] = {}
    for binding, label in keys:
        first.setdefault(binding.action, (binding, label))
    entries = []
    for group, members in groupby(first.values(), lambda key: key[0].group or key[0].action):
        grouped = list(members)
        binding = grouped[0][0]
        entries.append(
            FooterEntry(
                tuple((member.key, label) for member, label in grouped),
                group.description if isinstance(group, Binding.Group) else binding.description,
                binding.action.partition("(")[0],
                binding.tooltip,
            )
        )
    return entries


def fitting(entries: Sequence[FooterEntry], width: int) -> list[FooterEntry]:
    """Leave out the least needed entries until the others fit in `width` cells."""
    shown = list(entries)
    for action in FIRST_TO_LEAVE:
        if sum(entry.width for entry in shown) - GAP <= width:
            break
        shown = [entry for entry in shown if entry.action != action]
    return shown


def _place(binding: Binding) -> tuple[int, bool]:
    """Sort keys: those that take precedence over a field come after the others of a dialog.

    Textual has them where the field has the same key, which may be before Enter.
    """
    last = LAST_IN_FOOTER.index(binding.id) + 1 if binding.id in LAST_IN_FOOTER else 0
    return last, binding.priority


class KeyFooter(Footer):
    """Shows the keys that do something now, on one line.

    Args:
        next_part: Names the part that the key to the next part goes to.
    """

    DEFAULT_CSS = """
    KeyFooter { padding: 0 1; }
    """

    def __init__(self, next_part: Callable[[], str] = lambda: "Next") -> None:
        super().__init__(show_command_palette=False)
        self._next_part = next_part
        self._shown: list[FooterEntry] = []

    def compose(self) -> ComposeResult:
        """Lay out what fits."""
        self._shown = self._fitting()
        yield from map(FooterKey, self._shown)

    def bindings_changed(self, screen: Screen[object]) -> None:
        """Show the keys as they are now, unless a dialog is in front.

        Textual would look for the chat's actions on the dialog, and offer all of them.
        """
        if screen.is_active:
            super().bindings_changed(screen)

    async def recompose(self) -> None:
        """Lay out what fits, unless it is the same as before."""
        if self.is_attached and self._fitting() != self._shown:
            await super().recompose()

    def _fitting(self) -> list[FooterEntry]:
        active = [entry.binding for entry in self.screen.active_bindings.values()]
        shown = [
            replace(binding, description=self._next_part()) if binding.id == NEXT_PART else binding
            for binding in active
            if binding.show
        ]
        shown.sort(key=_place)
        entries = entries_of((binding, self.app.get_key_display(binding)) for binding in shown)
        return fitting(entries, self.content_size.width)

    async def on_resize(self, event: Resize) -> None:
        """Show more or fewer keys."""
        if event.size.width:
            await self.recompose()


class FooterKey(Static):
    """Keys and what they do; a click presses one."""

    DEFAULT_CSS = """
    FooterKey {
        width: auto;
        margin: 0 2 0 0;
        color: $footer-description-foreground;
        &:hover { background: $block-hover-background; pointer: pointer; }
    }
    """
    ALLOW_SELECT = False

    def __init__(self, entry: FooterEntry) -> None:
        label = Content.styled(entry.label, "bold $footer-key-foreground")
        super().__init__(label + Content(f" {entry.description}"))
        self._keys = entry.keys
        self.tooltip = Content(entry.tooltip) if entry.tooltip else None

    def on_click(self, event: Click) -> None:
        """Press the key that was clicked; the first one for a click on the words."""
        event.stop()
        end = 0
        for key, label in self._keys:
            end += cell_len(label + BETWEEN)
            if event.x < end:
                self.app.simulate_key(key)
                return
        self.app.simulate_key(self._keys[0][0])
