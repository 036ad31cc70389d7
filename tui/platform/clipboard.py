"""Copying by the desktop's own tool, or by tmux. The app falls back to the terminal (OSC 52).

A native tool is reliable and takes long texts. The escape sequence OSC 52 also works over ssh, if
the terminal allows it. tmux ignores that sequence by default, so inside tmux its buffer is used.
"""

import subprocess
import sys
from collections.abc import Mapping
from shutil import which

WINDOWS = "clip.exe"
"""The tool of Windows, callable from WSL; it expects UTF-16."""
TIMEOUT = 2.0
"""Seconds a clipboard tool may take."""


def native_command(
    environment: Mapping[str, str], platform: str = sys.platform
) -> list[str] | None:
    """Return the command that copies its standard input to the desktop's clipboard."""
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
    """Return the command that copies to tmux's buffer and the outer terminal's clipboard."""
    if environment.get("TMUX") and which("tmux"):
        return ["tmux", "load-buffer", "-w", "-"]
    return None


def fill(command: list[str], text: str) -> bool:
    """Pass a text to a clipboard tool; return whether that worked.

    Slow, so call it outside the UI's thread. Lone surrogates are replaced.
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
    """Copy with the first tool that works; return where to, or None if none did."""
    command = native_command(environment)
    if command is not None and fill(command, text):
        return "the clipboard"
    command = tmux_command(environment)
    if command is not None and fill(command, text):
        return "the tmux buffer and, if tmux allows it, the terminal's clipboard"
    return None
