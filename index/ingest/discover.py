"""Find the files of the sources that a user names: walk folders, leave out what is not a file."""

import errno
import os
import stat
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from index.errors import SourceError
from index.ingest.ignore_rules import IGNORE_FILE, MAX_BYTES, IgnoreRules
from index.readers.litter import is_litter
from index.reports import Skip

_LEAVES = "a link out of the folder; use --follow to read it"
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


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file, or a folder with all below it, that is not read although it could be.

    Attributes:
        key: Its absolute path as bytes.
        ignored: Whether an ignore file says so; otherwise it is nobody's document, such as a
            shortcut.
    """

    key: bytes
    ignored: bool


class _Folder(NamedTuple):
    """A folder to walk: its path, its parts below the source, and the ignore files above it."""

    path: Path
    parts: tuple[str, ...]
    rules: IgnoreRules


def scan(
    sources: Sequence[str | Path], base: Path, *, follow: bool = False, ignore: bool = True
) -> Iterator[SourceFile | LeftOut | Skip]:
    """Yield the files of `sources`, each once, sorted by name within a folder.

    Args:
        sources: Files and folders.
        base: Files below it are labelled by their path from there, others by their whole path.
        follow: Whether to follow links that lead out of a folder.
        ignore: Whether ignore files are heeded: that of a source and those in its subfolders.

    Yields:
        Files, what is left out, and what is skipped with the reason: missing, unreadable, devices,
        pipes, links out of the folder. A file or link that is itself named as a source is always
        read.
    """
    seen: set[tuple[int, int]] = set()
    for source in sources:
        path = Path(source).expanduser()
        if path.is_dir():
            yield from _folder(path, base, seen, follow=follow, ignore=ignore)
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
    root: Path, base: Path, seen: set[tuple[int, int]], *, follow: bool, ignore: bool
) -> Iterator[SourceFile | LeftOut | Skip]:
    visited: set[tuple[int, int]] = set()
    stack = [_Folder(root, (), IgnoreRules())]
    while stack:
        folder = stack.pop()
        try:
            status = folder.path.stat()
            entries = sorted(os.scandir(folder.path), key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield Skip(label(folder.path, base), _reason(error))
            continue
        if (status.st_dev, status.st_ino) in visited:
            continue
        visited.add((status.st_dev, status.st_ino))
        folder = yield from _with_ignore_file(folder, base, root, follow=follow, ignore=ignore)
        below: list[_Folder] = []
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
            if (out := _left_out(folder, path, is_folder=is_folder)) is not None:
                yield out
            elif leaves:
                yield Skip(label(path, base), _LEAVES)
            elif is_folder:
                below.append(_Folder(path, (*folder.parts, entry.name), folder.rules))
            else:
                yield from _file(path, base, seen, named=False)
        stack.extend(reversed(below))


def _left_out(folder: _Folder, path: Path, *, is_folder: bool) -> LeftOut | None:
    """Return that an entry of a folder is left out, or None when it is not."""
    ignored = folder.rules.leave_out((*folder.parts, path.name), is_folder=is_folder)
    if ignored or (not is_folder and is_litter(path.name)):
        return LeftOut(os.fsencode(_absolute(path)), ignored)
    return None


def _with_ignore_file(
    folder: _Folder, base: Path, root: Path, *, follow: bool, ignore: bool
) -> Generator[Skip, None, _Folder]:
    """Return a folder with its own ignore file in force, if it has one that can be read."""
    path = folder.path / IGNORE_FILE
    if not ignore or not os.path.lexists(path):
        return folder
    try:
        content = _ignore_file(path, folder.rules.room, root, follow=follow)
    except SourceError as error:
        yield Skip(label(path, base), f"{error}; it leaves nothing out")
        return folder
    return folder._replace(rules=folder.rules.with_file(content, len(folder.parts)))


def _ignore_file(path: Path, room: int, root: Path, *, follow: bool) -> bytes:
    """Return the content of an ignore file.

    Raises:
        SourceError: It cannot be read, leads out of the folder, or has more than `room` bytes.
    """
    try:
        if path.is_symlink() and not follow and not _inside(path, root):
            raise SourceError(_LEAVES)
        if not path.is_file():
            raise SourceError("not a file")
        with path.open("rb") as stream:
            content = stream.read(room + 1)
    except OSError as error:
        raise SourceError(_reason(error)) from error
    if len(content) > room:
        raise SourceError(f"more than {MAX_BYTES // 1000} kB of patterns would be in force")
    return content


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
