"""The user's data folder, the sessions file in it, and what a collection is called.

The data folder holds what cannot be made again: saved conversations, judgements and checkpoints.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.milvus.address import MilvusAddress

FILE_NAME = "sessions.sqlite3"
VARIABLE = "RELEASEQA_DATA"
"""Environment variable that overrides the platform's data folder."""


def data_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the user's data folder, whether it exists or not."""
    import platformdirs

    return Path(environ.get(VARIABLE) or platformdirs.user_data_dir("releaseqa"))


def sessions_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the file of all sessions, whether it exists or not."""
    return data_folder(environ) / FILE_NAME


def preferences_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the file of the chat's preferences, whether it exists or not."""
    return data_folder(environ) / "chat.json"


def collection_name(folder: Path) -> str:
    """Return what people call a collection: its folder, or the one that a hidden folder is in."""
    path = folder.expanduser().absolute()
    return (path.parent.name if path.name.startswith(".") else path.name) or str(path)


def collection_key(place: "Path | MilvusAddress") -> str:
    """Return the key of a collection's sessions: the absolute path of its folder, or its address.

    Bytes of the path that are not UTF-8 become question marks, because SQLite stores text.
    """
    if not isinstance(place, Path):
        return str(place)
    return str(place.expanduser().resolve()).encode("utf-8", "replace").decode("utf-8")
