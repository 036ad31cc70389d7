"""The server: who gets the page, and a chat for each page that is open.

It listens on 127.0.0.1 alone. `tui.web.access` decides which requests are answered; all others get
the status 403, whatever they ask for. A chat ends with its page, when nobody has used it for a
while, and with the server.
"""

import asyncio
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import WSMsgType, web

from qa.errors import PortError
from tui.backend.protocols import ChatSettings
from tui.web import protocol
from tui.web.access import HOST, Access, new_token
from tui.web.page import headers, page_text, static_files
from tui.web.process import ChatProcess
from tui.web.protocol import Keys, Ping, Size

_FULL = (
    "Too many chats are open. Close the page of another one, or wait until somebody has, then "
    "start another."
)
_FAILED = "The chat could not be started. Where `releaseqa serve -v` runs, the reason is shown."
_OPENING = "Opening the chat…"
_WAIT_FOR_PLACE_S = 5.0
"""How long a page waits for a place: one that is loaded again gives up its place just then."""
_HEARTBEAT_S = 15.0
"""Seconds between two questions whether the page is still there."""
_CLOSE_TIMEOUT_S = 1.0
_MAX_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server offers.

    Attributes:
        port: To listen on; 0 for any that is free.
        chats: How many run at once, each in processes of its own.
        idle_minutes: After how long without a key or a move of the mouse a chat ends.
    """

    port: int = 0
    chats: int = 4
    idle_minutes: float = 60


@dataclass(frozen=True, slots=True)
class Told:
    """How the server tells what happens.

    Attributes:
        address: Called with the address of the page, once it is served.
        error: Called with each line about a chat that failed.
        verbose: Whether these are also the lines that the chats write.
    """

    address: Callable[[str], object]
    error: Callable[[str], object]
    verbose: bool = False


async def serve_chats(settings: ChatSettings, limits: Limits, told: Told) -> None:
    """Serve chats until the task is cancelled (Ctrl+C) or the process is told to end (SIGTERM).

    Args:
        settings: What each chat is started with.
        limits: What is offered.
        told: How to tell what happens.

    Raises:
        PortError: The port cannot be listened on.
    """
    ended = asyncio.Event()
    with suppress(NotImplementedError):  # Windows
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    with _listening(limits.port) as listener:
        access = Access(new_token(), listener.getsockname()[1])
        server = ChatServer(settings, access, limits, told)
        runner = web.ServerRunner(
            web.Server(server.answer, access_log=None, logger=_no_logger()), shutdown_timeout=1.0
        )
        await runner.setup()
        site = web.SockSite(runner, listener)
        await site.start()
        try:
            told.address(access.address)
            await ended.wait()
        finally:
            await site.stop()
            await server.stop()
            await runner.cleanup()


class ChatServer:
    """Answers requests, and connects each page with a chat.

    Args:
        settings: What each chat is started with.
        access: Decides which requests are answered.
        limits: How many chats run, and how long one may be idle.
        told: How to tell what happens.
    """

    def __init__(self, settings: ChatSettings, access: Access, limits: Limits, told: Told) -> None:
        self._settings = settings
        self._access = access
        self._limits = limits
        self._told = told
        self._files = static_files()
        self._places = asyncio.Semaphore(limits.chats)
        self._stopping = asyncio.Event()
        self._chats: set[asyncio.Task[None]] = set()

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request. Those who do not know the address are not told what exists."""
        path = request.rel_url.raw_path
        if not self._access.allows(path, request.headers.get("Host")):
            return self._refusal(HTTPStatus.FORBIDDEN)
        if request.method not in {"GET", "HEAD"}:
            return self._refusal(HTTPStatus.METHOD_NOT_ALLOWED)
        return await self._find(path.split("/")[2:], request)

    async def _find(self, names: Sequence[str], request: web.BaseRequest) -> web.StreamResponse:
        """Return what is below the secret part of the address."""
        match names:
            case [""]:
                address = self._access.address.replace("http:", "ws:", 1) + "ws"
                text = page_text(address, self._limits.idle_minutes)
                return self._response(text.encode(), "text/html")
            case ["static", name] if (file := self._files.get(name)) is not None:
                return self._response(file.body, file.content_type)
            case ["ws"]:
                if not self._access.allows_origin(request.headers.get("Origin")):
                    return self._refusal(HTTPStatus.FORBIDDEN)
                return await self._connect(request)
        return self._refusal(HTTPStatus.NOT_FOUND)

    async def stop(self) -> None:
        """End all chats, and wait until they have ended."""
        self._stopping.set()
        if self._chats:
            await asyncio.wait(self._chats)

    async def _connect(self, request: web.BaseRequest) -> web.StreamResponse:
        """Open the websocket of a page and run its chat."""
        page = web.WebSocketResponse(heartbeat=_HEARTBEAT_S, timeout=_CLOSE_TIMEOUT_S)
        if not page.can_prepare(request):
            return self._refusal(HTTPStatus.BAD_REQUEST)
        await page.prepare(request)
        # A task of its own, so that it is not cancelled before its process has ended.
        chat = asyncio.create_task(self._run_chat(page, _first_size(request.query)))
        self._chats.add(chat)
        chat.add_done_callback(self._chats.discard)
        await asyncio.shield(chat)
        return page

    async def _run_chat(self, page: web.WebSocketResponse, size: Size) -> None:
        """Run the chat of a page, if there is a place for it, and close the page's websocket."""
        async with self._place() as free:
            if free:
                await self._chat(page, size)
            else:
                await _show(page, _FULL)
        await page.close()

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[bool]:
        """Take one of the places for a chat, and tell whether there was one."""
        try:
            async with asyncio.timeout(_WAIT_FOR_PLACE_S):
                await self._places.acquire()
        except TimeoutError:
            yield False
            return
        try:
            yield True
        finally:
            self._places.release()

    async def _chat(self, page: web.WebSocketResponse, size: Size) -> None:
        """Connect a page with a new process until one of them ends, or the chat must."""
        report = self._told.error if self._told.verbose else None
        process = await ChatProcess.start(self._settings, size, report)
        used = asyncio.Event()
        try:
            await _first_of(
                self._draw(process, page),
                _listen(page, process, used),
                _until_idle(used, self._limits.idle_minutes * 60),
                self._stopping.wait(),
            )
        finally:
            await process.end()

    async def _draw(self, process: ChatProcess, page: web.WebSocketResponse) -> None:
        """Draw the screen of a process on the page, until the user quits."""
        await _show(page, _OPENING)
        if not await process.starts():
            self._told.error("A chat could not be started. With -v its errors are shown.")
            await _show(page, _FAILED)
        while (content := await process.screen()) is not None:
            await page.send_bytes(content)

    def _refusal(self, status: HTTPStatus) -> web.Response:
        return self._response(f"{status.phrase}\n".encode(), "text/plain", status)

    def _response(
        self, body: bytes, content_type: str, status: HTTPStatus = HTTPStatus.OK
    ) -> web.Response:
        return web.Response(
            body=body, status=status, content_type=content_type, charset=_charset(content_type),
            headers=headers(self._access.host),
        )  # fmt: skip


