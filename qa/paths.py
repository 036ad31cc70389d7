"""Where sessions are kept: one file for each user, outside every collection."""

import os
from collections.abc import Mapping
from pathlib import Path

FILE_NAME = "sessions.sqlite3"
VARIABLE = "RELEASEQA_DATA"
"""Names the folder instead of the user's usual one."""


def data_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of what only the user has: it cannot be made again."""
    import platformdirs

    return Path(environ.get(VARIABLE) or platformdirs.user_data_dir("releaseqa"))


def sessions_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the file of all sessions, whether it exists or not."""
    return data_folder(environ) / FILE_NAME


def collection_key(folder: Path) -> str:
    """Return the name under which a collection's sessions are kept: its folder, whole.

    Bytes of a path that are no UTF-8 become question marks: SQLite holds text only.
    """
    return str(folder.expanduser().resolve()).encode("utf-8", "replace").decode("utf-8")
