"""The page of keys lists every action under its keys."""

from checkout import ROOT

from tui.keys.bindings import PARTS, RELEASE
from tui.keys.keymap import single_key
from tui.screens.help import key_name

PAGE = ROOT / "docs" / "reference" / "keys.md"


def test_every_key_is_on_the_page() -> None:
    """Each row names the keys, what they do and the action's name; no row names another."""
    rows: list[str] = []
    for part in PARTS:
        keys: dict[str, list[str]] = {}
        said: dict[str, str] = {}
        for binding in single_key(part.bindings):
            if binding.id is not None and part.bindings is not RELEASE:
                keys.setdefault(binding.id, []).append(f"`{key_name(binding.key)}`")
                said[binding.id] = binding.tooltip or binding.description
        rows += (f"| {', '.join(keys[name])} | {said[name]} | `{name}` |" for name in keys)
    page = PAGE.read_text(encoding="utf-8").splitlines()
    assert rows == [line for line in page if line.startswith("| `")]
