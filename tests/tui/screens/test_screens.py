"""The dialogs over the chat: filters, the collection, indexing, the timeline."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from driving import FERRY_STARTS, VISIT, StartChat
from plain_engine import SKIP, PlainEngine, PlainUpdate
from releases import BATTERY, FERRY, ORDINARY, SEOUL
from textual.color import Color
from textual.theme import Theme
from textual.widgets import OptionList, Static

from index.filters import Filters
from index.reports import Progress, Skip, UpdateReport
from qa.errors import QAError
from tui.render.themes import THEMES
from tui.screens.filters import FilterScreen, value_lines
from tui.screens.help import HelpScreen
from tui.screens.index_folder import IndexFolderScreen
from tui.screens.indexing import IndexingScreen
from tui.screens.release import ReleaseScreen
from tui.screens.release_browser import ReleaseBrowserScreen, matching, with_search_text
from tui.widgets.input import TextField
from tui.widgets.option_list import ChoiceList, ItemList
from tui.widgets.status_line import NoticeLine


def left_out(screen: object) -> str:
    """What the indexing dialog says of skipped items."""
    assert isinstance(screen, IndexingScreen)
    return str(screen.query_one("#left-out", Static).render())


def contrast(first: Color, second: Color) -> float:
    """The ratio of their luminances, as WCAG 2 defines it."""

    def luminance(colour: Color) -> float:
        parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4
                 for p in colour.normalized]  # fmt: skip
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def options(screen: object) -> list[str]:
    """The lines of a window's list."""
    choices = screen.query_one(OptionList)  # type: ignore[attr-defined]
    return [str(choices.get_option_at_index(i).prompt) for i in range(choices.option_count)]


async def test_filters_offer_what_the_collection_has(start_chat: StartChat) -> None:
    """Each field offers the collection's values with counts; words narrow them, Down chooses."""
    async with start_chat() as chat:
        await chat.press("f3")
        screen = chat.app.screen
        assert isinstance(screen, FilterScreen)
        assert options(screen) == ["2024  2", "2023  1"]
        await chat.press("tab", "tab")
        assert options(screen) == [
            "Global Affairs Canada  1", "Harbour Line           1", "Norvolt                1",
        ]  # fmt: skip
        await chat.write("line")
        assert options(screen) == ["Harbour Line  1"]
        await chat.press("down", "enter", "enter")
        assert chat.app.screen is chat.screen
        assert chat.screen.collection.filters == Filters(issuer="Harbour Line")


async def test_kinds_are_added_to_those_before(start_chat: StartChat) -> None:
    """A value chosen after a comma is added to those before it."""
    async with start_chat() as chat:
        await chat.press("f3", *["tab"] * 5, *"quote", "comma", "down", "enter")
        await chat.press("enter")
        assert chat.screen.collection.filters.kinds == ("quote", "body")


async def test_the_collection_can_be_searched_and_read(start_chat: StartChat) -> None:
    """Words of headline, issuer, date or source narrow the list; Enter reads, Esc goes back."""
    async with start_chat() as chat:
        await chat.press("f2")
        screen = chat.app.screen
        assert isinstance(screen, ReleaseBrowserScreen)
        assert options(screen)[0].startswith("2024-05-30  Norvolt opens battery")
        await chat.write("2024 night")
        assert len(options(screen)) == 1
        await chat.press("enter")
        reading = chat.app.screen
        assert isinstance(reading, ReleaseScreen)
        document = reading._pane.view.document
        assert document is not None
        assert document.ref.id == "ferry-service"
        await chat.press("escape")
        assert chat.app.screen is screen
        await chat.press("escape")
        assert chat.app.screen is chat.screen
        assert chat.turns == []


async def test_a_list_without_a_match_can_be_paged(start_chat: StartChat) -> None:
    """Words that no release has leave an empty list, in which every key does nothing."""
    async with start_chat() as chat:
        await chat.press("f2", *"zzz", "pagedown", "pageup", "down", "up", "enter", "ctrl+s")
        assert isinstance(chat.app.screen, ReleaseBrowserScreen)
        assert options(chat.app.screen) == []


async def test_lists_can_be_paged_before_they_are_drawn(start_chat: StartChat) -> None:
    """Keys that arrive with the list's first lines do nothing yet, and end nothing."""
    async with start_chat() as chat:
        for listing in (ItemList("a", "b"), ChoiceList("a", "b")):
            listing.action_page_down()
            listing.action_page_up()
            assert chat.app.is_running


