"""What no widget cleaned does not leave the app either."""

import pytest
from driving import StartChat
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.content import Content
from textual.strip import Strip
from textual.widgets import Static

from qa.display import UNSAFE
from tui.render.harmless import Harmless

BLACK = Color(0, 0, 0)
WILD = "a\x1b]0;owned\x07\x9b2J\u202eb\u200b\x08\r\nc\td\u2028e"


@pytest.mark.parametrize("text", ["plain words", "Hafen ❤️ Fähre", "می\u200cخواهم", "港湾局🚢", ""])
def test_ordinary_text_is_unchanged(text: str) -> None:
    """A line without such characters is the same line, or has the same text."""
    line = [Segment("a "), Segment(text)]
    assert Harmless().apply(line, BLACK) == line


def test_wild_characters_are_left_out_and_the_line_keeps_its_width() -> None:
    """Styles and cells do not change: what is left out has no width."""
    line = [Segment("1 "), Segment(WILD, Style(bold=True)), Segment(" 2024")]
    drawn = Harmless().apply(line, BLACK)
    assert "".join(segment.text for segment in drawn) == "1 a]0;owned2Jbcde 2024"
    assert drawn[1].style == Style(bold=True)
    assert Strip(drawn).cell_length == Strip(line).cell_length


async def test_a_widget_that_forgets_to_clean_is_harmless(start_chat: StartChat) -> None:
    """Text that is mounted as it came reaches the screen without what acts on the terminal."""
    async with start_chat() as chat:
        await chat.screen.mount(Static(Content(WILD.replace("\n", "")), id="raw"))
        await chat.settle()
        strips = chat.app.screen._compositor.render_strips()
        drawn = "\n".join("".join(segment.text for segment in strip) for strip in strips)
        assert "]0;owned2Jb" in drawn
        assert UNSAFE.search(drawn) is None
