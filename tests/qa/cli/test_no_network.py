"""Nothing uses the network: every command works without one, and asks for no internet socket."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from checkout import SAMPLES, SUPPORT, process_environment
from index_parts import put
from made_sources import FEED_BODY, GOOD_DOCX, item, mail, rss

from qa import open_collection

QUESTION = "When did Minister Joly visit Korea?"
ISOLATED = ("unshare", "-rn")
"""Runs a command in a network namespace of its own, which has no interface that is up."""

DRIVER = """
import json, sys
from qa.cli.app import run
codes = []
for words in json.loads(sys.argv[1]):
    sys.argv = ["releaseqa", *words]
    try:
        run()
    except SystemExit as end:
        codes.append(end.code or 0)
print("\\n" + json.dumps(codes))
"""
CONNECT = "import socket; socket.create_connection(('127.0.0.1', 9), timeout=5)"


@dataclass(frozen=True)
class Trace:
    """What the commands did.

    Attributes:
        codes: The exit code of each command, by the words of its command line.
        replies: What the MCP server answered.
        sockets: The internet sockets and names that any process asked for.
        isolated: Whether they ran where there is no network.
    """

    codes: dict[str, int]
    replies: list[dict[str, object]]
    sockets: list[str]
    isolated: bool


def can_isolate() -> bool:
    """Whether an ordinary user may make a network namespace here."""
    if shutil.which(ISOLATED[0]) is None:
        return False
    return subprocess.run([*ISOLATED, "true"], capture_output=True, check=False).returncode == 0


def traced(
    command: Sequence[str], log: Path, *, isolated: bool
) -> "subprocess.CompletedProcess[str]":
    """Run a command with the log of its sockets."""
    return subprocess.run(
        _isolated(command, isolated=isolated), env=_environment(log), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False, timeout=1800,
    )  # fmt: skip


def _isolated(command: Sequence[str], *, isolated: bool) -> list[str]:
    return [*(ISOLATED if isolated else ()), *command]


def _environment(log: Path) -> dict[str, str]:
    path = os.pathsep.join([str(SUPPORT / "socket_log"), process_environment()["PYTHONPATH"]])
    return process_environment({"PYTHONPATH": path, "SOCKET_LOG": str(log)})


@pytest.fixture(scope="module", name="trace")
def _trace(sample_collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Trace:
    """Run the main commands, isolated if that is possible."""
    folder = tmp_path_factory.mktemp("offline")
    log, isolated = folder / "log", can_isolate()
    log.touch()
    source = folder / "news"
    source.mkdir()
    for sample in ("canada-korea-visit.txt", "denali-park-road.md", "art-gallery-jury.md"):
        shutil.copy(SAMPLES / "releases" / sample, source)
    (source / "page.html").write_text(f"<html><body><article><p>{FEED_BODY}</p></article></html>")
    (source / "feed.xml").write_text(rss(item(more="<link>https://example.org/a</link>")))
    (source / "mail.eml").write_bytes(mail().as_bytes())
    (source / "word.docx").write_bytes(GOOD_DOCX)
    with open_collection(sample_collection) as collection:
        citation = collection.ask(QUESTION, words_only=True).passages[0].citation
    questions, reports = (
        str(put(folder / "q.txt", f"{QUESTION}\nWhat is new?\n")),
        folder / "reports",
    )
    commands = [
        ["index", str(source)], ["ask", QUESTION], ["ask", QUESTION, "--session", "talk"],
        ["batch", questions], ["table", "--questions", questions, "-o", str(folder / "t.csv")],
        ["quotes"], ["list"], ["show", "canada-korea-visit"], ["cite", citation], ["status"],
        ["verify"], ["backup", str(folder / "b.zip")], ["bundle", str(folder / "c.zip")],
        ["restore", str(folder / "c.zip"), str(folder / "restored")],
        ["doctor"], ["sessions", "show", "talk"],
        ["watch", str(source), "--questions", questions, "-o", str(reports), "--once"],
    ]  # fmt: skip
    index = ["--index", str(folder / ".releaseqa")]
    line = json.dumps([[*index, *words] for words in commands])
    done = traced([sys.executable, "-c", DRIVER, line], log, isolated=isolated)
    assert done.stdout.strip(), done.stderr
    codes = json.loads(done.stdout.splitlines()[-1])
    replies = _served([sys.executable, "-m", "qa", *index, "mcp"], log, isolated=isolated)
    return Trace(
        dict(zip([" ".join(words[:2]) for words in commands], codes, strict=True)),
        replies, log.read_text().splitlines(), isolated,
    )  # fmt: skip


def _served(command: list[str], log: Path, *, isolated: bool) -> list[dict[str, object]]:
    """Ask the MCP server a question; return its answers."""
    hello = {"protocolVersion": "2025-06-18", "capabilities": {},
             "clientInfo": {"name": "test", "version": "1"}}  # fmt: skip
    call = {"name": "ask", "arguments": {"question": QUESTION}}
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call},
    ]
    with subprocess.Popen(
        _isolated(command, isolated=isolated), env=_environment(log), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write("".join(json.dumps(message) + "\n" for message in messages))
        server.stdin.flush()
        replies = [
            json.loads(line) for line in (server.stdout.readline() for _ in range(2)) if line
        ]
        server.stdin.close()
    return replies


@pytest.mark.slow
def test_every_command_works_without_a_network(trace: Trace) -> None:
    """In a namespace without a network, indexing, asking, checking and watching work as ever."""
    if not trace.isolated:
        pytest.skip("unshare -rn does not work here")

    expected = dict.fromkeys(trace.codes, 0)
    expected["doctor"] = trace.codes["doctor"]  # 1 where the terminal is not as it should be
    assert expected == trace.codes
    assert trace.codes["doctor"] in {0, 1}


@pytest.mark.slow
def test_the_assistant_server_works_without_a_network(trace: Trace) -> None:
    """The server answers over its standard streams."""
    pytest.importorskip("mcp", reason="needs the extra mcp")
    if not trace.isolated:
        pytest.skip("unshare -rn does not work here")

    assert [1, 2] == [reply["id"] for reply in trace.replies]
    assert "April 13 to 15" in json.dumps(trace.replies[1])


@pytest.mark.slow
def test_no_process_asks_for_an_internet_socket(trace: Trace) -> None:
    """No socket of IPv4 or IPv6 is made and no name is looked up, by any command or child."""
    assert [] == trace.sockets


def test_the_log_and_the_namespace_work(tmp_path: Path) -> None:
    """A process that does use the network is written down, and is refused in the namespace."""
    log = tmp_path / "log"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CONNECT!r}])"
    traced([sys.executable, "-P", "-c", child], log, isolated=False)
    assert {"socket.getaddrinfo", "socket.__new__"} == {
        line.split()[0] for line in log.read_text().splitlines()
    }

    if not can_isolate():
        pytest.skip("unshare -rn does not work here")
    done = traced([sys.executable, "-c", CONNECT], log, isolated=True)
    assert "unreachable" in done.stderr
