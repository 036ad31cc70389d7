"""Write a collection to an archive: its store, which everything else can be made from.

The store is copied by SQLite as it is at one moment, so an update may be at work meanwhile. The
word index and the vector file are not in an archive: they are made from the store in seconds, and
nothing has to be encoded again. See docs/decisions/0020-backups-hold-the-store-alone.md.
"""

import datetime as dt
import hashlib
import shutil
import stat
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from index.archive.manifest import (
    MANIFEST_NAME,
    ArchivedFile,
    Kind,
    Manifest,
    write_manifest,
)
from index.errors import StorageError
from index.reports import Progress, in_megabytes, no_progress
from index.store.reader import MODEL_META, STORE_NAME, Store

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Extra:
    """What an archive holds beside the store.

    Attributes:
        files: Files by their name in the archive.
        texts: Texts by their name in the archive.
    """

    files: Mapping[str, Path] = field(default_factory=dict)
    texts: Mapping[str, bytes] = field(default_factory=dict)


def nothing_else(_: Store) -> Extra:
    """Return what a backup holds beside the store: nothing."""
    return Extra()


def write_archive(
    folder: Path,
    stream: BinaryIO,
    scratch: Path,
    *,
    program: str,
    kind: Kind = "backup",
    extra: Callable[[Store], Extra] = nothing_else,
    progress: Callable[[Progress], None] = no_progress,
) -> Manifest:
    """Write the collection in `folder`, as it is at this moment, as an archive.

    Args:
        folder: The collection's; nothing is written to it.
        stream: Where the archive is written to.
        scratch: A folder for the copy of the store, which has the store's size.
        program: The version of the program.
        kind: What the archive is.
        extra: Takes the copied store; returns what else the archive holds.
        progress: Called with the progress.

    Returns:
        What was written.

    Raises:
        CollectionNotFoundError, CollectionTooNewError, CollectionDamagedError: The collection
            cannot be read.
        StorageError: There is no room for the copy.
        OSError: The archive cannot be written.
    """
    progress(Progress("copy", 0))
    _copy_store(folder, scratch)
    with Store(scratch) as store:
        added = extra(store)
        sources: dict[str, Path | bytes] = {
            **added.texts, STORE_NAME: store.path, **added.files,
        }  # fmt: skip
        facts = (store.count("releases"), store.count("passages"), store.meta(MODEL_META))
    total = sum(len(s) if isinstance(s, bytes) else s.stat().st_size for s in sources.values())
    report = in_megabytes(progress, "pack", total)
    files = []
    with zipfile.ZipFile(stream, "w") as archive:
        for name, source in sources.items():
            with _opened(source) as content:
                files.append(_add(archive, name, content, report))
        created = dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        manifest = Manifest(kind, program, created, *facts, tuple(files))
        _add(archive, MANIFEST_NAME, BytesIO(write_manifest(manifest)), lambda _: None)
    return manifest


def _copy_store(folder: Path, scratch: Path) -> None:
    with Store(folder) as store:
        if store.path.stat().st_size > shutil.disk_usage(scratch).free:
            raise StorageError(f"{scratch.parent} has no room for a copy of the store; free some")
        store.copy_to(scratch / STORE_NAME)


@contextmanager
def _opened(source: Path | bytes) -> Iterator[BinaryIO]:
    if isinstance(source, bytes):
        yield BytesIO(source)
        return
    with source.open("rb") as stream:
        yield stream


def _add(
    archive: zipfile.ZipFile, name: str, content: BinaryIO, report: Callable[[int], None]
) -> ArchivedFile:
    """Add a file to an archive, in pieces; return its size and hash."""
    info = zipfile.ZipInfo(name, time.localtime()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    digest, size = hashlib.sha256(), 0
    with archive.open(info, "w", force_zip64=True) as member:
        while piece := content.read(_PIECE):
            member.write(piece)
            digest.update(piece)
            size += len(piece)
            report(len(piece))
    return ArchivedFile(name, size, digest.hexdigest())
