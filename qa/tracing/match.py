"""Decides whether a sentence of an article repeats the words of one of a release. Pure.

Two sentences on one subject have many words in common, so where nothing else speaks for a release,
most of the words have to be the same. Once other sentences of the article come from the release,
less is enough (docs/decisions/0029-trace-knows-the-release.md).
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from index.types import Span
from qa.tracing.facts import (
    FactComparison,
    ReleaseFacts,
    SentenceFacts,
    compare_facts,
    sentence_facts,
)
from qa.tracing.types import Form
from qa.tracing.words import SentenceWords, WordMatch, common_content, match_words, sentence_words

LEAST_RUN_SHARE = 0.8
"""A sentence is verbatim if so much of it is one stretch of the release's."""
_QUOTED = re.compile(r"[“\"«]([^“”\"«»]{20,})[”\"»]?")
_MOST_OF_QUOTE = 0.9


class Thresholds(NamedTuple):
    """What words must have in common.

    Attributes:
        run: Words of the stretch that makes a sentence verbatim.
        share: The share of the words that makes a sentence close.
        matched: How many words that are.
        content: How many content words both must have, at least.
    """

    run: int
    share: float
    matched: int
    content: int


ALONE = Thresholds(run=8, share=0.7, matched=8, content=4)
"""For a release from which no other sentence of the article is known to come."""
IN_SOURCE = Thresholds(run=5, share=0.5, matched=4, content=2)
"""For a release from which other sentences of the article come."""


@dataclass(frozen=True, slots=True)
class ArticleSentence:
    """A sentence of the article, ready to be compared."""

    span: Span
    text: str
    words: SentenceWords
    facts: SentenceFacts


def article_sentence(text: str, span: Span, lang: str | None) -> ArticleSentence:
    """Return the sentence at a span of an article."""
    sentence = text[slice(*span)]
    return ArticleSentence(
        span, sentence, sentence_words(sentence, lang), sentence_facts(sentence, lang)
    )


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a sentence of the article compares with one of a release.

    Attributes:
        form: What it makes of the article's sentence.
        strength: How much speaks for it, in [0, 1].
        words: What the words have in common; None if meaning was compared.
        facts: What the facts have in common.
        cosine: Of the two sentences; None if meaning was not compared.
    """

    form: Form
    strength: float
    words: WordMatch | None
    facts: FactComparison
    cosine: float | None = None


def may_share_words(article: SentenceWords, release: SentenceWords, least: Thresholds) -> bool:
    """Whether two sentences can have as many words in common as `least` says; quick to tell."""
    common = len(article.content & release.content)
    return common >= least.content and (
        common_content(article, release) >= least.share * least.share
    )


def compare_words(
    article: ArticleSentence,
    release: SentenceWords,
    text: str,
    whole: ReleaseFacts,
    least: Thresholds,
    lang: str | None,
) -> Comparison | None:
    """Return how a sentence repeats one of a release by its words, or None if it does not.

    Args:
        article: The article's sentence.
        release: The words of the release's sentence.
        text: The release's sentence.
        whole: The facts of the release.
        least: What they must have in common.
        lang: The language of the article.
    """
    match = match_words(article.words, release, lang)
    has_run = match.run >= least.run and (
        match.run_share >= LEAST_RUN_SHARE or _is_quotation(article.text, match.run_span)
    )
    if not has_run and (match.share < least.share or match.matched < least.matched):
        return None
    facts = compare_facts(article.facts, sentence_facts(text, lang), whole, match.gaps, lang)
    form: Form = "verbatim" if has_run and not facts.differences else "close"
    return Comparison(form, max(match.share, match.run_share), match, facts)


def _is_quotation(sentence: str, run: Span) -> bool:
    """Whether a stretch of a sentence is nearly all of what it has in quotation marks."""
    quoted = [found.span(1) for found in _QUOTED.finditer(sentence)]
    if not quoted:
        return False
    start, end = max(quoted, key=lambda span: span[1] - span[0])
    common = min(end, run[1]) - max(start, run[0])
    return common >= _MOST_OF_QUOTE * (end - start)
