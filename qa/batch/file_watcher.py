"""When something changed in what is watched: folders by the system's notices, files by looking.

A file that is replaced, as feeds are, is another file afterwards, of which the system gives no
notice; looking at one once a second costs nothing.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

TICK_MS = 1_000
"""How often files are looked at."""
SETTLE_MS = 1_600
"""Changes that follow each other this closely are one."""


def changes(sources: Sequence[Path], ignored: Sequence[Path]) -> Iterator[None]:
    """Yield at once, and then whenever something changed since the last time; does not end.

    What changes while the caller is at work is not missed: the watching begins before.

    Args:
        sources: Folders, with all below them that is not hidden, and files.
        ignored: Folders whose changes do not count, though they may be below one of `sources`.
    """
    folders = [source.resolve() for source in sources if source.is_dir()]
    files = [source for source in sources if not source.is_dir()]
    seen: list[tuple[int, ...] | None] | None = None
    for noticed in _notices(folders, [path.resolve() for path in ignored]):
        now = [_looks(path) for path in files]
        if noticed or now != seen:
            seen = now
            yield


def _notices(folders: Sequence[Path], ignored: Sequence[Path]) -> Iterator[bool]:
    """Yield about once a second whether anything was noticed; True the first time."""
    if not folders:
        while True:
            yield False
            time.sleep(TICK_MS / 1000)
    from watchfiles import watch

    yield_first = True
    for found in watch(
        *folders,
        watch_filter=_counts(folders, ignored),
        debounce=SETTLE_MS,
        rust_timeout=TICK_MS,
        yield_on_timeout=True,
    ):
        yield yield_first or bool(found)
        yield_first = False


def _counts(folders: Sequence[Path], ignored: Sequence[Path]) -> Callable[[object, str], bool]:
    """Return what tells whether the change of a path counts."""

    def counts(_change: object, name: str) -> bool:
        path = Path(name)
        if any(path.is_relative_to(folder) for folder in ignored):
            return False
        inside = [path.relative_to(folder) for folder in folders if path.is_relative_to(folder)]
        return any(not any(part.startswith(".") for part in way.parts) for way in inside)

    return counts


def _looks(path: Path) -> tuple[int, ...] | None:
    """Return what tells one state of a file from another; None when it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns)
