"""Find the files of the sources that a user names: walk folders, leave out what is not a file."""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from index.reports import Skip

_IGNORED = frozenset({"node_modules", "__pycache__"})
"""Folders of tools, which hold no releases. Hidden folders (`.git`, `.releaseqa`) do not either."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A regular file to be read, and its state when it was found.

    Attributes:
        path: Its absolute path.
        key: The same as bytes, as the file system has it.
        label: The path as users see it.
        size: Bytes.
        mtime_ns: Modification time.
    """

    path: Path
    key: bytes
    label: str
    size: int
    mtime_ns: int


def scan(
    sources: Sequence[str | Path], base: Path, *, follow: bool = False
) -> Iterator[SourceFile | Skip]:
    """Yield the files of `sources`, each once, sorted by name within a folder.

    Args:
        sources: Files and folders.
        base: Files below it are labelled by their path from there, others by their whole path.
        follow: Whether to follow links that lead out of a folder.

    Yields:
        Files, and what is skipped with the reason: missing, unreadable, devices, pipes, links out
        of the folder. A file or link that is itself named as a source is always read.
    """
    seen: set[tuple[int, int]] = set()
    for source in sources:
        path = Path(source).expanduser()
        if path.is_dir():
            yield from _folder(path, base, seen, follow=follow)
        else:
            yield from _file(path, base, seen, named=True)


def covers(sources: Sequence[str | Path], key: bytes) -> bool:
    """Return whether the file with this key is one of `sources` or below one of them."""
    path = Path(os.fsdecode(key))
    roots = [_absolute(Path(source).expanduser()) for source in sources]
    return any(path == root or root in path.parents for root in roots)


def names_of(source: str | Path, base: Path) -> tuple[str, str]:
    """Return how a source that a user names may appear in reports: as named, and as labelled."""
    path = Path(source).expanduser()
    return as_shown(path), label(_absolute(path), base)


def label(path: Path, base: Path) -> str:
    """Return `path` as users see it: relative to `base` when it is below it."""
    try:
        shown = path.relative_to(base)
    except ValueError:
        shown = path
    return as_shown(shown)


def as_shown(path: Path) -> str:
    """Return a path as text, with bytes that are not UTF-8 as escapes."""
    return os.fsencode(path).decode("utf-8", errors="backslashreplace")


def _absolute(path: Path) -> Path:
    """Return `path` as an absolute path with its links: a source is identified by its name."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links


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
            try:
                is_folder = entry.is_dir()
                leaves = entry.is_symlink() and not follow and not _inside(path, root)
            except OSError as error:  # as for a link to itself
                yield Skip(label(path, base), _reason(error))
                continue
            if entry.name.startswith(".") or (is_folder and entry.name in _IGNORED):
                continue
            if leaves:
                yield Skip(label(path, base), "a link out of the folder; use --follow to read it")
            elif is_folder:
                below.append(path)
            else:
                yield from _file(path, base, seen, named=False)
        stack.extend(reversed(below))


def _inside(path: Path, root: Path) -> bool:
    try:
        return path.resolve().is_relative_to(root.resolve())
    except RuntimeError as error:  # how Python before 3.13 reports a loop of links
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from error


def _file(
    path: Path, base: Path, seen: set[tuple[int, int]], *, named: bool
) -> Iterator[SourceFile | Skip]:
    absolute = _absolute(path)
    try:
        status = absolute.stat()
    except OSError as error:
        yield Skip(as_shown(path) if named else label(absolute, base), _reason(error))
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


def is_deleted(path: Path) -> bool:
    """Return whether a path is missing and the nearest folder above it that exists is not empty."""
    if not is_missing(os.fsencode(path)):
        return False
    for folder in Path(os.path.abspath(path)).parents:  # noqa: PTH100 - links stay as they are
        if folder.is_dir():
            with suppress(OSError), os.scandir(folder) as entries:
                return any(entries)
            return False
    return False


def is_missing(path: bytes) -> bool:
    """Return whether there is nothing at a path; False when that cannot be found out."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
