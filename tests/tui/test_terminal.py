"""The chat in a real terminal: tmux shows what a user sees, and records every byte sent to it."""

import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from driving import FERRY_STARTS, VISIT
from releases import HOSTILE

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
]
HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PATIENCE = 60.0


class Terminal:
    """One tmux server of its own, with the chat in it."""

    def __init__(self, folder: Path, size: tuple[int, int]) -> None:
        self.socket = folder / "tmux"
        self.record = folder / "bytes"
        width, height = map(str, size)
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", width, "-y", height, "cat")
        self.tmux("pipe-pane", "-o", f"cat > {shlex.quote(str(self.record))}")
        command = shlex.join([
            "env", "-u", "COLUMNS", "-u", "LINES", f"PYTHONPATH={ROOT}:{HERE}",
            "COLORTERM=truecolor", sys.executable,
            "-W", "error", str(HERE / "terminal_chat.py"),
        ])  # fmt: skip
        self.tmux("set-option", "remain-on-exit", "on")
        self.tmux("respawn-pane", "-k", command)

    def tmux(self, *arguments: str) -> str:
        """Run a tmux command."""
        done = subprocess.run(
            ["tmux", "-S", str(self.socket), *arguments],
            capture_output=True, text=True, check=True, timeout=30,
        )  # fmt: skip
        return done.stdout

    def keys(self, *keys: str) -> None:
        """Press keys, by tmux's names."""
        for key in keys:
            self.tmux("send-keys", key)
            time.sleep(0.15)

    def write(self, text: str) -> None:
        """Type text."""
        self.tmux("send-keys", "-l", text)

    @property
    def screen(self) -> str:
        """What the user sees."""
        return self.tmux("capture-pane", "-p")

    def wait(self, condition: Callable[[str], bool]) -> str:
        """Wait until the screen is as it should be."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            screen = self.screen
            if condition(screen):
                return screen
            time.sleep(0.1)
        raise AssertionError(f"it never came to that:\n{self.screen}")

    def see(self, text: str) -> str:
        """Wait until a text is on the screen."""
        return self.wait(lambda screen: text in screen)


@pytest.fixture(params=[(80, 24), (140, 40)], ids=["80x24", "140x40"])
def terminal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    """A terminal with the chat."""
    terminal = Terminal(tmp_path, request.param)
    try:
        yield terminal
    finally:
        terminal.tmux("kill-server")


def test_the_first_minute(terminal: Terminal) -> None:
    """Ask twice, step through the evidence, read the release, copy, quit: all by keys."""
    terminal.see("4 releases")
    terminal.write(VISIT)
    terminal.keys("Enter")
    terminal.see("93% sure")
    terminal.write(FERRY_STARTS)
    terminal.keys("Enter")
    terminal.see("Harbour Line")
    terminal.keys("Tab")
    terminal.wait(lambda screen: "Read" in screen.splitlines()[-1])
    terminal.keys("n", "n")
    terminal.keys("Enter")
    terminal.see("nine hours")
    terminal.keys("y")
    terminal.see("Copied the passage with its citation to the tmux buffer")
    assert "“Harbour Line adds a night ferry" in terminal.tmux("show-buffer")
    terminal.keys("C-q")
    terminal.see("the chat has ended")


def test_a_hostile_release_sends_nothing_of_its_own(terminal: Terminal) -> None:
    """Of what a release brought along, no byte reaches the terminal as a control."""
    terminal.see("4 releases")
    terminal.write("attacker wrote marks twice")
    terminal.keys("Enter")
    terminal.see("]52;c;ZXZpbA==")
    terminal.keys("Tab", "n", "Enter", "n", "e", "Escape", "slash", "x", "Enter")
    screen = terminal.see("[@click=app.quit]x[/]")
    assert "owned" not in terminal.tmux("display-message", "-p", "#{pane_title}")
    assert "␛[2J" in screen
    sent = terminal.record.read_bytes()
    assert b"\x1b[?1049l" not in sent
    titles = re.findall(rb"\x1b\](\d+);", sent)
    assert {b"0", b"2", b"52", b"8"}.isdisjoint(titles)
    text = sent.decode("utf-8")  # whole characters only
    assert not re.search("[\x80-\x9f\u200b\u202a-\u202e\u2066-\u2069]", text)
    assert not re.search("\u0301{9}", text)
    plain = re.sub(
        r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-2AB])", "", text
    )
    assert not re.search("[\x00-\x07\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]", plain)
    assert HOSTILE.ref.issuer is not None
    terminal.keys("C-q")
    terminal.see("the chat has ended")


def test_a_resize_in_the_middle_keeps_the_conversation(terminal: Terminal) -> None:
    """The terminal may change its size at any time; nothing that was asked is lost."""
    terminal.see("4 releases")
    terminal.write(VISIT)
    terminal.keys("Enter")
    terminal.tmux("resize-window", "-x", "60", "-y", "15")
    terminal.see("93% sure")
    terminal.tmux("resize-window", "-x", "150", "-y", "45")
    terminal.see("Operation NEON")
    terminal.keys("C-c")
    terminal.see("Ctrl+Q quits")
    assert VISIT in terminal.screen
