"""Nothing that is typed is lost, wherever it is typed."""

import pytest
from driving import FERRY_STARTS, VISIT, StartChat
from plain_engine import PlainEngine
from releases import ORDINARY
from textual import events

from tui.screens.explain import ExplainScreen
from tui.screens.filters import FilterScreen
from tui.screens.line_input import LineInputScreen
from tui.screens.release_browser import ReleaseBrowserScreen
from tui.widgets.input import TextField
from tui.widgets.prompt import Prompt
from tui.widgets.release_view import ReleaseView


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_what_is_typed_on_a_passage_goes_to_the_prompt(
    start_chat: StartChat, size: tuple[int, int]
) -> None:
    """A letter without a command begins a question, in the conversation and in the release."""
    async with start_chat(size=size) as chat:
        await chat.ask(VISIT)
        for keys in (("tab",), ("tab", "enter")):
            await chat.press(*keys)
            await chat.write("Was it?")
            assert chat.screen.prompt.text == "Was it?"
            assert isinstance(chat.screen.focused, Prompt)
            assert chat.screen.prompt.is_on_screen
            chat.screen.prompt.text = ""


async def test_a_command_without_effect_begins_what_is_typed_at_once(
    start_chat: StartChat,
) -> None:
    """The key t asks as typed; where there is nothing to ask again, "the" is still a word."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("tab")
        await chat.burst(*"the")
        assert chat.screen.prompt.text == "the"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("t", "t does nothing here: the question was asked as you typed it"),
        ("m", "m does nothing here: the question does not ask for everything"),
        ("w", "w does nothing here: the question has an answer"),
        ("F", "F does nothing here: the question has no filters"),
    ],
)
async def test_a_command_without_effect_says_why_and_begins_no_question(
    start_chat: StartChat, monkeypatch: pytest.MonkeyPatch, key: str, said: str
) -> None:
    """It stays on the passage; what is typed some time later does not begin with its letter."""
    monkeypatch.setattr("tui.app.TYPED_ON", -1.0)
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("tab", key)
        assert chat.screen.prompt.text == ""
        assert chat.screen.focused is chat.screen.conversation
        assert chat.status == said
        await chat.press("h")
        assert chat.screen.prompt.text == "h"


async def test_a_letter_without_effect_is_forgotten_at_another_key(start_chat: StartChat) -> None:
    """Between the letter and what follows there must be no other key."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("tab")
        await chat.burst("t", "f8", "h")
        assert chat.screen.prompt.text == "h"


async def test_a_new_conversation_clears_the_prompt(start_chat: StartChat) -> None:
    """What was in the prompt comes back with Up; without a conversation, too."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        for _ in range(2):
            await chat.write("And why")
            await chat.press("ctrl+n")
            assert chat.screen.prompt.text == ""
        await chat.press("up")
        assert chat.screen.prompt.text == "And why"


async def test_what_is_pasted_on_a_passage_goes_to_the_prompt(start_chat: StartChat) -> None:
    """A paste outside a text field is added to the question, and asks nothing."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        chat.screen.prompt.text = "When "
        chat.screen.prompt.move_cursor((0, 5))
        await chat.press("tab")
        chat.app.post_message(events.Paste("does it\x1b start?\r"))
        await chat.settle()
        assert chat.screen.prompt.text == "When does it␛ start?"
        assert len(chat.turns) == 1


async def test_a_dialog_without_a_field_closes_for_what_is_typed(start_chat: StartChat) -> None:
    """Letters that the dialog has no use for are the next question; its own keys stay its own."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("tab", "e")
        assert isinstance(chat.app.screen, ExplainScreen)
        await chat.write("Why?")
        assert chat.app.screen is chat.screen
        assert chat.screen.prompt.text == "Why?"


async def test_what_is_typed_on_a_list_goes_to_its_field(start_chat: StartChat) -> None:
    """In the filters, letters typed on the list of values narrow it."""
    async with start_chat() as chat:
        await chat.press("f3", "tab", "tab", "down", "H", "a")
        screen = chat.app.screen
        assert isinstance(screen, FilterScreen)
        assert screen.query_one("#issuer", TextField).value == "Ha"


async def test_a_release_over_the_list_gives_letters_to_the_list(start_chat: StartChat) -> None:
    """What is typed while a release is read is looked for in the list behind it."""
    async with start_chat() as chat:
        await chat.press("f2", "enter", "F", "e")
        screen = chat.app.screen
        assert isinstance(screen, ReleaseBrowserScreen)
        assert screen.query_one(TextField).value == "Fe"


async def test_escape_and_a_letter_at_once(start_chat: StartChat) -> None:
    """Esc is done before the letter is looked at, also where the letter would be a command."""
    async with start_chat(size=(80, 24)) as chat:
        await chat.ask(VISIT)
        for keys in (("tab",), ("f3",), ("tab", "enter", "escape"), ("tab", "e", "escape")):
            await chat.press(*keys)
            await chat.burst("escape", "e")
            assert (chat.app.screen, chat.screen.prompt.text) == (chat.screen, "e"), keys
            chat.screen.prompt.text = ""
        await chat.press("tab", "enter")
        await chat.burst("escape", "j")
        assert chat.screen.prompt.text == ""
        assert chat.screen.focused is chat.screen.conversation


async def test_escape_and_a_letter_while_finding(start_chat: StartChat) -> None:
    """Esc closes the field, and the letter is a command of the release."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("tab", "slash")
        await chat.burst("escape", "n")
        assert isinstance(chat.screen.focused, ReleaseView)
        assert chat.cursor is not None
        assert chat.cursor.evidence == 0


