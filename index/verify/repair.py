"""Mending a collection: what is made from its texts is made again, the texts are never touched.

The same code writes that writes in an update, under the same lock. What cannot be mended here,
a text that is not what was read, is left as it is for the verification to name.
"""

from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from index.dedup.link import FORM_META, link_duplicates
from index.encoders.model import load_model
from index.errors import CollectionDamagedError, ModelRefusedError
from index.ingest.embed import encode_pending
from index.ingest.update import finalize_vectors, publish_words, remove_stale_artifacts
from index.reports import Progress
from index.store.reader import DIMENSION_META, FINGERPRINT_META, Store
from index.store.writer import StoreWriter, writing_lock
from index.verify.findings import Finding, Part, Verification
from index.verify.verify import verify_collection


@dataclass(frozen=True, slots=True)
class Repair:
    """What a repair did.

    Attributes:
        before, after: What was found before and after it; the same when nothing was to be done.
    """

    before: Verification
    after: Verification

    @property
    def mended(self) -> tuple[Finding, ...]:
        """What was found before it and is not there any more."""
        left = {(found.name, found.place) for found in self.after.findings}
        names = {found.name for found in self.after.findings}
        undone: set[Part | None] = {p for p in ("word index", "vector file") if p in names}
        if "passages" in names:  # without vectors: what was damaged was removed, no more
            undone.add("vectors")
        return tuple(
            found
            for found in self.before.findings
            if (found.name, found.place) not in left and found.mends not in undone
        )


def _silent(_: Progress) -> None:
    """Tell nobody."""


def _never() -> bool:
    return False


def repair_collection(
    folder: Path, *, wait: bool = False, progress: Callable[[Progress], None] = _silent
) -> Repair:
    """Verify a collection, make again what is made from its texts, and verify it once more.

    Nothing is written when nothing can be mended, nor when SQLite itself finds the file damaged:
    to write into such a file can damage more.

    Args:
        folder: The collection's.
        wait: Wait for another writer instead of refusing.
        progress: Told how far things are.

    Raises:
        CollectionBusyError: Another process is writing and `wait` is false.
        StorageError: The folder may not be written to, or the disk refused.
        Others as `verify_collection`.
    """
    with Store(folder):
        pass  # a missing collection is not made
    with writing_lock(folder, wait=wait):
        before = verify_collection(folder, progress=progress)
        if before.broken or not before.parts:
            return Repair(before, before)
        with closing(StoreWriter(folder)) as store:
            _mend(folder, store, before, progress)
        return Repair(before, verify_collection(folder, progress=progress))


def _mend(
    folder: Path, store: StoreWriter, found: Verification, progress: Callable[[Progress], None]
) -> None:
    anew = found.damaged_parts
    if "indexes" in anew:
        with suppress(CollectionDamagedError):
            store.rebuild_indexes()
    with store.transaction():
        if found.dimension is not None:
            store.set_meta(DIMENSION_META, str(found.dimension))
        if "families" in anew:
            store.set_meta(FORM_META, "")  # another one than today's: they are made anew
        dropped = store.drop_vectors(found.bad_vectors)
        if "word index" in anew:
            store.drop_artifact("words")
        if "vector file" in anew or dropped:
            store.drop_artifact("vectors")
    # Each of these stops where a stored text cannot be read; the others go on, and verifying
    # again names what is left.
    with suppress(CollectionDamagedError):
        link_duplicates(store, _never)
    with suppress(CollectionDamagedError):
        publish_words(store, folder)
    fingerprint = store.meta(FINGERPRINT_META)
    if dropped:
        with suppress(CollectionDamagedError, ModelRefusedError):
            _encode(store, fingerprint, progress)
    with suppress(CollectionDamagedError):
        if fingerprint is not None and store.dimension:
            finalize_vectors(store, folder, store.dimension, fingerprint)
    remove_stale_artifacts(store, folder)


def _encode(
    store: StoreWriter, fingerprint: str | None, progress: Callable[[Progress], None]
) -> None:
    """Encode what has no vector, if the collection's model is the packaged one.

    Which other model to load is for the user to say, not for the collection.
    """
    model = load_model()
    if model.spec.fingerprint == fingerprint:
        encode_pending(store, model, progress, _never)
