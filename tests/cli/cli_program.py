"""Where the program is, and the environment that runs this checkout of it."""

import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples" / "releases"


def process_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a process that runs this checkout."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", **(extra or {})}


def raw_controls(text: str) -> set[str]:
    """Every control character in a text but the line end and the tab, and marks of direction."""
    return {
        character
        for character in text
        if (character < " " and character not in "\n\t")
        or "\x7f" <= character <= "\x9f"
        or "\u202a" <= character <= "\u202e"
    }
