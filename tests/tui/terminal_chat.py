"""The chat over the plain engine, as a program for a real terminal."""

from pathlib import Path

from plain_engine import PlainEngine
from releases import HOSTILE, ORDINARY

from tui.app import ReleaseQA
from tui.engine import ChatSettings

if __name__ == "__main__":
    app = ReleaseQA(
        ChatSettings(Path(".releaseqa")), opener=lambda _: PlainEngine((*ORDINARY, HOSTILE))
    )
    app.run()
    app.close()
    print("the chat has ended")  # noqa: T201 - what the test waits for
