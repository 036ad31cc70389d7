"""Words of a question that occur nowhere in the collection, and the words that are meant.

A word is replaced only if it is no word: it occurs in no passage and no headline, it is no common
English word or a form of one, and it is not made of two. So "automobile" is never taken for another
word because the releases say "car". It is replaced by the nearest word that occurs: a common one,
or one of the collection. Questions of which all words occur are left alone after looking each of
them up in the word index.
"""

from collections.abc import Sequence
from functools import lru_cache

from index.encoders.vocabulary import common_words
from index.errors import ModelRefusedError
from index.filters import NO_FILTERS
from index.search.backend import SearchBackend
from index.text.analyzer import Token, extract_terms, fold, tokenize
from qa.query.question import DEFAULT_LANG, ParsedQuestion
from qa.query.spelling import KnownWords, NearWord, allowed_slips
from qa.types import Correction

NAME_FREQUENCY = 20
"""Passages that a word must be in to be searched instead of a capitalised one."""
OWN_FREQUENCY = 2
"""Passages that a word of the collection must be in if it is no common word: else it may itself be
mistyped."""
OWN_LETTERS = 6
"""Letters of a word that may be taken for one of the collection that is no common word."""
MOST_STEMS = 5
"""Stems of the collection that are looked at, the nearest and commonest first."""
_SHORTEST_PART = 3
_SHORTEST_BASE = 4
_PREFIXES = (
    *("anti", "co", "de", "dis", "in", "inter", "mis", "non", "out", "over", "pre", "re", "sub"),
    *("un", "under"),
)
_SUFFIXES = ("able", "age", "er", "ers", "ful", "ish", "less", "ly", "ness", "r", "rs")
_QUOTE_MARKS = frozenset('"“”„«»')


