"""The commands of the palette: every action of `tui.keys.bindings` that does something now.

An action runs on the node that has it: a widget of the chat, the screen in front, or the app.
"""

from collections.abc import Mapping
from functools import partial

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

from tui.chat.screen import ChatScreen
from tui.keys.bindings import (
    APP,
    CONVERSATION,
    FIND,
    INDEXING,
    OFTEN_CHOSEN,
    PARTS,
    PROMPT,
    RELEASE,
    SCREEN,
    Part,
)
from tui.keys.keymap import effective
from tui.screens.commands import Command
from tui.screens.help import key_name

LEFT_OUT = frozenset({"palette"})
"""The palette does not offer itself."""


def commands(
    app: App[None],
    screen: Screen[object],
    keys: Mapping[str, str],
    uses: Mapping[str, int] | None = None,
) -> list[Command]:
    """Return the commands for a screen, the most used first.

    Args:
        app: Runs them.
        screen: The screen in front.
        keys: The user's keys, by the ids of actions.
        uses: How often each was chosen, by the ids of actions.
    """
    found: dict[str, tuple[str, str, DOMNode]] = {}
    names: dict[str, list[str]] = {}
    for part in PARTS:
        for binding in effective(part.bindings, keys):
            action = binding.action.removeprefix("app.").removeprefix("screen.")
            node = _node_of(app, screen, part, binding)
            if node is not None and _is_available(node, action):
                title, name = binding.tooltip or binding.description, key_name(binding.key)
                found[title] = binding.id or "", action, node
                if name not in names.setdefault(title, []):
                    names[title].append(name)
    listed = [
        Command(name, title, ", ".join(names[title]), partial(app.run_action, action, node))
        for title, (name, action, node) in found.items()
    ]
    often = {name: place for place, name in enumerate(OFTEN_CHOSEN)}
    counted = uses or {}
    return sorted(
        listed, key=lambda c: (-counted.get(c.name, 0), often.get(c.name, len(OFTEN_CHOSEN)))
    )


def _node_of(
    app: App[None], screen: Screen[object], part: Part, binding: Binding
) -> DOMNode | None:
    """Return the node that has an action of a part, or None if there is none now."""
    if binding.id is None or binding.id in LEFT_OUT:
        return None
    if part.bindings is APP or binding.action.startswith("app."):
        return app
    if not isinstance(screen, ChatScreen):
        # Not `active_bindings`: there another widget may have the same key.
        own = screen._bindings.key_to_bindings.values()  # noqa: SLF001
        return screen if any(b.id == binding.id for bindings in own for b in bindings) else None
    if part.bindings is PROMPT:
        return screen.prompt
    if part.bindings is FIND:
        return screen.pane.find_bar if screen.pane.find_bar.is_open else None
    return screen if part.bindings in (CONVERSATION, RELEASE, SCREEN, INDEXING) else None


def _is_available(node: DOMNode, action: str) -> bool:
    """Whether an action does something now."""
    name, _, arguments = action.partition("(")
    parameters = (arguments,) if arguments else ()
    return hasattr(node, f"action_{name}") and bool(node.check_action(name, parameters))
