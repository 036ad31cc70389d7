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
        encoder: The encoder it was fitted for, such as `multilingual`, whose file is
            `ranker-multilingual.json`; empty for the packaged one.
    """
    stem, dot, suffix = file.partition(".")
    name = f"{stem}-{encoder}{dot}{suffix}" if encoder else file
    data: dict[str, Any] = json.loads(files("qa").joinpath("data", name).read_text("utf-8"))
    return data
