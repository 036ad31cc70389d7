"""The colours: one dark and one light theme, and which of them to start with."""

from collections.abc import Mapping

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
    },
)

LIGHT = Theme(
    name="releaseqa-light",
    primary="#2d5fb4",
    secondary="#5d6778",
    accent="#12766a",
    warning="#d9a21b",
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
    },
)

_LIGHT_BACKGROUNDS = frozenset({"7", "15"})


def first_theme(environment: Mapping[str, str]) -> str:
    """Choose the theme by what the terminal says of its background, else the dark one."""
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT.name if background in _LIGHT_BACKGROUNDS else DARK.name
