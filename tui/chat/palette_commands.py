"""The command palette: every action of `tui.keys.bindings` that does something now.

An action is run on what has it: a widget of the chat, the screen in front, or the app.
"""

from collections.abc import Iterator, Mapping
from functools import partial

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

from tui.chat.screen import ChatScreen
from tui.keys.bindings import (
    APP,
    CONVERSATION,
    FIND,
    INDEXING,
    PARTS,
    PROMPT,
    RELEASE,
    SCREEN,
    Part,
)
from tui.keys.keymap import effective, made
from tui.screens.help import key_name

LEFT_OUT = frozenset({"palette"})
"""The palette does not offer itself."""


def commands(
    app: App[None], screen: Screen[object], keys: Mapping[str, str]
) -> Iterator[SystemCommand]:
    """Yield the commands of a screen.

    Args:
        app: Runs them.
        screen: What is in front.
        keys: In force, by the ids of actions.
    """
    offered: dict[str, SystemCommand] = {}
    for part in PARTS:
        for binding in effective(part.bindings, keys):
            action = binding.action.removeprefix("app.").removeprefix("screen.")
            node = _node(app, screen, part, binding)
            if node is None or not _possible(node, action):
                continue
            title, name = binding.tooltip or binding.description, key_name(binding.key)
            known = offered.get(title)
            names = [] if known is None else known.help.removeprefix("Key: ").split(", ")
            if name not in names:
                run = partial(app.run_action, action, node)
                offered[title] = SystemCommand(title, "Key: " + ", ".join([*names, name]), run)
    yield from offered.values()


def _node(app: App[None], screen: Screen[object], part: Part, binding: Binding) -> DOMNode | None:
    """Return what has an action of a part, or None where the part has no place now."""
    if binding.id is None or binding.id in LEFT_OUT:
        return None
    if part.bindings is APP or binding.action.startswith("app."):
        return app
    if isinstance(screen, ChatScreen):
        if part.bindings is PROMPT:
            return screen.prompt
        if part.bindings is FIND:
            return screen.pane.find_bar if screen.pane.find_bar.is_open else None
        return screen if part.bindings in (CONVERSATION, RELEASE, SCREEN, INDEXING) else None
    own = (made(kind.__dict__.get("BINDINGS", ())) for kind in type(screen).__mro__)
    return screen if any(other.id == binding.id for others in own for other in others) else None


def _possible(node: DOMNode, action: str) -> bool:
    """Whether an action does something now."""
    name, _, arguments = action.partition("(")
    parameters = (arguments,) if arguments else ()
    return hasattr(node, f"action_{name}") and bool(node.check_action(name, parameters))
