"""Folds statements that are nearly the same, and shows how two wordings differ. Pure."""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from index.dedup.near_duplicates import bigrams, comparison_words

LEAST_SIMILARITY = 0.6
"""Jaccard similarity of the bigrams of two statements from which they count as nearly the same:
of twenty words, two apart from each other can differ."""


class WordingPart(NamedTuple):
    """A part of two wordings.

    Attributes:
        change: What became of it.
        words: The words, with one blank between two of them.
    """

    change: Literal["same", "removed", "added"]
    words: str


def similarity(one: str, other: str) -> float:
    """Return the Jaccard similarity of the bigrams of two texts, in [0, 1]."""
    first, second = shingles(one), shingles(other)
    return len(first & second) / max(1, len(first | second))


def shingles(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring words of a text, without letter case and punctuation."""
    return frozenset(bigrams(comparison_words(text)))


def fold_texts(texts: Sequence[str]) -> list[list[int]]:
    """Group texts that are nearly the same as the first text of their group.

    Returns:
        The numbers of the texts, in order, in groups in the order of their first text.
    """
    folded: list[list[int]] = []
    sizes: list[int] = []
    with_bigram: dict[str, list[int]] = {}
    for number, text in enumerate(texts):
        own = shingles(text)
        common = Counter(group for bigram in own for group in with_bigram.get(bigram, ()))
        best = max(
            (
                (count / (len(own) + sizes[group] - count), -group)
                for group, count in common.items()
            ),
            default=(0.0, 0),
        )
        if best[0] >= LEAST_SIMILARITY:
            folded[-best[1]].append(number)
            continue
        for bigram in own:
            with_bigram.setdefault(bigram, []).append(len(folded))
        folded.append([number])
        sizes.append(len(own))
    return folded


def compare_wordings(before: str, after: str) -> list[WordingPart]:
    """Return how one wording became another, word by word.

    White space makes no difference; letter case and punctuation do.
    """
    old, new = before.split(), after.split()
    parts: list[WordingPart] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(WordingPart("same", " ".join(old[a:b])))
            continue
        if a < b:
            parts.append(WordingPart("removed", " ".join(old[a:b])))
        if c < d:
            parts.append(WordingPart("added", " ".join(new[c:d])))
    return parts
