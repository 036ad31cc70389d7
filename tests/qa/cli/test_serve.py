"""`releaseqa serve` as a command: its address, its end, what it leaves."""

import asyncio
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from checkout import process_environment
from child_processes import CAN_TELL, descendants, is_running

pytest.importorskip("aiohttp", reason="needs the extra web")
pytest.importorskip("textual_serve", reason="needs the extra web")

from aiohttp import ClientSession

Run = Callable[..., Any]
PATIENCE = 120.0


@contextmanager
def serving(
    folder: Path, *words: str, data: Path | None = None
) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A server and the address that it prints; `data` is where it would save conversations."""
    with subprocess.Popen(
        [sys.executable, "-m", "qa", "--index", str(folder), "serve", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=process_environment({"RELEASEQA_DATA": str(data)} if data else {}),
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.mark.skipif(not CAN_TELL, reason="needs /proc")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0), (signal.SIGKILL, -9)]
)
async def test_no_process_is_left_however_the_server_ends(
    sample_collection: Path, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    """The chat of an open page ends with the server, in the middle of a question."""
    with serving(sample_collection, "--words-only", data=tmp_path / "data") as (server, address):
        origin = address.rsplit("/", 2)[0]
        async with (
            ClientSession() as session,
            session.ws_connect(address + "ws", headers={"Origin": origin}) as page,
        ):
            drawn = b""
            while b"22 releases" not in drawn:
                drawn += await page.receive_bytes()
            await page.send_json(["stdin", "When did Minister Joly visit Korea?\r"])
            below = descendants(server.pid)
            assert len(below) > 1
            server.send_signal(number)
            _, told = server.communicate(timeout=PATIENCE)
        assert code == server.returncode
        assert ("Interrupted." in told) == (number is signal.SIGINT)
        async with asyncio.timeout(PATIENCE):
            while any(map(is_running, below)):  # noqa: ASYNC110 - they tell nobody
                await asyncio.sleep(0.05)
    assert not (tmp_path / "data").exists()


def test_the_address_is_all_that_is_printed(sample_collection: Path) -> None:
    """Standard output has the address alone, which leads to this computer; `--port` is taken."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with serving(sample_collection, "--port", str(port)) as (server, address):
        assert re.fullmatch(rf"http://127\.0\.0\.1:{port}/[\w-]{{43}}/", address)
        with urllib.request.urlopen(address) as page:  # noqa: S310 - of the server
            assert b"textual.js" in page.read()
        server.send_signal(signal.SIGINT)
        out, told = server.communicate(timeout=PATIENCE)
    assert "" == out
    assert ["Open this address in a browser on this computer. Ctrl+C ends the server.",
            "Interrupted."] == told.splitlines()  # fmt: skip


def test_a_taken_port_is_one_line(run: Run) -> None:
    """The error says what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run("serve", "--port", str(taken.getsockname()[1]))
    assert 1 == result.exit_code
    assert 1 == result.stderr.count("\n")
    assert "choose another, or leave out --port" in result.stderr


def test_no_option_names_another_address(run: Run) -> None:
    """There is no way to listen elsewhere."""
    assert "--host" not in run("serve", "--help").stdout
    for words in (("--host", "0.0.0.0"), ("--bind", "::"), ("--port", "0.0.0.0:80")):  # noqa: S104
        assert 2 == run("serve", *words).exit_code


def test_without_its_library_the_extra_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says what to install."""
    for name in [name for name in sys.modules if name.startswith("tui.web")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    result = run("serve")

    assert 1 == result.exit_code
    assert "pip install 'releaseqa[web]'" in result.stderr
