"""A date that is past does not say when something will be."""

from dataclasses import replace

import pytest
from made_candidates import VISIT, Counts, candidate

from qa.answering.confidence import PAST_DATE, confidence
from qa.answering.tense import answers_with_the_past
from qa.query.question import parse_question
from qa.ranking.ranker import RankedCandidate, rank
from qa.reader.prediction import FoundSpan, ReaderPrediction

TEXT = "Ann Roe became chief of staff in 1996. She leaves on March 3, 2008, or in the fall of 2009."
COUNTS = Counts((TEXT, *VISIT))


def read(question: str, words: str, date: str | None = "2008-01-25") -> RankedCandidate:
    """A passage of a release of a date, in which the reader found some words."""
    (ranked,) = rank(
        parse_question(question), [candidate(1, TEXT, 0.6, (0.6, 0.6), date=date)], COUNTS
    )
    start = TEXT.index(words)
    found = FoundSpan((start, start + len(words)), 0.9)
    return replace(ranked, prediction=ReaderPrediction(9.0, (found,), (0.5, 0.5)))


@pytest.mark.parametrize(
    ("question", "words", "past"),
    [
        ("When will Ann Roe leave?", "1996", True),
        ("when does Roe go", "in 1996", True),
        ("And when is she going to leave?", "1996", True),
        ("Quand partira-t-elle ?", "1996", True),
        ("Quand est-ce qu'Ann Roe va partir ?", "1996", True),
        ("When will Ann Roe leave?", "March 3, 2008", False),
        ("When will Ann Roe leave?", "the fall of 2009", False),
        ("When will Ann Roe leave?", "March 3", False),
        ("When did Ann Roe become chief of staff?", "1996", False),
        ("Quand est-elle devenue chef de cabinet ?", "1996", False),
        ("Who will leave?", "1996", False),
    ],
)
def test_a_date_before_the_release_is_no_answer_about_what_is_to_come(
    question: str, words: str, *, past: bool
) -> None:
    """The confidence falls below every threshold."""
    ranked = read(question, words)
    assert past == answers_with_the_past(parse_question(question), ranked)
    sure = confidence(parse_question(question), [ranked], COUNTS)
    undated = confidence(parse_question(question), [read(question, words, None)], COUNTS)
    assert (sure <= PAST_DATE) >= past
    assert undated > 0


def test_without_a_date_of_the_release_nothing_is_past() -> None:
    """The day of the release decides, not today."""
    question = parse_question("When will Ann Roe leave?")
    assert not answers_with_the_past(question, read(question.text, "1996", None))
