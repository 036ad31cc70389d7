"""A chat in a browser: whoever sits there reads the collection and touches nothing else."""

import base64
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from driving import VISIT, Chat, StartChat
from plain_engine import PlainEngine, release

from qa.paths import data_folder
from tui.screens.help import HelpScreen
from tui.screens.sessions import SessionsScreen
from tui.widgets.option_list import ItemList

DESKTOP = {"WAYLAND_DISPLAY": "w"}


def written(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the app writes to the terminal, from now on."""
    found: list[str] = []
    driver = chat.app._driver
    assert driver is not None
    monkeypatch.setattr(driver, "write", found.append)
    return found


@pytest.fixture(name="tools_started")
def _tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """A desktop; tells whether one of its tools was started."""
    folder, trace = tmp_path / "tools", tmp_path / "started"
    folder.mkdir()
    for name in ("wl-copy", "xdg-open"):
        (folder / name).write_text(f"#!/bin/sh\necho {name} >> {trace}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return trace.exists


async def test_keys_that_touch_files_do_nothing(start_chat: StartChat) -> None:
    """Neither a key nor the palette indexes a folder or exports; the same keys do elsewhere."""
    titles = {"Index a folder of releases", "Export the conversation"}
    for in_browser in (True, False):
        async with start_chat(in_browser=in_browser) as chat:
            await chat.ask(VISIT)
            opened = []
            for key in ("ctrl+o", "ctrl+e", "f4"):
                await chat.press(key)
                opened.append(chat.app.screen is not chat.screen)
                if opened[-1]:
                    await chat.press("escape")
            offered = {command.title for command in chat.app.get_system_commands(chat.screen)}

            assert [not in_browser] * 3 == opened
            assert (set() if in_browser else titles) == titles & offered


async def test_the_help_lists_only_the_keys_that_work(start_chat: StartChat) -> None:
    """Help in the browser names no key that does nothing there."""
    texts = []
    for in_browser in (True, False):
        async with start_chat(in_browser=in_browser) as chat:
            await chat.press("f1")
            assert isinstance(chat.app.screen, HelpScreen)
            texts.append(chat.app.screen.text())
    for missing in ("Index a folder", "Export", "Pause or continue indexing", "Opening a source"):
        assert missing not in texts[0]
        assert missing in texts[1]
    assert "Copy the citation" in texts[0]


async def test_copying_goes_to_the_browser_alone(
    start_chat: StartChat, tools_started: Callable[[], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text is sent to the browser, though the computer has a clipboard of its own."""
    async with start_chat(in_browser=True, environment=DESKTOP) as chat:
        await chat.ask(VISIT)
        sent = written(chat, monkeypatch)
        passage = chat.passage
        assert passage is not None
        await chat.press("tab", "Y")
        await chat.until(lambda: "if the browser allows it" in chat.status)
        copied = [text for text in sent if text.startswith("\x1b]52;c;")]

    (sequence,) = copied
    text = base64.b64decode(sequence.removeprefix("\x1b]52;c;").removesuffix("\a"))
    assert text.decode() == passage.citation
    assert not tools_started()


async def test_a_source_is_not_opened_but_its_address_copied(
    start_chat: StartChat,
    tools_started: Callable[[], bool],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A web address is copied; the path of a file is not told."""
    async with start_chat(in_browser=True, environment=DESKTOP) as chat:
        await chat.ask(VISIT)
        sent = written(chat, monkeypatch)
        await chat.press("tab", "o")
        await chat.until(lambda: "Copied the web address" in chat.status)
        address = base64.b64encode(b"https://www.canada.example/en/news/seoul-visit.html").decode()
        assert any(address in text for text in sent)
        assert chat.app.screen is chat.screen
    (tmp_path / "local.txt").write_text("A ferry to Halifax.\n")
    engine = PlainEngine((release("local", "A ferry to Halifax.\n", source="local.txt"),))
    async with start_chat(engine, in_browser=True, environment=DESKTOP) as chat:
        await chat.ask("ferry Halifax")
        await chat.press("tab", "o")
        assert "! This release has no web address that can be opened" == chat.status
    assert not tools_started()


async def test_an_unsaved_conversation_leaves_no_file(start_chat: StartChat) -> None:
    """It is said at the start; the conversation is listed while it lasts, and nothing is stored."""
    async with start_chat(in_browser=True, save_sessions=False) as chat:
        assert "This conversation is not saved" in str(
            chat.screen.welcome.query_one("#unsaved").render()
        )
        await chat.ask(VISIT)
        await chat.press("tab", "plus")
        await chat.press("ctrl+r")
        assert isinstance(chat.app.screen, SessionsScreen)
        listed = chat.app.screen.query_one(ItemList)
        await chat.until(lambda: "1 question" in str(listed.get_option_at_index(0).prompt))
    assert not data_folder().exists()
    async with start_chat(in_browser=True) as chat:
        await chat.ask(VISIT)
    assert data_folder().exists()


async def test_an_empty_collection_is_not_said_to_be_filled_from_here(
    start_chat: StartChat,
) -> None:
    """The welcome and the status give no advice that cannot be followed."""
    async with start_chat(PlainEngine(()), in_browser=True) as chat:
        await chat.press(*"Who", "enter")
        shown = str(chat.screen.welcome.query_one("#counts").render())
        assert "The collection is empty." == shown
        assert "Ctrl+O" not in chat.screen._state()
