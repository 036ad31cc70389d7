"""Draw the pictures of the documentation: the chat over the sample releases.

    python benchmarks/screenshots.py [--states FOLDER]

Writes docs/images/*.svg: two pictures, a conversation whose frames follow each other, and the same
of questions that ask for more than a passage.
`--states` draws instead the screens that are looked at before a release, at four sizes, dark and
light, into a folder. Run it with `make screenshots`, then look at the pictures.
"""

import argparse
import asyncio
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from html import escape, unescape
from pathlib import Path

from rich.cells import cell_len
from textual.pilot import Pilot

from index.ingest.update import update_collection
from qa.collection import open_collection
from qa.paths import VARIABLE
from qa.renew_examples import renew_examples
from tui.app import ReleaseQA
from tui.backend.indexing import update_engine
from tui.backend.protocols import ChatSettings
from tui.chat.screen import ChatScreen
from tui.render.themes import DARK, LIGHT

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
PATIENCE = 600
"""Tenths of a second."""

_TEXT = re.compile(
    r'<text(?P<before>[^>]*?) x="(?P<x>[\d.]+)"(?P<after>[^>]*?) textLength="[\d.]+"[^>]*>'
    r"(?P<content>[^<]*)</text>"
)
_CELL_WIDTH = 12.2
_TOGETHER = 8
"""Characters that are placed together."""

COST = "How much did the bridge pathway cost?"
NEON = "How long will Canada keep taking part in Operation NEON?"
SHARE = "How much did ACOA contribute to the Twillingate trails?"
ROCKET = "Which rocket will carry the Killick-1 satellite to orbit?"
JOLY = "When did Minister Joly visit Korea?"
WHO = "Who met her there?"
WAGE = "What is the new minimum wage in Yukon?"

FOR_ALL = {
    "all-said": "Everything the minister said about trails",
    "all-changes": "How has the minimum wage in Yukon changed?",
    "all-amounts": "List releases that announce more than $1 million",
    "all-over-time": "Timeline of the minimum wage in Yukon",
    "all-new": "What is new since yesterday?",
}
"""Questions that ask for more than a passage, by the name of the picture."""

SIZES = ((80, 24), (100, 30), (140, 40), (200, 50))
THEMES = {"dark": DARK.name, "light": LIGHT.name}


@dataclass(frozen=True)
class Shown:
    """What leads to a screen: questions asked one after another, and keys."""

    questions: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


STATES = {
    "welcome": Shown(),
    "answer": Shown((COST,)),
    "candidates": Shown((SHARE,)),
    "no-answer": Shown((ROCKET,)),
    "release": Shown((NEON,), ("tab", "n", "enter")),
    "filters": Shown((COST,), ("tab", "f")),
    "explain": Shown((COST,), ("tab", "e")),
    "timeline": Shown((WAGE,), ("tab", "T")),
    "conversation": Shown((JOLY, WHO, WAGE, COST)),
    "indexing": Shown((), ("f4",), (str(ROOT / "samples" / "releases"),)),
}


PICTURES = (
    ("chat", "release", (124, 32), "dark"),
    ("candidates", "candidates", (100, 28), "light"),
)
"""The name of a picture of the documentation, its state, size and theme."""


@dataclass
class Frames:
    """The screens of a conversation, and how long each is shown, in seconds."""

    drawn: list[tuple[str, float]] = field(default_factory=list)

    def add(self, app: ReleaseQA, seconds: float) -> None:
        """Keep the screen as it is."""
        self.drawn.append((picture(app), seconds))

    def animated(self) -> str:
        """Return one SVG that shows the frames in turn, for ever."""
        total, begun, parts, rules = sum(seconds for _, seconds in self.drawn), 0.0, [], []
        box = re.search(r'viewBox="[^"]+"', self.drawn[0][0])
        for number, (frame, seconds) in enumerate(self.drawn):
            start, end = 100 * begun / total, 100 * (begun + seconds) / total
            off = f"0%,{start:.3f}%{{opacity:0}}" if number else ""
            rules.append(
                f"@keyframes f{number}{{{off}{start:.3f}%,{end:.3f}%{{opacity:1}}"
                f"{end:.3f}%,100%{{opacity:0}}}}"
                f"#f{number}{{opacity:0;animation:f{number} {total:.1f}s step-end infinite}}"
            )
            parts.append(f'<g id="f{number}">{frame}</g>')
            begun += seconds
        return (
            f'<svg {box[0] if box else ""} xmlns="http://www.w3.org/2000/svg">'
            f"<style>{''.join(rules)}</style>{''.join(parts)}</svg>\n"
        )


def picture(app: ReleaseQA) -> str:
    """Return the screen as SVG that loads nothing from elsewhere; each word has its own place."""
    drawn = app.export_screenshot(title="releaseqa", simplify=True)
    drawn = re.sub(r"@font-face \{.*?\n    \}", "", drawn, flags=re.DOTALL)
    drawn = re.sub(r"terminal-(\d+)", r"t\1", drawn)
    return _TEXT.sub(_by_words, drawn)


