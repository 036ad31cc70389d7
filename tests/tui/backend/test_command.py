"""A command of the program whose output a screen shows."""

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tui.backend import command
from tui.backend.command import MOST, arguments_of, output_of


def test_a_command_becomes_arguments() -> None:
    """Where the number of results can be limited, many are asked for."""
    assert arguments_of("releaseqa said 'Ann Roe' about ferries") == [
        "said", "Ann Roe", "about", "ferries", "--limit", str(MOST),
    ]  # fmt: skip
    assert arguments_of("releaseqa list --indexed-since yesterday") == [
        "list", "--indexed-since", "yesterday",
    ]  # fmt: skip


async def test_the_lines_are_those_of_a_terminal(sample_collection: Path) -> None:
    """They have colours and the width that was asked for."""
    lines = [line async for line in output_of(["said", "Joly"], sample_collection, 60)]

    assert "\x1b[1m" in lines[0]
    assert any("Korea is a strong and trusted partner" in line for line in lines)
    assert 40 < max(map(len, lines)) < 60 + len("\x1b[1m\x1b[0m\x1b[2m\x1b[0m")


async def test_errors_are_lines_too(tmp_path: Path) -> None:
    """A command that fails says why."""
    lines = [line async for line in output_of(["list"], tmp_path / "none", 80)]

    assert "no collection in" in " ".join(lines)


async def test_what_cannot_be_shown_is_said(
    sample_collection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line without an end, and a program that cannot be started."""
    monkeypatch.setattr(command, "_LONGEST_LINE", 20)
    lines = [line async for line in output_of(["list"], sample_collection, 80)]
    assert lines[-1] == "The rest has a line that is too long to be shown here."

    monkeypatch.setattr(sys, "executable", "/no/such/python")
    lines = [line async for line in output_of(["list"], sample_collection, 80)]
    assert lines == ["The command cannot be started: No such file or directory."]


async def test_the_process_ends_with_the_reading(sample_collection: Path) -> None:
    """Whoever stops reading, here before the first line, leaves no process behind."""
    lines = output_of(["said", "Joly"], sample_collection, 80)
    with suppress(TimeoutError):
        await asyncio.wait_for(anext(lines), 0.001)

    assert not any(b"--index" in words for words in _children())


def _children() -> list[bytes]:
    """The command lines of the processes that this one has started, on Linux."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    numbers = listed.read_text().split() if listed.exists() else []
    return [Path(f"/proc/{number}/cmdline").read_bytes() for number in numbers]
