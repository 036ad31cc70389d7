"""Detects the language of a text.

py3langid detects it with an n-gram model of about a hundred languages. On fewer than a few dozen
letters it guesses badly, so short texts have no language and the analyzer's default applies.
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
    # Longer codes are dialects and rare languages: an Arabic release must not become "ary", which
    # no analyzer and no filter knows.
    found.set_languages([name for name in found.labels if len(name) == CODE_LENGTH])
    return found


def detect_language(text: str) -> str | None:
    """Return the ISO 639-1 code of the language of `text`, or None when it is uncertain."""
    sample = text[:SAMPLE]
    if sum(map(str.isalpha, sample)) < MIN_LETTERS:
        return None
    if sample.isupper():  # the model was trained on mixed case
        sample = sample.lower()
    code, probability = _identifier().classify(sample)
    return str(code) if probability >= _MIN_PROBABILITY else None


def language_code(tag: str | None) -> str | None:
    """Return the ISO 639-1 part of a tag such as `fr-CA`, or None for anything else."""
    if not tag:
        return None
    code = tag.strip().replace("_", "-").split("-", 1)[0].lower()
    return code if len(code) == CODE_LENGTH and code.isascii() and code.isalpha() else None


_LATIN_END = "\u0250"
"""The first character after the basic Latin blocks."""

_LATIN_ADDITIONAL = ("\u1e00", "\u1eff")
"""First and last character of the block Latin Extended Additional, used in Vietnamese."""


def is_latin(text: str) -> bool:
    """Whether at least half of the letters are Latin; also true of a text without letters."""
    letters = [c for c in text if c.isalpha()]
    first, last = _LATIN_ADDITIONAL
    latin = sum(c < _LATIN_END or first <= c <= last for c in letters)
    return 2 * latin >= len(letters)
