"""Logits to spans: arithmetic with answers worked out by hand."""

import math

import numpy as np
import pytest

from qa.reader.prediction import (
    LONGEST_ANSWER,
    NOTHING,
    WindowLogits,
    best_spans,
    combine,
    marginal_log_odds,
    sentence_probabilities,
    trimmed,
)

TEXT = "It met in Seoul. It left on April 15."
OFFSETS = ((0, 2), (3, 6), (7, 9), (10, 15), (15, 16), (17, 19), (20, 24), (25, 27), (28, 33),
           (34, 36), (36, 37))  # fmt: skip
SENTENCES = ((0, 16), (17, 37))


def window(start: dict[int, float], end: dict[int, float], nothing: float = 0.0) -> WindowLogits:
    """A window over TEXT whose logits are 0 but for the given tokens."""
    first, last = np.zeros(len(OFFSETS)), np.zeros(len(OFFSETS))
    for place, value in start.items():
        first[place] = value
    for place, value in end.items():
        last[place] = value
    return WindowLogits(first, last, nothing, OFFSETS)


def test_the_best_span_runs_from_the_likeliest_start_to_the_likeliest_end() -> None:
    """The best span runs from the likeliest start to the likeliest end."""
    found = best_spans(window({8: 9.0}, {9: 9.0}))
    assert TEXT[slice(*found[0].span)] == "April 15"
    share = math.exp(9) / (math.exp(9) + len(OFFSETS) - 1)
    assert found[0].probability == pytest.approx(share**2)
    assert [f.probability for f in found] == sorted((f.probability for f in found), reverse=True)


def test_a_span_never_ends_before_it_starts() -> None:
    """A span never ends before it starts."""
    found = best_spans(window({8: 9.0}, {3: 9.0}))
    assert all(start < end for start, end in (f.span for f in found))


def test_a_span_longer_than_an_answer_is_not_offered() -> None:
    """A span longer than an answer is not offered."""
    tokens = LONGEST_ANSWER + 5
    first, last = np.zeros(tokens), np.zeros(tokens)
    first[0] = last[-1] = 12.0
    offsets = [(i, i + 1) for i in range(tokens)]
    found = best_spans(WindowLogits(first, last, 0.0, offsets), count=10_000)
    assert max(end - start for start, end in (f.span for f in found)) == LONGEST_ANSWER


def test_log_odds_weigh_all_spans_against_none() -> None:
    """Log odds weigh all spans against none."""
    assert marginal_log_odds(window({}, {})) == pytest.approx(2 * math.log(len(OFFSETS)))
    assert marginal_log_odds(window({}, {}, nothing=9.0)) == pytest.approx(
        2 * math.log(len(OFFSETS)) - 9
    )


def test_sentence_shares_sum_to_one_and_follow_the_start() -> None:
    """Sentence shares sum to one and follow the start."""
    shares = sentence_probabilities(window({8: 9.0}, {}), SENTENCES)
    assert shares.sum() == pytest.approx(1)
    assert shares[1] > 0.99


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Seoul.", "Seoul"),
        ("“Seoul”,", "Seoul"),
        ("the U.S.", "the U.S."),
        ("Canada (Ottawa)", "Canada (Ottawa)"),
        ("(Ottawa)", "Ottawa"),
        ("(416) 555-0199", "(416) 555-0199"),
        ("“Green Homes” plan", "“Green Homes” plan"),
        ('"Green Homes" plan', '"Green Homes" plan'),
        ('the plan "Green Homes"', 'the plan "Green Homes"'),
        ('"Green Homes"', "Green Homes"),
        (".5 per cent", ".5 per cent"),
        ("$3.5.", "$3.5"),
        ("Ph.D.", "Ph.D."),
        ("B.Eng.", "B.Eng."),
        ("www.gov.on.ca.", "www.gov.on.ca"),
        ("‘Act’ and ‘Law’", "‘Act’ and ‘Law’"),
        ("...", "..."),
    ],
)
def test_punctuation_at_the_edges_goes_unless_it_belongs(text: str, kept: str) -> None:
    """Punctuation at the edges goes unless it belongs."""
    start, end = trimmed(text, (0, len(text)))
    assert text[start:end] == kept


def test_of_several_windows_the_most_promising_speaks() -> None:
    """Of several windows the most promising speaks."""
    poor, good = window({1: 5.0}, {1: 5.0}, nothing=20.0), window({8: 9.0}, {9: 9.0}, nothing=-5.0)
    reading = combine([poor, good], TEXT, SENTENCES)
    assert reading.log_odds == pytest.approx(marginal_log_odds(good))
    assert TEXT[slice(*reading.spans[0].span)] == "April 15"


def test_spans_that_differ_in_punctuation_alone_are_one() -> None:
    """Spans that differ in punctuation alone are one."""
    reading = combine([window({8: 9.0}, {9: 8.0, 10: 8.0})], TEXT, SENTENCES)
    assert TEXT[slice(*reading.spans[0].span)] == "April 15"
    assert reading.spans[0].probability > 0.9
    assert len({found.span for found in reading.spans}) == len(reading.spans)


def test_a_passage_without_words_answers_nothing() -> None:
    """A passage without words answers nothing."""
    reading = combine([], "…", ((0, 1),))
    assert (reading.log_odds, reading.spans, reading.sentence_probabilities) == (
        NOTHING,
        (),
        (0.0,),
    )