async def _listen(page: web.WebSocketResponse, process: ChatProcess, used: asyncio.Event) -> None:
    """Tell a process what happens on the page until it is closed; set `used` for each key."""
    async for message in page:
        if message.type is not WSMsgType.TEXT:
            continue
        received = protocol.read_message(message.data)
        if isinstance(received, Ping):
            await page.send_str(protocol.pong(received))
        elif received is not None:
            if isinstance(received, Keys):
                used.set()
            await process.tell(received)


async def _until_idle(used: asyncio.Event, seconds: float) -> None:
    """Return when `used` was not set for some time."""
    with suppress(TimeoutError):
        while True:
            # Not `wait_for`: before Python 3.12 it loses a cancellation that comes with a key.
            async with asyncio.timeout(seconds):
                await used.wait()
            used.clear()


async def _first_of(*works: Coroutine[Any, Any, object]) -> None:
    """Run until one of several works has ended, then stop the others."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        # The page may be closed while something is sent to it.
        if isinstance(result, Exception) and not isinstance(result, ConnectionError):
            raise result


async def _show(page: web.WebSocketResponse, text: str) -> None:
    """Show a line on a page."""
    with suppress(ConnectionError):
        await page.send_bytes(f"{text}\r\n".encode())


def _first_size(query: Mapping[str, str]) -> Size:
    """Return the size that a page names in the address of its websocket."""
    width, height = query.get("width", ""), query.get("height", "")
    if width.isdecimal() and height.isdecimal() and max(len(width), len(height)) <= _MAX_DIGITS:
        return protocol.drawable(int(width), int(height))
    return Size(80, 24)


def _charset(content_type: str) -> str | None:
    return "utf-8" if content_type.startswith("text/") else None


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """Listen on this computer alone.

    Raises:
        PortError: The port is taken, or only the system may use it.
    """
    try:
        listener = socket.create_server((HOST, port))
    except OSError as error:
        raise PortError(
            f"port {port} cannot be used: {error.strerror}; choose another, or leave out --port "
            "for one that is free."
        ) from error
    with listener:
        yield listener


def _no_logger() -> logging.Logger:
    """Return a logger for the library that logs nothing: requests contain the secret."""
    logger = logging.Logger("web")  # noqa: LOG001 - not to be configured by others
    logger.disabled = True
    return logger
