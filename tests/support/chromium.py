"""A headless Chromium, driven by its DevTools protocol: a page, its keys, what it loads and shows.

Needs the program `chromium` (Debian's package) and aiohttp.
"""

import asyncio
import base64
import re
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse
from drawn_screen import DrawnScreen

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
PATIENCE = 120.0
"""Seconds that a busy machine may need for what a test waits for."""

_STYLES = re.compile(r"\x1b\[[0-9;?$]*[A-Za-z]")
_OPTIONS = (
    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--remote-debugging-port=0", "--window-size=1200,800",
)  # fmt: skip
_KEYS = {"Enter": (13, "\r"), "Tab": (9, None), "Escape": (27, None)}


@dataclass
class Page:
    """A page of the browser."""

    _tools: ClientWebSocketResponse
    loaded: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _received: bytes = b""
    _calls: dict[int, "asyncio.Future[Any]"] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All that its websocket received for the screen, without styles, and what that shows."""
        received = self._received.decode("utf-8", "replace")
        screen = DrawnScreen()
        screen.feed(received)
        return f"{_STYLES.sub('', received)}\n{screen.text}"

    async def call(self, method: str, **values: Any) -> Any:
        """Call a method of the protocol."""
        number = len(self._calls)
        self._calls[number] = asyncio.get_running_loop().create_future()
        await self._tools.send_json({"id": number, "method": method, "params": values})
        async with asyncio.timeout(PATIENCE):
            return await self._calls[number]

    async def open(self, address: str) -> None:
        """Go to an address."""
        for domain in ("Network", "Page", "Runtime"):
            await self.call(f"{domain}.enable")
        await self.call(
            "Browser.grantPermissions",
            permissions=["clipboardReadWrite", "clipboardSanitizedWrite"],
        )
        await self.call("Page.navigate", url=address)

    async def write(self, text: str) -> None:
        """Type a text."""
        await self.call("Input.insertText", text=text)

    async def press(self, key: str) -> None:
        """Press a key: a letter, or Enter, Tab or Escape."""
        code, text = _KEYS.get(key, (ord(key[0].upper()), key))
        named = {"key": key, "windowsVirtualKeyCode": code}
        down = named | ({} if text is None else {"text": text})
        await self.call("Input.dispatchKeyEvent", type="keyDown", **down)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **named)

    async def value(self, script: str) -> Any:
        """The value of a script that runs on the page."""
        done = await self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True,
            userGesture=True,
        )  # fmt: skip
        return done["result"].get("value")

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something that the page brings about."""
        end = asyncio.get_running_loop().time() + PATIENCE
        while not condition():
            assert asyncio.get_running_loop().time() < end, self.text[-5000:]
            await asyncio.sleep(0.05)

    async def until_value(self, script: str) -> Any:
        """Wait until a script has a value that counts as true."""
        async with asyncio.timeout(PATIENCE):
            while not (found := await self.value(script)):  # noqa: ASYNC110 - likewise
                await asyncio.sleep(0.05)
        return found

    async def listen(self) -> None:
        """Take what the browser tells."""
        async for message in self._tools:
            told = message.json()
            if "id" in told:
                self._calls[told["id"]].set_result(told.get("result", told))
                continue
            values = told["params"]
            if told["method"] == "Network.requestWillBeSent":
                self.loaded.append(values["request"]["url"])
            elif told["method"] == "Network.webSocketCreated":
                self.loaded.append(values["url"])
            elif told["method"] == "Network.webSocketFrameReceived":
                if values["response"]["opcode"] == 2:
                    self._received += base64.b64decode(values["response"]["payloadData"])
            elif told["method"] == "Runtime.exceptionThrown":
                self.errors.append(str(values["exceptionDetails"]))


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Page]:
    """Run a browser, with its files in a folder; it is ended afterwards."""
    assert PROGRAM is not None
    process = await asyncio.create_subprocess_exec(
        PROGRAM, *_OPTIONS, f"--user-data-dir={folder}", "about:blank",
        stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        async with asyncio.timeout(PATIENCE), ClientSession() as session:
            while not (found := re.search(rb"ws://([^/]+)/", await process.stderr.readline())):
                assert process.returncode is None
            async with session.get(f"http://{found[1].decode()}/json") as listed:
                pages = [page for page in await listed.json() if page["type"] == "page"]
        async with (
            ClientSession() as session,
            session.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0) as tools,
        ):
            page = Page(tools)
            listening = asyncio.create_task(page.listen())
            yield page
            listening.cancel()
    finally:
        process.terminate()
        await process.communicate()
