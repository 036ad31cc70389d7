"""Copying: the desktop's own tool where there is one, else through the terminal.

A native tool is sure to work and to hold long texts; the terminal's escape sequence (OSC 52)
also works over ssh, where the terminal allows it. tmux swallows that sequence by default, so
inside tmux its own buffer is filled, too.
"""

import subprocess
import sys
from collections.abc import Mapping
from shutil import which

WINDOWS = "clip.exe"
"""Windows' tool, which a Linux inside Windows can call; it wants UTF-16."""
TIMEOUT = 2.0
"""Seconds a clipboard tool may take."""


def native_command(
    environment: Mapping[str, str], platform: str = sys.platform
) -> list[str] | None:
    """Return the command that fills the desktop's clipboard from its standard input."""
    candidates: list[list[str]] = []
    if platform == "darwin":
        if "SSH_CONNECTION" not in environment:
            candidates = [["pbcopy"]]
    else:
        if environment.get("WAYLAND_DISPLAY"):
            candidates.append(["wl-copy"])
        if environment.get("DISPLAY"):
            candidates += [["xclip", "-selection", "clipboard"], ["xsel", "--input", "--clipboard"]]
        if environment.get("WSL_DISTRO_NAME"):
            candidates.append([WINDOWS])
        if environment.get("TERMUX_VERSION"):
            candidates.append(["termux-clipboard-set"])
    return next((command for command in candidates if which(command[0])), None)


def tmux_command(environment: Mapping[str, str]) -> list[str] | None:
    """Return the command that fills tmux's buffer and, through it, the outer terminal's."""
    if environment.get("TMUX") and which("tmux"):
        return ["tmux", "load-buffer", "-w", "-"]
    return None


def fill(command: list[str], text: str) -> bool:
    """Give a text to a clipboard tool; whether it took it.

    Slow: call it outside the UI thread. Lone surrogates, which no clipboard can hold, are
    replaced.
    """
    encoding = "utf-16" if command[0] == WINDOWS else "utf-8"
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program without arguments from outside
            command,
            input=text.encode(encoding, "replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def copy_outside(text: str, environment: Mapping[str, str]) -> str | None:
    """Copy with whatever tool works; the name of where it went, or None when none did."""
    command = native_command(environment)
    if command is not None and fill(command, text):
        return "the clipboard"
    command = tmux_command(environment)
    if command is not None and fill(command, text):
        return "the tmux buffer and, if it allows it, the terminal's clipboard"
    return None
