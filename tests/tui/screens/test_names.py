"""Who and what the releases name, in the chat."""

from driving import Chat, StartChat
from plain_engine import PlainEngine, release
from releases import ORDINARY
from textual.widgets import OptionList, Static

from index.filters import Filters
from qa.errors import QAError
from tui.screens.matches import MatchesScreen
from tui.screens.names import NamesScreen
from tui.screens.release import ReleaseScreen
from tui.screens.release_browser import ReleaseBrowserScreen
from tui.widgets.input import TextField

TWO_POES = release(
    "poes",
    "Mayors meet\n\nMayor Ann Poe and Mayor Ben Poe met in the town hall.\n\n"
    "Afterwards, they said that Ms. Joly had written to them.",
    date="2022-02-01",
)
ONE_POE = release("poe", "Hall opens\n\nThe hall was opened by Mr. Poe, who was late.")
RELEASES = (*ORDINARY, TWO_POES, ONE_POE)


def lines(chat: Chat) -> list[str]:
    """The lines of the list, with single blanks."""
    choices = chat.app.screen.query_one(OptionList)
    shown = (choices.get_option_at_index(i).prompt for i in range(choices.option_count))
    return [" ".join(str(line).split()) for line in shown]


def text(chat: Chat, name: str) -> str:
    """What a part of the dialog says."""
    return str(chat.app.screen.query_one(name, Static).render())


async def test_names_are_listed_with_releases_kind_years_and_job_title(
    start_chat: StartChat,
) -> None:
    """Typed words narrow the list by name or kind; below it is what is known of the name."""
    async with start_chat(PlainEngine(RELEASES)) as chat:
        await chat.press("f9")
        assert isinstance(chat.app.screen, NamesScreen)
        assert lines(chat)[0] == "2 Mélanie Joly person 2022–2023 Minister"
        assert text(chat, "#found") == f"{len(lines(chat))} of {len(lines(chat))} names"
        await chat.write("melanie")
        assert [line.split("  ")[0] for line in lines(chat)] == [
            "2 Mélanie Joly person 2022–2023 Minister"
        ]
        assert text(chat, "#about") == "2022-02-01 to 2023-04-17 · Minister\nalso Joly"
        chat.app.screen.query_one(TextField).value = "poe person"
        await chat.settle()
        assert lines(chat) == [
            "1 Ann Poe person 2022 Mayor", "1 Ben Poe person 2022 Mayor", "1 Poe person several",
        ]  # fmt: skip
        await chat.press("down", "down")
        assert text(chat, "#about") == "undated\ncan be Ann Poe; Ben Poe"


async def test_enter_lists_the_releases_of_a_name(start_chat: StartChat) -> None:
    """Enter reads one of them; Esc goes back step by step; one can be asked about."""
    async with start_chat(PlainEngine(RELEASES)) as chat:
        await chat.press("f9", *"joly", "enter")
        listed = chat.app.screen
        assert isinstance(listed, ReleaseBrowserScreen)
        assert [line.split()[0] for line in lines(chat)] == ["2023-04-17", "2022-02-01"]
        await chat.press("enter")
        assert isinstance(chat.app.screen, ReleaseScreen)
        await chat.press("escape", "escape")
        assert isinstance(chat.app.screen, NamesScreen)
        await chat.press("enter", "ctrl+s")
        assert chat.app.screen is chat.screen
        assert chat.screen.prompt.text.startswith("Minister Joly concludes")


async def test_a_name_that_can_be_several_is_no_filter(start_chat: StartChat) -> None:
    """Its releases are listed; what it said, and what to ask of it, nobody can know."""
    async with start_chat(PlainEngine(RELEASES)) as chat:
        await chat.press("f9", *"several", "ctrl+s")
        chat.app.screen.query_one(TextField).value = "poe"
        await chat.press("down", "down")
        assert {"Said", "Filter by it"}.isdisjoint(chat.footer)
        await chat.press("ctrl+s", "ctrl+t")
        assert isinstance(chat.app.screen, NamesScreen)
        await chat.press("enter")
        assert [line.split()[1] for line in lines(chat)] == ["Hall"]


async def test_questions_are_restricted_to_a_name(start_chat: StartChat) -> None:
    """Ctrl+S closes the list; the filter is that of the dialog, and of the next question."""
    async with start_chat(PlainEngine(RELEASES)) as chat:
        await chat.press("f9", *"joly", "ctrl+s")
        assert chat.app.screen is chat.screen
        assert chat.screen.collection.filters == Filters(mentions="Mélanie Joly")
        await chat.ask("When was the visit?")
        assert chat.engine.asked[-1][1] == Filters(mentions="Mélanie Joly")


async def test_what_a_person_said_is_shown(start_chat: StartChat) -> None:
    """By the command; a place says nothing."""
    async with start_chat(PlainEngine(RELEASES)) as chat:
        await chat.press("f9", *"joly", "ctrl+t")
        assert isinstance(chat.app.screen, MatchesScreen)
        assert text(chat, "#command") == "releaseqa said 'Mélanie Joly'"
        await chat.press("escape")
        chat.app.screen.query_one(TextField).value = "place"
        await chat.settle()
        assert lines(chat)
        assert "Said" not in chat.footer
        await chat.press("ctrl+t")
        assert isinstance(chat.app.screen, NamesScreen)


async def test_reading_shows_how_far_it_is_and_keys_wait_for_nothing(
    start_chat: StartChat,
) -> None:
    """The list comes when it is there, narrowed by what was typed meanwhile."""
    async with start_chat(PlainEngine(RELEASES)) as chat:
        chat.engine.names_gate.clear()
        await chat.press("f9")
        await chat.until(lambda: text(chat, "#found") == "Reading the releases… 25 % of 4")
        await chat.press(*"joly", "enter", "down", "ctrl+s", "ctrl+t")
        assert lines(chat) == []
        chat.engine.names_gate.set()
        await chat.until(lambda: len(lines(chat)) == 1)
        await chat.press("escape")
        assert chat.app.screen is chat.screen


async def test_names_that_cannot_be_read_are_said_so(start_chat: StartChat) -> None:
    """With the reason in the status line."""
    async with start_chat(PlainEngine(RELEASES, names_error=QAError("It broke."))) as chat:
        await chat.press("f9")
        await chat.until(lambda: text(chat, "#found") == "The releases could not be read.")
        await chat.press("down", "enter", "escape")
        assert chat.app.screen is chat.screen
