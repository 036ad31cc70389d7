"""Colours that have to be told apart can be."""

import pytest
from driving import StartChat
from textual.color import Color
from textual.theme import Theme

from tui.render.themes import CONTRAST, DARK, LIGHT
from tui.widgets.status_line import NoticeLine


def contrast(one: str | None, other: str | None) -> float:
    """The contrast ratio of two colours (WCAG 2.2), from 1 to 21."""
    assert one is not None
    assert other is not None
    shades = []
    for colour in (Color.parse(one), Color.parse(other)):
        parts = [
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in colour.normalized
        ]
        shades.append(0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2])
    return (max(shades) + 0.05) / (min(shades) + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT, CONTRAST], ids=lambda theme: theme.name)
def test_a_warning_can_be_read(theme: Theme) -> None:
    """Its colour has a contrast of 4.5 to the background, in the chat and in a dialog."""
    assert contrast(theme.warning, theme.background) >= 4.5
    assert contrast(theme.warning, theme.surface) >= 4.5


async def test_a_warning_in_a_dialog_can_be_read(start_chat: StartChat) -> None:
    """Its colour has a contrast of 4.5 to the background that is drawn, in each theme."""
    async with start_chat() as chat:
        for theme in (DARK, LIGHT, CONTRAST):
            chat.app.theme = theme.name
            await chat.press("f4")
            chat.screen.status_line.say("The disk is full", warning=True)
            await chat.settle()
            line = chat.app.screen.query_one(NoticeLine)
            background, colour = line.styles.background, line.styles.color
            assert contrast(colour.hex, background.hex) >= 4.5
            await chat.press("escape")


@pytest.mark.parametrize("theme", [DARK, LIGHT, CONTRAST], ids=lambda theme: theme.name)
def test_the_bar_of_the_selected_passage_stands_out(theme: Theme) -> None:
    """Other passages have no bar, so it has to differ from the backgrounds."""
    assert contrast(theme.primary, theme.background) >= 3
    assert contrast(theme.primary, theme.panel) >= 3
