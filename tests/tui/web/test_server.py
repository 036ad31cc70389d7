"""Who is answered, by a real server: only those who have its whole address, on this computer."""

import asyncio
import os
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from child_processes import CAN_TELL, descendants, is_running, listening

pytest.importorskip("aiohttp", reason="needs the extra web")
pytest.importorskip("textual_serve", reason="needs the extra web")

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from qa.errors import PortError
from qa.types import AskOptions
from tui.backend.protocols import ChatSettings
from tui.web.server import Limits, Told, serve_chats

FORBIDDEN = (403, "Forbidden\n")


@dataclass
class Served:
    """A server, and ways to ask it."""

    address: str
    session: ClientSession
    errors: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        """Its name and port."""
        return urlsplit(self.address).netloc

    @property
    def token(self) -> str:
        """The secret in its address."""
        return urlsplit(self.address).path.strip("/")

    async def answer(
        self, path: str, method: str = "GET", host: str | None = ""
    ) -> tuple[int, str]:
        """The status and the text for a path; a host of None is no header at all."""
        name, port = self.host.split(":")
        reader, writer = await asyncio.open_connection(name, int(port))
        version = "1.0" if host is None else "1.1"
        lines = [f"{method} {path} HTTP/{version}"]
        lines += [] if host is None else [f"Host: {host or self.host}"]
        writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        return int(head.split()[1]), body.decode("utf-8", "replace")

    @asynccontextmanager
    async def page(
        self, path: str = "ws", origin: str | None = ""
    ) -> AsyncIterator[ClientWebSocketResponse]:
        """The websocket of a page; raises what a browser would be told."""
        headers = {} if origin is None else {"Origin": origin or f"http://{self.host}"}
        async with self.session.ws_connect(self.address + path, headers=headers) as opened:
            yield opened


Serve = Callable[..., Awaitable[Served]]


async def text_until(page: ClientWebSocketResponse, pattern: str) -> str:
    """What a page draws, without styles, until the pattern is in it or the page is closed."""
    drawn, text = b"", ""
    async with asyncio.timeout(90):
        async for message in page:
            if message.type is WSMsgType.BINARY:
                drawn += message.data
                text = re.sub(r"\x1b\[[0-9;?$]*[A-Za-z]", "", drawn.decode("utf-8", "replace"))
                if re.search(pattern, text):
                    return text
    return text + "[closed]"


@pytest.fixture(name="serve")
async def _serve(sample_collection: Path) -> AsyncIterator[Serve]:
    """Start servers of the samples; they are stopped after the test."""
    tasks: list[asyncio.Task[None]] = []
    session = ClientSession()

    async def start(**limits: float) -> Served:
        address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        served = Served("", session)
        settings = ChatSettings(
            sample_collection,
            options=AskOptions(words_only=True),
            in_browser=True,
            save_sessions=False,
        )
        told = Told(address.set_result, served.errors.append, verbose=True)
        tasks.append(asyncio.create_task(serve_chats(settings, Limits(**limits), told)))  # type: ignore[arg-type]
        await asyncio.wait([address, tasks[-1]], return_when=asyncio.FIRST_COMPLETED)
        if tasks[-1].done():
            await tasks[-1]
        served.address = await address
        return served

    yield start
    await session.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert [] == descendants_that_chat()


