"""What starting the front end costs, and how the theme is chosen."""

import subprocess
import sys

import pytest
from driving import StartChat
from textual.color import Color
from textual.theme import Theme

from tui.platform.key_parser import BackgroundReported
from tui.render.themes import CONTRAST, DARK, LIGHT, first_theme, theme_on

HEAVY = ("torch", "transformers", "sentence_transformers", "faiss", "tantivy", "onnxruntime")


def test_importing_the_front_end_loads_no_model_library() -> None:
    """The screen is there before any library of models or indexes is loaded."""
    code = f"import sys, tui.app; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("background", "theme"),
    [("15;0", DARK), ("0;15", LIGHT), ("0;default;15", LIGHT), ("", DARK), ("odd", DARK)],
)
def test_the_theme_follows_what_the_terminal_says(background: str, theme: object) -> None:
    """COLORFGBG names the background in many terminals; without it the theme is dark."""
    assert first_theme({"COLORFGBG": background}) == theme.name  # type: ignore[attr-defined]


@pytest.mark.parametrize("theme", [DARK, LIGHT, CONTRAST])
def test_a_theme_suits_a_background_like_its_own(theme: Theme) -> None:
    """A terminal that says it is light gets the light theme, any other the dark one."""
    expected = DARK if theme.dark else LIGHT
    assert theme_on(*Color.parse(theme.background or "").normalized) == expected.name


async def test_the_background_of_the_terminal_chooses_the_theme(start_chat: StartChat) -> None:
    """It does so until the user chooses a theme, and never takes the high contrast away."""
    async with start_chat() as chat:
        chat.app.theme = DARK.name
        for colour, theme in (((1.0, 1.0, 0.9), LIGHT), ((0.0, 0.1, 0.1), DARK)):
            chat.app.post_message(BackgroundReported(*colour))
            await chat.settle()
            assert chat.app.theme == theme.name
        chat.app.theme = CONTRAST.name
        chat.app.post_message(BackgroundReported(1, 1, 1))
        await chat.settle()
        assert chat.app.theme == CONTRAST.name
        await chat.press("f5", *"qa-dark", "enter")
        await chat.until(lambda: chat.app.theme == DARK.name)
        chat.app.post_message(BackgroundReported(1, 1, 1))
        await chat.settle()
        assert chat.app.theme == DARK.name
