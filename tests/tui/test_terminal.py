"""The chat in a real terminal: tmux shows what a user sees, and records every byte sent to it."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from checkout import ROOT, SUPPORT
from driving import FERRY_STARTS, VISIT
from releases import HOSTILE
from textual.color import Color

from qa.presentation import NO_ANSWER
from tui.render.themes import LIGHT

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
]
PATIENCE = 60.0


class Terminal:
    """One tmux server of its own, with the chat in it."""

    def __init__(
        self, folder: Path, size: tuple[int, int], style: str = "default", **environment: str
    ) -> None:
        self.socket = folder / "tmux"
        self.record = folder / "bytes"
        width, height = map(str, size)
        environment = {"RELEASEQA_DATA": str(folder), **environment}
        command = shlex.join([
            "env", "-u", "COLUMNS", "-u", "LINES", f"PYTHONPATH={ROOT}:{SUPPORT}",
            "COLORTERM=truecolor", *(f"{name}={value}" for name, value in environment.items()),
            sys.executable, "-W", "error", str(SUPPORT / "terminal_chat.py"),
        ])  # fmt: skip
        # The program waits for a line, so that everything it draws is recorded.
        waiting = shlex.join(["sh", "-c", f"read line; {command}; read line"])
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", width, "-y", height, waiting)
        self.tmux("set-option", "-g", "window-style", style)
        self.tmux("pipe-pane", "-o", f"cat > {shlex.quote(str(self.record))}")
        self.tmux("send-keys", "Enter")

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

    @property
    def styled(self) -> str:
        """What the user sees, with its colours."""
        return self.tmux("capture-pane", "-p", "-e")

    @property
    def program(self) -> int:
        """The process of the chat."""
        shell = self.tmux("list-panes", "-F", "#{pane_pid}").strip()
        found = subprocess.run(["pgrep", "-P", shell], capture_output=True, text=True, check=True)
        return int(found.stdout)

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
    terminal = Terminal(tmp_path, request.param, SESSION="story")
    try:
        yield terminal
    finally:
        terminal.tmux("kill-server")


def test_the_first_minute(terminal: Terminal) -> None:
    """Ask twice, step through the evidence, read the release, copy, quit: all by keys."""
    terminal.see("4 releases")
    terminal.write(VISIT)
    terminal.keys("Enter")
    terminal.see("very likely")
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
    terminal.see("Best passage:")
    terminal.keys("Tab", "Enter")
    terminal.see("]52;c;ZXZpbA==")
    terminal.keys("Escape", "n", "Enter", "n", "e", "Escape", "/", "x", "Enter")
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
    terminal.see("very likely")
    terminal.tmux("resize-window", "-x", "150", "-y", "45")
    terminal.see("Operation NEON")
    terminal.keys("C-c")
    terminal.see("Ctrl+Q quits")
    assert VISIT in terminal.screen


def test_the_screen_comes_back_after_the_program_was_stopped(terminal: Terminal) -> None:
    """Drawn change by change, it looks as it does when it is drawn whole."""
    terminal.see("4 releases")
    terminal.write("attacker wrote marks twice")
    terminal.keys("Enter")
    terminal.see("Best passage:")
    terminal.write(VISIT)
    terminal.keys("Enter")
    terminal.see("very likely")
    terminal.keys("Tab", "n", "Up", "Down")
    before = terminal.wait(lambda screen: "Read" in screen.splitlines()[-1])
    styled = terminal.styled
    program = terminal.program
    os.kill(program, signal.SIGTSTP)
    terminal.wait(lambda _: terminal.tmux("display-message", "-p", "#{alternate_on}") == "0\n")
    assert VISIT not in terminal.screen
    os.kill(program, signal.SIGCONT)
    terminal.wait(lambda screen: screen == before)
    terminal.wait(lambda _: terminal.styled == styled)


def test_a_paste_with_an_escape_in_it_asks_nothing(terminal: Terminal) -> None:
    """Pasted line ends are line ends, whatever stands before them; Enter asks the whole."""
    terminal.see("4 releases")
    terminal.tmux("set-buffer", "When does\x1b\rthe ferry\x1b[A\rstart?\r\r")
    terminal.tmux("paste-buffer", "-p", "-r")
    screen = terminal.see("start?")
    assert "When does␛" in screen
    assert "the ferry␛[A" in screen
    assert NO_ANSWER not in screen
    terminal.keys("Enter")
    assert terminal.see(NO_ANSWER).count("› ") == 1


def test_escape_and_a_letter_in_one_packet(terminal: Terminal) -> None:
    """Esc leaves the passages, and the letter that came with it is in the prompt."""
    terminal.see("4 releases")
    terminal.write(VISIT)
    terminal.keys("Enter")
    terminal.see("very likely")
    terminal.keys("Tab")
    terminal.wait(lambda screen: "Read" in screen.splitlines()[-1])
    terminal.tmux("send-keys", "-H", "1b", *(f"{byte:02x}" for byte in b"fine question"))
    terminal.see("│ fine question")
    assert "Search only" not in terminal.screen


def test_a_light_terminal_gets_the_light_theme(tmp_path: Path) -> None:
    """The chat asks the terminal for its background."""
    terminal = Terminal(tmp_path, (80, 24), "bg=#f0f0f0,fg=#202020")
    try:
        terminal.see("4 releases")
        light = Color.parse(LIGHT.background or "")
        drawn = f"48;2;{light.r};{light.g};{light.b}m".encode()
        terminal.wait(lambda _: drawn in terminal.record.read_bytes())
    finally:
        terminal.tmux("kill-server")


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal with a chat whose every answer takes a while."""
    terminal = Terminal(tmp_path, (120, 40), SLOW="1.5", SESSION="slow")
    try:
        yield terminal
    finally:
        terminal.tmux("kill-server")