async def test_escape_and_a_question_at_once(start_chat: StartChat) -> None:
    """Esc cancels the running question, and what came with it is written in the prompt."""
    engine = PlainEngine(ORDINARY)
    async with start_chat(engine) as chat:
        engine.ask_gate.clear()
        await chat.ask(VISIT)
        await chat.burst("escape", *"Why")
        assert chat.verdicts == ["Cancelled"]
        assert chat.screen.prompt.text == "Why"


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_keys_that_come_with_the_one_that_leaves_the_prompt(
    start_chat: StartChat, size: tuple[int, int]
) -> None:
    """Tab and a command, or Tab, Enter and a question, in one go: each does what it says."""
    async with start_chat(size=size) as chat:
        await chat.ask(VISIT)
        await chat.burst("tab", "e")
        assert isinstance(chat.app.screen, ExplainScreen)
        await chat.burst("escape", "escape", "tab", "enter", *"Why")
        assert chat.screen.prompt.text == "Why"
        assert chat.screen.prompt.is_on_screen


async def test_a_question_and_the_keys_after_it_keep_their_order(start_chat: StartChat) -> None:
    """Enter and Tab in one go: the question is asked before the prompt is left for the answer."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.burst(*"When", "enter", "tab")
        assert [turn.question for turn in chat.turns] == [VISIT, "When"]
        assert chat.screen.focused is chat.screen.conversation
        chat.screen.prompt.focus()
        await chat.burst(*"Who", "enter", "ctrl+n")
        assert chat.turns == []


async def test_tab_in_a_dialog_and_text_at_once(start_chat: StartChat) -> None:
    """What follows Tab goes to the next field, and what came before it stays in the first."""
    async with start_chat() as chat:
        await chat.press("f3")
        await chat.burst(*"2023", "tab", *"2024", "tab", *"Ha")
        values = [field.value for field in chat.app.screen.query(TextField)]
        assert values[:3] == ["2023", "2024", "Ha"]


async def test_keys_that_come_with_the_one_that_opens_a_dialog(start_chat: StartChat) -> None:
    """A note written in one go with its key, and words to find with theirs, are whole."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("tab")
        await chat.burst("a", *"call them")
        assert isinstance(chat.app.screen, LineInputScreen)
        assert chat.app.screen.query_one(TextField).value == "call them"
        await chat.press("escape")
        await chat.burst("slash", *"visit")
        assert chat.screen.pane.find_bar.query_one(TextField).value == "visit"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("one\r\ntwo\r\n", "one\ntwo"),
        ("one\n\n two \n \t\n\n ", "one\n\n two "),
        ("one ", "one "),
        ("\n\n", ""),
    ],
)
async def test_blank_lines_at_the_end_of_a_paste_are_dropped(
    start_chat: StartChat, text: str, kept: str
) -> None:
    """A line end at the end of what was copied does not open another line of the prompt."""
    async with start_chat() as chat:
        chat.app.post_message(events.Paste(text))
        await chat.settle()
        assert chat.screen.prompt.text == kept


async def test_blank_lines_around_a_question_are_dropped(start_chat: StartChat) -> None:
    """The line end of a pasted question is no part of it."""
    async with start_chat() as chat:
        await chat.press("ctrl+j", "a", "ctrl+j", "b", "ctrl+j", "space", "ctrl+j", "enter")
        assert chat.turns[0].question == "a\nb"


async def test_pages_are_turned_from_the_prompt(start_chat: StartChat) -> None:
    """PageUp and PageDown in the prompt scroll the conversation; the text stays."""
    async with start_chat(size=(80, 24)) as chat:
        await chat.ask(VISIT)
        await chat.ask(FERRY_STARTS)
        await chat.press("x")
        end = chat.screen.conversation.scroll_offset.y
        await chat.press("pageup")
        middle = chat.screen.conversation.scroll_offset.y
        assert middle < end
        await chat.press("pagedown")
        assert chat.screen.conversation.scroll_offset.y > middle
        assert chat.screen.prompt.text == "x"


async def test_questions_are_stepped_through_from_the_prompt(start_chat: StartChat) -> None:
    """F7 and F8 go to the question before and after, also to one that failed."""
    engine = PlainEngine(ORDINARY)
    async with start_chat(engine) as chat:
        await chat.ask(VISIT)
        engine.ask_error = ZeroDivisionError("by zero")
        await chat.ask("What fails?")
        engine.ask_error = None
        await chat.ask(FERRY_STARTS)
        seen = []
        for key in ("f7", "f7", "f7", "f8", "f8", "f8"):
            await chat.press(key)
            seen.append((chat.screen.reading.question, chat.cursor and chat.cursor.turn))
        assert seen == [(1, 2), (0, 0), (0, 0), (1, 0), (2, 2), (2, 2)]
        assert isinstance(chat.screen.focused, Prompt)
