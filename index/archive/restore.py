"""Restore a collection from an archive: unpack, rebuild, verify, and only then publish.

Everything is made in a temporary folder, beside a folder that does not exist yet, otherwise inside
it. A new folder appears by one renaming. In a folder that exists, renaming the store is what
replaces the old collection: artifacts have names of their own, and the store names those that
belong to it. So a kill at any moment leaves the old collection, or the new one.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import BaseFileLock

from index.archive.manifest import MODEL_FOLDER, README_NAME, SETTINGS_NAME, Manifest
from index.archive.read import Archive, open_archive
from index.encoders.model import DEFAULT_FINGERPRINT, load_model
from index.errors import (
    ArchiveError,
    CollectionBusyError,
    CollectionDamagedError,
    CollectionTooNewError,
    ModelRefusedError,
    StorageError,
)
from index.ingest.embed import publish_vectors
from index.ingest.update import publish_words
from index.reports import Progress, no_progress
from index.store import artifacts
from index.store.files import side_files
from index.store.reader import FINGERPRINT_META, STORE_NAME, Store
from index.store.staging import staging_folder
from index.store.syncing import make_folder, sync_folder
from index.store.writer import StoreWriter, writing_lock
from index.verify.findings import Verification
from index.verify.verify import verify_collection

_INDEXES = 2
"""The room for the word index and the vector file: a third of the store, and at most half."""

BUNDLE_FOLDER = "bundle"
"""Where a restored collection has what a bundle brought beside it."""
_ARTIFACTS = ("words", "vectors")

Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """A collection that was restored.

    Attributes:
        folder: The collection's.
        manifest: What the archive held.
        verification: What verifying the collection found.
    """

    folder: Path
    manifest: Manifest
    verification: Verification

    @property
    def model(self) -> Path | None:
        """The folder of the encoder's model that a bundle brought."""
        there = self.folder / BUNDLE_FOLDER / MODEL_FOLDER
        return there if self.manifest.has(f"{MODEL_FOLDER}/") else None

    @property
    def settings(self) -> Path | None:
        """The settings that a bundle brought, which are not in force."""
        there = self.folder / BUNDLE_FOLDER / SETTINGS_NAME
        return there if self.manifest.has(SETTINGS_NAME) else None


def restore_archive(
    path: Path, folder: Path, *, force: bool = False, wait: bool = False,
    progress: Report = no_progress,
) -> Restored:  # fmt: skip
    """Restore the collection of an archive into a folder, and verify it.

    A damaged collection is restored all the same, and what is damaged returned, but it does not
    replace another one.

    Args:
        path: The archive.
        folder: The collection's; created when missing.
        force: Replace the collection that is there.
        wait: Wait for another writer instead of refusing.
        progress: Called with the progress.

    Raises:
        ArchiveError: The archive is damaged or holds what it must not, or there is a collection
            and `force` is false.
        CollectionBusyError: Another process uses the collection that would be replaced.
        CollectionDamagedError: The archived collection is damaged.
        CollectionTooNewError: A newer version wrote it.
        StorageError: The folder cannot be written to, or the disk failed; it is as it was.
    """
    folder = Path(os.path.abspath(folder))  # noqa: PTH100 - links stay as they are
    with open_archive(path) as archive, _storage_errors(folder):
        _refuse_collection(folder, force=force)
        archive.check(progress)
        _require_room(folder, archive.manifest.size)
        if os.path.lexists(folder):
            with (
                writing_lock(folder, wait=wait),
                staging_folder(folder / ".restore") as (staging, _),
            ):
                _refuse_collection(folder, force=force)
                found = _build(archive, staging, progress)
                _refuse_damaged(found, folder)
                _replace(staging, folder)
        else:
            make_folder(folder.parent)
            with staging_folder(folder.with_name(f".{folder.name}.restore")) as (staging, lock):
                found = _build(archive, staging, progress)
                _publish_new(staging, folder, lock)
        return Restored(folder, archive.manifest, found)


def prepare_encoder(folder: Path) -> None:
    """Prepare the encoder of questions from the model that a bundle brought, in `folder`.

    Raises:
        ModelRefusedError: When it cannot be loaded.
        StorageError: When the cache cannot be written to.
    """
    from index.encoders.cached_folder import is_exported
    from index.encoders.onnx_export import export
    from index.encoders.sbert import BulkEncoder

    model = load_model(str(folder))
    if not is_exported(model.spec.fingerprint):
        export(model, BulkEncoder(model).torch_model)


@contextmanager
def _storage_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"cannot write to {folder} ({error.strerror or error}); nothing there was changed. "
            "Free some space or correct the permissions, and run the command again"
        ) from error


def _refuse_collection(folder: Path, *, force: bool) -> None:
    if os.path.lexists(folder) and not folder.is_dir():
        raise ArchiveError(f"{folder} is not a folder; name another one")
    if os.path.lexists(folder / BUNDLE_FOLDER) and not os.path.lexists(folder / STORE_NAME):
        raise ArchiveError(f"there is a {BUNDLE_FOLDER!r} in {folder} already; name another folder")
    if os.path.lexists(folder / STORE_NAME) and not force:
        raise ArchiveError(
            f"there is a collection in {folder}; name another folder, "
            "or replace that collection with --force"
        )


