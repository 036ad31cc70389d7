"""In which letters a text is written."""

_LATIN, _LATIN_TOO = "\u0250", ("\u1e00", "\u1eff")
"""The blocks of Latin letters: all below the first, and the additional ones of Vietnamese."""


def is_latin(text: str) -> bool:
    """Whether at least half of a text's letters are Latin ones; so of a text without letters."""
    letters = [c for c in text if c.isalpha()]
    latin = sum(c < _LATIN or _LATIN_TOO[0] <= c <= _LATIN_TOO[1] for c in letters)
    return 2 * latin >= len(letters)
