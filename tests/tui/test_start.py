"""What starting the front end costs, and how the theme is chosen."""

import subprocess
import sys

import pytest

from tui.render.themes import DARK, LIGHT, first_theme

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
