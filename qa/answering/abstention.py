"""The reason given when there is no answer.

Most questions without an answer share their words with many passages; which of the words the best
one lacks says little, since a passage may say the same in other words. So a reason names a word
only if nothing that was searched mentions it, and only if that is likely to be why: a name or a
number, or any word if nothing is near the question in meaning either. "No release mentions" is
said only when the whole collection was searched for the word, "nothing that matches the filters"
only when everything they allow was.
"""

from collections.abc import Sequence

from index.text.stopwords import function_words
from qa.presentation import NO_PASSAGES, NO_RELEASE, NOT_CLEAR, NOT_IN_RELEASE
from qa.query.dates import words_said_by_date
from qa.query.question import ParsedQuestion, QuestionWord
from qa.ranking.ranker import RankedCandidate
from qa.retrieval.types import Mentions, Scope

_NOTHING_SEARCHED: dict[Scope, str] = {
    "collection": "the collection contains no passages",
    "filters": "no passage in the collection matches the filters",
    "release": "no passage in the release matches the filters",
}
_NOTHING_NAMED = "the question contains nothing to search for; say what it is about"
REMOVED = "a release was removed during the search; ask the question again"

NEAR = 0.45
"""Cosine of the question and a sentence from which the sentence is near it in meaning."""

_SHOWN_WORDS = 3
_SHOWN_LETTERS = 40
_SHORT = 2
"""Letters of an initial or an ending, which is no reason."""
_MOST_DIGITS = 6


def below_risk_threshold(confidence: float, limit: float, risk: float) -> str:
    """Say that the confidence is above the default threshold but below that of the risk.

    Args:
        confidence: The confidence, below `limit`.
        limit: The least confidence to answer at.
        risk: The maximum error rate that led to the limit.
    """
    # Enough digits to tell the two apart, and the limit from 1.
    digits = next(
        (n for n in range(2, _MOST_DIGITS) if round(confidence, n) < round(limit, n) < 1),
        _MOST_DIGITS,
    )
    return (
        f"a confidence of {confidence:.{digits}f} is usually enough, but a risk of {risk:g} "
        f"requires {limit:.{digits}f}"
    )


def abstention_reason(
    question: ParsedQuestion, ranked: Sequence[RankedCandidate], mentions: Mentions
) -> str:
    """Return why there is no answer, in one clause.

    Args:
        question: The question as it was searched for.
        ranked: The candidates, best first.
        mentions: Which words stand beyond the candidates.
    """
    if not mentions.any_searched():
        return _NOTHING_SEARCHED[mentions.scope]
    stop = function_words(question.lang)
    words = [word for word in question.words if word.term not in stop]
    if not words:
        return _NOTHING_NAMED
    missing = _what_nothing_mentions(_telling(question, ranked, words), mentions)
    return missing or (NOT_CLEAR if ranked else NO_PASSAGES)


def _telling(
    question: ParsedQuestion, ranked: Sequence[RankedCandidate], words: Sequence[QuestionWord]
) -> list[QuestionWord]:
    """Return the words whose absence explains that there is no answer."""
    if not ranked:
        return list(words)
    dated = words_said_by_date(
        [word.text for word in words], question.dates, ranked[0].candidate.date
    )
    words = [word for word, said in zip(words, dated, strict=True) if not said]
    features = ranked[0].features
    if features.query_feature("best_sentence") < NEAR:
        return words
    return [word for word in words if word.is_number or (word.is_name and len(word.text) > _SHORT)]


def _what_nothing_mentions(words: Sequence[QuestionWord], mentions: Mentions) -> str | None:
    """Return which words stand nowhere in the collection, or nowhere in what was searched."""
    nowhere = [word for word in words if not mentions.anywhere(word.text)]
    if nowhere:
        return f"{NO_RELEASE} {_quoted(nowhere)}"
    if mentions.scope == "collection":
        return None
    outside = [word for word in words if not mentions.searched(word.text)]
    if not outside:
        return None
    if mentions.scope == "filters":
        return f"nothing that matches the filters mentions {_quoted(outside)}; other releases do"
    return f"{NOT_IN_RELEASE} {_quoted(outside)}"


def _quoted(words: Sequence[QuestionWord]) -> str:
    shown = [f"'{_cut(word.text)}'" for word in words[:_SHOWN_WORDS]]
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]


def _cut(word: str) -> str:
    return word if len(word) <= _SHOWN_LETTERS else word[: _SHOWN_LETTERS - 1] + "…"
