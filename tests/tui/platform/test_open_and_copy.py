"""Copying and opening: only safe programs, only safe targets, never more than was asked."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from driving import VISIT, StartChat
from plain_engine import PlainEngine
from releases import SEOUL

from qa.types import ReleaseRef
from tui.platform.clipboard import copy_outside, fill, native_command, tmux_command
from tui.platform.open_external import launcher, target_of
from tui.screens.confirm_open import ConfirmOpenScreen


def ref(**facts: str | None) -> ReleaseRef:
    """A release whose address and source are to be judged."""
    return replace(SEOUL.ref, url=facts.get("url"), source=facts.get("source") or "nowhere.txt")


@pytest.mark.parametrize(
    "url", ["https://example.org/a", "http://example.org:8080/a?b=c#d", "HTTPS://EXAMPLE.ORG/"]
)
def test_web_addresses_are_opened(url: str, tmp_path: Path) -> None:
    """Addresses of http and https addresses lead to the browser as they are."""
    assert target_of(ref(url=url), tmp_path) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.org/a",
        "https://",
        "https://user@evil.example/",
        "https://example.org/\x1b[2J",
        "https://example.org/a b",
        "https://[bad",
        "-dangerous",
        "vnc://example.org",
    ],
)
def test_other_addresses_are_never_opened(url: str, tmp_path: Path) -> None:
    """26: No scheme but http and https, and nothing that could hide where it leads."""
    assert target_of(ref(url=url), tmp_path) is None


def test_an_existing_document_is_opened(tmp_path: Path) -> None:
    """A source that is a document file is opened; a program or a missing file is not."""
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "run.desktop").write_text("x")
    assert target_of(ref(source=str(tmp_path / "a.txt")), tmp_path) == str(tmp_path / "a.txt")
    assert target_of(ref(source="a.txt"), tmp_path) == str(tmp_path / "a.txt")
    for source in ("run.desktop", "missing.txt", "file:///a.txt", "a\0.txt"):
        assert target_of(ref(source=source), tmp_path) is None


@pytest.mark.parametrize("absolute", [False, True])
@pytest.mark.parametrize(
    "target", [".x/evil.desktop", ".x/hidden.txt", "run.sh", "../outside.txt", "folder", "pipe"]
)
def test_a_link_is_not_followed_to_what_was_not_indexed(
    tmp_path: Path, target: str, *, absolute: bool
) -> None:
    """A link of a foreign folder leads to no program, hidden file, device or other folder."""
    near = tmp_path / "near"
    (near / "news" / ".x").mkdir(parents=True)
    (near / "news" / "folder").mkdir()
    os.mkfifo(near / "news" / "pipe")
    for name in (".x/evil.desktop", ".x/hidden.txt", "run.sh", "../../outside.txt"):
        (near / "news" / name).write_text("x")
    link = near / "news" / "notes.txt"
    link.symlink_to("../../outside.txt" if target == "../outside.txt" else target)

    source = str(link) if absolute else "news/notes.txt"

    assert target_of(ref(source=source), near) is None


def test_a_link_to_another_document_of_the_folder_is_opened(tmp_path: Path) -> None:
    """A link that `index` follows leads to the document, under its own name."""
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "latest.txt").symlink_to("a.txt")
    (tmp_path / ".x").mkdir()
    (tmp_path / ".x" / "named.txt").write_text("x")

    assert target_of(ref(source="latest.txt"), tmp_path) == str(tmp_path / "a.txt")
    assert target_of(ref(source=".x/named.txt"), tmp_path) == str(tmp_path / ".x/named.txt")


def test_only_the_file_that_was_indexed_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source is looked for beside the collection, not in the folder one happens to be in."""
    (tmp_path / "near").mkdir()
    (tmp_path / "a.txt").write_text("another release")
    monkeypatch.chdir(tmp_path)

    assert target_of(ref(source="a.txt"), tmp_path / "near") is None
    assert target_of(ref(source="../a.txt"), tmp_path / "near") is None


