"""Patterns of many words."""

import re

from hypothesis import given
from hypothesis import strategies as st

from index.text.word_patterns import any_of

WORDS = st.lists(st.text("abé1.^-]", min_size=1, max_size=4), min_size=1, max_size=8)


@given(WORDS, st.text("abéABÉ1.^-] ", max_size=30))
def test_it_matches_what_the_alternatives_match(words: list[str], text: str) -> None:
    """The same places are found, the longest word first, in any letter case."""
    longest_first = sorted(words, key=len, reverse=True)
    plain = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)

    found = [match.span() for match in re.finditer(any_of(words), text)]

    assert found == [match.span() for match in plain.finditer(text)]


def test_what_follows_may_decide_for_a_shorter_word() -> None:
    """A longer word that does not fit gives way, as among alternatives."""
    pattern = re.compile(rf"\b{any_of(['mar', 'march', 'mars'])}(?=s)")

    assert pattern.findall("Mars, MARCHs, marsh") == ["Mar", "MARCH", "mar"]
