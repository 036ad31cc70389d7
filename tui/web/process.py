"""The process of one chat: started for a page, spoken to in packets, ended with the page.

It runs in a session of its own, so that Ctrl+C in the server's terminal reaches the server alone,
which then ends the chats. A chat also ends by itself when its input is closed, as when the server
was killed (`tui.platform.terminal`).
"""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from qa.errors import WorkerError
from tui.backend.protocols import ChatSettings
from tui.web import protocol
from tui.web.chat import encoded
from tui.web.protocol import Keys, Size

_CODE = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from tui.web.chat import main; sys.exit(main(sys.argv[2]))"
)
"""Imports what the server would import: with `-m`, a folder `tui` in the working directory would be
taken for the program."""

_END_TIMEOUT_S = 5.0
"""How long a process may take to end before it is killed."""
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class ChatProcess:
    """A chat that runs; call `end`, whatever happens."""

    process: Process
    keys: asyncio.StreamWriter
    drawn: asyncio.StreamReader
    errors: asyncio.Task[None] | None

    @classmethod
    async def start(
        cls, settings: ChatSettings, size: Size, report: Callable[[str], object] | None = None
    ) -> Self:
        """Start a chat.

        Args:
            settings: What it is started with.
            size: Of its screen.
            report: Called with each line that it writes to standard error.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-c", _CODE, json.dumps(sys.path), encoded(settings),
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL if report is None else PIPE,
            env=os.environ | _environment(size), start_new_session=True,
        )  # fmt: skip
        errors = None
        if report is not None and process.stderr is not None:
            errors = asyncio.create_task(_report(process.stderr, report))
        if process.stdin is None or process.stdout is None:
            raise WorkerError("a chat was started without its pipes")
        return cls(process, process.stdin, process.stdout, errors)

    async def starts(self) -> bool:
        """Return whether its screen starts: not if it fails before."""
        return await protocol.read_start(self.drawn)

    async def screen(self) -> bytes | None:
        """Return the next content of its screen, or None when the user has quit."""
        return await protocol.read_screen(self.drawn)

    async def tell(self, message: Keys | Size) -> None:
        """Tell it what happened on the page."""
        await self._write(protocol.to_process(message))

    async def end(self) -> None:
        """End it: when it has saved what it saves, or after some seconds in any case."""
        await self._write(protocol.quit_command())
        unread = asyncio.ensure_future(_discard(self.drawn))
        try:
            async with asyncio.timeout(_END_TIMEOUT_S):
                await self.process.wait()
        except TimeoutError:
            self._kill()
            await self.process.wait()
        finally:
            unread.cancel()

    def _kill(self) -> None:
        """Kill it together with the process that searches for it."""
        with suppress(ProcessLookupError):
            if hasattr(os, "killpg"):
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()

    async def _write(self, packet: bytes) -> None:
        with suppress(ConnectionError):  # it has ended, which reading its screen tells
            self.keys.write(packet)
            await self.keys.drain()


def _environment(size: Size) -> dict[str, str]:
    """Return the variables by which Textual draws for a page."""
    return {
        "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
        "COLUMNS": str(size.width),
        "ROWS": str(size.height),
    }


async def _report(stream: asyncio.StreamReader, report: Callable[[str], object]) -> None:
    """Report each line; a part of a line waits for the rest, unless it is too long."""
    part = b""
    while read := await stream.read(_CHUNK):
        *lines, part = (part + read).split(b"\n")
        if len(part) > _CHUNK:
            lines, part = [*lines, part], b""
        for line in lines:
            report(line.decode("utf-8", "replace"))
    if part:
        report(part.decode("utf-8", "replace"))


async def _discard(stream: asyncio.StreamReader) -> None:
    while await stream.read(_CHUNK):
        pass
