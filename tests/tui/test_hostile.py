"""A release that attacks the screen is drawn, and nothing else happens."""

import json
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from crafted_stores import fill_column, text_columns
from driving import Chat, StartChat
from plain_engine import SKIP, PlainEngine, PlainUpdate
from releases import HOSTILE, HOSTILE_TEXT
from textual import events
from textual.geometry import Offset
from textual.selection import Selection

from index.errors import SourceError
from index.ingest.update import update_collection
from index.reports import Progress, UpdateReport
from qa.collection import open_collection
from tui.app import ReleaseQA
from tui.backend.indexing import update_engine
from tui.backend.protocols import ChatSettings
from tui.screens.confirm_open import ConfirmOpenScreen
from tui.screens.indexing import IndexingScreen
from tui.widgets.excerpts import whole
from tui.widgets.passage_text import PassageText

QUESTION = "attacker wrote marks twice"
FORBIDDEN = {"Cc", "Cs", "Cf"}


def drawn(chat: Chat) -> str:
    """Every character on the screen."""
    strips = chat.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def assert_tame(text: str) -> None:
    """No control, surrogate or format character is among what is drawn."""
    wild = {hex(ord(c)) for c in text if c != "\n" and unicodedata.category(c) in FORBIDDEN}
    assert wild == set()


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_a_hostile_release_is_drawn_harmlessly(
    start_chat: StartChat, size: tuple[int, int]
) -> None:
    """15 to 25, 27 to 29: Escapes, controls and markup are visible characters, everywhere."""
    async with start_chat(PlainEngine((HOSTILE,)), size=size) as chat:
        await chat.ask(QUESTION)
        assert_tame(drawn(chat))
        await chat.press("tab", "enter")
        assert "[@click=app.quit]x[/]" in drawn(chat)
        await chat.press("escape")
        for keys in (["space", "n"], ["enter"], ["n", "n"], ["slash", "x", "enter"]):
            await chat.press(*keys)
            assert_tame(drawn(chat))
        assert "[/] [bold]Markup[/bold] ␛]0;owned␇ visit" in drawn(chat)
        await chat.press("escape", "e")
        assert_tame(drawn(chat))
        assert chat.app.is_running


async def test_hostile_words_do_nothing_when_clicked(start_chat: StartChat) -> None:
    """24: A click on markup that names an action runs no action."""
    async with start_chat(PlainEngine((HOSTILE,)), size=(140, 40)) as chat:
        await chat.ask(QUESTION)
        lines = drawn(chat).split("\n")
        row = next(y for y, line in enumerate(lines) if "@click" in line)
        await chat.pilot.click(offset=(lines[row].index("]x[/]") + 1, row))
        await chat.settle()
        assert chat.app.is_running
        assert chat.app.screen is chat.screen


async def test_what_is_copied_is_the_stored_text(start_chat: StartChat) -> None:
    """27, 28: The key y copies the passage as stored, with every character that is not drawn."""
    async with start_chat(PlainEngine((HOSTILE,))) as chat:
        await chat.ask(QUESTION)
        await chat.press("tab", "y")
        await chat.until(lambda: chat.status.startswith("Copied"))
        passage = chat.passage
        assert passage is not None
        assert passage.text in HOSTILE_TEXT
        assert "\x1b[2J" in passage.text
        assert chat.app.clipboard == f"{passage.text}\n\n{passage.citation}"
        await chat.press("Y")
        await chat.until(lambda: chat.app.clipboard == passage.citation)


async def test_a_selection_gives_the_stored_text(start_chat: StartChat) -> None:
    """Text selected by the mouse is the stored one, in the answer and in the release."""
    async with start_chat(PlainEngine((HOSTILE,)), size=(140, 40)) as chat:
        await chat.ask(QUESTION)
        text = chat.cards[0].passage.text
        quoted = chat.screen.query_one("SourceView PassageText", PassageText)
        first, last = quoted.excerpt.span
        assert quoted.get_selection(Selection(None, None)) == (text[first:last].rstrip(), "\n")
        quoted.show(replace(whole(text), before="May help: “", after="”"))
        start = len("May help: “") + text.index("\x1b[2J")
        selected = quoted.get_selection(Selection(Offset(start, 0), Offset(start + 4, 0)))
        assert selected == ("\x1b[2J", "\n")
        view = chat.screen.pane.view
        assert view.get_selection(Selection(None, None)) == (HOSTILE_TEXT, "\n")


