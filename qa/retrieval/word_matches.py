"""Releases that contain words of a question, wherever they rank: what a timeline counts.

How many of the words a release must contain is one number for the whole collection, so that it can
be told to the user.
"""

from collections import Counter
from collections.abc import Collection

from index.search.searcher import Searcher
from qa.query.question import ParsedQuestion

ENOUGH = 10
"""Releases that are worth a timeline. If fewer contain all words, fewer words are needed."""


def releases_with_words(
    searcher: Searcher, question: ParsedQuestion, allowed: Collection[int]
) -> tuple[int, set[int]]:
    """Return the releases that contain most of the words of a question.

    Args:
        searcher: The collection.
        question: The question.
        allowed: Row numbers of the releases to look through.

    Returns:
        How many of the words are needed, and the row numbers of the releases that contain as many.
        At least half of the words are needed, and as many more as `ENOUGH` releases contain.
    """
    languages = {*searcher.languages(), question.lang}
    held: Counter[int] = Counter()
    for place in range(len(question.words)):
        forms = {question.terms(lang)[place] for lang in languages}
        releases = set[int]().union(*map(searcher.indexes.lexical.releases_with, forms))
        held.update(releases.intersection(allowed))
    most = len(question.words)
    needed = most
    while needed > (most + 1) // 2 and _holding(held, needed) < ENOUGH:
        needed -= 1
    return needed, {release for release, count in held.items() if count >= needed}


def _holding(held: Counter[int], needed: int) -> int:
    return sum(count >= needed for count in held.values())
