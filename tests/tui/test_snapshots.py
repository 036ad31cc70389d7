"""The screens as pictures, looked at and found good.

Every screen at the smallest size that has to work in the dark theme, at a comfortable one in the
light theme, and in high contrast either small or large: so each is seen in three themes and most
in three sizes.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from driving import FERRY_STARTS, VISIT
from plain_engine import SKIP, PlainEngine, PlainUpdate
from releases import HOSTILE, ORDINARY, WORLD
from textual.pilot import Pilot
from textual.widgets import Input

from index.report import Progress, UpdateReport
from tui.app import ReleaseQA
from tui.chat_screen import ChatScreen
from tui.engine import ChatSettings
from tui.themes import CONTRAST, DARK, LIGHT

SMALL, MIDDLE, LARGE = (80, 24), (120, 40), (200, 50)
Snapshot = Callable[..., bool]


def app(theme: str = "releaseqa-dark", **settings: object) -> ReleaseQA:
    """A chat whose every picture is the same: fixed timings, no cursor that blinks."""
    chat = ReleaseQA(
        ChatSettings(Path("/collection/.releaseqa"), questions=(VISIT, FERRY_STARTS), **settings),  # type: ignore[arg-type]
        opener=lambda _: PlainEngine((*ORDINARY, HOSTILE, WORLD)),
        update=PlainUpdate(UpdateReport(skipped=(SKIP,)), steps=(Progress("meaning", 40, 100),)),
        environment={},
    )
    chat.theme = theme
    return chat


def steps(question: str | None, *keys: str) -> Callable[[Pilot[None]], object]:
    """Ask, press keys, come to rest."""

    async def run(pilot: Pilot[None]) -> None:
        screen = pilot.app.screen
        assert isinstance(screen, ChatScreen)
        screen.prompt.cursor_blink = False
        await pilot.pause(0.2)
        if question is not None:
            screen.prompt.text = question
            await pilot.press("enter")
            for _ in range(200):
                if screen.turns and screen.turns[-1].settled and not screen.desk.busy:
                    break
                await pilot.pause(0.05)
        for key in keys:
            await pilot.press(key)
        for _ in range(5):
            await pilot.pause(0.05)
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await pilot.pause(0.05)

    return run


PICTURES: dict[str, tuple[str | None, tuple[str, ...], tuple[int, int]]] = {
    "empty": (None, (), LARGE),
    "answer": (VISIT, ("tab",), LARGE),
    "evidence": (VISIT, ("tab", "n", "n"), SMALL),
    "release": (VISIT, ("tab", "j", "enter"), LARGE),
    "no-answer": ("Who won the hockey match about a visit in the night?", ("tab",), SMALL),
    "hostile": ("attacker wrote marks twice", ("tab", "enter"), SMALL),
    "world": ("quokka ferry", ("tab",), SMALL),
    "find": (VISIT, ("tab", "slash", *"security", "enter"), SMALL),
    "filters": (VISIT, ("tab", "f", "tab", "tab"), SMALL),
    "why": (VISIT, ("tab", "e"), SMALL),
    "compare": (VISIT, ("tab", "c"), LARGE),
    "timeline": ("When does the night agreement take effect?", ("tab", "T"), SMALL),
    "cite": (VISIT, ("tab", "C", "down"), SMALL),
    "collection": (None, ("f2",), LARGE),
    "reading": (None, ("f2", "enter"), SMALL),
    "folder": (None, ("ctrl+o",), SMALL),
    "help": (None, ("f1",), LARGE),
}
"""A question, keys, and the size in which high contrast is looked at."""


@pytest.mark.parametrize("picture", PICTURES)
def test_small_and_dark(snap_compare: Snapshot, picture: str) -> None:
    """Each screen works at 80 by 24."""
    question, keys, _ = PICTURES[picture]
    assert snap_compare(app(DARK.name), terminal_size=SMALL, run_before=steps(question, *keys))


@pytest.mark.parametrize("picture", PICTURES)
def test_comfortable_and_light(snap_compare: Snapshot, picture: str) -> None:
    """Each screen uses the room there is, and can be read on a light terminal."""
    question, keys, _ = PICTURES[picture]
    assert snap_compare(app(LIGHT.name), terminal_size=MIDDLE, run_before=steps(question, *keys))


@pytest.mark.parametrize("picture", PICTURES)
def test_high_contrast(snap_compare: Snapshot, picture: str) -> None:
    """Each screen can be read in colours that every terminal has."""
    question, keys, size = PICTURES[picture]
    assert snap_compare(app(CONTRAST.name), terminal_size=size, run_before=steps(question, *keys))


def test_without_colour(snap_compare: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    """With NO_COLOR evidence is bold, matched words underlined, the passage has its bar."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(app(), terminal_size=SMALL, run_before=steps(VISIT, "tab", "n"))


@pytest.mark.parametrize("keys", [(), ("f4",)], ids=["line", "window"])
def test_while_indexing(snap_compare: Snapshot, keys: tuple[str, ...]) -> None:
    """A line above the prompt and a window of its own show how far indexing is."""
    assert snap_compare(
        app(sources=("releases",)), terminal_size=SMALL, run_before=steps(None, *keys)
    )
