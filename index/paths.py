"""Where what can be made again is kept: outside every collection, one place for each user."""

import os
from collections.abc import Mapping
from pathlib import Path


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder: the one that RELEASEQA_CACHE names, else the user's usual one."""
    import platformdirs

    return Path(environ.get("RELEASEQA_CACHE") or platformdirs.user_cache_dir("releaseqa"))
