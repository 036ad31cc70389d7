"""The order in which files are synced and renamed, as it happens."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

Step = tuple[str, Path]
"""`sync` or `rename`, and the file or folder; of a renaming, its new name."""


@contextmanager
def disk_steps() -> Iterator[list[Step]]:
    """Note what Python code syncs and renames; it is done, too. Linux only."""
    steps: list[Step] = []
    fsync, rename, replace = os.fsync, Path.rename, Path.replace

    def synced(descriptor: int) -> None:
        fsync(descriptor)
        steps.append(("sync", Path(f"/proc/self/fd/{descriptor}").readlink()))

    def renamed(path: Path, target: Path) -> Path:
        steps.append(("rename", target))
        return rename(path, target)

    def replaced(path: Path, target: Path) -> Path:
        steps.append(("rename", target))
        return replace(path, target)

    with (
        patch.object(os, "fsync", synced),
        patch.object(Path, "rename", renamed),
        patch.object(Path, "replace", replaced),
    ):
        yield steps