def descendants_that_chat() -> list[int]:
    """The chats that this process has started, which run."""
    if not CAN_TELL:
        return []
    return [
        process
        for process in descendants(os.getpid())
        if b"tui.web.chat" in Path(f"/proc/{process}/cmdline").read_bytes()
    ]


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that processes bring about."""
    async with asyncio.timeout(90):
        while not condition():  # noqa: ASYNC110 - they tell nobody
            await asyncio.sleep(0.02)


async def test_without_the_secret_every_path_is_forbidden(serve: Serve) -> None:
    """Nothing is told apart: page, files, websocket, what is not there, any method."""
    served = await serve()
    token = served.token
    assert 43 == len(token)
    for path in (
        "/", "/ws", "/static/textual.js", "/favicon.ico", "/download/1", "/nothing", "//",
        "/x/", "/x/ws", "/x/static/textual.js", f"/{token[:-1]}/", f"/{token}x/", f"/{token[1:]}/",
        f"/{token.swapcase()}/", f"/x/{token}/", f"//{token}/", f"/?{token}", f"/x/../{token}/x/..",
        f"/%{ord(token[0]):02x}{token[1:]}/", "/%ff/",
    ):  # fmt: skip
        for method in ("GET", "POST", "OPTIONS"):
            assert (path, *FORBIDDEN) == (path, *await served.answer(path, method))
    with pytest.raises(WSServerHandshakeError) as refused:
        await served.session.ws_connect(
            f"http://{served.host}/x/ws", headers={"Origin": f"http://{served.host}"}
        )
    assert 403 == refused.value.status


async def test_with_the_secret_the_page_and_its_files_are_there(serve: Serve) -> None:
    """The page names only files of this server; nothing else is served, and nothing is written."""
    served = await serve()
    status, page = await served.answer(f"/{served.token}/")
    named = re.findall(r'(?:src|href)="([^"]+)"|url\("([^"]+)"\)', page)
    files = [link or font for link, font in named if (link or font) != "data:,"]

    assert 200 == status
    assert 5 == len(files)
    assert [] == re.findall(r"https?:|//", page.replace(f"ws://{served.host}", ""))
    for name in files:
        assert 200 == (await served.answer(f"/{served.token}/{name}"))[0]
    for path in (
        "nothing",
        "static/",
        "static/../page.html",
        "static/%2e%2e/server.py",
        "download/1",
    ):
        assert 404 == (await served.answer(f"/{served.token}/{path}"))[0], path
    assert 405 == (await served.answer(f"/{served.token}/", "POST"))[0]
    assert FORBIDDEN == await served.answer(f"/{served.token}/ws")


async def test_the_browser_is_told_to_load_nothing_from_elsewhere(serve: Serve) -> None:
    """The policy of each answer, also of a refusal, names this server alone."""
    served = await serve()
    for address in (served.address, served.address + "static/textual.js", f"http://{served.host}/"):
        async with served.session.get(address) as answer:
            policy = answer.headers["Content-Security-Policy"]
            told = {part.split(" ")[0]: part.split(" ")[1:] for part in policy.split("; ")}
            assert ["'none'"] == told["default-src"] == told["frame-ancestors"]
            assert ["'self'"] == told["script-src"] == told["font-src"]
            assert [f"ws://{served.host}"] == told["connect-src"]
            assert ["allow-scripts", "allow-same-origin"] == told["sandbox"]
            assert ("no-referrer", "no-store", "nosniff") == tuple(
                answer.headers[name]
                for name in ("Referrer-Policy", "Cache-Control", "X-Content-Type-Options")
            )


async def test_another_host_is_forbidden(serve: Serve) -> None:
    """A name that was made to lead to this computer is refused, though the secret is right."""
    served = await serve()
    port = served.host.split(":")[1]
    page = f"/{served.token}/"
    assert 200 == (await served.answer(page))[0]
    for host in (
        "evil.example", f"evil.example:{port}", f"localhost:{port}", "127.0.0.1", "127.0.0.1:1",
        f"127.0.0.1.evil.example:{port}", f"[::1]:{port}", f"127.1:{port}", None,
    ):  # fmt: skip
        assert (host, *FORBIDDEN) == (host, *await served.answer(page, host=host))


async def test_a_page_of_another_site_opens_no_websocket(serve: Serve) -> None:
    """Only a page of this server gets a chat: not another origin, nor a program that names none."""
    served = await serve()
    port = served.host.split(":")[1]
    for origin in (
        None, "null", "http://evil.example", f"https://{served.host}", f"http://localhost:{port}",
        "http://127.0.0.1", f"http://{served.host}.evil.example", f"http://{served.host}/",
    ):  # fmt: skip
        with pytest.raises(WSServerHandshakeError) as refused:
            async with served.page(origin=origin):
                pass
        assert 403 == refused.value.status
    assert [] == descendants_that_chat()


@pytest.mark.skipif(not CAN_TELL, reason="needs /proc")
async def test_nothing_but_the_server_listens_and_only_on_this_computer(serve: Serve) -> None:
    """With a chat open, one address is listened on, 127.0.0.1; another of this computer is not."""
    served = await serve()
    async with served.page("ws?width=100&height=30") as page:
        assert "22 releases" in await text_until(page, "22 releases")
        processes = [os.getpid(), *descendants(os.getpid())]
        assert [served.host] == listening(processes)
        assert len(processes) > 2
    for other in (("127.0.0.2", socket.AF_INET), ("::1", socket.AF_INET6)):
        with socket.socket(other[1]) as client, pytest.raises(OSError, match=r"refused|assign"):
            client.connect((other[0], int(served.host.split(":")[1])))


async def test_a_port_that_is_taken_is_named(serve: Serve) -> None:
    """The error says what to do; the secret of each server is another."""
    served = await serve()
    port = int(served.host.split(":")[1])
    with pytest.raises(PortError, match=f"port {port} cannot be used: .*; choose another"):
        await serve(port=port)
    assert served.token != (await serve()).token


async def test_a_question_is_answered_on_the_page(serve: Serve) -> None:
    """What is typed reaches the chat, and the passage that answers comes back."""
    served = await serve()
    async with served.page("ws?width=100&height=30") as page:
        await page.send_json(["ping", "5"])
        await page.send_str("no JSON")
        await page.send_json(["resize", {"width": 120, "height": 40}])
        await text_until(page, "22 releases")
        await page.send_json(["stdin", "When did Minister Joly visit Korea?\r"])
        answer = "SEOUL, April 17, 2023 – Mélanie Joly"
        assert answer in await text_until(page, answer)
        await page.send_json(["stdin", "\x11"])  # Ctrl+Q
        assert "[closed]" in await text_until(page, "never")
    await until(lambda: descendants_that_chat() == [])


async def test_a_chat_ends_with_its_page(serve: Serve) -> None:
    """No process is left when the page is closed, also in the middle of a question."""
    served = await serve()
    before = descendants(os.getpid())
    async with served.page() as page:
        await text_until(page, "22 releases")
        await page.send_json(["stdin", "When did Minister Joly visit Korea?\r"])
        below = set(descendants(os.getpid())) - set(before)
        assert descendants_that_chat() != []
    await until(lambda: not any(map(is_running, below)))


async def test_no_more_chats_run_than_allowed(serve: Serve) -> None:
    """The page of one more says so and is closed; a place that is given up is taken at once."""
    served = await serve(chats=1)
    async with served.page() as first:
        await text_until(first, "22 releases")
        async with served.page() as second:
            assert "Too many chats are open" in await text_until(second, "never")
        assert 1 == len(descendants_that_chat())
    async with served.page() as third:
        assert "22 releases" in await text_until(third, "22 releases")


async def test_a_chat_that_nobody_uses_ends(serve: Serve) -> None:
    """What the page sends by itself is no use of it."""
    served = await serve(idle_minutes=0.02)
    async with served.page() as page:
        await page.send_json(["ping", "5"])
        await page.send_json(["resize", {"width": 120, "height": 40}])
        assert "[closed]" in await text_until(page, "never")
    await until(lambda: descendants_that_chat() == [])


async def test_a_chat_that_cannot_start_says_so(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is told, and the one who serves gets the reason."""
    monkeypatch.setattr("tui.web.process._CODE", "raise SystemExit('no \\x1b luck')")
    served = await serve()
    async with served.page() as page:
        assert "could not be started" in await text_until(page, "never")
    await until(lambda: len(served.errors) == 2)
    assert any("luck" in line for line in served.errors)
