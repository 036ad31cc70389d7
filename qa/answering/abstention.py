"""The reason given when there is no answer.

A reason names what is missing and claims no more than was checked: "no release mentions" only
when the whole collection was searched for the word, "nothing that matches the filters" only when
everything they allow was. A passage mentions a word when it or its headline holds the word's
compared form, or one that is a prefix of the other ("Korea", "Korean").
"""

from collections.abc import Sequence

from index.text.stopwords import function_words
from qa.query.dates import words_said_by_date
from qa.query.question import AnswerType, ParsedQuestion, QuestionWord
from qa.ranking.ranker import RankedCandidate
from qa.retrieval.passage_terms import contains_prefix_match
from qa.retrieval.types import Mentions, Scope

_KINDS: dict[AnswerType, str] = {
    "name": "name",
    "date": "date",
    "place": "place",
    "number": "figure",
    "money": "amount",
}
_NOTHING_SEARCHED: dict[Scope, str] = {
    "collection": "the collection contains no passages",
    "filters": "no passage in the collection matches the filters",
    "release": "no passage in the release matches the filters",
}
_NO_PASSAGES = "no passage shares words or meaning with the question"
_NOTHING_NAMED = "the question contains nothing to search for; say what it is about"
_NO_BETTER = "the passages with the same words do not seem to answer the question"
REMOVED = "a release was removed during the search; ask the question again"

_SHOWN_WORDS = 3
_SHOWN_LETTERS = 40
_PREFIX = 4
"""Letters from which a word that begins another counts as the same word."""
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

    Checks, in this order: words that nothing mentions, names and numbers that the best passage
    lacks, the type of answer that it does not offer, and other words that it lacks.

    Args:
        question: The question as it was searched for.
        ranked: The candidates, best first.
        mentions: Which words stand beyond the candidates.
    """
    if not mentions.any_searched():
        return _NOTHING_SEARCHED[mentions.scope]
    stop = function_words(question.lang)
    words = [(i, w) for i, w in enumerate(question.words) if w.term not in stop]
    if not words:
        return _NOTHING_NAMED
    if ranked:  # words that its date says count neither as mentioned nor as missing
        dated = _said_by_date(ranked[0], question)
        words = [(i, w) for i, w in words if not dated[i]] or words
    unseen = [w for i, w in words if not any(_holds(r, question, i) for r in ranked)]
    found = _what_nothing_mentions(unseen, mentions)
    if found is None:
        found = _what_the_best_lacks(question, ranked, words, unseen) if ranked else _NO_PASSAGES
    return found


def _what_nothing_mentions(words: Sequence[QuestionWord], mentions: Mentions) -> str | None:
    """Return which words stand nowhere in the collection, or nowhere in what was searched."""
    nowhere = [word for word in words if not mentions.anywhere(word.text)]
    if nowhere:
        return f"no release mentions {_quoted(nowhere)}"
    if mentions.scope == "collection":
        return None
    outside = [word for word in words if not mentions.searched(word.text)]
    if not outside:
        return None
    if mentions.scope == "filters":
        return f"nothing that matches the filters mentions {_quoted(outside)}; other releases do"
    return f"no passage searched in the release mentions {_quoted(outside)}"


def _what_the_best_lacks(
    question: ParsedQuestion,
    ranked: Sequence[RankedCandidate],
    words: Sequence[tuple[int, QuestionWord]],
    unseen: Sequence[QuestionWord],
) -> str:
    """Return what the best passage lacks, and whether comparable passages lack it too."""
    top = ranked[0]
    weights = top.features.weights
    held = [(i, w) for i, w in words if _holds(top, question, i)]
    missing = sorted(
        ((i, w) for i, w in words if (i, w) not in held), key=lambda found: -weights[found[0]]
    )
    exact = [(i, w) for i, w in missing if w.is_name or w.is_number]
    like = [r for r in ranked[1:] if all(_holds(r, question, i) for i, _ in held)]
    about = _quoted([w for _, w in held]) if held else ""
    wanted = question.answer_type
    lacked = exact if exact and held else missing
    if wanted and not (exact and held) and not _offers(top):
        kind = _KINDS[wanted]
        if any(map(_offers, like)):
            said = f"the best passage contains no {kind}"
        else:
            said = f"found passages about {about}, but no {kind}" if held else f"found no {kind}"
    elif lacked and held:
        words_lacked = _quoted([w for _, w in lacked])
        if any(_holds(r, question, i) for r in like for i, _ in lacked):
            said = f"the best passage mentions {about}, but not {words_lacked}"
        else:
            said = f"found passages about {about}, but none that mentions {words_lacked}"
    elif unseen:
        said = f"none of the passages found mentions {_quoted(unseen)}"
    elif missing:
        said = f"the best passage does not mention {_quoted([w for _, w in missing])}"
    else:
        said = _NO_BETTER
    return said


def _offers(found: RankedCandidate) -> bool:
    """Whether a passage offers the kind of answer that is asked for."""
    return bool(found.features.passage("offers")[found.row])


def _said_by_date(found: RankedCandidate, question: ParsedQuestion) -> list[bool]:
    """Return which words of the question are part of the date of a passage's release."""
    words = [word.text for word in question.words]
    return words_said_by_date(words, question.dates, found.candidate.date)


def _holds(found: RankedCandidate, question: ParsedQuestion, place: int) -> bool:
    """Whether a passage or its headline mentions the word at a place of the question."""
    if found.features.present[found.row, place]:
        return True
    candidate = found.candidate
    wanted = question.terms(candidate.lang)[place]
    return contains_prefix_match(
        candidate.terms.vocabulary, wanted, _PREFIX
    ) or contains_prefix_match(candidate.title_terms, wanted, _PREFIX)


def _quoted(words: Sequence[QuestionWord]) -> str:
    shown = [f"'{_cut(word.text)}'" for word in words[:_SHOWN_WORDS]]
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]


def _cut(word: str) -> str:
    return word if len(word) <= _SHOWN_LETTERS else word[: _SHOWN_LETTERS - 1] + "…"
