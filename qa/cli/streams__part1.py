"""Errors of usage in the program's own words.

typer reads values with pydantic, whose messages speak of inputs and parsing; what kind of error it
was is in its details, and is said here the way other errors of this program are.
"""

from collections.abc import Callable, Mapping
from typing import Any

_WORDS: Mapping[str, Callable[[object, Mapping[str, Any]], str]] = {
    "int_parsing": lambda value, _: f"{value!r} is no whole number.",
    "int_from_float": lambda value, _: f"{value!r} is no whole number.",
    "float_parsing": lambda value, _: f"{value!r} is no number.",
    "finite_number": lambda value, _: f"{value!r} is no number that can be used.",
    "greater_than_equal": lambda value, found: f"{value} is too small; {found['ge']} is the least.",
    "less_than_equal": lambda value, found: f"{value} is too large; {found['le']} is the most.",
    "value_error": lambda _, found: str(found["error"]),
}


def in_words(error: BaseException | None) -> str | None:
    """Return what an error of pydantic means, None for any other error."""
    details = getattr(error, "errors", None)
    if not callable(details):
        return None
    for found in details():
        words = _WORDS.get(found["type"])
        return words(found["input"], found.get("ctx", {})) if words else str(found["msg"])
    return None
