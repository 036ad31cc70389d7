"""Repair a collection: make again what is made from its texts; never change the texts.

A repair runs the code of an update, under the same lock. A text that is not what was read cannot
be repaired here, and the verification after the repair still reports it.
"""

from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from index.dedup.link import SIGNATURE_META, link_duplicates
from index.encoders.model import recorded_model
from index.errors import CollectionDamagedError, ModelRefusedError
from index.ingest.embed import encode_pending
from index.ingest.update import finalize_vectors, publish_words, remove_stale_artifacts
from index.reports import Progress, no_progress
from index.store.reader import DIMENSION_META, FINGERPRINT_META, Store
from index.store.writer import StoreWriter, writing_lock
from index.verify.findings import Finding, Part, Verification
from index.verify.verify import Report, verify_collection


@dataclass(frozen=True, slots=True)
class Repair:
    """What a repair did.

    Attributes:
        before, after: What was found before and after it; the same when there was nothing to do.
    """

    before: Verification
    after: Verification

    @property
    def mended(self) -> tuple[Finding, ...]:
        """What was found before the repair and not after it."""
        left = {(found.name, found.place) for found in self.after.findings}
        names = {found.name for found in self.after.findings}
        undone: set[Part | None] = {part for part in ("word index", "vector file") if part in names}
        if "passages" in names:  # the damaged vectors were removed, but not encoded again
            undone.add("vectors")
        return tuple(
            found
            for found in self.before.findings
            if (found.name, found.place) not in left and found.mends not in undone
        )


def repair_collection(
    folder: Path, *, wait: bool = False, progress: Report = no_progress
) -> Repair:
    """Verify a collection, make again what is made from its texts, and verify it again.

    Nothing is written when there is nothing to repair, or when SQLite reports that its file is
    damaged, because writing to such a file can damage more.

    Args:
        folder: The collection's.
        wait: Wait for another writer instead of refusing.
        progress: Called with the progress.

    Raises:
        CollectionBusyError: Another process is writing and `wait` is false.
        StorageError: The folder cannot be written to, or the disk failed.
        Others as `verify_collection`.
    """
    with Store(folder, check_schema=False):
        pass  # a missing collection is not created
    with writing_lock(folder, wait=wait):
        before = verify_collection(folder, progress=progress)
        if before.broken or not before.parts:
            return Repair(before, before)
        with closing(StoreWriter(folder)) as store:  # merges a log, or plays a journal back
            _repair(folder, store, before, progress)
        return Repair(before, verify_collection(folder, progress=progress))


def _repair(
    folder: Path, store: StoreWriter, found: Verification, progress: Callable[[Progress], None]
) -> None:
    damaged = found.damaged_parts
    if "indexes" in damaged:
        with suppress(CollectionDamagedError), store.transaction():
            store.rebuild_indexes()
    with store.transaction():
        if found.dimension is not None:
            store.set_meta(DIMENSION_META, str(found.dimension))
        if "families" in damaged:
            store.set_meta(SIGNATURE_META, "")  # not today's version: they are made again
        if "former releases" in damaged:
            store.remove_damaged_former_releases()
        removed = store.remove_vectors(found.bad_vectors)
        if "word index" in damaged:
            store.forget_artifact("words")
        if "vector file" in damaged or removed:
            store.forget_artifact("vectors")
    # Each step fails when a stored text cannot be read; the others go on, and the verification
    # afterwards reports what is left.
    with suppress(CollectionDamagedError):
        link_duplicates(store, lambda: False)
    with suppress(CollectionDamagedError):
        publish_words(store, folder)
    fingerprint = store.meta(FINGERPRINT_META)
    if removed:
        with suppress(CollectionDamagedError, ModelRefusedError):
            _encode(store, fingerprint, progress)
    with suppress(CollectionDamagedError):
        if fingerprint is not None and store.dimension:
            finalize_vectors(store, folder, store.dimension, fingerprint)
    remove_stale_artifacts(store, folder)


def _encode(
    store: StoreWriter, fingerprint: str | None, progress: Callable[[Progress], None]
) -> None:
    """Encode what has no vector, if the collection's model is known by its hash.

    Another model is loaded only when the user names it, never because a collection does.
    """
    model = recorded_model(fingerprint)
    if model.spec.fingerprint == fingerprint:
        encode_pending(store, model, progress, lambda: False)
