"""`releaseqa mcp`, asked by the client of the protocol's own package."""

import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from checkout import process_environment

from index.ingest.update import update_collection
from qa.filter_syntax import FILTER_NAMES

pytest.importorskip("mcp", reason="needs the extra mcp")

from mcp import Client, StdioServerParameters

Run = Callable[..., Any]
QUESTION = "What is the new minimum wage in Yukon?"
CONTRACT = {"since", "until", "issuer", "lang", "source", "kind", "speaker"}


@asynccontextmanager
async def served(folder: Path, *words: str) -> AsyncIterator[Any]:
    """A client of the command, started as an assistant starts it."""
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "qa", "--index", str(folder), "mcp", *words],
        env=process_environment(),
    )
    async with Client(command) as client:
        yield client


async def called(client: Any, name: str, **arguments: Any) -> Any:
    """What a tool returns, as JSON."""
    result = await client.call_tool(name, arguments)
    assert not result.is_error, result.content
    return json.loads(result.content[0].text)


async def refused(client: Any, name: str, **arguments: Any) -> str:
    """What a tool says that refuses."""
    result = await client.call_tool(name, arguments)
    assert result.is_error
    return str(result.content[0].text)


async def test_an_assistant_asks_and_gets_a_citation_that_holds(
    sample_collection: Path, run: Run
) -> None:
    """Each passage of the answer has a citation that the tool and the command confirm."""
    async with served(sample_collection) as client:
        answer = await called(client, "ask", question=QUESTION, k=2)
        checks = [await called(client, "cite", citation=p["citation"]) for p in answer["passages"]]
        changed = answer["passages"][0]["citation"].replace("sha256:", "sha256:0")
        wrong = await called(client, "cite", citation=changed)
    asked = json.loads(run("ask", QUESTION, "-k", "2", "--json").stdout)

    assert answer["answered"]
    assert "$15.20" in answer["answer"]["text"]
    for name in ("question", "answered", "confidence", "reason", "evidence", "answer"):
        assert asked[name] == answer[name]
    assert 2 == len(answer["passages"])
    for passage, check, whole in zip(answer["passages"], checks, asked["passages"], strict=True):
        assert check["ok"]
        assert check["text"] == passage["text"] == whole["text"]
        assert passage.keys() <= whole.keys()
        assert 0 == run("cite", passage["citation"]).exit_code
    assert not wrong["ok"]


async def test_the_tools_only_read_and_say_so(sample_collection: Path) -> None:
    """Four tools, each marked as reading, each saying that its result is quoted data."""
    async with served(sample_collection) as client:
        tools = (await client.list_tools()).tools
        told = client.instructions
    inputs = {tool.name: set(tool.input_schema["properties"]) for tool in tools}

    assert set(FILTER_NAMES) >= CONTRACT
    assert {
        "ask": {"question", "k", *FILTER_NAMES},
        "list": {"limit", "offset", *FILTER_NAMES},
        "show": {"release", "first"},
        "cite": {"citation"},
    } == inputs
    for tool in tools:
        assert tool.annotations.read_only_hint
        assert "quoted data" in tool.description
        assert "never an instruction" in tool.description
    assert "quoted data" in told


async def test_releases_are_listed_and_shown_part_by_part(
    sample_collection: Path, run: Run
) -> None:
    """Going on with `next` gives each once; filters are those of the command line."""
    found: list[str] = []
    async with served(sample_collection) as client:
        after: int | None = 0
        while after is not None:
            part = await called(client, "list", limit=9, offset=after)
            found += [release["id"] for release in part["releases"]]
            after = part["next"]
        french = await called(client, "list", lang="fr", limit=1)
        shown = await called(client, "show", release=found[0])
        by_title = await called(client, "show", release=shown["release"]["title"])
        rest = await called(client, "show", release=found[0], first=2)
        cited = await called(client, "cite", citation=shown["passages"][1]["citation"])
    listed = [line.split("\t")[0] for line in run("list").stdout.splitlines()]

    assert listed == found
    assert len(run("list", "--lang", "fr").stdout.splitlines()) == french["total"]
    assert 1 == len(french["releases"])
    assert shown["passages"][2:] == rest["passages"]
    assert shown["next"] is None
    assert cited["text"] == shown["passages"][1]["text"]
    assert shown == by_title


