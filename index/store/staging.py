"""Folders for what is made before it appears: removed in the end, also after a kill."""

import glob
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import BaseFileLock, FileLock

from index.errors import ReleaseIndexError
from index.store.writer import LOCK_NAME, writing_lock


@contextmanager
def staging_folder(prefix: Path) -> Iterator[tuple[Path, BaseFileLock]]:
    """Yield an empty folder and its lock; remove it in the end, and what killed processes left.

    A folder that is in use has a lock, so that two processes do not remove one another's. A
    process id would not do: in a container every run can have the same one.

    Args:
        prefix: The path of the folder without its random end, which begins with a hyphen.
    """
    for left in prefix.parent.glob(f"{glob.escape(prefix.name)}-{'[0-9a-f]' * 32}"):
        if left.is_symlink() or not left.is_dir():
            continue
        with suppress(ReleaseIndexError), writing_lock(left):
            shutil.rmtree(left, ignore_errors=True)
    staging, lock = _locked_folder(prefix)
    try:
        yield staging, lock
    finally:
        lock.release()
        shutil.rmtree(staging, ignore_errors=True)


def _locked_folder(prefix: Path) -> tuple[Path, BaseFileLock]:
    """Make a folder, and another when a process that cleans up takes it before it is locked."""
    while True:
        staging = prefix.with_name(f"{prefix.name}-{uuid.uuid4().hex}")
        staging.mkdir()
        lock = FileLock(staging / LOCK_NAME)
        lock.acquire()
        if (staging / LOCK_NAME).exists():
            return staging, lock
        lock.release()
