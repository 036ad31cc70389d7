"""The coefficients files of the package."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def packaged(file: str, encoder: str = "") -> dict[str, Any]:
    """Return the content of a coefficients file of the package, such as `ranker.json`.

    Args:
        file: Its name.
        encoder: An encoder family, such as `multilingual`. What was fitted for it is in
            `ranker-multilingual.json`; without that file, the packaged encoder's serves.
    """
    folder = files("qa").joinpath("data")
    stem, dot, suffix = file.partition(".")
    own = folder.joinpath(f"{stem}-{encoder}{dot}{suffix}")
    found = own if encoder and own.is_file() else folder.joinpath(file)
    data: dict[str, Any] = json.loads(found.read_text("utf-8"))
    return data
