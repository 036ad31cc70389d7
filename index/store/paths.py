"""Where a collection is, found the way git finds its own folder, and where encoders are cached."""

import os
from collections.abc import Mapping
from pathlib import Path

from index.errors import CollectionNotFoundError
from index.store.reader import STORE_NAME, remedy

FOLDER_NAME = ".releaseqa"
VARIABLE = "RELEASEQA_INDEX"


def find_collection(explicit: str | Path | None = None) -> Path:
    """Return the folder of the collection to read.

    Args:
        explicit: The folder the user named; default: RELEASEQA_INDEX, else the nearest
            `.releaseqa` in the current folder or above it.

    Raises:
        CollectionNotFoundError: When there is none; the message says how to make one.
    """
    named = explicit or os.environ.get(VARIABLE)
    if named:
        folder = _named_folder(named)
        if not (folder / STORE_NAME).is_file():
            raise CollectionNotFoundError(f"no collection in {folder}; {remedy(folder)}")
        return folder
    nearest = _nearest()
    if nearest is None:
        raise CollectionNotFoundError(
            "no collection in this folder or a parent folder; create one: releaseqa index FOLDER"
        )
    return nearest


def collection_for_writing(explicit: str | Path | None = None) -> Path:
    """Return the folder of the collection to write to: found as above, default: `./.releaseqa`.

    Raises:
        CollectionNotFoundError: What the user named is a file.
    """
    named = explicit or os.environ.get(VARIABLE)
    if named:
        return _named_folder(named)
    return _nearest() or Path.cwd() / FOLDER_NAME


def _named_folder(named: str | Path) -> Path:
    folder = Path(named).expanduser()
    if folder.is_file():
        raise CollectionNotFoundError(
            f"{folder} is a file; the folder of a collection is needed, such as {FOLDER_NAME}"
        )
    return folder


def _nearest() -> Path | None:
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FOLDER_NAME / STORE_NAME).is_file():
            return folder / FOLDER_NAME
    return None


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder for files that can be made again; default: the user's cache folder.

    The environment variable RELEASEQA_CACHE names another one.
    """
    import platformdirs

    return Path(environ.get("RELEASEQA_CACHE") or platformdirs.user_cache_dir("releaseqa"))
