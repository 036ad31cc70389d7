"""The footer shows whole entries only, and the most important ones when space is short."""

from dataclasses import replace

import pytest
from driving import VISIT, Chat, StartChat
from plain_engine import PlainEngine
from releases import ORDINARY
from textual.binding import Binding

from qa.types import Answer
from tui.widgets.footer import KeyFooter, entries_of, fitting

GROUP = Binding.Group("Passage", compact=True)


def words(chat: Chat) -> list[str]:
    """The entries of the footer in front."""
    return [entry.text for entry in footer(chat).entries]


def footer(chat: Chat) -> KeyFooter:
    """The footer in front."""
    return chat.app.screen.query_one(KeyFooter)


@pytest.mark.parametrize("width", [40, 60, 80, 100, 140])
async def test_no_entry_is_cut(start_chat: StartChat, width: int) -> None:
    """At any width every entry is shown whole, and Help is one of them."""
    async with start_chat(size=(width, 24)) as chat:
        await chat.ask(VISIT)
        for keys in (["tab"], ["enter"], ["slash"]):
            await chat.press(*keys)
            drawn = footer(chat).render().plain
            assert drawn == "  ".join(words(chat))
            assert len(drawn) <= footer(chat).content_size.width < width
            assert "F1 Help" in words(chat)


async def test_the_line_follows_a_resize(start_chat: StartChat) -> None:
    """At 80 columns the least needed keys are left out; at a larger width they are back."""
    async with start_chat(size=(80, 24)) as chat:
        await chat.ask(VISIT)
        await chat.press("tab")
        assert words(chat) == [
            "j/k Passage", "Enter Read", "n/N Evidence", "y Copy", "Tab Question", "Esc Back",
            "F1 Help",
        ]  # fmt: skip
        await chat.pilot.resize_terminal(140, 24)
        await chat.settle()
        assert {"e Why", "^P Commands"} < set(words(chat))


async def test_tab_is_named_after_where_it_goes(start_chat: StartChat) -> None:
    """From the prompt to suggestions or passages; from there to the release, or back."""
    async with start_chat(size=(120, 30), questions=(VISIT,)) as chat:
        assert "Tab Suggestions" in words(chat)
        await chat.press("tab")
        assert "Tab Question" in words(chat)
        await chat.ask(VISIT)
        assert "Tab Passages" in words(chat)
        await chat.press("tab")
        assert "Tab Release" in words(chat)
        await chat.press("tab")
        assert "Tab Question" in words(chat)


async def test_the_footer_behind_a_dialog_does_not_change(start_chat: StartChat) -> None:
    """Actions of the chat that do nothing now are not offered because a dialog is in front."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("tab")
        behind = footer(chat)
        before = behind.entries
        await chat.press("ctrl+p")
        assert behind.entries == before
        await chat.press("escape", "f2")
        await chat.pilot.resize_terminal(80, 24)
        await chat.press("escape")
        assert "Tab Question" in words(chat)
        assert "e Why" not in words(chat)


async def test_the_footer_of_a_dialog_has_its_keys_only(start_chat: StartChat) -> None:
    """In front of a dialog is a footer of its own keys, without dead ones."""
    async with start_chat(size=(100, 30)) as chat:
        await chat.ask(VISIT)
        await chat.press("tab")
        own = {
            "e": ["Space Show figures", "Esc Close"],
            "f1": ["Esc Close"],
            "f3": ["Enter Apply", "Tab Next", "Esc Close"],
            "C": ["Enter Copy", "Esc Close"],
            "ctrl+r": ["Enter Open", "^T Rename", "^D Remove", "Esc Close"],
        }
        for key, expected in own.items():
            await chat.press(key)
            assert words(chat) == expected, key
            await chat.press("escape")


async def test_evidence_is_offered_where_there_is_some(start_chat: StartChat) -> None:
    """Without evidence to step to, n and N are not in the footer."""
    plain = PlainEngine(ORDINARY, refined=without_highlights)
    async with start_chat(plain) as chat:
        await chat.ask(VISIT)
        await chat.press("tab")
        assert "y Copy" in words(chat)
        assert "n/N Evidence" not in words(chat)


def without_highlights(answer: Answer) -> Answer:
    """The answer with no word of it highlighted."""
    return replace(answer, passages=tuple(replace(p, highlights=()) for p in answer.passages))


async def test_a_click_on_a_key_presses_it(start_chat: StartChat) -> None:
    """Of keys that share an entry the one under the mouse is pressed; on the words, the first."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("tab")
        ids = [title.split()[1] for title in chat.titles]
        line = footer(chat)
        assert line.entries[0].text == "j/k Passage"
        for column, passage in ((0, 1), (5, 2), (2, 1)):
            assert await chat.pilot.click(line, offset=(line.place_of(line.entries[0]) + column, 0))
            await chat.settle()
            assert chat.selected == ids[passage]
        beside = line.place_of(line.entries[1]) - 1
        assert await chat.pilot.click(line, offset=(beside, 0))
        assert chat.selected == ids[1]


async def test_the_entry_under_the_mouse_is_marked(start_chat: StartChat) -> None:
    """It has another background and, where there is one, its explanation; not for long."""
    async with start_chat(size=(140, 30)) as chat:
        await chat.ask(VISIT)
        await chat.press("tab")
        line = footer(chat)
        for entry in line.entries:
            await chat.pilot.hover(line, offset=(line.place_of(entry), 0))
            marked = [span for span in line.render().spans if "$block-hover" in str(span.style)]
            assert [line.render().plain[span.start : span.end] for span in marked] == [entry.text]
            assert (line.tooltip is not None) == bool(entry.tooltip)
        await chat.pilot.hover(line, offset=(0, 0))
        assert not [span for span in line.render().spans if "$block-hover" in str(span.style)]


def test_keys_of_an_action_and_of_a_group_are_one_entry() -> None:
    """The second key of an action is not repeated; keys of a group are one entry."""
    keys = [
        (Binding("j", "step(1)", "Next", group=GROUP), "j"),
        (Binding("down", "step(1)", "Next", group=GROUP), "Down"),
        (Binding("k", "step(-1)", "Previous", group=GROUP), "k"),
        (Binding("f1", "help", "Help"), "F1"),
    ]
    assert [(e.label, e.description, e.action, e.width) for e in entries_of(keys)] == [
        ("j/k", "Passage", "step", 13),
        ("F1", "Help", "help", 9),
    ]


def test_what_fits_exactly_stays() -> None:
    """An entry is left out only if it does not fit."""
    keys = [(Binding("f1", "help", "Help"), "F1"), (Binding("ctrl+q", "quit", "Quit"), "^Q")]
    entries = entries_of(keys)
    assert fitting(entries, 16) == entries
    assert fitting(entries, 15) == entries[:1]
