"""The sentence that answers."""

from dataclasses import replace

import numpy as np
import pytest
from made_candidates import Counts, candidate

from qa.answering.evidence import EvidenceWeights, find_evidence, sentence_scores
from qa.linear_model import LinearModel
from qa.query.question import parse_question
from qa.ranking.features import SENTENCE_FEATURES
from qa.ranking.ranker import rank
from qa.reader.prediction import ReaderPrediction

TEXT = (
    "The fund was announced in Halifax. It will pay for 14 ferries over ten years. "
    "Premier Houston thanked the crews. The first ferry sails on June 3, 2026."
)
COUNTS = Counts((TEXT, "Another release about schools."))


def evidence_text(question: str, cosines: tuple[float, ...] = ()) -> str | None:
    """Return the marked words of `TEXT`."""
    asked = parse_question(question)
    ranked = rank(asked, [candidate(1, TEXT, 0.5 if cosines else None, cosines)], COUNTS)
    found = find_evidence(ranked[0])
    return None if found is None else TEXT[slice(*found.span)]


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("Where was the fund announced?", "Halifax"),
        ("How many ferries will it pay for?", "14 ferries"),
        ("Who thanked the crews?", "Houston"),
        ("When does the first ferry sail?", "June 3"),
    ],
)
def test_by_words_alone(question: str, holds: str) -> None:
    """The sentence that shares the rare words and offers what is asked is marked."""
    found = evidence_text(question)

    assert found is not None
    assert holds in found


def test_meaning_decides_where_no_word_is_shared() -> None:
    """Without shared words the nearest sentence in meaning is marked."""
    found = evidence_text("Zukunft Schiffe", (0.1, 0.6, 0.1, 0.1))

    assert found is not None
    assert "14 ferries" in found


def test_nothing_is_marked_where_nothing_links() -> None:
    """A passage far in meaning that shares no word has no evidence."""
    assert evidence_text("Zukunft Schiffe", (0.02, 0.01, 0.03, 0.01)) is None


def test_margins_are_the_sum_the_model_says() -> None:
    """Sentence scores agree with a loop over the model's weights."""
    asked = parse_question("How many ferries will it pay for?")
    one = rank(asked, [candidate(1, TEXT, 0.5, (0.3, 0.5, 0.1, 0.4))], COUNTS)[0]
    model = LinearModel(("cosine", "coverage", "offers"), (1.0, 2.0, 0.5), (), (), 0.0)
    margins = sentence_scores(one, EvidenceWeights(model, 0.0, 0.0, 0.0, 0.0, 0.0))
    slow = [
        sum(
            weight * one.features.sentences[row, SENTENCE_FEATURES.index(name)]
            for name, weight in zip(model.features, model.weights, strict=True)
        )
        for row in range(4)
    ]

    assert np.allclose(slow, margins)


@pytest.mark.parametrize(("within", "sentences"), [(0.0, (1, 2)), (0.25, (1, 3)), (9.0, (1, 3))])
def test_a_neighbour_joins_when_nearly_as_good(within: float, sentences: tuple[int, int]) -> None:
    """The better neighbour joins when its score is within the limit, and never a third."""
    asked = parse_question("Zukunft Schiffe")
    one = rank(asked, [candidate(1, TEXT, 0.5, (0.1, 0.6, 0.4, 0.1))], COUNTS)[0]
    model = LinearModel(("cosine",), (1.0,), (), (), 0.0)
    found = find_evidence(one, weights=EvidenceWeights(model, 0.0, 0.0, within, 0.0, 0.0))

    assert found is not None
    assert sentences == found.sentences
    spans = one.candidate.sentences
    assert (spans[sentences[0]][0], spans[sentences[1] - 1][1]) == found.span
    assert 0 < found.score <= 1


def test_a_passage_without_sentences_is_marked_whole() -> None:
    """Where the splitter found nothing the passage is its own sentence."""
    asked = parse_question("How many ferries?")
    one = rank(asked, [candidate(1, TEXT, sentences=())], COUNTS)[0]
    found = find_evidence(one)

    assert found is not None
    assert (0, len(TEXT)) == found.span


def test_the_reader_s_share_of_a_sentence_counts() -> None:
    """Of two sentences alike in all else the one where the reader sees the answer is marked."""
    asked = parse_question("When will the ferry open?")
    text = "The ferry will open on May 5. The ferry will open on June 6."
    (plain,) = rank(asked, [candidate(1, text, 0.5, (0.5, 0.5))], Counts((text,)))
    sentences = plain.candidate.sentences
    for place, shares in enumerate(((0.95, 0.05), (0.05, 0.95))):
        found = find_evidence(replace(plain, prediction=ReaderPrediction(3.0, (), shares)))
        assert found is not None
        assert found.span == sentences[place]
