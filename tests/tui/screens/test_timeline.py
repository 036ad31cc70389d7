"""When the releases with the question's words came out."""

from dataclasses import replace

import pytest
from driving import FERRY_STARTS, VISIT, Chat, StartChat
from plain_engine import Document, PlainEngine, release
from releases import FERRY, HOSTILE, ORDINARY
from textual.widgets import OptionList, Static

from index.filters import Filters
from qa.errors import QAError
from qa.types import WordMatches
from tui.screens.release import ReleaseScreen
from tui.screens.release_browser import ReleaseBrowserScreen
from tui.screens.timeline import TimelineScreen, summary
from tui.state.turns import ChatTurn
from tui.widgets.timeline_chart import TimelineChart

UNDATED = release("undated", "Night ferry\n\nThe night ferry starts when it starts.")


def timeline(chat: Chat) -> TimelineScreen:
    """The timeline in front."""
    screen = chat.app.screen
    assert isinstance(screen, TimelineScreen)
    return screen


def said(chat: Chat, part: str) -> str:
    """What a line of the timeline says."""
    return str(timeline(chat).query_one(f"#{part}", Static).render())


def chart(chat: Chat) -> list[str]:
    """The rows of the chart."""
    rows = timeline(chat).query_one(TimelineChart).render().plain.split("\n")
    return [row.rstrip() for row in rows]


async def open_timeline(chat: Chat, *questions: str) -> None:
    """Ask, and open the timeline of the last question."""
    for question in questions:
        await chat.ask(question)
    await chat.press("tab", "T")
    await chat.until(lambda: "Looking" not in said(chat, "summary"))


def ferries(*dates: str | None) -> list[Document]:
    """Releases on the night ferry."""
    return [
        replace(FERRY, ref=replace(FERRY.ref, id=f"ferry-{number}", date=date))
        for number, date in enumerate(dates)
    ]


async def test_bars_count_the_releases_of_the_whole_collection(start_chat: StartChat) -> None:
    """Not the passages of the answer alone; keys go from bar to bar and past empty months."""
    dates = ("2024-03-12", "2024-03-01", "2024-01-05", "2023-11-30", None)
    async with start_chat(PlainEngine(ferries(*dates)), k=1, size=(80, 24)) as chat:
        await open_timeline(chat, FERRY_STARTS)
        assert said(chat, "summary").startswith("5 releases contain at least ")
        assert chart(chat)[0] == "2                         █████"
        assert chart(chat)[3].split() == ["█████"] * 3
        assert chart(chat)[-1] == "  2023-11     2024"
        assert said(chat, "undated") == "1 release without a date"

        selected = []
        for key in ("end", "left", "left", "left", "left", "right", "home"):
            await chat.press(key)
            selected.append(said(chat, "selected").split("  ")[0])
        assert selected == [
            "Without a date", "2024-03", "2024-01", "2023-11", "2023-11", "2024-01", "2023-11",
        ]  # fmt: skip


async def test_enter_lists_the_releases_of_the_bar(start_chat: StartChat) -> None:
    """One is read from there, and Esc goes back to the timeline step by step."""
    documents = ferries("2024-03-12", "2024-03-01", "2024-01-05", "2023-12-31")
    async with start_chat(PlainEngine(documents)) as chat:
        await open_timeline(chat, FERRY_STARTS)
        await chat.press("end", "enter")
        assert isinstance(chat.app.screen, ReleaseBrowserScreen)
        choices = chat.app.screen.query_one(OptionList)
        assert [str(o.prompt)[:10] for o in choices._options] == ["2024-03-12", "2024-03-01"]
        await chat.press("enter")
        assert isinstance(chat.app.screen, ReleaseScreen)
        await chat.press("escape", "escape")
        assert said(chat, "selected").startswith("2024-03  2 releases")


async def test_a_question_about_a_listed_release_closes_the_timeline(start_chat: StartChat) -> None:
    """Ctrl+S writes it into the prompt, which is in front then."""
    engine = PlainEngine(ferries("2024-03-12"), questions={"ferry-0": "How long is the crossing?"})
    async with start_chat(engine) as chat:
        await open_timeline(chat, FERRY_STARTS)
        await chat.press("enter", "ctrl+s")
        await chat.until(lambda: chat.screen.prompt.text == "How long is the crossing?")
        assert chat.app.screen is chat.screen


async def test_the_answers_of_the_conversation_are_marked(start_chat: StartChat) -> None:
    """That to this question is selected; others have a mark of their own."""
    port = release("port", "In port\n\nBetween Halifax and the port the minister waited.")
    port = replace(port, ref=replace(port.ref, date="2023-09-01"))
    async with start_chat(PlainEngine([*ORDINARY, port])) as chat:
        await open_timeline(chat, VISIT, "Minister Joly between Halifax and Saint")
        assert chart(chat)[-2].split() == ["△", "▲"]
        assert said(chat, "legend") == "▲ answers this question   △ answers another question"
        assert said(chat, "selected").startswith("2024-03  1 release\n")
        await chat.press("home")
        assert said(chat, "selected").startswith("2023-04  1 release · answers question 1\n")


