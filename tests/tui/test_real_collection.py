"""The chat over the real engine and the sample releases, from indexing to a citation."""

from pathlib import Path

import pytest
from driving import Chat
from plain_engine import PlainEngine
from textual.widgets import Static

from qa.collection import open_collection
from tui.app import ReleaseQA
from tui.backend.indexing import update_engine
from tui.backend.protocols import ChatSettings
from tui.screens.matches import MatchesScreen
from tui.screens.release import ReleaseScreen
from tui.widgets.release_view import ReleaseView
from tui.widgets.retry_line import RetryAction
from tui.widgets.turn import TurnView

QUESTION = "How long will Canada keep taking part in Operation NEON?"


def real_chat(settings: ChatSettings) -> ReleaseQA:
    """The chat, with the real engine."""
    return ReleaseQA(settings, opener=open_collection, update=update_engine, environment={})


async def test_the_sample_releases_are_asked_and_cited(sample_collection: Path) -> None:
    """The right passage is read in its release, with evidence, and its citation checks."""
    app = real_chat(ChatSettings(sample_collection))
    async with app.run_test(size=(140, 40)) as pilot:
        chat = Chat(app, pilot, PlainEngine(()))
        await chat.ask(QUESTION)
        await chat.until(
            lambda: any("likely" in verdict or "certain" in verdict for verdict in chat.verdicts)
        )
        await chat.until(lambda: chat.passage is not None)
        passage = chat.passage
        assert passage is not None
        assert passage.release.id == "canada-korea-visit"
        assert "until April 2026" in passage.text
        assert any(mark.kind == "evidence" for mark in passage.highlights)
        await chat.until(lambda: chat.screen.pane.view.document is not None)
        document = chat.screen.pane.view.document
        assert document is not None
        assert document.ref.id == passage.release.id
        assert document.text[slice(*passage.span)] == passage.text
        await chat.ask("Who won the chess world championship in 1972?")
        await chat.until(lambda: "I couldn't find an answer" in chat.verdicts[-1])
    app.close()
    with open_collection(sample_collection) as collection:
        assert collection.check(passage.citation).ok


async def test_a_mistyped_word_is_told_and_can_be_asked_as_typed(sample_collection: Path) -> None:
    """What was searched instead stands below the question; t asks it as it was typed."""
    app = real_chat(ChatSettings(sample_collection))
    async with app.run_test(size=(140, 40)) as pilot:
        chat = Chat(app, pilot, PlainEngine(()))
        await chat.ask("How long will Canada keep takng part in Operation NEON?")
        await chat.until(lambda: bool(chat.turns) and chat.turns[0].settled)
        (view,) = chat.screen.query(TurnView)
        said = str(view.query_one(".turn--understood").render())
        assert said.startswith("Searched for taking instead of takng; ")
        await chat.press("tab", "t")
        await chat.until(lambda: len(chat.turns) == 2 and chat.turns[1].settled)
        assert chat.turns[1].answer is not None
        assert () == chat.turns[1].answer.corrections
    app.close()


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("Everything Joly said about Korea", "“Korea is a strong and trusted partner,”"),
        ("List releases that announce more than $100 million", "Lake Marion"),
        ("Show me the timeline of the minimum wage in Yukon", "$15.20 an hour (Jul 2021)"),
        ("What is new since yesterday?", "yukon-minimum-wage"),
        ("How has the minimum wage in Yukon changed?", "$15.20 an hour (Jul 2021)"),
    ],
)
async def test_a_question_that_asks_for_all_ends_at_all_of_it(
    sample_collection: Path, question: str, shown: str
) -> None:
    """The key beside the answer shows what the command for the question prints."""
    app = real_chat(ChatSettings(sample_collection))
    async with app.run_test(size=(120, 40)) as pilot:
        chat = Chat(app, pilot, PlainEngine(()))
        await chat.ask(question)
        await chat.until(lambda: bool(chat.turns) and chat.turns[0].settled)
        offered = [str(action.render()) for action in chat.screen.query(RetryAction)]
        assert offered == ["m Show all matches"]
        await chat.press("tab", "m")
        screen = app.screen
        assert isinstance(screen, MatchesScreen)
        await chat.until(lambda: shown in str(screen.query_one("#output", Static).render()))
        await chat.until(lambda: screen.chosen is not None)
        chosen = screen.chosen
        assert chosen is not None
        await chat.press("enter")
        if app.screen is screen:  # the counts fill the window: the first key scrolls
            await chat.press("enter")
        assert isinstance(app.screen, ReleaseScreen)
        await chat.until(lambda: app.screen.query_one(ReleaseView).document is not None)
        document = app.screen.query_one(ReleaseView).document
        assert document is not None
        assert document.ref == chosen
        await chat.press("escape", "escape")
        assert app.screen is chat.screen
    app.close()


@pytest.mark.slow
async def test_a_folder_is_indexed_and_asked_from_the_screen(tmp_path: Path) -> None:
    """Started on a folder without a collection, the chat makes one and answers from it."""
    (tmp_path / "ferry.txt").write_text(
        "Harbour Line adds a night ferry\n\nHALIFAX, March 12, 2024 – Harbour Line will run a "
        "night ferry between Halifax and Saint John from May 2. The crossing takes nine hours.\n",
        encoding="utf-8",
    )
    settings = ChatSettings(tmp_path / "new" / ".releaseqa", sources=(str(tmp_path / "ferry.txt"),))
    app = real_chat(settings)
    async with app.run_test(size=(120, 30)) as pilot:
        chat = Chat(app, pilot, PlainEngine(()))
        await chat.ask("How long does the night ferry take to cross?")
        await chat.until(
            lambda: bool(chat.titles) and not (chat.queue.indexing.running or chat.queue.busy)
        )
        passage = chat.passage
        assert passage is not None
        assert "nine hours" in passage.text
    app.close()
