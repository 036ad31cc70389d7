"""Decides whether a sentence of an article repeats or rephrases a sentence of a release. Pure.

Two sentences on one subject have many words and much meaning in common, so where nothing else
speaks for a release, most of the words have to be the same. Once other sentences of the article
come from the release, less is enough. The thresholds were chosen on twelve articles and measured
on ten others (benchmarks/trace_articles.py, docs/decisions/0028-trace-knows-the-release.md).
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
LEAST_STRENGTH = 0.66
"""A sentence is rephrased if its cosine with the release's, with what words and facts add to it or
take from it, is at least this."""
LEAST_ALONE = 0.78
"""The same for a release that no sentence repeats by its words; several sentences must reach it."""
COMMON_CONTENT = 0.3
"""Added to the cosine where all content words of the article's sentence are in the release's."""
AGREED_NUMBER = 0.15
"""Added where a number agrees."""
STRANGE_NUMBER = 0.15
"""Taken for each number that differs or that the release does not have."""
STRANGE_NAME = 0.02
"""Taken for each name that the release does not have."""
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
        strength: How much speaks for it, about in [0, 1].
        words: What the words have in common.
        facts: What the facts have in common.
        cosine: Of the two sentences; None if meaning was not compared.
    """

    form: Form
    strength: float
    words: WordMatch
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


def compare_meaning(
    article: ArticleSentence,
    release: SentenceWords,
    text: str,
    whole: ReleaseFacts,
    cosine: float,
    lang: str | None,
) -> Comparison:
    """Return how a sentence compares with one of a release by meaning and facts.

    It is rephrased if the strength reaches a threshold that depends on the release.
    """
    match = match_words(article.words, release, lang)
    # Where nearly all words differ, two at one place say nothing of each other.
    facts = compare_facts(article.facts, sentence_facts(text, lang), whole, (), lang)
    numbers = sum(difference.kind == "number" for difference in facts.differences)
    strength = (
        cosine
        + COMMON_CONTENT * common_content(article.words, release)
        + AGREED_NUMBER * (facts.agreed > 0)
        - STRANGE_NUMBER * numbers
        - STRANGE_NAME * facts.strange_names
    )
    return Comparison("rephrased", strength, match, facts, cosine)


def _is_quotation(sentence: str, run: Span) -> bool:
    """Whether a stretch of a sentence is nearly all of what it has in quotation marks."""
    quoted = [found.span(1) for found in _QUOTED.finditer(sentence)]
    if not quoted:
        return False
    start, end = max(quoted, key=lambda span: span[1] - span[0])
    common = min(end, run[1]) - max(start, run[0])
    return common >= _MOST_OF_QUOTE * (end - start)
