"""Features of candidate lists against slow, obvious computations."""

import math

import numpy as np
import pytest
from made_candidates import VISIT, Counts, candidate

from index.text.analyzer import extract_terms
from qa.query.answer_type import answer_spans
from qa.query.question import parse_question
from qa.ranking.features import PASSAGE_FEATURES, SENTENCE_FEATURES, compute_features
from qa.ranking.query_features import QUERY_FEATURES
from qa.ranking.term_matching import PRIOR_PASSAGES, match

COUNTS = Counts(VISIT)
QUESTION = parse_question("When will Trudeau visit Seoul?")
LIST = [
    candidate(1, VISIT[0], 0.7, (0.8, 0.4), lexical=5.0),
    candidate(2, VISIT[1], 0.3, (0.2, 0.3), lexical=1.0),
    candidate(3, VISIT[2], 0.1, (0.1, 0.05)),
]


def inverse_document_frequency(counts: Counts, term: str) -> float:
    """BM25's, over the collection and the imagined background."""
    holding = counts.document_frequency(term)
    return math.log(1 + (counts.passages + PRIOR_PASSAGES - holding + 0.5) / (holding + 0.5))


def slow_coverage(text: str) -> float:
    """Weight of the question's words in `text` over the weight of all, word by word."""
    weights = {w.term: inverse_document_frequency(COUNTS, w.term) for w in QUESTION.words}
    held = sum(weight for term, weight in weights.items() if term in extract_terms(text, "en"))
    return held / sum(weights.values())


def test_coverage_is_the_weighted_share_of_words() -> None:
    """Coverage of passages and of sentences agrees with counting word by word."""
    seen = compute_features(QUESTION, LIST, COUNTS)

    assert np.allclose([slow_coverage(text) for text in VISIT], seen.passage("coverage"))
    for place, one in enumerate(LIST):
        by_sentence = [slow_coverage(one.text[a:b]) for a, b in one.sentences]
        assert np.allclose(by_sentence, seen.sentence("coverage", place))
        assert max(by_sentence) == pytest.approx(seen.passage("sentence_coverage")[place])


def test_content_bm25() -> None:
    """`match` is BM25 over content words, divided by what it could be at most."""
    seen = compute_features(QUESTION, LIST, COUNTS)
    lengths = [len(extract_terms(text, "en")) for text in VISIT]
    mean = sum(lengths) / len(lengths)
    for place, text in enumerate(VISIT):
        score = most = 0.0
        for word in QUESTION.words:
            tf = extract_terms(text, "en").count(word.term)
            idf = inverse_document_frequency(COUNTS, word.term)
            norm = 1.2 * (0.25 + 0.75 * lengths[place] / mean)
            score += idf * tf * 2.2 / (tf + norm)
            most += idf * 2.2
        assert score / most == pytest.approx(seen.passage("match")[place])


def test_rare_words_weigh_more_also_in_tiny_collections() -> None:
    """One occurrence among three passages is not taken for common; absence weighs most."""
    counts = Counts(VISIT)
    common = Counts(("Seoul",) * 3)

    assert inverse_document_frequency(counts, "nowher") > inverse_document_frequency(
        counts, "seoul"
    )
    assert inverse_document_frequency(common, "seoul") > 0
    expected = math.log(1 + (3 + PRIOR_PASSAGES - 1 + 0.5) / 1.5)
    assert expected == pytest.approx(inverse_document_frequency(counts, "seoul"))


def test_gaps_are_to_the_best_of_the_list() -> None:
    """A gap is zero for the best and negative for the rest."""
    seen = compute_features(QUESTION, LIST, COUNTS)

    assert [0.0, -0.4, -0.6] == pytest.approx(seen.passage("dense_gap").tolist())
    assert [0.8, 0.3, 0.1] == pytest.approx(seen.passage("sentence").tolist())


def test_missing_word_scores_are_estimated_below_those_given() -> None:
    """A passage the word index did not return scores no more than the least it did return."""
    unscored = [LIST[0], LIST[1]._replace(lexical=None), LIST[2]]
    lexical = compute_features(QUESTION, unscored, COUNTS).passage("lexical")

    assert lexical[0] == 1.0
    assert max(lexical[1:]) <= 1.0
    assert lexical[2] == 0.0


