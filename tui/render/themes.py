"""The colours: a dark, a light and a high-contrast theme, and which one to start with.

A theme has a few variables beside Textual's: `quiet` for secondary text, `rule` for lines, and the
colours of highlights. The high-contrast theme uses only colours of a sixteen-colour terminal.
"""

from collections.abc import Mapping

from rich.color import ColorSystem
from textual.theme import Theme

DARK = Theme(
    name="releaseqa-dark",
    primary="#7aa2e8",
    secondary="#8f9bb3",
    accent="#7fc8b5",
    warning="#e5b567",
    error="#e27d7d",
    success="#8cc98c",
    foreground="#d8dce6",
    background="#15171c",
    surface="#1c1f26",
    panel="#262a33",
    dark=True,
    variables={
        "scrollbar-background": "#15171c",
        "scrollbar-background-hover": "#1c1f26",
        "scrollbar-background-active": "#1c1f26",
        "scrollbar": "#3a4050",
        "scrollbar-corner-color": "#15171c",
        "border": "#7aa2e8",
        "border-blurred": "#3a4050",
        "footer-background": "#15171c",
        "footer-key-foreground": "#7aa2e8",
        "footer-description-foreground": "#9aa3b5",
        "input-selection-background": "#7aa2e8 35%",
        "block-cursor-background": "#33405c",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#2a3040",
        "quiet": "#9aa3b5",
        "rule": "#3a4050",
        "highlight-evidence": "#4a3f2c",
        "highlight-evidence-text": "#f4ead6",
        "highlight-current": "#6b5630",
        "highlight-current-text": "#ffffff",
        "highlight-answer": "#e5b567",
        "highlight-answer-text": "#15171c",
        "highlight-found": "#2f6d60",
        "highlight-found-text": "#ffffff",
    },
)

LIGHT = Theme(
    name="releaseqa-light",
    primary="#2d5fb4",
    secondary="#5d6778",
    accent="#12766a",
    warning="#856000",
    error="#b13a3a",
    success="#2f7d3b",
    foreground="#22262e",
    background="#fbfaf7",
    surface="#f3f1eb",
    panel="#e6e2d8",
    dark=False,
    variables={
        "scrollbar-background": "#fbfaf7",
        "scrollbar-background-hover": "#f3f1eb",
        "scrollbar-background-active": "#f3f1eb",
        "scrollbar": "#c9c4b6",
        "scrollbar-corner-color": "#fbfaf7",
        "border": "#2d5fb4",
        "border-blurred": "#c9c4b6",
        "footer-background": "#fbfaf7",
        "footer-key-foreground": "#2d5fb4",
        "footer-description-foreground": "#5d6778",
        "input-selection-background": "#2d5fb4 25%",
        "block-cursor-background": "#cfdcf3",
        "block-cursor-foreground": "#11141a",
        "block-cursor-blurred-background": "#e2e6ee",
        "quiet": "#596273",
        "rule": "#c9c4b6",
        "highlight-evidence": "#fbeec9",
        "highlight-evidence-text": "#22262e",
        "highlight-current": "#f3d78a",
        "highlight-current-text": "#11141a",
        "highlight-answer": "#dba827",
        "highlight-answer-text": "#11141a",
        "highlight-found": "#a8dcd3",
        "highlight-found-text": "#11141a",
    },
)

CONTRAST = Theme(
    name="releaseqa-contrast",
    primary="#00ffff",
    secondary="#c0c0c0",
    accent="#00ff00",
    warning="#ffff00",
    error="#ff8080",
    success="#00ff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    dark=True,
    variables={
        "scrollbar-background": "#000000",
        "scrollbar-background-hover": "#000000",
        "scrollbar-background-active": "#000000",
        "scrollbar": "#c0c0c0",
        "scrollbar-corner-color": "#000000",
        "border": "#00ffff",
        "border-blurred": "#c0c0c0",
        "footer-background": "#000000",
        "footer-key-foreground": "#00ffff",
        "footer-description-foreground": "#ffffff",
        "input-selection-background": "#0000ff",
        "block-cursor-background": "#00ffff",
        "block-cursor-foreground": "#000000",
        "block-cursor-blurred-background": "#c0c0c0",
        "block-cursor-blurred-foreground": "#000000",
        "quiet": "#c0c0c0",
        "rule": "#c0c0c0",
        "highlight-evidence": "#000000",
        "highlight-evidence-text": "#ffff00",
        "highlight-current": "#ffff00",
        "highlight-current-text": "#000000",
        "highlight-answer": "#ffffff",
        "highlight-answer-text": "#000000",
        "highlight-found": "#00ffff",
        "highlight-found-text": "#000000",
    },
)

THEMES = (DARK, LIGHT, CONTRAST)

_LIGHT_BACKGROUNDS = frozenset({"7", "15"})


def own_variables(theme: Theme) -> dict[str, str]:
    """Return this program's variables for a theme that lacks them."""
    like = DARK if theme.dark else LIGHT
    names = ("quiet", "rule", *(name for name in like.variables if name.startswith("highlight-")))
    return {name: like.variables[name] for name in names}


def theme_on(red: float, green: float, blue: float) -> str:
    """Choose the theme for a background, whose parts are from 0 to 1."""
    brightness = 0.299 * red + 0.587 * green + 0.114 * blue
    return LIGHT.name if brightness > 0.5 else DARK.name  # noqa: PLR2004 - half


def first_theme(environment: Mapping[str, str], colours: str | None = None) -> str:
    """Choose the theme to start with.

    Args:
        environment: May name the terminal's background.
        colours: The terminal's colour system, as rich names it. With sixteen colours tints are
            lost, so the high-contrast theme is used.
    """
    if colours == ColorSystem.STANDARD.name.lower():
        return CONTRAST.name
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT.name if background in _LIGHT_BACKGROUNDS else DARK.name