async def test_a_file_replaced_while_the_question_stands_is_not_opened(
    start_chat: StartChat, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What the dialog showed is opened, or nothing."""
    launched: list[str] = []

    def launch(_: str, target: str) -> bool:
        launched.append(target)
        return True

    monkeypatch.setattr("tui.platform.open_external.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr("tui.chat.answer_actions.launch", launch)
    shown = tmp_path / "shown.txt"
    shown.write_text("x")
    (tmp_path / "evil.sh").write_text("x")
    here = replace(SEOUL, ref=replace(SEOUL.ref, url=None, source="shown.txt"))
    async with start_chat(PlainEngine((here,)), environment={"DISPLAY": ":0"}) as chat:
        await chat.ask(VISIT)
        await chat.press("tab", "o", "enter")
        assert launched == [str(shown)]
        await chat.press("o")
        assert isinstance(chat.app.screen, ConfirmOpenScreen)
        shown.unlink()
        shown.symlink_to("evil.sh")
        await chat.press("enter")
        assert launched == [str(shown)]
        assert "moved or replaced" in chat.status


def test_without_a_desktop_nothing_is_launched() -> None:
    """On a bare terminal and over ssh there is no launcher."""
    assert launcher({}, "linux") is None
    assert launcher({"SSH_CONNECTION": "x"}, "darwin") is None


def test_the_clipboard_tool_is_chosen_by_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wayland before X; none without a display; the tool has to be installed."""
    monkeypatch.setattr("tui.platform.clipboard.which", lambda name: f"/usr/bin/{name}")
    assert native_command({"WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}, "linux") == ["wl-copy"]
    assert native_command({"DISPLAY": ":0"}, "linux") == ["xclip", "-selection", "clipboard"]
    assert native_command({}, "linux") is None
    assert native_command({}, "darwin") == ["pbcopy"]
    assert native_command({"SSH_CONNECTION": "x"}, "darwin") is None
    assert native_command({"WSL_DISTRO_NAME": "Debian"}, "linux") == ["clip.exe"]
    assert native_command({"TERMUX_VERSION": "1"}, "linux") == ["termux-clipboard-set"]
    assert tmux_command({"TMUX": "x"}) == ["tmux", "load-buffer", "-w", "-"]
    assert tmux_command({}) is None
    monkeypatch.setattr("tui.platform.clipboard.which", lambda _: None)
    assert native_command({"DISPLAY": ":0"}, "linux") is None
    assert copy_outside("text", {"DISPLAY": ":0", "TMUX": "x"}) is None


def test_a_tool_gets_the_text_unchanged(tmp_path: Path) -> None:
    """Every byte arrives, lone surrogates replaced; a failing or missing tool is noticed."""
    target = tmp_path / "clip"
    assert fill(["tee", str(target)], "a\x1b[2J\r\n“é”\ud800")
    assert target.read_bytes() == b"a\x1b[2J\r\n\xe2\x80\x9c\xc3\xa9\xe2\x80\x9d?"
    assert not fill(["false"], "x")
    assert not fill([str(tmp_path / "missing")], "x")


def test_the_tool_of_windows_gets_its_encoding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows' tool is given UTF-16, else accents would arrive as something else."""
    target = tmp_path / "clip"
    tool = tmp_path / "clip.exe"
    tool.write_text(f"#!/bin/sh\ncat > {target}\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert fill(["clip.exe"], "“é”")
    assert target.read_bytes().decode("utf-16") == "“é”"


def test_a_hanging_tool_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clipboard tool that takes longer than the limit has failed, even if it would succeed."""
    monkeypatch.setattr("tui.platform.clipboard.TIMEOUT", 0.2)
    assert not fill(["sleep", "20"], "x")


async def test_copying_says_where_to(start_chat: StartChat, tmp_path: Path) -> None:
    """With a native tool the notice names the clipboard; without one, the terminal's."""
    tools = tmp_path / "bin"
    tools.mkdir()
    clip = tmp_path / "clip"
    tool = tools / "wl-copy"
    tool.write_text(f"#!/bin/sh\ncat > {clip}\n")
    tool.chmod(0o755)
    path = os.environ["PATH"]
    async with start_chat(environment={"WAYLAND_DISPLAY": "w"}) as chat:
        await chat.ask(VISIT)
        passage = chat.passage
        assert passage is not None
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PATH", f"{tools}:{path}")
            await chat.press("tab", "Y")
            await chat.until(lambda: chat.status == "Copied the citation to the clipboard")
        assert clip.read_text() == passage.citation
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("tab", "y")
        await chat.until(lambda: "OSC 52" in chat.status)


async def test_opening_asks_first(start_chat: StartChat, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address is shown; only Enter hands it to the desktop, Esc does not."""
    launched: list[tuple[str, str]] = []

    def launch(command: str, target: str) -> bool:
        launched.append((command, target))
        return True

    monkeypatch.setattr("tui.platform.open_external.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr("tui.chat.answer_actions.launch", launch)
    async with start_chat(environment={"DISPLAY": ":0"}) as chat:
        await chat.ask(VISIT)
        await chat.press("tab", "o")
        assert isinstance(chat.app.screen, ConfirmOpenScreen)
        await chat.press("escape")
        assert launched == []
        await chat.press("o", "enter")
        assert launched == [("/usr/bin/xdg-open", SEOUL.ref.url)]


async def test_without_a_desktop_the_address_is_copied(start_chat: StartChat) -> None:
    """Over ssh, o copies the address and says why."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("tab", "o")
        await chat.until(lambda: "no desktop" in chat.status)
        assert chat.app.clipboard == SEOUL.ref.url
