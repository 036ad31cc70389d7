"""The text analyzer: case folding, tokens and stemmed terms.

The lexical index, document frequencies, coverage features and term highlights all use
`tokenize`, so that what is highlighted is what matched. A token is a run of letters and digits;
its term is the run case-folded, without accents, stemmed by the Snowball stemmer of its language
(Porter, 1980; snowballstem.org). Chinese, Japanese and Thai put no spaces between words and are
split into overlapping pairs of characters, the usual choice without a dictionary (Nie et al.,
"On the use of words and n-grams for Chinese information retrieval", 2000).
"""

import re
import unicodedata
from functools import lru_cache
from itertools import filterfalse
from typing import NamedTuple

import Stemmer

from index.types import Span

ANALYZER_VERSION = "2"
"""Part of the lexical index's identity; change it when this module's output changes."""

MAX_TOKEN_LENGTH = 64
"""Longer runs are cut: they are noise, and a stemmer's time grows with their length."""

_LETTERS = r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*"
"""A run of letters and digits, with combining accents (NFD)."""

_WORD = re.compile(rf"{_LETTERS}(?:['’]{_LETTERS})*(?:[.,](?=\d){_LETTERS})*")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_LANGUAGES = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german",
    "el": "greek", "en": "english", "es": "spanish", "et": "estonian", "eu": "basque",
    "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_MAY_COMBINE = re.compile("[^\0-\u02ff\u2010-\u203f]")
"""A character outside the Unicode blocks that hold no combining marks (Latin letters, modifiers,
dashes and quotation marks)."""
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=.)")
_ELIDING = frozenset({"fr", "it", "ca"})


class Token(NamedTuple):
    """A term and the span of its word.

    A named tuple, because a question makes thousands: a frozen data class takes three times as
    long.
    """

    term: str
    span: Span


@lru_cache(maxsize=64)
def _stemmer(lang: str) -> Stemmer.Stemmer | None:
    name = _LANGUAGES.get(lang)
    if name is None or name not in Stemmer.algorithms():
        return None
    return Stemmer.Stemmer(name)


def fold(text: str) -> str:
    """Return `text` without case and without accents (NFKD, combining marks removed)."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFKD", folded)
    if not _MAY_COMBINE.search(decomposed):  # often only dashes and quotation marks are not ASCII
        return decomposed
    return "".join(filterfalse(unicodedata.combining, decomposed))


def is_space_delimited(text: str) -> bool:
    """Whether all scripts of a text put spaces between words."""
    return text.isascii() or not _UNSPACED.search(text)


def tokenize(text: str, lang: str | None = None, *, stem: bool = True) -> list[Token]:
    """Return the tokens of `text` in order.

    Args:
        text: Any text.
        lang: ISO 639-1 code that chooses the stemmer; English when None.
        stem: Whether terms lose their endings; otherwise they are only folded.

    Returns:
        Tokens whose spans are into `text`, in code points.
    """
    code = lang or "en"
    spaced = is_space_delimited(text)
    normalize = normalize_word if stem else fold_word
    found: list[Token] = []
    for match in _WORD.finditer(text):
        word = match[0]
        if not spaced and _UNSPACED.search(word):
            found.extend(_character_pairs(word, match.start()))
            continue
        term = normalize(word, code)
        if term:
            found.append(Token(term, match.span()))
    return found


@lru_cache(maxsize=1 << 15)
def normalize_word(word: str, lang: str) -> str:
    """Return the term of one word of a script that puts spaces between words.

    The bounded cache holds single words, which repeat (Zipf): running text takes a third of the
    time.
    """
    term = fold_word(word, lang)
    stemmer = _stemmer(lang)
    return term if stemmer is None else stemmer.stemWord(term)


def fold_word(word: str, lang: str) -> str:
    """Return one word of such a script folded, with its ending."""
    term = fold(word[:MAX_TOKEN_LENGTH])
    if not term.isascii() or "'" in term or "’" in term:
        term = _strip_apostrophes(term, lang)
    return term


def extract_terms(text: str, lang: str | None = None) -> list[str]:
    """Return the terms of `text` in order."""
    return [token.term for token in tokenize(text, lang)]


def fold_terms(text: str, lang: str | None = None) -> list[str]:
    """Return the words of `text` in order, folded, with their endings."""
    return [token.term for token in tokenize(text, lang, stem=False)]


def _strip_apostrophes(term: str, lang: str) -> str:
    if lang in _ELIDING:
        term = _ELISION.sub("", term)
    term = term.replace("’", "'")
    return term.removesuffix("'s").replace("'", "")


def _character_pairs(word: str, offset: int) -> list[Token]:
    """Split the unspaced script in a run into character pairs; other parts stay whole."""
    found: list[Token] = []
    position = 0
    for match in _UNSPACED.finditer(word):
        if position < match.start():
            rest = word[position : match.start()]
            found.append(Token(fold(rest), (offset + position, offset + match.start())))
        run, base = match.group(), offset + match.start()
        if len(run) == 1:
            found.append(Token(run, (base, base + 1)))
        found.extend(
            Token(fold(run[i : i + 2]), (base + i, base + i + 2)) for i in range(len(run) - 1)
        )
        position = match.end()
    if position < len(word):
        found.append(Token(fold(word[position:]), (offset + position, offset + len(word))))
    return [token for token in found if token.term]