class Respeller:
    """Finds the words meant by mistyped ones, in one open collection. Thread-safe."""

    def __init__(self, searcher: SearchBackend) -> None:
        """Use the word index of a collection."""
        self._searcher = searcher
        self._own: dict[str, tuple[KnownWords, dict[str, int]]] = {}
        """The stems of no common word by their first letter, with the passages each is in."""
        self._spelled: dict[str, frozenset[str]] = {}
        """The words of a stem, as the passage has them that has it most."""

    def corrections(
        self, question: ParsedQuestion, languages: Sequence[str]
    ) -> tuple[Correction, ...]:
        """Return the replacements for the mistyped words of a question, in their order.

        Args:
            question: In English; no word of another language is replaced.
            languages: Those that its words are searched in.
        """
        if question.lang != DEFAULT_LANG:
            return ()
        text = question.text
        self._searcher.prefetch_terms(
            term for lang in {DEFAULT_LANG, *languages} for term in extract_terms(text, lang)
        )
        names = {word.text for word in question.words if word.is_name}
        found = []
        for token in tokenize(text, question.lang):
            typed = text[slice(*token.span)]
            if not self._is_unknown(typed, languages) or _is_quoted(text, token):
                continue
            word = self._meant(typed, is_name=typed in names)
            if word is not None:
                found.append(Correction(typed, word, token.span))
        return tuple(found)

    def _is_unknown(self, typed: str, languages: Sequence[str]) -> bool:
        """Whether a word occurs nowhere and is none."""
        if not typed.isalpha() or not allowed_slips(typed):
            return False
        if any(
            self._searcher.occurs(term)
            for lang in {DEFAULT_LANG, *languages}
            for term in extract_terms(typed, lang)
        ):
            return False
        return not _is_english(fold(typed))

    def _meant(self, typed: str, *, is_name: bool) -> str | None:
        """Return the word that a mistyped one stands for, or None.

        A capitalised word may be a name that the collection lacks. So it may have one slip only,
        and is taken for a word of the collection only if that is frequent; within a question, that
        must be a name as well.
        """
        word, capital = fold(typed), typed[0].isupper()
        most = 1 if capital else allowed_slips(word)
        found = [] if is_name else self._common_words(word, most)
        nearest = min((near.distance for near, _ in found), default=most + 1)
        least = NAME_FREQUENCY if capital else OWN_FREQUENCY
        own = self._own_words(word, min(most, nearest), names=is_name)
        found += [(near, count) for near, count in own if count >= least]
        ranked = sorted((near.distance, -count, near.word) for near, count in found)
        if not ranked:
            return None
        return ranked[0][2].capitalize() if capital else ranked[0][2]

    def _common_words(self, word: str, most: int) -> list[tuple[NearWord, int]]:
        """Return the common words that are near, with the number of passages each is in."""
        frequency = self._searcher.document_frequency
        near_words = [(near, frequency(_stem(near.word))) for near in _common().near(word, most)]
        return [(near, count) for near, count in near_words if count]

    def _own_words(self, word: str, most: int, *, names: bool) -> list[tuple[NearWord, int]]:
        """Return near words that the collection alone has, with the passages each is in.

        The word index has stems, so the words of a stem are looked up in a passage that has it.
        """
        if len(word) < OWN_LETTERS:
            return []
        stems, frequencies = self._own_stems(word[0])
        near_stems = sorted(
            stems.near(_stem(word), most), key=lambda near: (near[0], -frequencies[near.word])
        )
        return [
            (near, frequencies[stem.word])
            for stem in near_stems[:MOST_STEMS]
            for spelling in self._spellings(stem.word)
            if spelling[0].isupper() or not names
            for near in KnownWords([fold(spelling)]).near(word, most)
        ]

    def _own_stems(self, letter: str) -> tuple[KnownWords, dict[str, int]]:
        if letter not in self._own:
            frequencies = {
                stem: count
                for stem, count in self._searcher.terms(letter)
                if count >= OWN_FREQUENCY and stem.isalpha() and stem not in _common_stems()
            }
            self._own[letter] = KnownWords(frequencies), frequencies
        return self._own[letter]

    def _spellings(self, stem: str) -> frozenset[str]:
        """Return the words with this stem in the passage that has it most."""
        if stem not in self._spelled:
            hits = self._searcher.search_lexical([stem], 1, NO_FILTERS)
            stored = self._searcher.lookups.passages([key for key, _ in hits]).values()
            self._spelled[stem] = frozenset(
                passage.text[slice(*token.span)]
                for passage in stored
                for token in tokenize(passage.text, passage.lang)
                if token.term == stem
            )
        return self._spelled[stem]


def _is_english(word: str) -> bool:
    """Whether a word is a common one, or is made of common ones."""
    try:
        words = common_words()
    except ModelRefusedError:  # without a list of words, none is known to be mistyped
        return True
    if _is_form(word):
        return True
    bases = [word[len(part) :] for part in _PREFIXES if word.startswith(part)]
    bases += [word[: -len(part)] for part in _SUFFIXES if word.endswith(part)]
    if any(len(base) >= _SHORTEST_BASE and _is_form(base) for base in bases):
        return True
    cuts = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    return any(word[:cut] in words and word[cut:] in words for cut in cuts)


def _is_form(word: str) -> bool:
    """Whether a word is a common one, or differs from one in its ending alone."""
    return word in common_words() or _stem(word) in _common_stems()


@lru_cache(maxsize=1)
def _common() -> KnownWords:
    return KnownWords(common_words())


@lru_cache(maxsize=1)
def _common_stems() -> frozenset[str]:
    return frozenset(map(_stem, common_words()))


def _stem(word: str) -> str:
    return "".join(extract_terms(word, DEFAULT_LANG))


def _is_quoted(text: str, token: Token) -> bool:
    """Whether a word stands within quotation marks."""
    before = sum(mark in _QUOTE_MARKS for mark in text[: token.span[0]])
    after = any(mark in _QUOTE_MARKS for mark in text[token.span[1] :])
    return before % 2 == 1 and after
