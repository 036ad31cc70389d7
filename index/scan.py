"""Sources as users name them to files that can be read: folders walked, traps avoided."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.locate import FOLDER_NAME
from index.report import Skip

_IGNORED = frozenset({FOLDER_NAME, ".git", ".hg", ".svn", ".venv", "node_modules", "__pycache__"})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A regular file to be read, and its state when it was found."""

    path: Path
    key: bytes
    label: str
    size: int
    mtime_ns: int


def scan(
    sources: Sequence[str | Path], base: Path, *, follow: bool = False
) -> Iterator[SourceFile | Skip]:
    """Yield the files of `sources`, each once, folders in the order of their names.

    Args:
        sources: Files and folders.
        base: Files below it are labelled by their path from there, others by the whole path.
        follow: Whether links inside a folder are followed out of it.

    Yields:
        Files, and what is left out with the reason: missing, unreadable, devices, pipes,
        links out of the folder. A file or link named as a source itself is always taken.
    """
    seen: set[tuple[int, int]] = set()
    for source in sources:
        path = Path(source).expanduser()
        if path.is_dir():
            yield from _folder(path, base, seen, follow=follow)
        else:
            yield from _file(path, base, seen, named=True)


def covers(sources: Sequence[str | Path], key: bytes) -> bool:
    """Whether the file kept under `key` is one of `sources` or below one of them."""
    path = Path(os.fsdecode(key))
    roots = [Path(os.path.abspath(Path(source).expanduser())) for source in sources]
    return any(path == root or root in path.parents for root in roots)


def label(path: Path, base: Path) -> str:
    """Return how `path` is shown: from `base` where it lies below it."""
    try:
        shown = path.relative_to(base)
    except ValueError:
        shown = path
    return os.fsencode(str(shown)).decode("utf-8", errors="backslashreplace")


def _folder(
    root: Path, base: Path, seen: set[tuple[int, int]], *, follow: bool
) -> Iterator[SourceFile | Skip]:
    visited: set[tuple[int, int]] = set()
    stack = [root]
    while stack:
        folder = stack.pop()
        try:
            status = folder.stat()
            entries = sorted(os.scandir(folder), key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield Skip(label(folder, base), _reason(error))
            continue
        if (status.st_dev, status.st_ino) in visited:
            continue
        visited.add((status.st_dev, status.st_ino))
        below: list[Path] = []
        for entry in entries:
            path = Path(entry.path)
            if entry.is_symlink() and not follow and not _inside(path, root):
                yield Skip(label(path, base), "a link out of the folder; use --follow to read it")
            elif entry.is_dir():
                if entry.name not in _IGNORED:
                    below.append(path)
            elif not entry.name.startswith("."):
                yield from _file(path, base, seen, named=False)
        stack.extend(reversed(below))


def _inside(path: Path, root: Path) -> bool:
    try:
        return root.resolve() in path.resolve().parents
    except (OSError, RuntimeError):
        return False


def _file(
    path: Path, base: Path, seen: set[tuple[int, int]], *, named: bool
) -> Iterator[SourceFile | Skip]:
    absolute = Path(os.path.abspath(path))
    try:
        status = absolute.stat()
    except OSError as error:
        yield Skip(label(absolute, base) if not named else str(path), _reason(error))
        return
    if not stat.S_ISREG(status.st_mode):
        yield Skip(label(absolute, base), "neither a file nor a folder")
        return
    identity = (status.st_dev, status.st_ino)
    if identity in seen:
        return
    seen.add(identity)
    yield SourceFile(
        absolute, os.fsencode(absolute), label(absolute, base), status.st_size, status.st_mtime_ns
    )


def _reason(error: OSError) -> str:
    return (error.strerror or "cannot be read").lower()
