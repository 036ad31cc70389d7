"""The second order: what the reader says against what the first order thought."""

from collections.abc import Sequence

import numpy as np
import pytest
from made_candidates import VISIT, Counts, candidate

from qa.answering.rerank import (
    CONTEXT_FEATURES,
    DENIED,
    READER_FEATURES,
    ROUNDS,
    SETTLED,
    UNREAD,
    RerankWeights,
    default_weights,
    has_prediction,
    is_readable,
    prefer_answer_type,
    reader_features,
    rerank,
    score_with_reader,
)
from qa.linear_model import LinearModel
from qa.query.question import parse_question
from qa.ranking.ranker import RankedCandidate, rank
from qa.reader.prediction import FoundSpan, ReaderInput, ReaderPrediction

COUNTS = Counts(VISIT)
QUESTION = parse_question("When will Trudeau visit Seoul?")
ODDS_ALONE = RerankWeights(LinearModel(("odds",), (1.0,), (), (), 0.0), 100.0)


def ranked(count: int = 3) -> list[RankedCandidate]:
    """The first order of passages like VISIT."""
    found = [
        candidate(i, VISIT[i % 3] + f" Item {i}.", 0.7 - i / 50, (0.6, 0.4, 0.1), lexical=5.0 - i)
        for i in range(count)
    ]
    return rank(QUESTION, found, COUNTS)


class Told:
    """A reader that says what it is told to, and notes what it was given."""

    def __init__(self, odds: Sequence[float], words: Sequence[str] = ()) -> None:
        self.log_odds, self.words = odds, words
        self.given: list[str] = []

    def read(self, question: str, pages: Sequence[ReaderInput]) -> list[ReaderPrediction]:
        """Give the next odds for each passage."""
        assert question
        found = []
        for i, page in enumerate(pages, len(self.given)):
            text, sentences = page.text, page.sentences
            self.given.append(text)
            word = self.words[i] if i < len(self.words) else text.split(maxsplit=1)[0]
            start = text.index(word)
            spans = (FoundSpan((start, start + len(word)), 0.5),)
            found.append(
                ReaderPrediction(self.log_odds[i], spans, (1.0,) + (0.0,) * (len(sentences) - 1))
            )
        return found


def test_what_the_reader_finds_comes_first() -> None:
    """What the reader finds comes first."""
    first = ranked()
    again = rerank(QUESTION, first, Told([-5.0, -5.0, 5.0]).read, weights=ODDS_ALONE)
    assert again[0].candidate.key == first[2].candidate.key
    assert [r.score for r in again] == sorted((r.score for r in again), reverse=True)
    assert again[0].prediction is not None
    assert has_prediction(again)
    assert not has_prediction(first)


@pytest.mark.parametrize(
    ("odds", "read"),
    [(SETTLED, ROUNDS[0]), (DENIED, ROUNDS[1]), (DENIED - 1, ROUNDS[2])],
)
def test_reading_goes_on_until_something_answers(odds: float, read: int) -> None:
    """One round if a passage surely answers, two if one may, three if none does."""
    first = ranked(ROUNDS[2] + 4)
    reader = Told([odds] * len(first))
    again = rerank(QUESTION, first, reader.read, weights=ODDS_ALONE)
    assert reader.given == [r.candidate.text for r in first[:read]]
    assert {r.candidate.key for r in again} == {r.candidate.key for r in first}
    assert sum(r.prediction is None for r in again) == len(first) - read


@pytest.mark.parametrize(("odds", "turns"), [(DENIED - 1, False), (DENIED + 1, True)])
def test_keywords_that_nothing_answers_keep_their_order(odds: float, *, turns: bool) -> None:
    """A list of words may ask for a fact, or for all there is on a subject."""
    keywords = parse_question("trudeau seoul visit dates")
    first = rank(keywords, [r.candidate for r in ranked(3)], COUNTS)
    again = rerank(keywords, first, Told([-5.0, -5.0, odds]).read, weights=ODDS_ALONE)
    assert keywords.kind == "topic"
    assert has_prediction(again) == turns
    assert (again[0].candidate.key == first[2].candidate.key) == turns


def test_a_passage_far_below_the_best_is_not_read() -> None:
    """A passage far below the best is not read."""
    first = ranked(6)
    gap = first[0].margin - first[3].margin
    reader = Told([0.0] * 6)
    rerank(QUESTION, first, reader.read, weights=RerankWeights(ODDS_ALONE.model, gap))
    assert len(reader.given) == 4


def test_the_unread_count_as_read_without_finding_anything() -> None:
    """The unread count as read without finding anything."""
    depth = ROUNDS[1]
    seen = score_with_reader(QUESTION, ranked(depth + 2), Told([3.0] * depth).read, 100.0)
    odds = seen.values[:, READER_FEATURES.index("odds")]
    assert odds.tolist() == pytest.approx([0.3] * depth + [UNREAD / 10] * 2)
    assert seen.values.shape == (depth + 2, len(READER_FEATURES))
    assert set(seen.context) == set(CONTEXT_FEATURES)