def test_all_words_must_occur() -> None:
    """In any order and letter case; no words find everything, newest first as it was given."""
    refs = [BATTERY.ref, FERRY.ref, SEOUL.ref]
    assert matching(with_search_text(refs), "LINE 2024") == [FERRY.ref]
    assert matching(with_search_text(refs), "battery-plant.html") == [BATTERY.ref]
    assert matching(with_search_text(refs), "") == refs
    assert matching(with_search_text(refs), "nowhere") == []


async def test_indexing_can_be_paused_and_continued(start_chat: StartChat) -> None:
    """The key p pauses the run and lets it continue; the dialog says which."""
    go_on, reached, done = threading.Event(), threading.Event(), threading.Event()

    def update(*_: object, progress: Callable[[Progress], None], **__: object) -> UpdateReport:
        progress(Progress("read", 1, 2))
        go_on.wait(60)
        reached.set()
        progress(Progress("read", 2, 2))  # waits here while it is paused
        done.set()
        return UpdateReport(added=1)

    async with start_chat(update=update, sources=("a",)) as chat:
        await chat.press("f4")
        assert isinstance(chat.app.screen, IndexingScreen)
        await chat.press("p")
        assert "Paused" in str(chat.app.screen.query_one("#rate", Static).render())
        go_on.set()
        await chat.until(reached.is_set)
        await chat.settle()
        assert not done.is_set()
        await chat.press("p")
        await chat.until(lambda: not chat.queue.indexing.running)
        assert done.is_set()


async def test_quitting_ends_a_pause(start_chat: StartChat) -> None:
    """A paused run does not keep the program from ending."""
    update = PlainUpdate(UpdateReport(), steps=(Progress("read", 1, 2),))
    async with start_chat(update=update, sources=("a",)) as chat:
        await chat.press("f4", "p")
        await chat.pilot.press("ctrl+q")
    assert not update.done


async def test_skipped_items_are_listed_while_the_dialog_is_open(start_chat: StartChat) -> None:
    """The list appears when the run ends; Enter shows the whole reason of the selected line."""
    skips = (SKIP, Skip("b.pdf", "no text layer"))
    update = PlainUpdate(UpdateReport(skipped=skips), steps=(Progress("read", 1, 2),))
    async with start_chat(update=update, sources=("a",)) as chat:
        await chat.press("f4")
        screen = chat.app.screen
        assert left_out(screen) == "What is skipped will be listed here."
        update.gate.set()
        await chat.until(lambda: len(options(screen)) == 2)
        await chat.press("down", "enter")
        assert str(screen.query_one("#reason", Static).render()) == "b.pdf\nno text layer"
        await chat.press("enter")
        assert str(screen.query_one("#reason", Static).render()) == ""


async def test_asking_about_a_release_writes_the_question(start_chat: StartChat) -> None:
    """From the list, a question that the release answers is written, to be changed or asked."""
    engine = PlainEngine(ORDINARY, questions={"ferry-service": "When does the night ferry start?"})
    async with start_chat(engine) as chat:
        await chat.press("f2", *"ferry", "ctrl+s")
        await chat.until(lambda: bool(chat.screen.prompt.text))
        assert chat.screen.prompt.text == "When does the night ferry start?"
        await chat.press("enter")
        await chat.until(lambda: bool(chat.titles))


async def test_asking_about_a_release_without_a_question_writes_its_headline(
    start_chat: StartChat,
) -> None:
    """Where no question is answered from a release, its headline finds it."""
    async with start_chat(PlainEngine(ORDINARY)) as chat:
        await chat.press("f2", *"ferry", "ctrl+s")
        await chat.until(lambda: bool(chat.screen.prompt.text))
        assert chat.screen.prompt.text == (
            "Harbour Line adds a night ferry between Halifax and Saint John"
        )
        assert chat.status == "The headline is in the prompt: Enter searches for its words"


async def test_what_is_typed_meanwhile_is_not_replaced(start_chat: StartChat) -> None:
    """A question about a release that is found late does not overwrite the user's own."""
    engine = PlainEngine(ORDINARY, questions={"ferry-service": "When does the night ferry start?"})
    engine.question_gate.clear()
    async with start_chat(engine) as chat:
        await chat.press("f2", *"ferry", "ctrl+s", *"own")
        engine.question_gate.set()
        await chat.settle()
        assert chat.screen.prompt.text == "own"


async def test_help_finds_a_key(start_chat: StartChat) -> None:
    """Words of what a key does, or the key itself, narrow the help; it has two columns."""
    async with start_chat(size=(140, 40)) as chat:
        await chat.press("f1")
        screen = chat.app.screen
        assert isinstance(screen, HelpScreen)
        left, right = screen.query(".help--column")
        assert left.region.right <= right.region.x
        await chat.write("copy bibtex")
        found = " ".join(screen.text().split())
        assert found == "On a passage C Copy the citation as text, Markdown, BibTeX or RIS"
        for _ in "copy bibtex":
            await chat.press("backspace")
        await chat.press("Y")
        assert "Copy the citation" in screen.text()


