"""Write a folder of the cache: an encoder that can be made again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import StorageError
from index.store.syncing import new_folder


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
