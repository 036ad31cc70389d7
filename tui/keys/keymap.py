"""Other keys for actions, from the `[keys]` table of the settings.

The table may come from a folder that is not the user's, so values are only read as names of keys.
An entry that makes no sense, or a key that another action has in the same place, is ignored with a
note: the action keeps its keys.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from textual.binding import Binding, BindingType
from textual.keys import Keys, _character_to_key, key_to_character

from tui.keys.bindings import APP, PARTS, SCREEN, WINDOW

_MODIFIERS = ("ctrl", "alt", "shift", "super", "meta", "hyper")
_NAMED = frozenset(key.value for key in Keys)
_TEXT_FIELDS = ("prompt.", "find.", "filters.", "folder.", "browser.", "sessions.", "line.",
                "palette.")  # fmt: skip
"""Actions of places where text is typed, so a letter cannot be their key."""


@dataclass(frozen=True, slots=True)
class KeyMap:
    """Keys by the id of their action, as Textual takes them, and notes on ignored entries."""

    keys: Mapping[str, str]
    notes: tuple[str, ...] = ()


def read_keymap(wanted: Mapping[str, str]) -> KeyMap:
    """Return the valid keys of a keymap.

    Args:
        wanted: Keys, separated by commas, by the id of an action.
    """
    taken: dict[str, str] = {}
    notes: list[str] = []
    known = {binding.id for part in PARTS for binding in single_key(part.bindings) if binding.id}
    for name, text in wanted.items():
        keys = [normal(key) for key in text.split(",") if key.strip()]
        if name not in known:
            notes.append(f"keys: there is no action {name!r}; F1 shows the keys")
        elif not keys or None in keys:
            notes.append(f"keys: {text!r} for {name} is not a key; use for example ctrl+g or x")
        else:
            value = ",".join(key for key in keys if key)
            reason = _typing_conflict(name, value) or _conflict(name, value, taken)
            if reason:
                notes.append(f"keys: {name} keeps its keys: {reason}")
            else:
                taken[name] = value
    if "prompt.earlier" in taken or "prompt.later" in taken:
        taken |= {"prompt.cursor-up": "up", "prompt.cursor-down": "down"}
    return KeyMap(taken, tuple(notes))


def effective(bindings: Iterable[BindingType], keys: Mapping[str, str]) -> list[Binding]:
    """Return one binding per key, with the user's keys."""
    changed: list[Binding] = []
    for binding in single_key(bindings):
        if binding.id in keys and binding.id is not None:
            if any(other.id == binding.id for other in changed):
                continue
            changed += (
                binding.with_key(key=key, key_display=None) for key in keys[binding.id].split(",")
            )
        else:
            changed.append(binding)
    return changed


def single_key(bindings: Iterable[BindingType]) -> list[Binding]:
    """Return one binding per key."""
    return list(Binding.make_bindings(bindings))


def normal(key: str) -> str | None:
    """Return a key as Textual names it, or None if there is none of that name."""
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


def _typing_conflict(name: str, keys: str) -> str | None:
    """Return why a key that types a character cannot have an action in a text field."""
    everywhere = {binding.id for binding in single_key([*SCREEN, *APP, *WINDOW])}
    if name in everywhere or (name.startswith(_TEXT_FIELDS) and name != "filters"):
        for key in keys.split(","):
            if key == "space" or key_to_character(key) is not None:
                return f"{key} types a character where this action is used"
    return None


def _conflict(name: str, keys: str, taken: Mapping[str, str]) -> str | None:
    """Return which other action has one of the keys where the named action works."""
    for part in PARTS:
        here = [*effective(part.bindings, taken), *effective(part.behind, taken)]
        if not any(binding.id == name for binding in here):
            continue
        actions = {binding.action for binding in here if binding.id == name}
        for binding in here:
            if binding.key in keys.split(",") and binding.action not in actions:
                return f"{binding.key} is {binding.id or binding.action} ({part.title.lower()})"
    return None
