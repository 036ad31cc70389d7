"""Other keys for actions, as the `[keys]` table of the settings gives them.

The table may have come with a folder, so a value is only ever read as names of keys, and what
has no meaning, or would take a key that another action has in the same place, is left aside and
said. Nothing can be lost by it: an action keeps the keys it had.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from textual.binding import Binding, BindingType
from textual.keys import Keys, _character_to_key, key_to_character

from tui.keys.bindings import APP, PARTS, SCREEN, WINDOW

_MODIFIERS = ("ctrl", "alt", "shift", "super", "meta", "hyper")
_NAMED = frozenset(key.value for key in Keys)
_WRITTEN_IN = ("prompt.", "find.", "filters.", "folder.", "browser.", "sessions.", "line.")
"""Actions of places where text is written: a letter there is a letter."""


@dataclass(frozen=True, slots=True)
class KeyMap:
    """Keys by the id of their action, as Textual takes them, and what was left aside."""

    keys: Mapping[str, str]
    notes: tuple[str, ...] = ()


def read_keymap(wanted: Mapping[str, str]) -> KeyMap:
    """Take the keys that can be given.

    Args:
        wanted: Keys, separated by commas, by the id of an action.
    """
    taken: dict[str, str] = {}
    notes: list[str] = []
    known = {binding.id for part in PARTS for binding in made(part.bindings) if binding.id}
    for name, text in wanted.items():
        keys = [normal(key) for key in text.split(",") if key.strip()]
        if name not in known:
            notes.append(f"keys: there is no action {name!r}; F1 shows the keys")
        elif not keys or None in keys:
            notes.append(f"keys: {text!r} for {name} names no key; write for example ctrl+g or x")
        else:
            value = ",".join(key for key in keys if key)
            reason = _letters(name, value) or _conflict(name, value, taken)
            if reason:
                notes.append(f"keys: {name} keeps its keys: {reason}")
            else:
                taken[name] = value
    if "prompt.earlier" in taken or "prompt.later" in taken:
        taken |= {"prompt.cursor-up": "up", "prompt.cursor-down": "down"}
    return KeyMap(taken, tuple(notes))


def effective(bindings: Iterable[BindingType], keys: Mapping[str, str]) -> list[Binding]:
    """Return bindings one a key, with the keys that are in force."""
    changed: list[Binding] = []
    for binding in made(bindings):
        if binding.id in keys and binding.id is not None:
            if any(other.id == binding.id for other in changed):
                continue
            changed += (
                binding.with_key(key=key, key_display=None) for key in keys[binding.id].split(",")
            )
        else:
            changed.append(binding)
    return changed


def made(bindings: Iterable[BindingType]) -> list[Binding]:
    """Return bindings one a key."""
    return list(Binding.make_bindings(bindings))


def normal(key: str) -> str | None:
    """Return a key as Textual names it, or None when there is none of that name."""
    *modifiers, last = [part.strip() for part in key.strip().split("+")] if key != "+" else ["+"]
    lowered = [modifier.lower() for modifier in modifiers]
    if any(modifier not in _MODIFIERS for modifier in lowered):
        return None
    if len(last) == 1:
        name = _character_to_key(last.lower() if lowered else last)
    else:
        name = last.lower()
        if name not in _NAMED and key_to_character(name) is None:
            return None
    return "+".join([*sorted(lowered, key=_MODIFIERS.index), name])


def _letters(name: str, keys: str) -> str | None:
    """Say why a key that writes cannot have an action where text is written."""
    everywhere = {binding.id for binding in made([*SCREEN, *APP, *WINDOW])}
    if name in everywhere or (name.startswith(_WRITTEN_IN) and name != "filters"):
        for key in keys.split(","):
            if key == "space" or key_to_character(key) is not None:
                return f"{key} writes where the action works"
    return None


def _conflict(name: str, keys: str, taken: Mapping[str, str]) -> str | None:
    """Say which other action has a key where the named one works."""
    for part in PARTS:
        here = [*effective(part.bindings, taken), *effective(part.behind, taken)]
        if not any(binding.id == name for binding in here):
            continue
        actions = {binding.action for binding in here if binding.id == name}
        for binding in here:
            if binding.key in keys.split(",") and binding.action not in actions:
                return f"{binding.key} is {binding.id or binding.action} ({part.title.lower()})"
    return None