async def test_help_uses_the_whole_width(start_chat: StartChat) -> None:
    """On a small screen, where there is one column, no line is wrapped before its end."""
    async with start_chat(size=(80, 24)) as chat:
        await chat.press("f1")
        screen = chat.app.screen
        assert isinstance(screen, HelpScreen)
        assert "  Enter         Open the release at the evidence\n" in screen.text()


async def test_a_notice_is_seen_in_the_dialog(start_chat: StartChat) -> None:
    """What a key in a dialog did is said in the dialog; Ctrl+N removes what was said."""
    async with start_chat(size=(80, 24)) as chat:
        await chat.ask(VISIT)
        await chat.press("f2", "enter", "y")
        await chat.until(lambda: chat.status.startswith("Copied the release to"))
        line = chat.app.screen.query_one(NoticeLine)
        assert str(line.render()).startswith("Copied the release to")
        assert line.region.bottom == 23
        await chat.press("escape", "escape")
        assert chat.status.startswith("Copied the release to")
        await chat.press("ctrl+n")
        assert chat.status == "Ready"


async def test_a_new_conversation_removes_a_notice_before_the_first_question(
    start_chat: StartChat,
) -> None:
    """Ctrl+N also forgets what was said when nothing was asked yet."""
    async with start_chat() as chat:
        await chat.press("ctrl+c")
        assert chat.status == "Ctrl+Q quits"
        await chat.press("ctrl+n")
        assert chat.status == "Ready"


async def test_renaming_replaces_the_name_and_keeps_the_place(start_chat: StartChat) -> None:
    """What is typed takes the place of the old name, and the same conversation stays selected."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("ctrl+n")
        await chat.ask(FERRY_STARTS)
        await chat.press("ctrl+r")
        screen = chat.app.screen
        await chat.until(lambda: screen.query_one(OptionList).option_count == 2)
        await chat.press("down", "ctrl+t", *"talks", "enter")
        await chat.until(lambda: any(line.startswith("talks\n") for line in options(screen)))
        chosen = screen.query_one(OptionList).highlighted
        assert chosen is not None
        assert options(screen)[chosen].startswith("talks\n")


async def test_an_export_counts_the_questions(
    start_chat: StartChat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl+E after the first question writes that there is one."""
    monkeypatch.chdir(tmp_path)
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("ctrl+e", "ctrl+u", *"out", "full_stop", "m", "d", "enter")
        await chat.until(lambda: "Exported" in chat.status)
    assert "1 question\n" in (tmp_path / "out.md").read_text(encoding="utf-8")


async def test_an_export_before_the_first_question_says_that_there_is_none(
    start_chat: StartChat,
) -> None:
    """Ctrl+E writes no empty file, and is not silent."""
    async with start_chat() as chat:
        await chat.press("ctrl+e")
        assert chat.app.screen is chat.screen
        assert chat.status == "There is nothing to export yet: ask a question first"


async def test_what_earlier_updates_skipped_is_listed(start_chat: StartChat) -> None:
    """F4 names the files that were skipped and why, also if another program indexed them."""
    skipped = (Skip("a.pdf", "no text layer"), Skip("b.pdf", "encrypted"))
    async with start_chat(PlainEngine(ORDINARY, skipped=skipped)) as chat:
        await chat.press("f4")
        assert options(chat.app.screen) == ["a.pdf  no text layer", "b.pdf  encrypted"]


async def test_skips_of_the_last_run_and_of_earlier_ones_are_listed_once(
    start_chat: StartChat,
) -> None:
    """What the last run skipped as the runs before it is named once."""
    skips = (Skip("a.pdf", "no text layer"), Skip("c.jsonl: line 3", "no text"))
    engine = PlainEngine(ORDINARY, skipped=(*skips, Skip("b.pdf", "encrypted")))
    update = PlainUpdate(UpdateReport(skipped=skips))
    update.gate.set()
    async with start_chat(engine, update=update, sources=("a",)) as chat:
        await chat.until(lambda: not chat.queue.indexing.running)
        await chat.press("f4")
        assert [line.split("  ")[0] for line in options(chat.app.screen)] == [
            "a.pdf", "c.jsonl: line 3", "b.pdf",
        ]  # fmt: skip


