"""The footer: the keys that do something now, as many of them as fit whole.

On a narrow screen the keys that are least needed leave, in an order of their own, instead of
whichever come last; all of them stay in the help.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.events import Click, Resize
from textual.widgets import Footer, Static

from tui.keys.bindings import FIRST_TO_LEAVE


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
    group: Binding.Group | None = None
    tooltip: str = ""

    @property
    def signs(self) -> str:
        """The keys as they are shown."""
        return "".join(sign for _, sign in self.keys)

    @property
    def width(self) -> int:
        """The cells it takes, with the gap behind it."""
        return cell_len(f"{self.signs} {self.description} ")


def entries_of(keys: Iterable[tuple[Binding, str]]) -> list[FooterEntry]:
    """Make one entry of the keys of an action, and of the actions of a group.

    Args:
        keys: In order, each with how it is shown.
    """
    entries: list[FooterEntry] = []
    actions: set[str] = set()
    for binding, sign in keys:
        if binding.action in actions:
            continue
        actions.add(binding.action)
        key = (binding.key, sign)
        if entries and binding.group is not None and binding.group == entries[-1].group:
            entries[-1] = replace(entries[-1], keys=(*entries[-1].keys, key))
            continue
        grouped = binding.group.description if binding.group else binding.description
        action, tooltip = binding.action.partition("(")[0], binding.tooltip
        entries.append(FooterEntry((key,), grouped, action, binding.group, tooltip))
    return entries


def fitting(entries: Sequence[FooterEntry], width: int) -> list[FooterEntry]:
    """Leave out the entries that are least needed until the others fit `width` cells whole."""
    kept = list(entries)
    for action in FIRST_TO_LEAVE:
        if sum(entry.width for entry in kept) <= width:
            break
        kept = [entry for entry in kept if entry.action != action]
    return kept


class KeyFooter(Footer):
    """Shows the keys that do something now, on one line."""

    DEFAULT_CSS = """
    KeyFooter { padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__(show_command_palette=False)
        self._shown: list[FooterEntry] = []

    def compose(self) -> ComposeResult:
        """Lay out what fits."""
        self._shown = self._fitting()
        yield from map(FooterKey, self._shown)

    async def recompose(self) -> None:
        """Lay out what fits, if that is not there already."""
        if self.is_attached and self._fitting() != self._shown:
            await super().recompose()

    def _fitting(self) -> list[FooterEntry]:
        active = [entry.binding for entry in self.screen.active_bindings.values()]
        shown = [binding for binding in active if binding.show]
        entries = entries_of((binding, self.app.get_key_display(binding)) for binding in shown)
        return fitting(entries, self.size.width)

    async def on_resize(self, event: Resize) -> None:
        """Show more or fewer keys."""
        if event.size.width:
            await self.recompose()


class FooterKey(Static):
    """Keys and what they do; a click on one does it."""

    DEFAULT_CSS = """
    FooterKey {
        width: auto;
        margin: 0 1 0 0;
        color: $footer-description-foreground;
        &:hover { background: $block-hover-background; pointer: pointer; }
    }
    """
    ALLOW_SELECT = False

    def __init__(self, entry: FooterEntry) -> None:
        signs = Content.styled(entry.signs, "bold $footer-key-foreground")
        super().__init__(signs + Content(f" {entry.description}"))
        self._keys = entry.keys
        self.tooltip = Content(entry.tooltip) if entry.tooltip else None

    def on_click(self, event: Click) -> None:
        """Press the key that was clicked; on the words, the first."""
        event.stop()
        end = 0
        for key, sign in self._keys:
            end += cell_len(sign)
            if event.x < end:
                self.app.simulate_key(key)
                return
        self.app.simulate_key(self._keys[0][0])
