"""Names, links, devices and files that change, in a folder that is indexed (30 and 57 to 61)."""

import os
import tempfile
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from console_script import GOOD, index_files, index_folder, run_program
from control_characters import raw_controls
from index_parts import RELEASE, put
from restricted import unprivileged

pytestmark = pytest.mark.usefixtures("exported_encoder")


@pytest.mark.parametrize("terminal", [False, True])
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a\nb.txt", "a⏎b"),
        (b"a\x1b[2Jb.txt", "a␛[2Jb"),
        (b"a\xff\xfeb.txt", r"a\xff\xfeb"),
        ("a\u202eb.txt".encode(), "a⇄b"),
    ],
    ids=["newline", "escape", "invalid_utf8", "direction"],
)
def test_30_an_odd_name_is_indexed_and_shown_cleaned(
    name: bytes, shown: str, tmp_path: Path, *, terminal: bool
) -> None:
    """30: The file is read, and its name is visible characters wherever it is printed."""
    bad = b"bad-" + name
    indexed = index_files(tmp_path, {os.fsdecode(name): RELEASE, os.fsdecode(bad): ""})
    (release,) = set(indexed.listed) - {"good"}
    ran = [
        indexed.run(*words, terminal=terminal)
        for words in (
            ["list"],
            ["show", "--", release],
            ["index", "in", "-v"],
            ["status"],
            ["verify"],
        )
    ]

    assert [0, 0, 0, 0, 0] == [result.code for result in ran]
    assert f"source: in/{shown}.txt" in " ".join(ran[1].out.split("\n"))
    assert f"skipped as before in/bad-{shown}.txt: no text" in ran[2].err
    if not terminal:  # on a terminal the program has styles of its own
        assert set() == raw_controls("".join(result.both for result in ran))
    assert not {"\x1b[2J", "\u202e"} & {
        sign for sign in ("\x1b[2J", "\u202e") for result in ran if sign in result.both
    }


def test_57_58_links_in_a_circle_or_out_of_the_folder(tmp_path: Path) -> None:
    """57, 58: Circles end, a file is read once, and only `--follow` leads out of the folder."""
    folder = tmp_path / "in"
    put(folder / GOOD, RELEASE)
    put(tmp_path / "out" / "secret.txt", RELEASE.replace("Halifax", "Truro"))
    (folder / "itself").symlink_to("itself")
    (folder / "up").symlink_to(folder)
    (folder / "hardly-new.txt").symlink_to(GOOD)
    (folder / "secret.txt").symlink_to(tmp_path / "out" / "secret.txt")
    indexed = index_folder(tmp_path)
    followed = run_program("index", "in", "--follow", "-v", cwd=tmp_path)

    assert {"good"} == set(indexed.listed)
    assert {
        "itself": "too many levels of symbolic links",
        "secret.txt": "a link out of the folder; use --follow to read it",
    } == indexed.skipped
    assert (0, "1 added") == (followed.code, followed.out.partition(",")[0])
    assert "skipped as before in/itself: " in followed.err


def test_59_pipes_and_devices_never_block(tmp_path: Path) -> None:
    """59: A pipe that nobody writes to and an endless device are skipped at once."""
    put(tmp_path / "in" / GOOD, RELEASE)
    os.mkfifo(tmp_path / "in" / "pipe.txt")
    started = time.monotonic()
    indexed = index_folder(tmp_path)
    named = run_program("index", "in/pipe.txt", "/dev/zero", cwd=tmp_path)

    assert time.monotonic() - started < 60
    assert {"pipe.txt": "neither a file nor a folder"} == indexed.skipped
    assert (3, 2) == (named.code, named.err.count("neither a file nor a folder\n"))


def test_60_a_file_without_permission_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """60: Files and folders that may not be read are named; the rest is read."""
    monkeypatch.delenv("XDG_CONFIG_HOME")  # which is in pytest's own folder
    monkeypatch.setenv("HOME", "/nonexistent")
    with tempfile.TemporaryDirectory() as name:  # which other users can reach, unlike pytest's own
        folder = Path(name)
        folder.chmod(0o755)
        put(folder / GOOD, RELEASE)
        put(folder / "shut" / "inside.txt", RELEASE)
        run_program("index", ".", "--dry-run", cwd=folder)  # what is loaded is loaded by root
        put(folder / "closed.txt", RELEASE).chmod(0)
        (folder / "shut").chmod(0)
        with unprivileged():
            ran = run_program("index", ".", "--dry-run", cwd=folder)
        (folder / "shut").chmod(0o755)

    assert (3, "would be: 1 added") == (ran.code, ran.out.partition(",")[0]), ran
    assert ["skipped closed.txt: permission denied", "skipped shut: permission denied"] == sorted(
        ran.err.splitlines()
    )


@pytest.mark.parametrize("change", ["grows", "shrinks", "is replaced", "vanishes"])
def test_61_a_file_that_changes_while_it_is_read_is_skipped(change: str, tmp_path: Path) -> None:
    """61: It is skipped, what was stored of it before stays, and the next run reads it."""
    path = put(tmp_path / "in" / "news.txt", RELEASE)
    put(tmp_path / "in" / GOOD, RELEASE.replace("Halifax", "Truro"))
    before = index_folder(tmp_path).text("news")
    newer = RELEASE.replace("$4.2 million", "$5.7 million")
    put(path, newer, age_s=30)
    actions = {
        "grows": lambda: path.write_text(newer * 2),
        "shrinks": lambda: path.write_text(newer[:200]),
        "is replaced": lambda: path.write_text(newer.swapcase()),
        "vanishes": path.unlink,
    }
    real = Path.open

    def open_and_change(file: Path, *arguments: Any, **options: Any) -> Any:
        stream = real(file, *arguments, **options)
        if file.name == "news.txt" and actions:
            action = actions[change]
            actions.clear()
            action()
        return stream

    with patch.object(Path, "open", open_and_change):
        changed = index_folder(tmp_path)

    assert not actions
    assert ["news.txt"] == list(changed.skipped)
    assert changed.skipped["news.txt"].startswith(
        "no such file or directory" if change == "vanishes" else "changed while it was read"
    )
    assert before == changed.text("news")
    put(path, newer)
    assert {} == index_folder(tmp_path).skipped
    assert "$5.7 million" in changed.text("news")