def test_a_day_by_keys_only(terminal: Terminal) -> None:
    """Browse, ask about a release, filter, compare, judge, pin, start anew and go on: no mouse."""
    terminal.see("4 releases")
    terminal.keys("F2")
    terminal.see("4 of 4 releases")
    terminal.write("night ferry")
    terminal.see("1 of 4 releases")
    terminal.keys("Enter")
    terminal.see("nine hours")
    terminal.keys("Escape")
    terminal.see("1 of 4 releases")
    terminal.keys("C-s")
    terminal.see("Ask a question")
    terminal.see("Harbour Line adds a night ferry")
    terminal.keys("Enter")
    terminal.see("very likely")
    terminal.keys("F3")
    terminal.see("Search only releases that match")
    terminal.write("2023")
    terminal.keys("Enter")
    terminal.see("since 2023 ")
    terminal.write(VISIT)
    terminal.keys("Enter")
    terminal.see("Joly concludes")
    terminal.keys("Tab")
    terminal.wait(lambda screen: "Read" in screen.splitlines()[-1])
    terminal.keys("c")
    terminal.see("Compare two passages")
    terminal.keys("j", "Escape")
    terminal.wait(lambda screen: "Compare two passages" not in screen)
    terminal.keys("T")
    terminal.see("over time")
    terminal.keys("Escape")
    terminal.wait(lambda screen: "over time" not in screen)
    terminal.keys("+", "p")
    terminal.see("pinned")
    terminal.keys("C")
    terminal.see("BibTeX")
    terminal.keys("Down", "Down", "Enter")
    terminal.see("Copied the citation as BibTeX")
    assert terminal.tmux("show-buffer").startswith("@misc{")
    terminal.keys("C-n")
    terminal.see("Ask a question")
    terminal.keys("C-r")
    terminal.see("story")
    terminal.keys("Enter")
    terminal.see("pinned")
    terminal.keys("C-q")
    terminal.see("the chat has ended")


def test_a_resize_in_the_middle_of_a_question(slow: Terminal) -> None:
    """The terminal changes its size twice while a question runs; the answer still arrives."""
    slow.see("4 releases")
    slow.write(VISIT)
    slow.keys("Enter")
    slow.see("Searching")
    slow.tmux("resize-window", "-x", "60", "-y", "15")
    slow.write("typed meanwhile")
    slow.tmux("resize-window", "-x", "150", "-y", "45")
    slow.see("very likely")
    assert VISIT in slow.screen
    assert "typed meanwhile" in slow.screen


def test_a_killed_terminal_loses_no_question(tmp_path: Path, slow: Terminal) -> None:
    """When the terminal is closed during a question, the program ends and its turns are saved."""
    slow.see("4 releases")
    slow.write(FERRY_STARTS)
    slow.keys("Enter")
    slow.see("very likely")
    slow.write(VISIT)
    slow.keys("Enter")
    slow.see("Searching")
    program = slow.program
    slow.tmux("new-window", "cat")
    slow.tmux("kill-window", "-t", ":0")
    end = time.monotonic() + PATIENCE
    while Path(f"/proc/{program}").exists():
        assert time.monotonic() < end, "the program goes on without a terminal"
        time.sleep(0.1)
    (tmp_path / "again").mkdir()
    data = str(tmp_path)
    again = Terminal(tmp_path / "again", (120, 40), SESSION="slow", RELEASEQA_DATA=data)
    try:
        again.see(VISIT)
        again.see("Cancelled")
        again.keys("Tab", "g", "g")
        again.see(FERRY_STARTS)
    finally:
        again.tmux("kill-server")
