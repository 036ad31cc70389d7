"""What is sent between the page, the server and the process of a chat.

The page sends JSON: a list of a type and its data. The process reads and writes packets: one byte
for the type, four for the length of the content, then the content. Both are those of Textual's web
driver (`textual.drivers.web_driver`) and of its page (`textual.js` of textual-serve).

Of what a process sends, only the content of its screen and its end reach the page. Textual could
also have the page open an address or download a file; a chat has no use for these, so they are not
passed on.
"""

import asyncio
import json
from dataclasses import dataclass
from typing import Literal

START = b"__GANGLION__\n"
"""What a process writes before its first packet."""

_MAX_WIDTH, _MAX_HEIGHT = 1_000, 500
"""Cells of the largest screen that is drawn."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What the user typed, or did with the mouse, as a terminal would send it."""

    text: str


@dataclass(frozen=True, slots=True)
class Size:
    """The size of the page, in cells."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Ping:
    """The page wants to know how long an answer takes."""

    data: str


FromPage = Keys | Size | Ping


def read_message(text: str) -> FromPage | None:
    """Return what the page sent, or None if it is nothing that this server knows."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match message:
        case ["stdin", str(typed)]:
            return Keys(typed)
        case ["resize", {"width": int(width), "height": int(height)}]:
            return drawable(width, height)
        case ["ping", str(data)]:
            return Ping(data)
    return None


def drawable(width: int, height: int) -> Size:
    """Return a size that can be drawn."""
    return Size(min(max(width, 1), _MAX_WIDTH), min(max(height, 1), _MAX_HEIGHT))


def to_process(message: Keys | Size) -> bytes:
    """Return the packet that tells a process what happened on the page."""
    match message:
        case Keys(text):
            return _packet(b"D", text.encode("utf-8", "replace"))
        case Size(width, height):
            return _command(type="resize", width=width, height=height)


def quit_command() -> bytes:
    """Return the packet that tells a process to end."""
    return _command(type="quit")


def pong(ping: Ping) -> str:
    """Return the answer to a ping, for the page."""
    return json.dumps(["pong", ping.data])


async def read_start(stream: asyncio.StreamReader) -> bool:
    """Skip what a process writes before its screen starts; return whether it starts."""
    while line := await stream.readline():
        if line == START:
            return True
    return False


async def read_screen(stream: asyncio.StreamReader) -> bytes | None:
    """Return the next content of the screen, or None when the process has ended."""
    try:
        while True:
            kind = await stream.readexactly(1)
            content = await stream.readexactly(int.from_bytes(await stream.readexactly(4), "big"))
            if kind == b"D":
                return content
            if kind == b"M" and json.loads(content).get("type") == "exit":
                return None
    except asyncio.IncompleteReadError:
        return None


def _command(**values: str | int) -> bytes:
    return _packet(b"M", json.dumps(values).encode())


def _packet(kind: Literal[b"D", b"M"], content: bytes) -> bytes:
    return kind + len(content).to_bytes(4, "big") + content
