"""The chat with its standard error led elsewhere, in a terminal of its own."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import pytest
from checkout import ROOT

pytestmark = pytest.mark.terminal
PATIENCE = 90.0
DEAF = (
    "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN);"
    "os.execv(sys.argv[1], sys.argv[1:])"
)
"""Runs a command with hangups ignored, as nohup does."""


def read_until(terminal: int, wanted: bytes) -> bytes:
    """Return what was drawn, once it contains a text."""
    drawn = b""
    end = time.monotonic() + PATIENCE
    while wanted not in drawn and time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            drawn += os.read(terminal, 65536)
    assert wanted in drawn, drawn[-2000:]
    return drawn


def started(
    tmp_path: Path, sources: Sequence[str], errors: BinaryIO, under: Sequence[str] = ()
) -> tuple[subprocess.Popen[bytes], int]:
    """Start the chat in a terminal that does not control it, and return the other end."""
    terminal, inside = pty.openpty()
    fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "TERM": "xterm-256color",
        "RELEASEQA_MAX_MB": "1", "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }  # fmt: skip
    command = [
        *under, sys.executable, "-m", "qa", "--index", str(tmp_path / ".releaseqa"), "chat",
        "--words-only",
        *(str(tmp_path / source) for source in sources),
    ]  # fmt: skip
    process = subprocess.Popen(
        command, stdin=inside, stdout=inside, stderr=errors, env=environment, cwd=tmp_path,
        start_new_session=True,
    )  # fmt: skip
    os.close(inside)
    return process, terminal


def test_the_screen_is_drawn_on_the_terminal(tmp_path: Path) -> None:
    """With `2>file` the screen is still the terminal's, and settings reach its indexing."""
    (tmp_path / "large.txt").write_text("The ferry sails at noon. " * 60_000, encoding="utf-8")
    (tmp_path / "small.txt").write_text("Head\n\nThe ferry sails at noon.\n", encoding="utf-8")
    with (tmp_path / "errors").open("wb") as errors:
        process, terminal = started(tmp_path, ["large.txt", "small.txt"], errors)
    try:
        drawn = read_until(terminal, b"1 added, 1 skipped")
        assert b"\x1b[?1049h" in drawn
        os.write(terminal, b"\x11")
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
    assert (tmp_path / "errors").read_bytes() == b""


@pytest.mark.parametrize(
    ("hangups", "status"), [("told", -signal.SIGHUP), ("ignored", 128 + signal.SIGHUP)]
)
def test_the_chat_ends_when_its_terminal_is_gone(tmp_path: Path, hangups: str, status: int) -> None:
    """No process is left that reads the end of a closed terminal for ever, under nohup neither."""
    (tmp_path / "small.txt").write_text("Head\n\nThe ferry sails at noon.\n", encoding="utf-8")
    with (tmp_path / "errors").open("wb") as errors:
        under = [sys.executable, "-c", DEAF] if hangups == "ignored" else []
        process, terminal = started(tmp_path, ["small.txt"], errors, under)
    try:
        try:
            read_until(terminal, b"1 added")
        finally:
            os.close(terminal)
        assert process.wait(PATIENCE) == status
    finally:
        process.kill()
        process.wait()
