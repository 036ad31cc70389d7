"""Compares two sentences word by word, without letter case, accents and punctuation. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from index.text.analyzer import Token, normalize_word, tokenize
from index.text.stopwords import DEFAULT_LANG, function_words
from index.types import Span

_FUNCTION_WEIGHT = 0.5
"""Weight of a word such as "the" against 1 for others: two sentences on anything share some."""


@dataclass(frozen=True, slots=True)
class SentenceWords:
    """The words of a sentence, ready to be compared.

    Attributes:
        words: Folded, in order, with their spans in the sentence.
        content: The stems of those that carry meaning.
    """

    words: tuple[Token, ...]
    content: frozenset[str]

    @property
    def terms(self) -> list[str]:
        """The words without their spans."""
        return [word.term for word in self.words]


@dataclass(frozen=True, slots=True)
class Gap:
    """Where two sentences differ: other words stand at the same place. Spans of characters."""

    article: Span
    release: Span


@dataclass(frozen=True, slots=True)
class WordMatch:
    """What the words of an article's sentence have in common with those of a release's.

    Attributes:
        run: The length, in words, of the longest stretch that both have.
        run_share: The share of the article's words that stand in it, in [0, 1].
        matched: How many words both have in the same order.
        share: The share of the article's words that are among these, function words at half
            weight, in [0, 1].
        run_span: The longest stretch in the article's sentence.
        gaps: Where other words stand between words that match.
    """

    run: int
    run_share: float
    matched: int
    share: float
    run_span: Span
    gaps: tuple[Gap, ...]


def sentence_words(sentence: str, lang: str | None) -> SentenceWords:
    """Return the words of a sentence in a language."""
    words = tuple(tokenize(sentence, lang, stem=False))
    stems = (normalize_word(word.term, lang or DEFAULT_LANG) for word in words)
    return SentenceWords(words, frozenset(stems) - function_words(lang))


def common_content(article: SentenceWords, release: SentenceWords) -> float:
    """Return the share of the content words of an article's sentence that a release's has."""
    return len(article.content & release.content) / max(1, len(article.content))


def match_words(article: SentenceWords, release: SentenceWords, lang: str | None) -> WordMatch:
    """Compare the words of two sentences in their order."""
    one, two = article.terms, release.terms
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    longest = max(blocks, key=lambda block: block.size, default=None)
    if longest is None:
        return WordMatch(0, 0.0, 0, 0.0, (0, 0), ())
    matched = [word for block in blocks for word in one[block.a : block.a + block.size]]
    first, last = longest.a, longest.a + longest.size - 1
    return WordMatch(
        run=longest.size,
        run_share=longest.size / len(one),
        matched=len(matched),
        share=_weight(matched, lang) / _weight(one, lang),
        run_span=(article.words[first].span[0], article.words[last].span[1]),
        gaps=tuple(
            Gap(_span(article.words[a:b]), _span(release.words[c:d]))
            for tag, a, b, c, d in matcher.get_opcodes()
            if tag == "replace"
        ),
    )


def _weight(words: Sequence[str], lang: str | None) -> float:
    return sum(_FUNCTION_WEIGHT if _is_function_word(word, lang) else 1.0 for word in words)


def _is_function_word(word: str, lang: str | None) -> bool:
    return normalize_word(word, lang or DEFAULT_LANG) in function_words(lang)


def _span(words: Sequence[Token]) -> Span:
    return words[0].span[0], words[-1].span[1]