def _by_words(text: re.Match[str]) -> str:
    """Place each word of a text by itself: programs differ in the widths of their fonts."""
    content, style, parts = unescape(text["content"]), text["before"], []
    for word in re.finditer(rf"[^\xa0]{{1,{_TOGETHER}}}", content):
        x = float(text["x"]) + _CELL_WIDTH * cell_len(content[: word.start()])
        length = _CELL_WIDTH * cell_len(word[0])
        parts.append(
            f'<tspan{style} x="{x:.1f}" textLength="{length:.1f}">'
            f"{escape(word[0], quote=False)}</tspan>"
        )
    return f"<text{text['after']}>{''.join(parts)}</text>"


async def settle(pilot: Pilot[None], count: int) -> None:
    """Wait until as many questions are answered by meaning."""
    for _ in range(PATIENCE):
        screen = pilot.app.screen
        if isinstance(screen, ChatScreen):
            turns = screen.reading.turns
            if len(turns) >= count and turns[-1].settled and not turns[-1].is_preview:
                break
        await pilot.pause(0.1)
    await pilot.pause(0.3)


async def ask(pilot: Pilot[None], questions: tuple[str, ...]) -> None:
    """Ask questions, one after another."""
    for number, question in enumerate(questions, start=1):
        screen = pilot.app.screen
        if not isinstance(screen, ChatScreen):
            raise TypeError(screen)
        screen.prompt.text = question
        await pilot.press("enter")
        await settle(pilot, number)


def chat(collection: Path, theme: str, sources: tuple[str, ...] = ()) -> ReleaseQA:
    """Return a chat over a collection."""
    settings = ChatSettings(collection, sources=sources)
    app = ReleaseQA(settings, opener=open_collection, update=update_engine, environment={})
    app.theme = theme
    return app


async def draw(collection: Path, shown: Shown, size: tuple[int, int], theme: str) -> str:
    """Draw one screen."""
    app = chat(collection, theme, shown.sources)
    async with app.run_test(size=size) as pilot:
        await pilot.pause(0.5)
        await ask(pilot, shown.questions)
        for key in shown.keys:
            await pilot.press(key)
            await pilot.pause(0.5)
        drawn = picture(app)
    app.close()
    return f"{drawn}\n"


async def write(pilot: Pilot[None], question: str) -> None:
    """Write a question into the prompt, and wait until it is drawn."""
    screen = pilot.app.screen
    if not isinstance(screen, ChatScreen):
        raise TypeError(screen)
    screen.prompt.text = question
    screen.prompt.move_cursor(screen.prompt.document.end)
    await pilot.pause(0.2)


async def record(collection: Path) -> str:
    """Draw a conversation: a question, its answer, the release, a further question."""
    app, frames = chat(collection, DARK.name), Frames()
    async with app.run_test(size=(100, 28)) as pilot:
        await pilot.pause(0.5)
        frames.add(app, 1.5)
        for number, question in enumerate((JOLY, WHO), start=1):
            await write(pilot, question)
            frames.add(app, 1.2)
            await pilot.press("enter")
            await settle(pilot, number)
            frames.add(app, 4)
            if number == 1:
                await pilot.press("tab", "enter")
                await pilot.pause(0.5)
                frames.add(app, 3.5)
                await pilot.press("escape", "escape")
                await pilot.pause(0.3)
    app.close()
    return frames.animated()


async def record_all(collection: Path, question: str) -> str:
    """Draw a question, its answer, and everything that matches it."""
    app, frames = chat(collection, LIGHT.name), Frames()
    async with app.run_test(size=(90, 26)) as pilot:
        await pilot.pause(0.5)
        await write(pilot, question)
        frames.add(app, 1.5)
        await pilot.press("enter")
        await settle(pilot, 1)
        frames.add(app, 3.5)
        await pilot.press("tab", "m")
        await app.workers.wait_for_complete()
        await pilot.pause(0.3)
        frames.add(app, 5)
    app.close()
    return frames.animated()


def in_fresh_home(run: Callable[[Path], None]) -> None:
    """Run something over a new collection of the samples, with no one's sessions or settings."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ[VARIABLE] = folder
        collection = Path(folder) / "samples" / ".releaseqa"
        collection.parent.mkdir()
        update_collection(collection, [ROOT / "samples" / "releases"])
        renew_examples(collection)
        run(collection)


def draw_documentation(collection: Path) -> None:
    """Draw the pictures that the README shows."""
    for name, state, size, theme in PICTURES:
        drawn = asyncio.run(draw(collection, STATES[state], size, THEMES[theme]))
        (IMAGES / f"{name}.svg").write_text(drawn, "utf-8")
        print(f"drew {name}.svg")
    (IMAGES / "conversation.svg").write_text(asyncio.run(record(collection)), "utf-8")
    print("drew conversation.svg")
    for name, question in FOR_ALL.items():
        drawn = asyncio.run(record_all(collection, question))
        (IMAGES / f"{name}.svg").write_text(drawn, "utf-8")
        print(f"drew {name}.svg")


def draw_states(target: Path, collection: Path) -> None:
    """Draw each screen at each size in each theme."""
    target.mkdir(parents=True, exist_ok=True)
    for name, shown in STATES.items():
        for width, height in SIZES:
            for theme, full in THEMES.items():
                drawn = asyncio.run(draw(collection, shown, (width, height), full))
                path = target / f"{name}-{width}x{height}-{theme}.svg"
                path.write_text(drawn, "utf-8")
        print(f"drew {name}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--states", type=Path)
    folder = parser.parse_args().states
    in_fresh_home(partial(draw_states, folder) if folder else draw_documentation)
