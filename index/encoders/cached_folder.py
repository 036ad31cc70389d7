"""Folders of the cache: encoders that can be made again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.encoders.model import FINGERPRINT
from index.errors import CollectionDamagedError, StorageError
from index.store import paths
from index.store.syncing import new_folder

FACTS = "encoder.json"
_EXPORT_VERSION = "3"
"""Version of the exported files; those of another version are left alone."""


def cache_folder(fingerprint: str) -> Path:
    """Return the folder of the exported encoder of a model.

    Raises:
        CollectionDamagedError: When `fingerprint`, which comes from a store, is not a fingerprint.
    """
    if not FINGERPRINT.fullmatch(fingerprint):
        raise CollectionDamagedError(
            "the collection does not name a valid model; index its sources into a new collection"
        )
    return paths.cache_folder() / "encoders" / f"{fingerprint}-{_EXPORT_VERSION}"


def is_exported(fingerprint: str) -> bool:
    """Return whether the encoder of that fingerprint is in the cache."""
    return (cache_folder(fingerprint) / FACTS).is_file()


@contextmanager
def new_cached_folder(target: Path, proof: str, what: str) -> Iterator[Path]:
    """Write a folder of the cache, as `new_folder` does.

    Args:
        target: What it becomes.
        proof: A file of it, by which that of another process is known from something else.
        what: What is written, for the message.

    Raises:
        StorageError: When it cannot be written.
    """
    try:
        with new_folder(target, proof) as folder:
            yield folder
    except OSError as error:
        raise StorageError(
            f"cannot write the {what} to {target} ({error.strerror or error}); "
            "choose another folder with RELEASEQA_CACHE"
        ) from error
