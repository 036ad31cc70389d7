"""Draw the pictures of the documentation: the chat over the sample releases.

Writes docs/images/chat.svg. Run it with `make screenshots`, then look at the picture.
"""

import asyncio
import os
import tempfile
from pathlib import Path

from textual.pilot import Pilot

from index.ingest.update import update_collection
from qa.collection import open_collection
from qa.paths import VARIABLE
from tui.app import ReleaseQA
from tui.backend.indexing import update_engine
from tui.backend.protocols import ChatSettings
from tui.chat.screen import ChatScreen
from tui.render.themes import DARK

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "images" / "chat.svg"
QUESTION = "How long will Canada keep taking part in Operation NEON?"
SIZE = (124, 32)
PATIENCE = 600
"""Tenths of a second."""


async def settle(pilot: Pilot[None], screen: ChatScreen) -> None:
    """Wait until the question is answered by meaning."""
    for _ in range(PATIENCE):
        turns = screen.reading.turns
        if turns and turns[-1].settled and not turns[-1].is_preview:
            break
        await pilot.pause(0.1)
    await pilot.pause(0.3)


async def draw(collection: Path) -> None:
    """Ask, step to the evidence, draw."""
    app = ReleaseQA(
        ChatSettings(collection), opener=open_collection, update=update_engine, environment={}
    )
    app.theme = DARK.name
    async with app.run_test(size=SIZE) as pilot:
        screen = app.screen
        if not isinstance(screen, ChatScreen):
            raise TypeError(screen)
        screen.prompt.text = QUESTION
        await pilot.press("enter")
        await settle(pilot, screen)
        await pilot.press("tab", "n")
        await pilot.pause(0.3)
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        PICTURE.write_text(app.export_screenshot(title="releaseqa", simplify=True), "utf-8")
    app.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ[VARIABLE] = folder  # what is asked here is no one's conversation
        index = Path(folder) / ".releaseqa"
        update_collection(index, [ROOT / "samples" / "releases"])
        asyncio.run(draw(index))
    print(f"drew {PICTURE.relative_to(ROOT)}")
