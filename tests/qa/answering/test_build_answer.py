"""Which of the reader's words are marked."""

from dataclasses import replace

import pytest
from made_candidates import VISIT, Counts, candidate

from index.types import Span
from qa.answering.build_answer import LEAST_LOG_ODDS, LEAST_PROBABILITY, _exact, _highlights
from qa.answering.confidence import threshold, threshold_for
from qa.answering.evidence import default_weights
from qa.query.question import parse_question
from qa.ranking.ranker import RankedCandidate, rank
from qa.reader.prediction import FoundSpan, ReaderPrediction

WHOLE: Span = (0, len(VISIT[0]))
SECOND: Span = (VISIT[0].index("He will"), len(VISIT[0]))
DENIES, AFFIRMS = LEAST_LOG_ODDS - 1, LEAST_LOG_ODDS + 1


def read(odds: float, *spans: FoundSpan) -> RankedCandidate:
    """The first passage, read."""
    question = parse_question("When will Trudeau visit Seoul?")
    first = rank(question, [candidate(1, VISIT[0], 0.7)], Counts(VISIT))[0]
    return replace(first, prediction=ReaderPrediction(odds, spans, (1.0, 0.0)))


@pytest.mark.parametrize(
    ("log_odds", "sure", "probability", "marked"),
    [
        (AFFIRMS, None, 0.01, True),
        (AFFIRMS, 0.01, 0.01, True),
        (DENIES, None, 0.9, False),
        (DENIES, 0.9, 0.9, True),
        (DENIES, LEAST_PROBABILITY, 0.9, False),
        (DENIES, 0.9, 0.1, False),
    ],
)
def test_words_are_marked_where_the_reader_or_all_else_speaks_for_them(
    log_odds: float, sure: float | None, probability: float, *, marked: bool
) -> None:
    """All else is the confidence, which there is of the first passage alone."""
    words = FoundSpan((10, 20), probability)

    assert _exact(read(log_odds, words), WHOLE, sure) == (words if marked else None)


def test_words_outside_the_evidence_are_not_marked() -> None:
    """The next likeliest within it are."""
    outside, inside = FoundSpan((10, 20), 0.8), FoundSpan((65, 70), 0.1)

    assert _exact(read(AFFIRMS, outside, inside), SECOND, 0.9) == inside
    assert _exact(read(AFFIRMS, outside), SECOND, 0.9) is None
    assert _exact(replace(read(AFFIRMS, outside), prediction=None), WHOLE, 0.9) is None


def test_marked_words_are_of_one_sentence() -> None:
    """Of words that go over the end of a sentence, the next likeliest are marked instead."""
    across, inside = FoundSpan((45, 62), 0.8), FoundSpan((65, 70), 0.1)

    assert _exact(read(AFFIRMS, across, inside), WHOLE, 0.9) == inside
    assert _exact(read(AFFIRMS, across), WHOLE, 0.9) is None


def test_a_risk_has_another_threshold_where_the_first_passage_is_not_in_english() -> None:
    """It counts where the reader had its say, and goes by the first passage alone."""
    english = read(AFFIRMS, FoundSpan((10, 20), 0.9))
    french = replace(english, candidate=candidate(1, VISIT[0], 0.7, lang="fr"))
    usual, other = threshold(0.05, read=True), threshold(0.05, read=True, foreign=True)

    assert usual < other
    assert threshold_for([english, french], 0.05) == usual
    assert threshold_for([french, english], 0.05) == other
    assert threshold_for([replace(french, prediction=None)], 0.05) == threshold(0.05)
    assert threshold_for([], 0.05) == threshold(0.05)


def test_a_risk_has_another_threshold_where_words_alone_were_searched() -> None:
    """Their confidence is another model's."""
    question = parse_question("When will Trudeau visit Seoul?")
    by_words = rank(question, [candidate(1, VISIT[0], None, lexical=4.0)], Counts(VISIT))
    usual, other = threshold(0.05), threshold(0.05, by_words=True)

    assert usual != other
    assert threshold_for([*by_words], 0.05) == other


LIST = (
    "The fund has three goals:\n* Safer streets.\n* Cheaper homes.\n* New parks.\nIt ends in May."
)


def marked(question: str, words: str) -> dict[str, list[str]]:
    """The stretches that are marked of a list, by kind, where the reader marks some words."""
    parsed = parse_question(question)
    (first,) = rank(parsed, [candidate(1, LIST, 0.7)], Counts((LIST,)))
    start = LIST.index(words)
    span = FoundSpan((start, start + len(words)), 0.9)
    shares = tuple(float(s <= start < e) for s, e in first.candidate.sentences)
    read_first = replace(first, prediction=ReaderPrediction(AFFIRMS, (span,), shares))
    found: dict[str, list[str]] = {}
    for mark in _highlights(parsed, read_first, 0.9, default_weights()):
        found.setdefault(mark.kind, []).append(LIST[slice(*mark.span)])
    return found


def test_each_item_of_a_list_is_marked_and_the_evidence_covers_them() -> None:
    """A question for one thing keeps the reader's words."""
    several = marked("What are the three goals of the fund?", "Cheaper homes")
    one = marked("What is the goal of the fund?", "Cheaper homes")

    assert several["answer"] == ["Safer streets", "Cheaper homes", "New parks"]
    (evidence,) = several["evidence"]
    assert evidence.startswith(("Safer", "* Safer", "The fund"))
    assert evidence.rstrip(".").endswith("New parks")
    assert one["answer"] == ["Cheaper homes"]
    assert "Safer streets" not in one["evidence"][0] or "New parks" not in one["evidence"][0]
