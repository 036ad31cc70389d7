"""Notice changes in folders and files.

The operating system reports changes in a folder. A single file, such as a feed, is often replaced
by a new file, which is not reported, so files are checked once a second.
"""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.ingest.ignore_rules import IGNORE_FILE

INTERVAL_MS = 1_000
"""How often files are checked."""
SETTLE_MS = 1_600
"""Changes within this time are reported together."""


def changes(sources: Sequence[Path], ignored: Sequence[Path]) -> Iterator[None]:
    """Yield at once, and then after every change; does not end.

    Changes that happen while the caller works are reported afterwards.

    Args:
        sources: Files, and folders with everything below them that is not hidden.
        ignored: Folders whose changes are not reported; they may be below a source.
    """
    folders = [source.resolve() for source in sources if source.is_dir()]
    files = [source for source in sources if not source.is_dir()]
    seen: list[tuple[int, ...] | None] | None = None
    for noticed in _folder_changes(folders, [path.resolve() for path in ignored]):
        now = [_state(path) for path in files]
        if noticed or now != seen:
            seen = now
            yield


def _folder_changes(folders: Sequence[Path], ignored: Sequence[Path]) -> Iterator[bool]:
    """Yield about once a second whether a folder has changed; True the first time."""
    if not folders:
        while True:
            yield False
            time.sleep(INTERVAL_MS / 1000)
    from watchfiles import watch

    first = True
    for found in watch(
        *folders,
        watch_filter=lambda _, path: _is_watched(Path(path), folders, ignored),
        debounce=SETTLE_MS,
        rust_timeout=INTERVAL_MS,
        yield_on_timeout=True,
    ):
        yield first or bool(found)
        first = False


def _is_watched(path: Path, folders: Sequence[Path], ignored: Sequence[Path]) -> bool:
    if any(path.is_relative_to(folder) for folder in ignored):
        return False
    below = [path.relative_to(folder) for folder in folders if path.is_relative_to(folder)]
    return any(
        not any(part.startswith(".") and part != IGNORE_FILE for part in found.parts)
        for found in below
    )


def _state(path: Path) -> tuple[int, ...] | None:
    """Return values that change with a file; None if it does not exist."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns)