async def test_few_months_are_a_list(start_chat: StartChat) -> None:
    """One or two bars compare nothing: each release is a line, and says what it answers."""
    documents = ferries("2024-03-12", "2024-03-01", "2024-01-05", None)
    async with start_chat(PlainEngine(documents), size=(80, 24)) as chat:
        await open_timeline(chat, FERRY_STARTS)
        assert not timeline(chat).query_one(TimelineChart).has_class("-shown")
        lines = said(chat, "selected").splitlines()
        assert [line[:10].strip() for line in lines] == [
            "2024-03-12", "2024-03-01", "2024-01-05", "undated",
        ]  # fmt: skip
        assert ["  ▲ answers this  " in line for line in lines].count(True) == 1
        assert not said(chat, "legend")
        assert not said(chat, "undated")
        assert {"Earlier", "Later"}.isdisjoint(chat.footer)
        await chat.press("left", "enter")
        assert isinstance(chat.app.screen, ReleaseBrowserScreen)
        assert chat.app.screen.query_one(OptionList).option_count == 4


async def test_the_answer_is_selected_among_more_months_than_are_drawn_at_first(
    start_chat: StartChat,
) -> None:
    """Not the newest release of its year, although the chart has no width until it is shown."""
    dates = ("2023-01-05", "2023-12-05", "2022-01-01")
    async with start_chat(PlainEngine(ferries(*dates))) as chat:
        await open_timeline(chat, FERRY_STARTS)
        assert said(chat, "selected").startswith("2023-01  1 release")


async def test_filters_of_the_question_apply(start_chat: StartChat) -> None:
    """What is counted is what was searched, and the sentence above says so."""
    documents = [*ferries("2024-03-12"), UNDATED]
    async with start_chat(PlainEngine(documents), filters=Filters(issuer="Harbour")) as chat:
        await open_timeline(chat, FERRY_STARTS)
        assert said(chat, "summary").startswith("1 release contains ")
        assert said(chat, "summary").endswith("Searched only: issuer: Harbour.")
        assert not timeline(chat).query_one("#undated").has_class("-shown")


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (140, 40)])
async def test_it_fits_with_everything_on_it(start_chat: StartChat, size: tuple[int, int]) -> None:
    """Three lines of words, twenty years, undated releases and marks: the window is whole."""
    dates = [f"{year}-{month:02}-01" for year in range(2004, 2024) for month in (1, 6, 12)]
    documents = [*ferries(*dates, None, None), HOSTILE, *ORDINARY]
    async with start_chat(PlainEngine(documents), size=size) as chat:
        question = f"{FERRY_STARTS} between Halifax and Saint John in nine hours costs 89 dollars"
        await open_timeline(chat, VISIT, question)
        await chat.press("end")
        window = timeline(chat).query_one(".window")
        assert window.region.y >= 0
        assert window.region.bottom <= size[1] - 1
        assert timeline(chat).query_one("#selected").region.bottom < window.region.bottom
        assert all(len(row) <= window.region.width - 6 for row in chart(chat))
        assert "2004" in chart(chat)[-1]


async def test_a_question_that_nothing_shares_words_with_says_so(start_chat: StartChat) -> None:
    """No bars, no keys that do nothing; the window can be closed."""
    async with start_chat(PlainEngine(ORDINARY), size=(80, 24)) as chat:
        await open_timeline(chat, "zebra quokka")
        assert (
            said(chat, "summary")
            == "No release contains one or more of these words: quokka, zebra."
        )
        assert not timeline(chat).query_one(TimelineChart).has_class("-shown")
        assert {"Releases", "Earlier", "Later"}.isdisjoint(chat.footer)
        await chat.press("left", "enter", "escape")
        assert chat.app.screen is chat.screen


async def test_a_collection_that_cannot_be_searched_is_reported(
    start_chat: StartChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The timeline does not wait for ever."""

    def fail(*_: object) -> WordMatches:
        raise QAError("the disk is gone")

    async with start_chat(PlainEngine(ORDINARY)) as chat:
        monkeypatch.setattr(chat.engine, "releases_with_words", fail)
        await open_timeline(chat, VISIT)
        assert said(chat, "summary") == "The collection could not be searched."


def test_the_sentence_says_what_is_counted() -> None:
    """In the singular, in the plural, for no words and for no release."""
    turn = ChatTurn(0, "?")
    one = (FERRY.ref,)
    assert [
        summary(matches, turn)
        for matches in (
            WordMatches(("ferry",), 1, one), WordMatches(("night", "ferry"), 2, one * 1200),
            WordMatches(("a", "b", "c"), 2, one), WordMatches((), 0, ()),
            WordMatches(("ferry\x1b",), 1, ()),
        )
    ] == [
        "1 release contains the word ferry.",
        "1,200 releases contain all of these words: night, ferry.",
        "1 release contains at least 2 of these words: a, b, c.",
        "The question has no words to look for.",
        "No release contains the word ferry␛.",
    ]  # fmt: skip
