"""Folders that are there whole or not at all."""

from pathlib import Path

import pytest

from index.store.syncing import new_folder


def write(target: Path, text: str) -> None:
    """Make a folder with one file."""
    with new_folder(target, "proof") as folder:
        (folder / "proof").write_text(text)


def test_the_first_of_several_writers_stays(tmp_path: Path) -> None:
    """The others are content with its folder."""
    target = tmp_path / "a" / "target"
    write(target, "first")
    write(target, "second")

    assert (target / "proof").read_text() == "first"
    assert [target] == list(target.parent.iterdir())


def test_something_else_in_the_way_is_an_error(tmp_path: Path) -> None:
    """It is not taken for the folder of another process."""
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "other").write_text("")
    with pytest.raises(OSError, match="not empty"):
        write(tmp_path / "target", "first")
    assert ["other"] == [path.name for path in (tmp_path / "target").iterdir()]


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    """Half a folder is not there."""
    with pytest.raises(UnicodeEncodeError):
        write(tmp_path / "target", "half \ud800")
    assert [] == list(tmp_path.iterdir())
