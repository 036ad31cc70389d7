"""Artifacts: files made from the store, never changed once made, and never the truth.

An artifact is written under a temporary name, hashed, synced and renamed to a name that contains
its hash; then one row in the store makes it current. A failure before that row leaves the
previous artifact current; damage after it is detected by the hash.
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
from index.store.syncing import make_folder, sync_file, sync_folder

FOLDER = "derived"
_TEMPORARY_NAME = re.compile(r"\.(?:words|vectors|damaged)-[0-9a-f]{32}")


def publish(collection: Path, kind: str, make: Callable[[Path], None]) -> tuple[str, str]:
    """Make an artifact.

    Args:
        collection: The collection's folder.
        kind: `words` or `vectors`.
        make: Writes the artifact to the path it is given.

    Returns:
        Its name in the folder of artifacts, and its SHA-256.

    Raises:
        StorageError: When it cannot be written; nothing of it remains.
    """
    folder = collection / FOLDER
    temporary = folder / f".{kind}-{uuid.uuid4().hex}"
    _refuse_link(folder)
    try:
        make_folder(folder)
        make(temporary)
        for path in files(temporary):
            sync_file(path)
        if temporary.is_dir():
            sync_folder(temporary)
        digest = sha256(temporary)
        name = f"{kind}-{digest[:16]}"
        final = folder / name
        if find_damage(final, kind, digest) is None:
            _remove(temporary)
        else:
            _put(temporary, final)
        sync_folder(folder)
    except OSError as error:
        _remove(temporary)
        raise StorageError(
            f"cannot write to {folder} ({error}); what was stored before the error is kept. Free "
            "some space or correct the permissions, and run the command again"
        ) from error
    except BaseException:
        _remove(temporary)
        raise
    return name, digest


def move(source: Path, target: Path, kind: str, artifact: Artifact) -> None:
    """Move an artifact to another collection on the same disk, unless that has it already.

    Args:
        source: The folder of the collection that has it.
        target: The folder of the collection that gets it.
        kind: `words` or `vectors`.
        artifact: The artifact.

    Raises:
        StorageError: When the folder of artifacts is a link.
        OSError: When it cannot be moved.
    """
    folder = target / FOLDER
    _refuse_link(folder)
    make_folder(folder)
    final = folder / artifact.name
    if find_damage(final, kind, artifact.sha256) is not None:
        _put(source / FOLDER / artifact.name, final)
    sync_folder(folder)


def _put(made: Path, final: Path) -> None:
    """Give an artifact its name, in place of a damaged one of the same content."""
    if os.path.lexists(final):
        final.rename(final.with_name(f".damaged-{uuid.uuid4().hex}"))
    made.rename(final)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, or of a folder's files and their names.

    Raises:
        OSError: When a file cannot be read.
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


def is_intact(collection: Path, artifact: Artifact) -> bool:
    """Return whether an artifact is there with the bytes that were written."""
    try:
        return sha256(collection / FOLDER / artifact.name) == artifact.sha256
    except OSError:
        return False


def find_damage(path: Path, kind: str, digest: str) -> str | None:
    """Return what is wrong with an artifact that should have this SHA-256, or None.

    A link, or a file where a folder should be, is not opened.
    """
    try:
        mode = path.lstat().st_mode
        if not (stat.S_ISDIR(mode) if kind == "words" else stat.S_ISREG(mode)):
            return f"is a link, or not a {'folder' if kind == 'words' else 'file'}"
        if stat.S_ISDIR(mode) and any(not stat.S_ISREG(p.lstat().st_mode) for p in path.iterdir()):
            return "contains a link or a folder"
        return None if sha256(path) == digest else "its content has changed since it was written"
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def stray_files(collection: Path, current: set[str]) -> tuple[list[str], list[str]]:
    """Return the files that are not `current`: those of this program, and all others."""
    folder = collection / FOLDER
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    strays = [name for name in names if name not in current]
    return (
        [name for name in strays if _is_ours(name)],
        [name for name in strays if not _is_ours(name)],
    )


def remove_stale(collection: Path, current: set[str]) -> None:
    """Remove artifacts that are not `current`, and what an interrupted run left."""
    folder = collection / FOLDER
    _refuse_link(folder)
    for name in stray_files(collection, current)[0]:
        _remove(folder / name)


def _is_ours(name: str) -> bool:
    return bool(ARTIFACT_NAME.fullmatch(name) or _TEMPORARY_NAME.fullmatch(name))


def total_size(collection: Path) -> int:
    """Return the bytes that the artifacts of a collection take."""
    folder = collection / FOLDER
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) if folder.is_dir() else 0


def files(path: Path) -> Iterator[Path]:
    """Yield the files of an artifact, without lock files."""
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from sorted(p for p in path.iterdir() if p.is_file() and p.suffix != ".lock")


def _refuse_link(folder: Path) -> None:
    """Refuse to write or remove through a link, which could lead anywhere.

    Raises:
        StorageError: When `folder` is a link.
    """
    if folder.is_symlink():
        raise StorageError(
            f"{folder} is a symbolic link, which releaseqa does not follow; remove it"
        )


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
