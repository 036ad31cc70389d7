"""The first line of the chat, and the filters of each turn."""

from driving import FERRY_STARTS, VISIT, Chat, StartChat

from index.filters import Filters
from tui.widgets.title_line import TitleLine
from tui.widgets.turn import TurnView

HARBOUR = Filters(since="2024-01-01", issuer="Harbour")


def title_of(chat: Chat) -> str:
    """What the first line says, with single blanks."""
    return " ".join(chat.screen.query_one(TitleLine).render().plain.split())


def filters_of_turns(chat: Chat) -> list[str]:
    """The filters that are shown with each turn."""
    lines = [view.query(".turn--filters") for view in chat.screen.query(TurnView)]
    return [" ".join(" ".join(str(part.render()).split()) for part in found) for found in lines]


async def restrict(chat: Chat) -> None:
    """Set filters in the dialog."""
    await chat.press("f3")
    await chat.write("2024")
    await chat.press("tab", "tab")
    await chat.write("Harbour")
    await chat.press("enter")


async def test_the_title_names_collection_conversation_and_filters(start_chat: StartChat) -> None:
    """A conversation has the name of its first question; filters are named while they apply."""
    async with start_chat(size=(140, 40)) as chat:
        folder = chat.screen.settings.folder.parent.name
        assert title_of(chat) == f"{folder} · New conversation"
        await chat.ask(FERRY_STARTS)
        await chat.until(lambda: FERRY_STARTS in title_of(chat))
        await chat.ask(VISIT)
        assert title_of(chat) == f"{folder} · {FERRY_STARTS}"
        await chat.press("ctrl+n")
        await restrict(chat)
        assert title_of(chat) == f"{folder} · New conversation since 2024 issuer: Harbour"


async def test_a_renamed_conversation_is_shown_under_its_new_name(start_chat: StartChat) -> None:
    """Also one that was named when the chat was started."""
    async with start_chat(session="ferry", size=(140, 40)) as chat:
        await chat.ask(FERRY_STARTS)
        await chat.until(lambda: title_of(chat).endswith("· ferry"))
        await chat.press("ctrl+r")
        await chat.until(lambda: bool(chat.app.screen.query_one("OptionList")._options))  # type: ignore[attr-defined]
        await chat.press("ctrl+t", "ctrl+u")
        await chat.write("night boats")
        await chat.press("enter")
        await chat.until(lambda: title_of(chat).endswith("· night boats"))


async def test_a_turn_keeps_the_filters_it_was_asked_with(start_chat: StartChat) -> None:
    """An old answer says which filters applied to it, also when the conversation is reopened."""
    async with start_chat(session="ferry", size=(140, 40)) as chat:
        await chat.ask(VISIT)
        await restrict(chat)
        await chat.ask(FERRY_STARTS)
        assert filters_of_turns(chat) == ["", "since 2024 issuer: Harbour"]
        chat.screen.collection.clear_filters()
        await chat.ask(VISIT)
        assert filters_of_turns(chat) == ["", "since 2024 issuer: Harbour", ""]
    async with start_chat(session="ferry", size=(140, 40)) as chat:
        await chat.until(lambda: len(chat.screen.query(TurnView)) == 3)
        assert filters_of_turns(chat) == ["", "since 2024 issuer: Harbour", ""]
        assert "Harbour" not in title_of(chat)


async def test_filters_of_the_command_line_are_in_the_title(start_chat: StartChat) -> None:
    """The chat may be started with filters."""
    async with start_chat(size=(140, 40), filters=HARBOUR) as chat:
        assert title_of(chat).endswith("since 2024 issuer: Harbour")
