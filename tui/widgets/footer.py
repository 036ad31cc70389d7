"""The footer: the keys that do something now, as many of them as fit on the line.

On a narrow screen the least needed keys are left out, instead of whichever come last. The help
has all of them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rich.cells import cell_len
from textual.binding import Binding
from textual.content import Content
from textual.events import Click, Leave, MouseMove, Resize
from textual.screen import Screen
from textual.widget import Widget

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
    def text(self) -> str:
        """What is shown."""
        return f"{self.label} {self.description}"

    @property
    def width(self) -> int:
        """The cells it takes, with the gap after it."""
        return cell_len(self.text) + GAP


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


class KeyFooter(Widget):
    """Shows the keys that do something now, on one line; a click presses one.

    It is one widget: keys change with each question, and laying out a widget for each key takes
    longer than drawing the line.

    Args:
        next_part: Names the part that the key to the next part goes to.
    """

    DEFAULT_CSS = """
    KeyFooter {
        dock: bottom;
        height: 1;
        padding: 0 1;
        background: $footer-background;
        color: $footer-description-foreground;
    }
    """
    ALLOW_SELECT = False

    def __init__(self, next_part: Callable[[], str] = lambda: "Next") -> None:
        super().__init__()
        self._next_part = next_part
        self._shown: list[FooterEntry] = []
        self._hovered: FooterEntry | None = None

    @property
    def entries(self) -> list[FooterEntry]:
        """What is shown, from left to right."""
        return self._shown

    def on_mount(self) -> None:
        """Follow the keys."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)
        self.call_after_refresh(self._follow)

    def render(self) -> Content:
        """Draw the entries."""
        return Content(" " * GAP).join(self._draw(entry) for entry in self._shown)

    def _draw(self, entry: FooterEntry) -> Content:
        label = Content.styled(entry.label, "bold $footer-key-foreground")
        drawn = label + Content(f" {entry.description}")
        hovered = entry == self._hovered
        return drawn.stylize("on $block-hover-background") if hovered else drawn

    def _bindings_changed(self, screen: Screen[object]) -> None:
        """Show the keys as they are now, unless a dialog is in front.

        The chat's actions would be looked for on the dialog, and all of them offered.
        """
        if screen.is_active and self.app.app_focus:
            self.call_after_refresh(self._follow)

    def _follow(self) -> None:
        """Show what fits, if it differs from what is shown."""
        if self.is_attached and (fitting := self._fitting()) != self._shown:
            self._shown = fitting
            self.refresh()

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

    def on_resize(self, event: Resize) -> None:
        """Show more or fewer keys."""
        if event.size.width:
            self._follow()

    def place_of(self, entry: FooterEntry) -> int:
        """Return the column, in the footer, of an entry that is shown."""
        before = self._shown[: self._shown.index(entry)]
        return self.gutter.left + sum(each.width for each in before)

    def _entry_at(self, x: int) -> FooterEntry | None:
        for entry in self._shown:
            if 0 <= x - self.place_of(entry) < entry.width - GAP:
                return entry
        return None

    def on_mouse_move(self, event: MouseMove) -> None:
        """Mark the entry under the mouse."""
        self._hover(self._entry_at(event.x))

    def on_leave(self, _event: Leave) -> None:
        """Take the mark away."""
        self._hover(None)

    def _hover(self, entry: FooterEntry | None) -> None:
        if entry != self._hovered:
            self._hovered = entry
            self.styles.pointer = "default" if entry is None else "pointer"
            self.tooltip = Content(entry.tooltip) if entry is not None and entry.tooltip else None
            self.refresh()

    def on_click(self, event: Click) -> None:
        """Press the key that was clicked; the first one for a click on the words."""
        event.stop()
        if (entry := self._entry_at(event.x)) is None:
            return
        end = self.place_of(entry)
        for key, label in entry.keys:
            end += cell_len(label + BETWEEN)
            if event.x < end:
                self.app.simulate_key(key)
                return
        self.app.simulate_key(entry.keys[0][0])
