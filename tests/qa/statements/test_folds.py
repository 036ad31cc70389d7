"""Statements that are nearly the same, and how they differ."""

from hypothesis import given
from hypothesis import strategies as st

from qa.statements.folds import LEAST_SIMILARITY, compare_wordings, fold_texts, similarity

FIRST = "The new bridge will cost 12 million dollars and open to all traffic in the spring of 2021."
LATER = "The new bridge will cost 15 million dollars and open to all traffic in the spring of 2021."


def test_nearly_the_same_is_folded_onto_the_first() -> None:
    """Case and punctuation do not count; another sentence of the same length stays apart."""
    other = "The old bridge was built by hand and will close to trucks before the winter of 2020."

    assert [[0, 2, 3], [1]] == fold_texts([FIRST, other, LATER, FIRST.upper()])


@given(st.lists(st.text("abc .", max_size=12), max_size=8))
def test_folds_are_those_of_comparing_all_with_all(texts: list[str]) -> None:
    """Each text joins the first of the folds whose first text is most similar, if near enough."""
    expected: list[list[int]] = []
    for number, text in enumerate(texts):
        near = [similarity(texts[fold[0]], text) for fold in expected]
        if near and max(near) >= LEAST_SIMILARITY:
            expected[near.index(max(near))].append(number)
        else:
            expected.append([number])

    assert expected == fold_texts(texts)


def test_a_change_of_wording_is_shown_word_by_word() -> None:
    """What was removed comes before what was added; line ends are no difference."""
    assert compare_wordings(FIRST, LATER.replace("open to", "open\nto"))[:4] == [
        ("same", "The new bridge will cost"),
        ("removed", "12"),
        ("added", "15"),
        ("same", "million dollars and open to all traffic in the spring of 2021."),
    ]


@given(st.text("ab ", max_size=20), st.text("ab ", max_size=20))
def test_both_wordings_can_be_told_from_their_differences(before: str, after: str) -> None:
    """Without what was added it is the first, without what was removed the second."""
    parts = compare_wordings(before, after)

    assert before.split() == " ".join(p.words for p in parts if p.change != "added").split()
    assert after.split() == " ".join(p.words for p in parts if p.change != "removed").split()
