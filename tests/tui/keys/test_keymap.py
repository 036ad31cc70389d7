"""Keys of the settings: which are used, and what is reported about the others."""

import pytest

from tui.keys.keymap import normal, read_keymap


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ctrl+g", "ctrl+g"), ("Ctrl+G", "ctrl+g"), ("X", "X"), ("?", "question_mark"),
        ("f7", "f7"), ("shift+ctrl+up", "ctrl+shift+up"), ("+", "plus"), ("space", "space"),
        ("Strg+X", None), ("ctrl+nosuch", None), ("", None), ("pagedown", "pagedown"),
    ],
)  # fmt: skip
def test_keys_are_read_as_people_write_them(written: str, meant: str | None) -> None:
    """Letter case of modifiers and the order of them do not matter; what is no key is none."""
    assert normal(written) == meant


def test_valid_keys_are_used() -> None:
    """One key or several; an action of several widgets gets it on all."""
    keymap = read_keymap({"passage.next": "ctrl+down, J", "theme": "f12"})
    assert dict(keymap.keys) == {"passage.next": "ctrl+down,J", "theme": "f12"}
    assert keymap.notes == ()


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"passage.coppy": "x"}, "there is no action 'passage.coppy'"),
        ({"passage.copy": "nosuchkey"}, "is not a key"),
        ({"passage.copy": ""}, "is not a key"),
        ({"passage.copy": "f1"}, "f1 is help"),
        ({"passage.copy": "j"}, "j is passage.next"),
        ({"passage.copy": "ctrl+g", "passage.cite": "ctrl+g"}, "ctrl+g is passage.copy"),
        ({"help": "h"}, "h types a character where this action is used"),
        ({"prompt.ask": "space"}, "space types"),
        ({"filters.apply": "ctrl+p"}, "ctrl+p is palette"),
    ],
)  # fmt: skip
def test_invalid_keys_are_reported(wanted: dict[str, str], said: str) -> None:
    """Unknown actions and keys, keys that are taken, and letters where text is written."""
    keymap = read_keymap(wanted)
    assert len(keymap.notes) == 1
    assert said in keymap.notes[0]
    assert len(keymap.keys) == len(wanted) - 1


def test_two_actions_can_change_keys() -> None:
    """A key that was given away is free for another action."""
    keymap = read_keymap({"passage.cite": "ctrl+g", "passage.copy": "Y"})
    assert dict(keymap.keys) == {"passage.cite": "ctrl+g", "passage.copy": "Y"}
    assert keymap.notes == ()


def test_the_same_key_may_mean_something_else_elsewhere() -> None:
    """A window's keys are no conflict with those of the conversation."""
    assert read_keymap({"index.pause": "j"}).notes == ()