def test_passages_that_give_the_same_words_agree() -> None:
    """Passages that give the same words agree."""
    told = Told([5.0, 4.0, 3.0], ["Item", "Item", "Item"])
    seen = score_with_reader(QUESTION, ranked(3), told.read, 100.0)
    assert seen.values[:, READER_FEATURES.index("agrees")].tolist() == pytest.approx([2 / 3] * 3)
    doubtful = Told([5.0, 4.0, -3.0], ["Item", "Item", "Item"])
    seen = score_with_reader(QUESTION, ranked(3), doubtful.read, 100.0)
    agrees = seen.values[:, READER_FEATURES.index("agrees")]
    assert agrees.tolist() == pytest.approx([1 / 3, 1 / 3, 0])


def test_of_two_spans_nearly_alike_the_kind_asked_for_counts() -> None:
    """Of two spans nearly alike the kind asked for counts."""
    text = VISIT[0]
    seoul, may = text.index("Seoul"), text.index("May 16 to 18")
    spans = (FoundSpan((seoul, seoul + 5), 0.30), FoundSpan((may, may + 12), 0.28))
    chosen = prefer_answer_type(QUESTION, text, ReaderPrediction(1.0, spans, (1.0, 0.0))).spans[0]
    assert text[slice(*chosen.span)] == "May 16 to 18"
    sure = (FoundSpan((seoul, seoul + 5), 0.60), FoundSpan((may, may + 12), 0.28))
    chosen = prefer_answer_type(QUESTION, text, ReaderPrediction(1.0, sure, (1.0, 0.0))).spans[0]
    assert text[slice(*chosen.span)] == "Seoul"


OPENED = "SEOUL, April 17, 2023 – Trudeau visited Seoul from May 16 to 18. He met the president."


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("When did Trudeau visit Seoul?", OPENED.index("Trudeau")),
        ("When was the visit to Seoul announced?", 0),
        ("When was the statement issued?", 0),
        ("When did the minister issue new rules?", 0),
        ("When will health issues be debated?", OPENED.index("Trudeau")),
        ("When was the issue with Seoul resolved?", OPENED.index("Trudeau")),
        ("When did Trudeau visit the public library in Seoul?", OPENED.index("Trudeau")),
        ("Who visited Seoul?", 0),
    ],
)
def test_a_date_is_not_looked_for_in_the_dateline(question: str, first: int) -> None:
    """A dateline says when a release went out; it is read where that is asked."""
    asked = parse_question(question)
    given: list[ReaderInput] = []

    def read(_: str, pages: Sequence[ReaderInput]) -> list[ReaderPrediction]:
        given.extend(pages)
        start = pages[0].text.index("Seoul")
        return [ReaderPrediction(3.0, (FoundSpan((start, start + 5), 0.9),), (1.0, 0.0))]

    passage = candidate(1, OPENED, 0.7, (0.6, 0.4), lexical=5.0)
    (done,) = score_with_reader(asked, rank(asked, [passage], COUNTS), read, 100.0).ranked

    assert OPENED[first:] == given[0].text
    second = OPENED.index("He met") - first
    assert [(0, second - 1), (second, len(OPENED) - first)] == list(given[0].sentences)
    assert done.prediction is not None
    start, end = done.prediction.spans[0].span
    assert (OPENED.index("Seoul"), "Seoul") == (start, OPENED[start:end])


def test_a_copy_of_the_top_passage_is_no_rival_and_no_witness() -> None:
    """A copy of the top passage is no rival and no witness."""
    first = rank(QUESTION, [candidate(i, VISIT[0], 0.7, (0.6, 0.4)) for i in range(3)], COUNTS)
    found = reader_features(rerank(QUESTION, first, Told([5.0] * 3).read, weights=ODDS_ALONE))
    assert found["read other odds"] == pytest.approx(UNREAD / 10)
    assert found["read agrees"] == 0


def test_nothing_gives_nothing() -> None:
    """Nothing gives nothing."""
    assert rerank(QUESTION, [], Told([]).read) == []


def test_the_packaged_weights_trust_the_reader() -> None:
    """Of two passages alike in all else, the one the reader finds an answer in is first."""
    texts = (VISIT[0], VISIT[0].replace("May", "June"))
    found = [candidate(i, text, 0.7, (0.6, 0.4), lexical=5.0) for i, text in enumerate(texts)]
    first = rank(QUESTION, found, COUNTS)
    again = rerank(QUESTION, first, Told([-8.0, 8.0]).read)
    assert again[0].candidate.key == first[1].candidate.key
    assert np.isfinite([r.margin for r in again]).all()
    assert default_weights().decisive > 0


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("متى زارت الوزيرة كوريا؟", False),
        ("Когда министр посетила Корею?", False),
        ("大臣はいつ韓国を訪問しましたか", False),
        ("Quand la ministre a-t-elle visité la Corée ?", True),
        ("Bộ trưởng thăm Hàn Quốc khi nào?", True),
        ("When did the minister of 韓国 visit Seoul?", True),
    ],
)
def test_a_script_that_the_reader_knows_no_words_of_is_not_read(question: str, read: bool) -> None:
    """It abstains rather than harms."""
    assert is_readable(parse_question(question)) == read


@pytest.mark.parametrize(
    "question",
    ["Name one partner of the programme.", "Tell me about the new bridge.", "Citez un pays."],
)
def test_a_demand_is_a_question(question: str) -> None:
    """Who says "name" or "tell me" asks, without a question mark."""
    assert is_readable(parse_question(question))
