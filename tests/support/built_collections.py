"""Collections that are made once in a run of the tests and copied for who needs one."""

import shutil
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

NAME = ".releaseqa"


def build_once(folder: Path, build: Callable[[Path], None]) -> Path:
    """Return a collection in `folder`, made by the first process that asks for it.

    Args:
        folder: Shared by the worker processes of a run.
        build: Makes the collection at the path that it is given.
    """
    done = folder / "done"
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "lock"):
        if not done.exists():
            build(folder / NAME)
            done.touch()
    return folder / NAME


def copied(collection: Path, folder: Path) -> Path:
    """Copy a collection into `folder`."""
    return Path(shutil.copytree(collection, folder / NAME))
