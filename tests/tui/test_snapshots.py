"""The screens as pictures: at the smallest size that has to work, and at a comfortable one."""

from collections.abc import Callable
from pathlib import Path

import pytest
from driving import FERRY_STARTS, VISIT
from plain_engine import PlainEngine, PlainUpdate
from releases import HOSTILE, ORDINARY
from textual.pilot import Pilot
from textual.widgets import Input

from index.report import Progress, UpdateReport
from tui.app import ReleaseQA
from tui.chat_screen import ChatScreen
from tui.engine import ChatSettings

SIZES = {"small": (80, 24), "large": (140, 40)}
Snapshot = Callable[..., bool]


def app(theme: str = "releaseqa-dark", **settings: object) -> ReleaseQA:
    """A chat whose every picture is the same: fixed timings, no cursor that blinks."""
    chat = ReleaseQA(
        ChatSettings(Path("/collection/.releaseqa"), questions=(VISIT, FERRY_STARTS), **settings),  # type: ignore[arg-type]
        opener=lambda _: PlainEngine((*ORDINARY, HOSTILE)),
        update=PlainUpdate(UpdateReport(), steps=(Progress("meaning", 40, 100),)),
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
            for _ in range(100):
                if screen.turns and screen.turns[-1].settled and not screen.desk.busy:
                    break
                await pilot.pause(0.05)
        await pilot.press(*keys)
        for _ in range(5):
            await pilot.pause(0.05)
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await pilot.pause(0.05)

    return run


PICTURES = {
    "empty": (None, ()),
    "answer": (VISIT, ("tab",)),
    "evidence": (VISIT, ("tab", "n", "n")),
    "release": (VISIT, ("tab", "j", "enter")),
    "no-answer": ("Who won the hockey match about a visit in the night?", ("tab",)),
    "hostile": ("attacker wrote marks twice", ("tab", "enter")),
    "find": (VISIT, ("tab", "slash", *"security", "enter")),
    "filters": (VISIT, ("tab", "f")),
    "why": (VISIT, ("tab", "e")),
    "help": (None, ("f1",)),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("picture", PICTURES)
def test_screens(snap_compare: Snapshot, picture: str, size: str) -> None:
    """Each screen looks as it was looked at and found good."""
    question, keys = PICTURES[picture]
    assert snap_compare(app(), terminal_size=SIZES[size], run_before=steps(question, *keys))


def test_the_light_theme(snap_compare: Snapshot) -> None:
    """On light terminals every text is readable."""
    assert snap_compare(
        app("releaseqa-light"),
        terminal_size=SIZES["large"],
        run_before=steps(VISIT, "tab", "n", "n"),
    )


def test_without_colour(snap_compare: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    """With NO_COLOR evidence is bold, matched words underlined, the passage has its bar."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(app(), terminal_size=SIZES["small"], run_before=steps(VISIT, "tab", "n"))


def test_while_indexing(snap_compare: Snapshot) -> None:
    """A line above the prompt shows how far indexing is."""
    assert snap_compare(
        app(sources=("releases",)), terminal_size=SIZES["small"], run_before=steps(None)
    )
