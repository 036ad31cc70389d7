"""Words of other passages that compete with the exact answer.

A collection often holds two answers that are told apart by little: the number of this year and of
the year before, the minister and the deputy. Where a passage that ranks nearly as high gives other
words of the same type, one of them is likely wrong, and only the user can say which. So both are
shown as candidates.
"""

from collections.abc import Sequence

from index.text.analyzer import fold
from index.text.stopwords import function_words
from qa.query.answer_type import answer_spans
from qa.query.question import ParsedQuestion
from qa.ranking.ranker import RankedCandidate
from qa.types import AnswerItem, ExactAnswer, RankedPassage

WITHIN = 1.5
"""A passage competes when its margin is at most this below the first one's. Of the answers to the
first set of questions about releases, 4 of 23 wrong ones had a rival then, 3 times the right words,
and none of 64 right ones; within 3, it was 5 and 7. Of the second set: 1 of 19 wrong ones, with the
right words, and 2 of 43 right ones (benchmarks/alternatives.py)."""

MOST = 2
"""Alternatives to an answer at most: of more than three candidates none is likely."""


def competing_answers(
    question: ParsedQuestion,
    ranked: Sequence[RankedCandidate],
    passages: Sequence[RankedPassage],
) -> tuple[ExactAnswer, ...]:
    """Return the exact words of other passages that compete with the first one's, best first.

    Args:
        question: The question as it was searched for.
        ranked: The candidates of the passages, in the same order.
        passages: The passages of the answer, with their exact words marked.
    """
    found: list[ExactAnswer] = []
    for place, (candidate, passage) in enumerate(zip(ranked, passages, strict=True)):
        if ranked[0].margin - candidate.margin > WITHIN or len(found) > MOST:
            break
        words = exact_words(place, passage)
        if words is None:
            if place == 0:
                break
            continue
        if words.items and place == 0:
            break  # other items are no rivals of a list
        same_type = not found or _same_type(question, passages, found[0], words)
        if same_type and all(_differ(other.text, words.text, question.lang) for other in found):
            found.append(words)
    return tuple(found[1:])


def exact_words(place: int, passage: RankedPassage) -> ExactAnswer | None:
    """Return the words that are marked as the answer in a passage, all items of a list as one.

    Args:
        place: Index of the passage in its answer.
        passage: The passage; several answers are marked in it only if they are items.
    """
    marks = [mark for mark in passage.highlights if mark.kind == "answer"]
    if not marks:
        return None
    items = tuple(AnswerItem(mark.span, passage.text[slice(*mark.span)]) for mark in marks)
    start, end = marks[0].span[0], marks[-1].span[1]
    return ExactAnswer(
        place, (start, end), passage.text[start:end], marks[0].score, items if items[1:] else ()
    )


def _same_type(
    question: ParsedQuestion,
    passages: Sequence[RankedPassage],
    one: ExactAnswer,
    other: ExactAnswer,
) -> bool:
    """Whether two answers are both of the type asked for, or both not.

    For a question that asks for no type, two that have a figure are alike, and two that have none.
    """
    if question.answer_type is None:
        return _has_figure(one.text) == _has_figure(other.text)
    kinds = set()
    for words in (one, other):
        start, end = words.span
        spans = answer_spans(passages[words.passage].text, question.answer_type)
        kinds.add(any(first < end and last > start for (first, last), _ in spans))
    return len(kinds) == 1


def _has_figure(words: str) -> bool:
    return any(map(str.isdigit, words))


def _differ(one: str, other: str, lang: str) -> bool:
    """Whether two answers say something else: neither has all the content words of the other."""
    first, second = _content(one, lang), _content(other, lang)
    return not (first <= second or second <= first)


def _content(words: str, lang: str) -> frozenset[str]:
    """Return the folded words, without function words unless there are no others."""
    every = frozenset("".join(c if c.isalnum() else " " for c in fold(words)).split())
    return every - function_words(lang) or every