def test_kind_of_answer_offered() -> None:
    """A date is offered where one stands, and what the question holds itself is no offer."""
    found = match(QUESTION, LIST, COUNTS)
    asked = match(parse_question("When, if not in May, does it open?"), LIST, COUNTS)

    assert found.offers[0] > 0  # "May 16"
    assert found.offers[1] == 0
    assert asked.offers.sum() < found.offers.sum() + 1


def test_prefix_kin_count_less_than_equal_words() -> None:
    """`Koreans` stands for `Korean`-like words with a part of the credit, once."""
    question = parse_question("What did the Korean delegation say?")
    kin = candidate(1, "Korea welcomed a large group of delegates.", 0.2, (0.2,))
    seen = compute_features(question, [kin], Counts((kin.text,)))

    assert seen.passage("soft_coverage")[0] > seen.passage("coverage")[0]
    assert seen.passage("soft_coverage")[0] < 1


def test_pairs_in_order() -> None:
    """Neighbouring words of the question count as a pair in order, not reversed."""
    question = parse_question("fishing quotas review")
    ordered = candidate(1, "A review of fishing quotas.", 0.1, (0.1,))
    turned = candidate(2, "Quotas for all who go fishing.", 0.1, (0.1,))
    pairs = compute_features(
        question, [ordered, turned], Counts((ordered.text, turned.text))
    ).passage("pairs")

    assert [0.5, 0.0] == pairs.tolist()


def test_neighbours_of_the_release_complete_a_passage() -> None:
    """Words that stand in another passage of the same release count as gained, others not."""
    own = [LIST[0]._replace(release=1), LIST[1]._replace(release=1), LIST[2]._replace(release=2)]
    gain = compute_features(QUESTION, own, COUNTS).passage("release_gain")

    assert gain[1] > 0
    assert gain[2] == 0


def test_a_release_covers_what_stands_in_its_headline_or_any_of_its_passages() -> None:
    """Two passages of a release that name Trudeau and, in the headline, Seoul; one of another."""
    title = "Visit to Seoul"
    made = [
        candidate(1, "Trudeau spoke of trade.", release=7, title=title),
        candidate(2, "It was a sunny day.", release=7, title=title),
        candidate(3, VISIT[1], release=8),
    ]
    seen = compute_features(QUESTION, made, COUNTS)

    visit_and_trudeau_and_seoul = slow_coverage("Trudeau visit Seoul")
    assert seen.passage("release_coverage").tolist() == pytest.approx(
        [visit_and_trudeau_and_seoul] * 2 + [slow_coverage(VISIT[1])]
    )
    assert seen.passage("release_coverage_gap")[0] == 0 > seen.passage("release_coverage_gap")[2]
    assert seen.passage("release_rarest_missing").tolist()[:2] == [0, 0]
    assert seen.passage("rarest_missing")[1] > 0


@pytest.mark.parametrize("size", [1, 2, 3])
def test_every_feature_is_a_finite_number_in_any_list(size: int) -> None:
    """Lists of one, without vectors, without sentences, without shared words: no NaN."""
    odd = [candidate(one.key, one.text, sentences=()) for one in LIST[:size]]
    for question in (QUESTION, parse_question("zzz qqq"), parse_question("?")):
        for some in (LIST[:size], odd, [*LIST[:size], odd[0]._replace(key=9)]):
            seen = compute_features(question, some, COUNTS)
            assert (len(some), len(PASSAGE_FEATURES)) == seen.passages.shape
            assert len(SENTENCE_FEATURES) == seen.sentences.shape[1]
            assert len(QUERY_FEATURES) == len(seen.query)
            assert np.isfinite(seen.passages).all()
            assert np.isfinite(seen.sentences).all()
            assert np.isfinite(seen.query).all()


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("It opens on June 3, 2025 in Ottawa.", "date", ["june 3", "2025"]),
        ("It cost $4.5 million.", "money", ["$4.5"]),
        ("Some 12,500 people came.", "number", ["12,500"]),
        ("She met Jean de La Fontaine.", "name", ["she", "jean de la fontaine"]),
        ("The plant in Halifax closed.", "place", ["halifax"]),
        ("ALL IN CAPITALS FROM OTTAWA", "name", []),
    ],
)
def test_offers(text: str, wanted: str, found: list[str]) -> None:
    """Dates, sums, figures, names and places are found by their form."""
    spans = [span for span, _ in answer_spans(text, wanted)]  # type: ignore[arg-type]

    assert found == [text[a:b].lower().strip() for a, b in spans]
