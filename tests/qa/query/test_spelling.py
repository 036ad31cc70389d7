"""Slips between words, against a slow and obvious implementation."""

from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.query.spelling import KnownWords, NearWord, allowed_slips, slips_between

WORDS = st.text("abc", min_size=1, max_size=7)


@cache
def slips(typed: str, word: str) -> int:
    """The definition, from the ends of the words on."""
    if not typed or not word:
        return len(typed) + len(word)
    ways = [
        slips(typed[:-1], word) + 1,
        slips(typed, word[:-1]) + 1,
        slips(typed[:-1], word[:-1]) + (typed[-1] != word[-1]),
    ]
    if len(typed) > 1 and len(word) > 1 and typed[-2:] == word[-1] + word[-2]:
        ways.append(slips(typed[:-2], word[:-2]) + 1)
    return min(ways)


@given(WORDS, WORDS, st.integers(1, 3))
@example("cab", "cba", 1)
@example("abcc", "bacca", 2)
def test_slips_are_counted(typed: str, word: str, most: int) -> None:
    """Missing, added, other and swapped letters count one each, up to a limit."""
    counted = slips(typed, word)

    assert (counted if counted <= most else None) == slips_between(typed, word, most)


@given(st.sets(WORDS, max_size=30), WORDS, st.integers(1, 2))
def test_the_nearest_known_words_are_found(words: set[str], typed: str, most: int) -> None:
    """They are those with the fewest slips among those that begin with the same letter."""
    words.discard(typed)
    near = {word: slips(typed, word) for word in words if word[0] == typed[0]}
    fewest = min((count for count in near.values() if count <= most), default=None)
    expected = {NearWord(count, word) for word, count in near.items() if count == fewest}

    assert expected == set(KnownWords(words).near(typed, most))


@pytest.mark.parametrize(
    ("word", "most"), [("tax", 0), ("smal", 1), ("minster", 1), ("goverment", 2), ("investmnt", 2)]
)
def test_longer_words_may_have_more_slips(word: str, most: int) -> None:
    """None below four letters, one up to seven, two from eight on."""
    assert most == allowed_slips(word)
