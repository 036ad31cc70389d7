"""The screens as pictures, looked at and found good.

Every screen in the dark theme at the smallest size that has to work and at a comfortable one, and
once in the light theme. The high-contrast theme and a large terminal are pictured where they show
something of their own: all kinds of highlights, and two wide columns.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from driving import FERRY_STARTS, PATIENCE, VISIT
from plain_engine import SKIP, PlainEngine, PlainUpdate
from releases import HOSTILE, ORDINARY, WORLD
from textual.pilot import Pilot
from textual.widgets import Input

from index.filters import NO_FILTERS, Filters
from index.reports import Progress, UpdateReport
from qa.types import AskOptions
from tui.app import ReleaseQA
from tui.backend.protocols import ChatSettings
from tui.chat.screen import ChatScreen
from tui.render.themes import CONTRAST, DARK, LIGHT

SMALL, MIDDLE, LARGE = (80, 24), (120, 40), (200, 50)
Snapshot = Callable[..., bool]


def app(theme: str = "releaseqa-dark", *, competing: bool = False, **settings: object) -> ReleaseQA:
    """A chat whose every picture is the same: fixed timings, no cursor that blinks."""
    chat = ReleaseQA(
        ChatSettings(Path("/collection/.releaseqa"), questions=(VISIT, FERRY_STARTS), **settings),  # type: ignore[arg-type]
        opener=lambda _: PlainEngine(
            (*ORDINARY, HOSTILE, WORLD),
            exact=("Park Jin", "Yoon Suk Yeol", "May 2, 2024", "June 1"),
            competing=competing,
        ),
        update=PlainUpdate(UpdateReport(skipped=(SKIP,)), steps=(Progress("meaning", 40, 100),)),
        environment={"DISPLAY": ":0"},
    )
    chat.theme = theme
    return chat


def steps(drawn: "Picture") -> Callable[[Pilot[None]], object]:
    """Ask, press keys, wait until nothing moves any more."""

    async def run(pilot: Pilot[None]) -> None:
        screen = pilot.app.screen
        assert isinstance(screen, ChatScreen)
        screen.prompt.cursor_blink = False
        await rest(pilot, drawn)
        if drawn.question is not None:
            screen.prompt.text = drawn.question
            await pilot.press("enter")
            while not (screen.reading.turns and screen.reading.turns[-1].settled):
                await pilot.pause()
            while screen.sessions.name is None:  # the title shows it once it is saved
                await pilot.pause()
            await rest(pilot, drawn)
        for key in drawn.keys:
            await pilot.press(key)
            await rest(pilot, drawn)
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await rest(pilot, drawn)

    return run


async def rest(pilot: Pilot[None], drawn: "Picture") -> None:
    """Wait until nothing is left to draw and no worker runs, but for indexing."""
    async with asyncio.timeout(PATIENCE):
        await pilot.pause()
        while sum(not worker.is_finished for worker in pilot.app.workers) > len(drawn.sources):
            await asyncio.sleep(0.005)
            await pilot.pause()


@dataclass(frozen=True)
class Picture:
    """What leads to a screen: a question, if any, and keys; what the chat was started with."""

    question: str | None
    keys: tuple[str, ...] = ()
    session: str | None = None
    competing: bool = False
    sources: tuple[str, ...] = ()
    filters: Filters = NO_FILTERS


PICTURES = {
    "empty": Picture(None),
    "answer": Picture("Who met Park Jin in Seoul?", ("tab",)),
    "further": Picture("Who met Park Jin in Seoul?", ("tab", "space", "j")),
    "candidates": Picture("Who did Minister Joly meet?", ("tab",), competing=True),
    "evidence": Picture(VISIT, ("tab", "n", "n")),
    "release": Picture(VISIT, ("tab", "j", "enter")),
    "no-answer": Picture("Who won the hockey match about a visit in the night?", ("tab",)),
    "hostile": Picture("attacker wrote marks twice", ("tab", "enter")),
    "world": Picture("quokka ferry", ("tab",)),
    "find": Picture(VISIT, ("tab", "slash", *"security", "enter")),
    "filters": Picture(VISIT, ("tab", "f", "tab", "tab")),
    "why": Picture(VISIT, ("tab", "e")),
    "why-figures": Picture(VISIT, ("tab", "e", "space")),
    "filtered": Picture(
        VISIT, ("tab",), filters=Filters(since="2023-01-01", issuer="Global Affairs Canada")
    ),
    "compare": Picture(VISIT, ("tab", "c")),
    "timeline": Picture("Minister Joly between Halifax and Saint", ("tab", "T")),
    "timeline-bars": Picture("Agreement cities", ("tab", "T")),
    "cite": Picture(VISIT, ("tab", "C", "down")),
    "note": Picture(VISIT, ("tab", "a", *"ask the press office")),
    "open": Picture(VISIT, ("tab", "o")),
    "collection": Picture(None, ("f2",)),
    "names": Picture(None, ("f9", "down")),
    "reading": Picture(None, ("f2", "enter")),
    "folder": Picture(None, ("ctrl+o",)),
    "indexing": Picture(None, ("f4",), sources=("releases",)),
    "indexing-line": Picture(None, sources=("releases",)),
    "help": Picture(None, ("f1",)),
    "palette": Picture(VISIT, ("tab", "ctrl+p", *"ti")),
    "themes": Picture(None, ("f5",)),
    "sessions": Picture(VISIT, ("ctrl+r",), session="the visit to Korea"),
}
SIZES = {"small": SMALL, "middle": MIDDLE, "large": LARGE}
THEMES = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST}
EVERY_SCREEN = (("dark", "small"), ("dark", "middle"), ("light", "middle"))
VARIANTS = [
    *((theme, size, picture) for theme, size in EVERY_SCREEN for picture in PICTURES),
    ("contrast", "small", "evidence"),
    ("contrast", "small", "find"),
    ("dark", "large", "answer"),
    ("dark", "large", "release"),
]


@pytest.fixture
def _same_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A desktop to open addresses with, a fixed clock, and a folder with the same names in it."""
    for name in ("archive", "feeds", "press-releases"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tui.platform.open_external.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr("qa.sessions.store._now", lambda: "2026-03-04T09:30:00Z")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_same_surroundings")
@pytest.mark.parametrize(("theme", "size", "picture"), VARIANTS)
def test_screen(snap_compare: Snapshot, theme: str, size: str, picture: str) -> None:
    """Each screen is usable at the smallest and at a comfortable size, in dark and light."""
    drawn = PICTURES[picture]
    chat = app(
        THEMES[theme].name,
        competing=drawn.competing,
        session=drawn.session,
        sources=drawn.sources,
        options=AskOptions(filters=drawn.filters),
    )
    assert snap_compare(chat, terminal_size=SIZES[size], run_before=steps(drawn))


def test_without_colour(snap_compare: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    """With NO_COLOR evidence is bold, matched words underlined, the passage has its bar."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(app(), terminal_size=SMALL, run_before=steps(Picture(VISIT, ("tab", "n"))))
