"""The chat over the plain engine, as a program for a real terminal."""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plain_engine import PlainEngine, PlainUpdate
from releases import HOSTILE, ORDINARY

from qa.types import Answer
from tui.app import ReleaseQA
from tui.backend.protocols import ChatSettings


@dataclass
class SlowEngine(PlainEngine):
    """One that takes its time, where the environment says so: SLOW is in seconds."""

    def ask(self, *question: Any, **how: Any) -> Answer:
        """Answer, later."""
        time.sleep(float(os.environ.get("SLOW", "0")))
        return super().ask(*question, **how)


if __name__ == "__main__":
    app = ReleaseQA(
        ChatSettings(Path(".releaseqa"), session=os.environ.get("SESSION")),
        opener=lambda _: SlowEngine((*ORDINARY, HOSTILE)),
        update=PlainUpdate(),
    )
    app.run()
    app.close()
    print("the chat has ended")  # noqa: T201 - what the test waits for