async def test_a_script_address_is_never_opened(
    start_chat: StartChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """26: The key o on a release with a javascript: address says there is nothing to open."""
    monkeypatch.setattr("tui.platform.open_external.which", lambda name: f"/usr/bin/{name}")
    engine = PlainEngine((HOSTILE,))
    async with start_chat(engine, environment={"DISPLAY": ":0"}) as chat:
        await chat.ask(QUESTION)
        await chat.press("tab", "o")
        assert not isinstance(chat.app.screen, ConfirmOpenScreen)
        assert "no web address or file" in chat.status


async def test_hostile_names_in_progress_reports_and_errors_are_drawn_harmlessly(
    start_chat: StartChat, tmp_path: Path
) -> None:
    """File names with newlines and escapes are cleaned in the progress line and the list."""
    step = Progress("read", 1, 3, "a\n\x1b]0;owned\x07[/]\x9bb\udc80")
    update = PlainUpdate(UpdateReport(added=1, skipped=(SKIP,)), steps=(step,))
    async with start_chat(update=update, sources=(str(tmp_path),)) as chat:
        await chat.settle()
        assert "␛]0;owned" in drawn(chat)
        assert_tame(drawn(chat))
        update.gate.set()
        await chat.until(lambda: chat.status.startswith("! Indexed: 1 added, 1 skipped"))
        await chat.screen.run_action("indexing")
        await chat.settle()
        assert isinstance(chat.app.screen, IndexingScreen)
        assert "odd␛[2Jname.txt" in drawn(chat)
        assert_tame(drawn(chat))


async def test_a_hostile_error_is_drawn_harmlessly(start_chat: StartChat) -> None:
    """An error that quotes a file name cannot reach the terminal either."""
    error = SourceError("\x1b]52;c;eA==\x07[/] cannot be read\nat all")
    async with start_chat(PlainEngine((HOSTILE,), ask_error=error)) as chat:
        await chat.ask(QUESTION)
        assert "␛]52;c;eA==␇[/] cannot be read" in drawn(chat)
        assert_tame(drawn(chat))


async def test_a_hostile_paste_is_cleaned(start_chat: StartChat) -> None:
    """What is pasted into the prompt or a field is cleaned on the way in."""
    async with start_chat() as chat:
        chat.screen.prompt.post_message(events.Paste("a\x1b[2Jb\r\nc\rd"))
        await chat.settle()
        assert chat.screen.prompt.text == "a␛[2Jb\nc\nd"
        await chat.ask("Who met Park Jin in Seoul?")
        await chat.press("tab", "f")
        field = chat.app.screen.focused
        assert field is not None
        field.post_message(events.Paste("x\x1b[2Jy"))
        await chat.settle()
        assert_tame(drawn(chat))


async def test_a_crafted_store_is_drawn_harmlessly(exported_encoder: None, tmp_path: Path) -> None:
    """Whatever the columns of a foreign collection hold, each screen shows it as characters."""
    del exported_encoder
    text = "The bridge opened on May 3.\n\n“We opened the bridge”, said Jane Doe, minister."
    records = [{"id": f"r{n}", "text": f"Bridge {n} opens\n\n{text}"} for n in range(3)]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    folder = tmp_path / ".releaseqa"
    update_collection(folder, [tmp_path / "in.jsonl"])
    wild = "\x1b]0;owned\x07\x1b[2J\x9b2J\u202e\u200b\x08\r\x85[/][@click=app.quit]x[/]"
    for table, column in text_columns():
        if table in {"sources", "releases", "passages"} and column != "text":
            fill_column(folder, table, column, wild)
    app = ReleaseQA(
        ChatSettings(folder), opener=open_collection, update=update_engine, environment={}
    )
    async with app.run_test(size=(140, 40)) as pilot:
        chat = Chat(app, pilot, PlainEngine(()))
        await chat.ask("When was the bridge opened?")
        await chat.until(lambda: bool(chat.titles) and not chat.queue.busy)
        shown = [drawn(chat)]
        for keys in (
            ["tab"], ["e"], ["escape", "c"], ["escape", "C"], ["escape", "T"], ["escape", "enter"],
            ["slash", "o", "enter"], ["escape", "escape", "f"], ["escape", "f2"],
            ["escape", "f3"], ["escape", "f1"], ["escape", "ctrl+r"], ["escape", "ctrl+p"],
        ):  # fmt: skip
            await chat.press(*keys)
            await chat.settle()
            shown.append(drawn(chat))
            assert app.is_running
        for text in shown:
            assert_tame(text)
        assert sum("␛]0;owned" in text for text in shown) > 3
    app.close()
