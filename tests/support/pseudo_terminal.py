"""A program in a pseudo-terminal that controls it, and what it draws there."""

import os
import pty
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from checkout import ROOT, SUPPORT
from drawn_screen import DrawnScreen

PATIENCE = 120.0
QUIT = b"\x11"


class Terminal:
    """A program in a pseudo-terminal that controls it, as a terminal window does."""

    def __init__(self, folder: Path, *arguments: str, **more: str) -> None:
        environment = {
            **os.environ, "PYTHONPATH": f"{ROOT}:{SUPPORT}", "HF_HUB_OFFLINE": "1",
            "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30",
            "RELEASEQA_DATA": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config"),
            **more,
        }  # fmt: skip
        self.drawn = b""
        self.process, self.screen = pty.fork()
        if not self.process:
            os.chdir(folder)
            os.execve(sys.executable, [sys.executable, *arguments], environment)  # noqa: S606

    def read(self) -> bool:
        """Read for a moment; return whether the terminal is still open."""
        if select.select([self.screen], [], [], 0.1)[0]:
            try:
                self.drawn += os.read(self.screen, 65_536)
            except OSError:  # the program has ended
                return False
        return True

    def _shows(self, text: str) -> bool:
        """Whether a text was drawn: at once, or cell by cell where others had it already."""
        if text.encode() in self.drawn:
            return True
        screen = DrawnScreen()
        screen.feed(self.drawn.decode("utf-8", "replace"))
        return text in screen.text

    def see(self, text: str) -> None:
        """Wait until a text is drawn."""
        end = time.monotonic() + PATIENCE
        while not self._shows(text):
            assert time.monotonic() < end, self.drawn[-2000:]
            assert self.read(), self.drawn[-2000:]

    def press(self, keys: str) -> None:
        """Send keys."""
        os.write(self.screen, keys.encode())

    def end(self, how: str) -> int:
        """End the program in some way; return its exit code, negative for a signal.

        Args:
            how: The name of a signal; or "key", "closed" (the terminal), or "" to wait for its end.
        """
        if how == "key":
            os.write(self.screen, QUIT)
        elif how == "closed":
            os.close(self.screen)
        elif how:
            os.kill(self.process, signal.Signals[how])
        end = time.monotonic() + PATIENCE
        while not (status := os.waitpid(self.process, os.WNOHANG))[0]:
            assert time.monotonic() < end, "the program goes on"
            if how == "closed":
                time.sleep(0.1)
            else:
                self.read()
        while how != "closed" and self.read():
            pass
        self.process = 0
        return os.waitstatus_to_exitcode(status[1])


@contextmanager
def terminal(folder: Path, *arguments: str, **more: str) -> Iterator[Terminal]:
    """A program in a terminal, which does not outlive the block.

    Args:
        folder: Where it runs, and where its data are.
        arguments: Of Python.
        more: The environment, where it differs.
    """
    started = Terminal(folder, *arguments, **more)
    try:
        yield started
    finally:
        if started.process:
            os.kill(started.process, signal.SIGKILL)
            os.waitpid(started.process, 0)
        with suppress(OSError):
            os.close(started.screen)
