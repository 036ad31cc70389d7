"""Derived files: made from the store, immutable once made, and never the truth.

A derived file is written under a temporary name, hashed, synced and renamed to a name that
holds its hash; then one row in the store makes it current. Whatever goes wrong before that
row leaves the previous file current; whatever goes wrong after it is seen by the hash.
"""

import hashlib
import os
import re
import shutil
import stat
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from index.errors import StorageError
from index.store.reader import ARTIFACT_NAME, Artifact
from index.store.writer import fsync_folder

FOLDER = "derived"
_LEFT = re.compile(r"\.(?:words|vectors|damaged)-[0-9a-f]{32}")


def publish(collection: Path, kind: str, make: Callable[[Path], None]) -> tuple[str, str]:
    """Make a derived file or folder.

    Args:
        collection: The collection's folder.
        kind: First part of its name.
        make: Writes it to the path it is given.

    Returns:
        Its name within the folder for derived files, and its SHA-256.

    Raises:
        StorageError: When it cannot be written; nothing of it remains.
    """
    folder = collection / FOLDER
    temporary = folder / f".{kind}-{uuid.uuid4().hex}"
    _refuse_link(folder)
    try:
        folder.mkdir(exist_ok=True)
        make(temporary)
        for path in files(temporary):
            _fsync(path)
        digest = sha256(temporary)
        name = f"{kind}-{digest[:16]}"
        final = folder / name
        if damage_of(final, kind, digest) is None:
            _remove(temporary)
        else:
            if os.path.lexists(final):  # damaged: the name tells what it was
                final.rename(folder / f".damaged-{uuid.uuid4().hex}")
            temporary.rename(final)
        fsync_folder(folder)
    except OSError as error:
        _remove(temporary)
        raise StorageError(
            f"cannot write to {folder} ({error}); the collection is as it was before"
        ) from error
    except BaseException:
        _remove(temporary)
        raise
    return name, digest


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, or of a folder's files, names and sizes included.

    Raises:
        OSError: When something cannot be read.
    """
    if path.is_file():
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    total = hashlib.sha256()
    for file in files(path):
        with file.open("rb") as stream:
            inner = hashlib.file_digest(stream, "sha256").hexdigest()
        total.update(f"{file.name}\0{inner}\n".encode())
    return total.hexdigest()


def damage_of(path: Path, kind: str, digest: str) -> str | None:
    """Return what is the matter with a derived file of this SHA-256, or None.

    What is a link, or neither file nor folder as its kind is, is not opened.
    """
    try:
        mode = path.lstat().st_mode
        if not (stat.S_ISDIR(mode) if kind == "words" else stat.S_ISREG(mode)):
            return "is not what it should be: a link, or of another kind"
        if stat.S_ISDIR(mode) and any(not stat.S_ISREG(p.lstat().st_mode) for p in path.iterdir()):
            return "holds a link or a folder"
        return None if sha256(path) == digest else "its bytes are not those that were written"
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def is_intact(collection: Path, artifact: Artifact) -> bool:
    """Return whether an artifact is there with the bytes that were written."""
    try:
        return sha256(collection / FOLDER / artifact.name) == artifact.sha256
    except OSError:
        return False


def stray_files(collection: Path, current: set[str]) -> tuple[list[str], list[str]]:
    """Return the names of files that are not `current`: left by this program, and of others."""
    folder = collection / FOLDER
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    others = [name for name in names if name not in current]
    return (
        [name for name in others if _is_ours(name)],
        [name for name in others if not _is_ours(name)],
    )


def remove_stale(collection: Path, current: set[str]) -> None:
    """Remove derived files that are not in `current`, and what an interrupted run left."""
    folder = collection / FOLDER
    _refuse_link(folder)
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if _is_ours(path.name) and path.name not in current:
            _remove(path)


def _is_ours(name: str) -> bool:
    return bool(ARTIFACT_NAME.fullmatch(name) or _LEFT.fullmatch(name))


def size(collection: Path) -> int:
    """Return the bytes that derived files take."""
    folder = collection / FOLDER
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) if folder.is_dir() else 0


def files(path: Path) -> Iterator[Path]:
    """Yield the files that a derived file or folder consists of; locks are none of it."""
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from sorted(p for p in path.iterdir() if p.is_file() and p.suffix != ".lock")


def _refuse_link(folder: Path) -> None:
    """Refuse to write or remove through a link: it could lead anywhere.

    Raises:
        StorageError: When `folder` is one.
    """
    if folder.is_symlink():
        raise StorageError(f"{folder} is a link, which no collection has; remove it")


def _fsync(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
