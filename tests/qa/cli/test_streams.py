"""Standard streams that are closed, end early, or are to have no colours."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import process_environment

PROGRAM = f"{sys.executable} -m qa"
NO_OUTPUT = (1, b"releaseqa: standard output is closed\n")
NO_INPUT = (1, b"releaseqa: standard input is closed\n")


def shell(script: str, folder: Path) -> "subprocess.CompletedProcess[bytes]":
    """Run a line of bash in a folder."""
    return subprocess.run(
        ["bash", "-c", script],
        capture_output=True, cwd=folder, env=process_environment(), check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("list >&-", NO_OUTPUT), ("ask X --json --words-only >&-", NO_OUTPUT),
        ("ask X --words-only >&-", NO_OUTPUT), ("--help >&-", NO_OUTPUT),
        ("ask --help >&-", NO_OUTPUT), ("--version >&-", NO_OUTPUT), ("doctor >&-", NO_OUTPUT),
        ("batch - <&-", NO_INPUT), ("table --questions - <&-", NO_INPUT),
        ("index - --dry-run <&-", NO_INPUT), ("list <&- >&- 2>&-", (1, b"")),
    ],
)  # fmt: skip
def test_a_closed_stream_that_is_needed_is_named(
    sample_collection: Path, line: str, expected: tuple[int, bytes]
) -> None:
    """One line and exit 1, whatever the command."""
    done = shell(f"{PROGRAM} {line}", sample_collection.parent)

    assert (done.returncode, done.stderr) == expected
    assert b"" == done.stdout


@pytest.mark.parametrize(("closed", "expected"), [(">&-", NO_OUTPUT), ("<&-", NO_INPUT)])
def test_a_server_without_a_stream_says_so(
    sample_collection: Path, closed: str, expected: tuple[int, bytes]
) -> None:
    """What reads and writes bytes in tasks of its own is told the same."""
    pytest.importorskip("mcp")
    done = shell(f"{PROGRAM} mcp {closed}", sample_collection.parent)

    assert (done.returncode, done.stderr) == expected


def test_a_closed_stream_that_is_not_needed_is_none(
    sample_collection: Path, tmp_path: Path
) -> None:
    """Answers to a file need no standard output, data no standard error, files no input."""
    (tmp_path / "q.txt").write_text("Where is the bridge?\n")
    out = tmp_path / "a.jsonl"
    line = f"batch {tmp_path}/q.txt --words-only -o {out} <&- >&-"
    written = shell(f"{PROGRAM} {line}", sample_collection.parent)
    listed = shell(f"{PROGRAM} list --json -v 2>&-", sample_collection.parent)

    assert (written.returncode, out.read_text()[:12]) == (0, '{"schema": 1')
    assert (listed.returncode, listed.stderr) == (0, b"")
    assert listed.stdout.startswith(b"[") or listed.stdout.startswith(b"{")


@pytest.mark.parametrize("words", ["--help", "ask --help", "--version"])
def test_help_that_nobody_reads_is_no_failure(sample_collection: Path, words: str) -> None:
    """`releaseqa --help | true` ends as quietly as any other output."""
    script = f"{PROGRAM} {words} | true; echo ${{PIPESTATUS[0]}}"
    done = shell(script, sample_collection.parent)

    assert (done.stdout, done.stderr) == (b"0\n", b"")


def on_a_terminal(words: str, folder: Path) -> str:
    """Return what a command prints to a terminal."""
    import pty

    leader, follower = pty.openpty()
    environment = process_environment({"TERM": "xterm-256color"})
    with subprocess.Popen(
        [sys.executable, "-m", "qa", *words.split()],
        stdin=follower, stdout=follower, stderr=follower, cwd=folder, env=environment,
    ):  # fmt: skip
        os.close(follower)
        shown = b""
        try:
            while block := os.read(leader, 65536):
                shown += block
        except OSError:  # Linux: the other end is closed
            pass
        os.close(leader)
    return shown.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals here")
@pytest.mark.parametrize("words", ["--help", "ask --help"])
def test_no_color_counts_for_help(sample_collection: Path, words: str) -> None:
    """Help is printed before options are read, and has no colour either."""
    colour = re.compile("\x1b\\[(?:[0-9;]*;)?[349][0-7](?:;[0-9;]*)?m")
    with_colours = on_a_terminal(words, sample_collection.parent)
    without = on_a_terminal(f"--no-color {words}", sample_collection.parent)

    assert colour.search(with_colours)
    assert not colour.search(without)
    assert "Usage: " in without
