"""Two sentences compared word by word."""

import random

from qa.tracing.words import match_words, sentence_words


def test_case_quotes_and_space_make_no_difference() -> None:
    """The whole sentence is one stretch."""
    one = sentence_words('"The  Town\'s bridge is OLD," he said.', "en")
    two = sentence_words("“The town’s bridge is old,” he said.", "en")
    match = match_words(one, two, "en")

    assert (match.run, match.run_share, match.share) == (7, 1.0, 1.0)
    assert match.gaps == ()


def test_a_gap_is_where_other_words_stand_at_one_place() -> None:
    """Its spans are those of the words in both sentences."""
    ours, theirs = "The bridge cost four million dollars.", "The bridge cost $5 in all, dollars."
    match = match_words(sentence_words(ours, "en"), sentence_words(theirs, "en"), "en")
    (gap,) = match.gaps

    assert ours[slice(*gap.article)] == "four million"
    assert theirs[slice(*gap.release)] == "5 in all"
    assert ours[slice(*match.run_span)] == "The bridge cost"


def test_function_words_weigh_half() -> None:
    """Two of four words are shared, both function words: a third of the weight."""
    one, two = sentence_words("the bridge of stone", "en"), sentence_words("the road of sand", "en")

    assert round(match_words(one, two, "en").share, 3) == 0.333
    assert match_words(one, sentence_words("Nothing here", "en"), "en").share == 0.0


def test_the_run_is_the_longest_common_stretch() -> None:
    """As an obvious implementation finds it."""
    drawn = random.Random(1)
    for _ in range(200):
        one, two = (drawn.choices(["kelp", "iron", "sand", "moss"], k=9) for _ in range(2))
        match = match_words(
            sentence_words(" ".join(one), "en"), sentence_words(" ".join(two), "en"), "en"
        )
        longest = max(
            (n for n in range(10) for a in range(10 - n) for b in range(10 - n)
             if one[a : a + n] == two[b : b + n]),
        )  # fmt: skip
        assert match.run == longest
