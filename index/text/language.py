"""Which language a release is in.

py3langid decides (an n-gram model of some hundred languages). Below a few dozen letters a guess is
worth little, so short texts stay undecided, and the analyser's default applies.
"""

from functools import lru_cache
from typing import Any

CODE_LENGTH = 2
"""ISO 639-1; longer codes are of ISO 639-3."""
MIN_LETTERS = 60
SAMPLE = 2_000
_MIN_PROBABILITY = 0.8


@lru_cache(maxsize=1)
def _identifier() -> Any:  # noqa: ANN401 - the library is untyped
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # Others are dialects of these and rare languages: an Arabic release must not become "ary",
    # which no analyser and no filter knows.
    found.set_languages([name for name in found.labels if len(name) == CODE_LENGTH])
    return found


def detect_language(text: str) -> str | None:
    """Return the ISO 639-1 code of the language of `text`, or None when it cannot be told."""
    sample = text[:SAMPLE]
    if sum(map(str.isalpha, sample)) < MIN_LETTERS:
        return None
    if sample.isupper():  # archives of telegraph days; the model knows lower case
        sample = sample.lower()
    code, probability = _identifier().classify(sample)
    return str(code) if probability >= _MIN_PROBABILITY else None


def language_code(tag: str | None) -> str | None:
    """Return the ISO 639-1 part of a tag such as `fr-CA`, or None for anything else."""
    if not tag:
        return None
    code = tag.strip().replace("_", "-").split("-", 1)[0].lower()
    return code if len(code) == CODE_LENGTH and code.isascii() and code.isalpha() else None


_LATIN, _LATIN_TOO = "\u0250", ("\u1e00", "\u1eff")
"""The blocks of Latin letters: all below the first, and the additional ones of Vietnamese."""


def is_latin(text: str) -> bool:
    """Whether at least half of a text's letters are Latin ones; so of a text without letters."""
    letters = [c for c in text if c.isalpha()]
    latin = sum(c < _LATIN or _LATIN_TOO[0] <= c <= _LATIN_TOO[1] for c in letters)
    return 2 * latin >= len(letters)
