"""Writing from right to left stays where it is drawn."""

import pytest
from driving import StartChat
from plain_engine import PlainEngine
from releases import WORLD
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from tui.render.bidi import END_OF_ISOLATE, LEFT_TO_RIGHT_ISOLATE, Isolated

BLACK = Color(0, 0, 0)


@pytest.mark.parametrize("text", ["plain words", "Hafen ❤️ Fähre", "港湾局、夜間フェリー🚢", ""])
def test_other_text_is_unchanged(text: str) -> None:
    """A line without such writing is the same line."""
    line = [Segment("a "), Segment(text)]
    assert Isolated().apply(line, BLACK) is line


@pytest.mark.parametrize("text", ["تعلن هيئة الموانئ", "“הספינה יוצאת”"])
def test_a_line_is_isolated_and_as_wide_as_before(text: str) -> None:
    """The isolate covers everything but the margin; styles and cells do not change."""
    line = [Segment("1 "), Segment(text, Style(bold=True)), Segment(" 2024")]
    drawn = Isolated().apply(line, BLACK)
    assert "".join(segment.text for segment in drawn) == f"1\u2066 {text} 2024\u2069"
    assert drawn[3] is line[1]
    assert Strip(drawn).cell_length == Strip(line).cell_length


def test_a_line_without_a_margin_is_isolated_whole() -> None:
    """Its first letter belongs to the writing."""
    drawn = Isolated().apply([Segment("هيئة")], BLACK)
    assert "".join(segment.text for segment in drawn) == "\u2066هيئة\u2069"


async def test_panes_side_by_side_are_isolated(start_chat: StartChat) -> None:
    """On every row of the screen, what is opened is closed before the next pane begins."""
    async with start_chat(PlainEngine((WORLD,)), size=(120, 40)) as chat:
        await chat.ask("quokka ferry")
        await chat.press("tab", "space", "enter")
        strips = chat.app.screen._compositor.render_strips()
        rows = ["".join(segment.text for segment in strip) for strip in strips]
    panes = [(row[: len(row) // 2], row[len(row) // 2 :]) for row in rows]
    for row in rows:
        depth = 0
        for character in row:
            depth += (character == LEFT_TO_RIGHT_ISOLATE) - (character == END_OF_ISOLATE)
            assert 0 <= depth <= 1
            if "\u0590" <= character <= "\u08ff":
                assert depth == 1
        assert depth == 0
    assert any(LEFT_TO_RIGHT_ISOLATE in conversation for conversation, _ in panes)
    assert any(LEFT_TO_RIGHT_ISOLATE in release for _, release in panes)
