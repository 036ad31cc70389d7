"""The coefficients files of the package."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def packaged(file: str) -> dict[str, Any]:
    """Return the content of a coefficients file of the package, such as `ranker.json`."""
    data: dict[str, Any] = json.loads(files("qa").joinpath("data", file).read_text("utf-8"))
    return data
