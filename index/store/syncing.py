"""Make files and their names survive a power cut.

A file that was synced keeps its content. Its name, and every folder above it that is new, are only
there for certain once the folder that holds them was synced, too.
"""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NOT_SUPPORTED = {errno.EINVAL, errno.ENOTSUP, errno.ENOSYS}


def sync_file(path: Path) -> None:
    """Make the content of a file survive a power cut."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Make what was created, renamed or removed in `folder` survive a power cut.

    Nothing is done where the system cannot sync folders, or this user may not read the folder.
    """
    if os.name == "nt":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOT_SUPPORTED:
            raise
    finally:
        os.close(descriptor)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder and those above it, where they are missing, that survive a power cut.

    Args:
        folder: The folder.
        mode: The permissions of `folder`, if it is made.

    Raises:
        OSError: It cannot be made.
    """
    missing = []
    for path in (folder, *folder.parents):
        if os.path.lexists(path):
            break
        missing.append(path)
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    for path in reversed(missing):
        sync_folder(path.parent)


@contextmanager
def new_folder(target: Path, proof: str) -> Iterator[Path]:
    """Write a folder that is there whole or not at all, and survives a power cut.

    Yields a folder to write to, which becomes `target` afterwards. If another process was first,
    its folder stays.

    Args:
        target: What it becomes.
        proof: A file of it, by which that of another process is known from something else.

    Raises:
        OSError: It cannot be written.
    """
    make_folder(target.parent)
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        folder = Path(name)
        yield folder
        folder.chmod(0o755)
        for path in folder.rglob("*"):
            (sync_folder if path.is_dir() else sync_file)(path)
        sync_folder(folder)
        try:
            folder.rename(target)
        except OSError:
            if not (target / proof).is_file():
                raise
        else:
            folder.mkdir()  # for the context manager to remove
            sync_folder(target.parent)