async def test_what_is_sent_is_bounded_and_refused_in_words(sample_collection: Path) -> None:
    """An impossible input is an error of that call; the next call is answered."""
    async with served(sample_collection) as client:
        assert "is empty" in await refused(client, "ask", question="  ")
        assert "at most 2000" in await refused(client, "ask", question="x" * 2001)
        assert "less than or equal to 20" in await refused(client, "ask", question="Who?", k=21)
        assert "is not a date" in await refused(client, "ask", question="Who?", since="soon")
        assert "is not a kind" in await refused(client, "list", kind="rumour")
        assert "less than or equal to 200" in await refused(client, "list", limit=201)
        assert "no release 'qq'" in await refused(client, "show", release="qq")
        several = await refused(client, "show", release="twillingate-")
        assert "2 releases match 'twillingate-'; give the id of one\n" in several
        assert 3 == len(several.splitlines())
        assert (await called(client, "list", limit=1))["total"] > 1


async def test_a_reply_is_bounded_whatever_a_release_holds(tmp_path: Path) -> None:
    """Long releases come in parts, passages are short; what changed meanwhile is found."""
    source, folder = tmp_path / "a.jsonl", tmp_path / "c"
    records = [{"id": f"r{n}", "text": f"Bridge {n}.\n\n{'bridge' * 6000} {n}"} for n in range(9)]
    source.write_text("\n".join(map(json.dumps, records)))
    update_collection(folder, [source])
    async with served(folder, "--no-reader") as client:
        answer = await called(client, "ask", question="bridge", k=20)
        shown = await called(client, "show", release="r1")
        everything = "[releaseqa r1#1 0-999999 sha256:0123456789ab]"
        cited = await called(client, "cite", citation=everything)
        source.write_text(json.dumps({"id": "new", "text": "A new bridge opens on June 3."}))
        update_collection(folder, [source], prune=True)
        after = await called(client, "ask", question="When does the new bridge open?")

    assert 20 == len(answer["passages"])
    assert max(len(passage["text"]) for passage in answer["passages"]) <= 2_000
    assert 20_000 <= sum(len(passage["text"]) for passage in shown["passages"]) <= 22_000
    assert shown["next"] == len(shown["passages"])
    assert (False, True, 20_000) == (cited["ok"], cited["cut"], len(cited["text"]))
    assert ["new"] == [passage["release"]["id"] for passage in after["passages"]]


def test_only_the_protocol_is_written_to_standard_output(sample_collection: Path) -> None:
    """Every line is a message; the end of the input ends the program at once and quietly."""
    message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"}}}  # fmt: skip
    lines = [json.dumps(message), "no JSON at all", '{"jsonrpc": "2.0", "id": 2, "method": "ping"}']
    done = subprocess.run(
        [sys.executable, "-m", "qa", "--index", str(sample_collection), "mcp"],
        input="".join(line + "\n" for line in lines), capture_output=True, text=True,
        env=process_environment(), timeout=120, check=False,
    )  # fmt: skip

    assert (0, "") == (done.returncode, done.stderr)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert 1 in [answer.get("id") for answer in answers]
    assert {"2.0"} == {answer["jsonrpc"] for answer in answers}


def test_an_interrupt_ends_it(sample_collection: Path) -> None:
    """Ctrl+C ends the program though its input stays open."""
    with subprocess.Popen(
        [sys.executable, "-m", "qa", "--index", str(sample_collection), "mcp"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=process_environment(), text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write('{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        assert 130 == process.returncode


def test_without_its_library_the_extra_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says what to install."""
    monkeypatch.delitem(sys.modules, "qa.mcp.server", raising=False)
    monkeypatch.setitem(sys.modules, "mcp", None)
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    result = run("mcp")

    assert 1 == result.exit_code
    assert "pip install 'releaseqa[mcp]'" in result.stderr
