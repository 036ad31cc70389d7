"""The chat with indexing that never ends and does not stop when it is told to, as a program."""

import sys
import threading
from pathlib import Path
from typing import Any

import tui.app
from index.reports import Progress, UpdateReport
from tui.backend.protocols import ChatSettings


def _never_ends(*_sources: Any, progress: Any, **_more: Any) -> UpdateReport:
    progress(Progress("read", 1, 2))
    threading.Event().wait()
    return UpdateReport()


if __name__ == "__main__":
    tui.app.update_engine = _never_ends
    settings = ChatSettings(Path(sys.argv[1]), sources=("a-folder",))
    sys.exit(tui.app.run_chat(settings, say=print))