async def test_nothing_was_skipped_is_said_only_when_it_is_known(start_chat: StartChat) -> None:
    """It is not said while a run goes on, nor after one that failed."""
    async with start_chat() as chat:
        await chat.press("f4")
        assert left_out(chat.app.screen) == "Nothing was skipped."
    update = PlainUpdate(error=QAError("the disk is full"))
    async with start_chat(update=update, sources=("a",)) as chat:
        await chat.press("f4")
        screen = chat.app.screen
        assert left_out(screen) == "What is skipped will be listed here."
        update.gate.set()
        await chat.until(lambda: not chat.queue.indexing.running)
        assert left_out(screen) == ""
    update = PlainUpdate()
    async with start_chat(update=update, sources=("a",)) as chat:
        await chat.press("f4")
        screen = chat.app.screen
        update.gate.set()
        progress = screen.query_one("#progress", Static)
        done = "Up to date: 0 releases unchanged, 0 skipped."
        await chat.until(lambda: str(progress.render()) == done)
        await chat.until(lambda: left_out(screen) == "")
        assert "Index a folder" in chat.footer
        await chat.press("ctrl+o")
        assert isinstance(chat.app.screen, IndexFolderScreen)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_the_examples_in_empty_fields_are_readable(
    start_chat: StartChat, theme: Theme
) -> None:
    """They contrast with the field as text has to, also in the field with the focus."""
    async with start_chat() as chat:
        chat.app.theme = theme.name
        await chat.press("f3")
        for field in chat.app.screen.query(TextField):
            style = field.get_visual_style("input--placeholder")
            assert contrast(style.background + style.foreground, style.background) >= 4.5, field.id


@pytest.mark.parametrize("width", [80, 89, 100, 120])
async def test_no_letters_are_seen_beside_a_window(start_chat: StartChat, width: int) -> None:
    """A window leaves no cell at its sides, or enough of them to see what is behind."""
    async with start_chat(size=(width, 30)) as chat:
        await chat.ask(VISIT)
        await chat.press("tab")
        for key in ("f3", "f4", "e", "T", "f2", "f1"):
            await chat.press(key)
            window = chat.app.screen.query_one(".window").region
            assert window.width == width or window.x >= 5, key
            await chat.press("escape")


def test_the_counts_of_values_are_aligned() -> None:
    """The values of a filter begin at the left, their counts end below each other."""
    lines = [line.plain for line in value_lines([("2023", 1), ("Æon 全", 1_200)])]
    assert lines == ["2023        1", "Æon 全  1,200"]


async def test_the_scroll_bar_of_a_release_shows_where_the_passage_is(
    start_chat: StartChat,
) -> None:
    """Also where the bar appears only after the release was scrolled to the passage."""
    async with start_chat(size=(80, 10)) as chat:
        await chat.ask(VISIT)
        await chat.press("tab", "j", "enter")
        view = chat.screen.pane.view
        await chat.until(lambda: view.show_vertical_scrollbar and view.scroll_y > 0)
        await chat.settle()
        assert view.vertical_scrollbar.position == view.scroll_y


async def test_dialogs_fit_a_small_screen(start_chat: StartChat) -> None:
    """At 80 by 24 every window is whole on the screen, with its footer below."""
    async with start_chat(size=(80, 24)) as chat:
        await chat.ask(VISIT)
        await chat.ask(FERRY_STARTS)
        for keys in (["f1"], ["f2"], ["f3"], ["f4"], ["ctrl+o"], ["tab", "c"], ["C"], ["T"], ["e"]):
            await chat.press(*keys)
            window = chat.app.screen.query_one(".window")
            assert window.region.width <= 80, keys
            assert window.region.y >= 0, keys
            assert window.region.bottom <= 24, keys
            await chat.press("escape")


async def test_the_palette_can_be_closed_at_any_moment(start_chat: StartChat) -> None:
    """Closed in the middle of looking for commands, it takes nothing with it."""
    async with start_chat() as chat:
        for opened in ("ctrl+p", "f5"):
            await chat.pilot.press(opened, "pagedown", "pageup", "c", "pagedown", "pageup")
            await chat.pilot.press("escape")
            await chat.settle()
            assert chat.app.screen is chat.screen


async def test_a_second_enter_closes_nothing_else(start_chat: StartChat) -> None:
    """Two Enters in one burst close a dialog or the palette, but not the chat behind it."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        for keys in (["f3"], ["ctrl+p", *"help"], ["tab", "T"], ["f4"]):
            await chat.press(*keys)
            await chat.burst("enter", "enter", "escape", "escape")
            await chat.settle()
            while chat.app.screen is not chat.screen:
                await chat.press("escape")
            assert chat.turns
