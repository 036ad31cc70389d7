"""The command palette, the list of colours, and what is remembered of both."""

from pathlib import Path

from driving import VISIT, Chat, StartChat
from textual.widgets import OptionList

from tui.platform.preferences import Preferences, read_preferences, write_preferences
from tui.screens.cite import CiteScreen
from tui.screens.commands import Command, CommandScreen, matching


def lines(chat: Chat) -> list[str]:
    """The lines of the list."""
    assert isinstance(chat.app.screen, CommandScreen)
    return [str(option.prompt) for option in chat.app.screen.query_one(OptionList).options]


def command(title: str) -> Command:
    """A command that does nothing."""
    return Command(title, title, "", lambda: None)


async def test_each_command_is_a_line_with_its_key_at_the_right(start_chat: StartChat) -> None:
    """All lines end in one column, and no command takes two lines."""
    async with start_chat(size=(80, 24)) as chat:
        await chat.ask(VISIT)
        await chat.press("tab", "ctrl+p")
        found = lines(chat)
        assert found[0].split() == [*["Copy", "the", "passage", "with", "its", "citation"], "y"]
        assert {len(line) for line in found} == {len(found[0])}
        listing = chat.app.screen.query_one(OptionList)
        assert listing.virtual_size.height == len(found)
        assert len(found[0]) == listing.scrollable_content_region.width


async def test_what_is_chosen_most_comes_first(start_chat: StartChat) -> None:
    """A command that was chosen leads the list, also in the next chat."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("tab", "ctrl+p", *"as text", "enter")
        await chat.until(lambda: isinstance(chat.app.screen, CiteScreen))
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("tab", "ctrl+p")
        assert lines(chat)[0].startswith("Copy the citation as text, Markdown, BibTeX or RIS ")


async def test_the_theme_is_remembered(start_chat: StartChat) -> None:
    """The colours chosen with F5 are those of the next chat."""
    async with start_chat() as chat:
        await chat.press("f5", *"qa-light", "enter")
        await chat.until(lambda: chat.app.theme == "releaseqa-light")
    async with start_chat() as chat:
        assert chat.app.theme == "releaseqa-light"


def test_the_best_match_is_first() -> None:
    """Letters in their order are enough; the first letters of words weigh more."""
    commands = [command("Save all pages"), command("Show all pins"), command("Help")]
    assert [c.title for c in matching(commands, "sap")] == ["Save all pages", "Show all pins"]
    assert [c.title for c in matching(commands, "pins")] == ["Show all pins"]
    assert matching(commands, "") == commands
    assert matching(commands, "zzz") == []


def test_preferences_outlive_a_damaged_file(tmp_path: Path) -> None:
    """What is no file of preferences is like none, and is replaced by the next choice."""
    path = tmp_path / "folder" / "chat.json"
    assert read_preferences(path) == Preferences()
    for text in ("", "[]", "{", '{"theme": 3, "commands": {"a": "b", "c": 2}}', "[" * 100_000):
        write_preferences(path, Preferences("x"))
        path.write_text(text, encoding="utf-8")
        assert read_preferences(path).theme is None
    write_preferences(path, Preferences("x").with_use("a").with_use("a"))
    assert read_preferences(path) == Preferences("x", {"a": 2})
    write_preferences(tmp_path, Preferences())  # a folder: nothing happens
