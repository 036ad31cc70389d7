"""Lone surrogates: what a string can hold and UTF-8, and so the store, cannot.

Arguments of the command line that are not UTF-8 have some, and JSON can have.
"""

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def without_surrogates(text: str) -> str:
    """Return `text` with U+FFFD for each lone surrogate."""
    return _SURROGATE.sub("\ufffd", text)


def has_surrogate(text: str) -> bool:
    """Whether `text` holds a lone surrogate."""
    return _SURROGATE.search(text) is not None
