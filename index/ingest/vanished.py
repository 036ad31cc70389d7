"""Which releases of a collection are no longer where they came from."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from index.ingest.discover import as_shown, covers
from index.ingest.sync import STDIN_KEY, Sync


def missing_from(run: Sync, sources: Sequence[str | Path], *, prune: bool) -> list[str]:
    """Return the ids of releases that stood below `sources` and are not there any more.

    What could not be read is not known to be gone. What lies below a source that is itself
    missing is so only when it is to be pruned, by a user who has named it; then it is not
    reported as missing. And not even then where nothing is left around it, as on a disk that is
    not mounted.

    Args:
        run: An update that has read the sources.
        sources: As the user named them.
        prune: Whether what is gone will be removed.
    """
    paths = [Path(source).expanduser() for source in sources if str(source) != "-"]
    present = [path for path in paths if path.exists()]
    known = [state.path for _, state in run.known.sources.values()]
    for path in paths if prune else ():
        if _is_deleted(path) and any(covers([path], key) for key in known):
            present.append(path)
            _forgive(run, path)
    gone: list[str] = []
    for source_id, state in run.known.sources.values():
        missing = run.known.by_source.get(source_id, set()) - run.seen
        if not missing or state.path == STDIN_KEY or not covers(present, state.path):
            continue
        if state.path in run.whole or _vanished(state.path):
            gone.extend(sorted(missing))
    return gone


def _is_deleted(path: Path) -> bool:
    """Whether a path is not there, and the nearest folder above that is there holds something."""
    if not _vanished(os.fsencode(path)):
        return False
    for folder in Path(os.path.abspath(path)).parents:  # noqa: PTH100 - links stay as they are
        if folder.is_dir():
            with suppress(OSError), os.scandir(folder) as entries:
                return any(entries)
            return False
    return False


def _forgive(run: Sync, path: Path) -> None:
    """Take back that a source is missing."""
    run.skipped[:] = [skip for skip in run.skipped if skip.item != as_shown(path)]


def _vanished(path: bytes) -> bool:
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
