"""A path is completed from what is there."""

from pathlib import Path

import pytest

from tui.platform.path_completion import completed, completions


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("press", "presses/2023", ".hidden"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("press.txt", "bad\x1b[2J.txt", "presses/2023/a.html"):
        (tmp_path / file).touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.mark.parametrize(
    ("typed", "found", "longer"),
    [
        ("", ["press/", "presses/", "press.txt"], "press"),
        ("press", ["press/", "presses/", "press.txt"], "press"),
        ("presse", ["presses/"], "presses/"),
        ("presses/", ["presses/2023/"], "presses/2023/"),
        ("./presses/2023/a", ["./presses/2023/a.html"], "./presses/2023/a.html"),
        ("~/.h", ["~/.hidden/"], "~/.hidden/"),
        ("bad", [], "bad"),
        ("nowhere/x", [], "nowhere/x"),
        ("press.txt/x", [], "press.txt/x"),
        ("a\0/b", [], "a\0/b"),
    ],
)
def test_a_path_goes_on(typed: str, found: list[str], longer: str) -> None:
    """Folders come first; hidden names only after a dot, and names that cannot be shown never."""
    assert completions(typed) == found
    assert completed(typed, found) == longer


def test_a_link_to_itself_is_offered(tmp_path: Path) -> None:
    """What cannot be followed is no folder, and stops nothing."""
    (tmp_path / "round").symlink_to("round")
    assert completions("ro") == ["round"]