def _require_room(folder: Path, size: int) -> None:
    """Refuse an archive whose files and indexes do not fit on the disk."""
    there = next(parent for parent in (folder, *folder.parents) if parent.is_dir())
    if size + size // _INDEXES > shutil.disk_usage(there).free:
        raise StorageError(
            f"{there} has too little room: the collection needs "
            f"{(size + size // _INDEXES) // 1_000_000:,} MB"
        )


def _build(archive: Archive, staging: Path, progress: Report) -> Verification:
    """Make the collection of an archive in a folder of its own; return what verifying it found."""
    for file in archive.manifest.files:
        if file.name != README_NAME:
            target = staging / _place(file.name)
            target.parent.mkdir(parents=True, exist_ok=True)
            archive.extract(file.name, target, progress)
    progress(Progress("build", 0))
    try:
        fingerprint = _build_indexes(staging)
        if archive.manifest.has(f"{MODEL_FOLDER}/"):
            _check_model(staging / BUNDLE_FOLDER / MODEL_FOLDER, fingerprint)
        return verify_collection(staging, progress=progress)
    except (CollectionDamagedError, CollectionTooNewError, ModelRefusedError) as error:
        said = str(error).replace(f"{staging}{os.sep}", "").replace(str(staging), "it")
        raise ArchiveError(f"its collection cannot be used: {said}") from error


def _place(name: str) -> Path:
    """Return where a restored collection has a file of an archive; its name is a known one."""
    return Path(name) if name == STORE_NAME else Path(BUNDLE_FOLDER, *name.split("/"))


def _build_indexes(staging: Path) -> str | None:
    """Make the word index and the vector file; return the fingerprint of the model."""
    with closing(StoreWriter(staging)) as store:
        with store.transaction():
            for kind in _ARTIFACTS:  # those of the collection that was archived
                store.forget_artifact(kind)
        publish_words(store, staging)
        fingerprint = store.meta(FINGERPRINT_META)
        if fingerprint is not None and store.dimension:
            with store.transaction():
                publish_vectors(store, staging, store.dimension, fingerprint)
        return fingerprint


def _check_model(folder: Path, fingerprint: str | None) -> None:
    """Refuse a model that did not make the vectors; nothing of it is loaded.

    Raises:
        ModelRefusedError: When it did not, or would run code of its own.
    """
    if fingerprint == DEFAULT_FINGERPRINT or load_model(str(folder)).spec.fingerprint != (
        fingerprint
    ):
        raise ModelRefusedError("its model is not the one that made its vectors")


def _refuse_damaged(found: Verification, folder: Path) -> None:
    """Refuse to replace a collection by one that is damaged."""
    if found.damaged and os.path.lexists(folder / STORE_NAME):
        first = next(finding for finding in found.findings if finding.verdict == "wrong")
        raise ArchiveError(
            f"its collection is damaged ({first.name} {first.place}: {first.detail}), and does not "
            f"replace the one in {folder}; restore it into another folder"
        )


def _publish_new(staging: Path, folder: Path, lock: BaseFileLock) -> None:
    """Make a new folder of a collection appear."""
    sync_folder(staging)
    if os.name == "nt":  # which renames no folder with an open file
        lock.release()
    staging.rename(folder)
    sync_folder(folder.parent)


def _replace(staging: Path, folder: Path) -> None:
    """Put a collection in the place of the one in `folder`, which is locked.

    The artifacts come first, and nothing refers to them yet. Renaming the store replaces the
    collection. Then what nothing refers to any more is removed.
    """
    _close(folder)
    with Store(staging) as store:
        made = {kind: store.artifact(kind) for kind in _ARTIFACTS}
    for kind, artifact in made.items():
        if artifact is not None:
            artifacts.move(staging, folder, kind, artifact)
    brought = folder / BUNDLE_FOLDER
    if (staging / BUNDLE_FOLDER).is_dir():
        if os.path.lexists(brought):
            brought.rename(staging / f"{BUNDLE_FOLDER}.old")
        (staging / BUNDLE_FOLDER).rename(brought)
    sync_folder(folder)  # the log of the old store must not come back beside the new one
    (staging / STORE_NAME).replace(folder / STORE_NAME)
    sync_folder(folder)
    artifacts.remove_stale(folder, {found.name for found in made.values() if found is not None})


def _close(folder: Path) -> None:
    """Close the store that is replaced: its log must not be applied to the new one.

    Raises:
        CollectionBusyError: When another process reads the log.
    """
    store = folder / STORE_NAME
    if side_files(store) and store.is_file():
        with suppress(CollectionDamagedError, CollectionTooNewError), closing(StoreWriter(folder)):
            pass
        if side_files(store) and _can_be_opened(folder):
            raise CollectionBusyError(
                f"{folder} is in use; close the programs that read it, such as chat"
            )
    for file in side_files(store):  # of no use without a store that can be read
        file.unlink()


def _can_be_opened(folder: Path) -> bool:
    try:
        Store(folder).close()
    except (CollectionDamagedError, CollectionTooNewError):
        return False
    return True
