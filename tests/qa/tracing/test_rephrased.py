"""What is known of two sentences before one is taken for a rephrasing of the other."""

import numpy as np

from index.types import Passage
from qa.tracing.facts import FactComparison, release_facts
from qa.tracing.match import article_sentence
from qa.tracing.releases import ReleaseSentence
from qa.tracing.rephrased import FEATURES, Candidate, candidates
from qa.tracing.words import sentence_words

_ARTICLE = ("Boats leave for the island 18 times.", "Kelp grows in Norway.")
_RELEASE = ("The ferry sails 18 times.", "Tickets are sold on board.", "Boats are old.")


def features(cosines: list[list[float]]) -> dict[tuple[int, int], dict[str, float]]:
    """The features of each pair, by the numbers of the two sentences."""
    ours = [article_sentence(text, (0, len(text)), "en") for text in _ARTICLE]
    passage = Passage(1, "body", (0, 90), ())
    theirs = [
        ReleaseSentence(1, passage, (n, n + 1), text, sentence_words(text, "en"))
        for n, text in enumerate(_RELEASE)
    ]
    whole = release_facts("", " ".join(_RELEASE), "en")
    matrix = np.array(cosines, dtype=np.float32)
    found = candidates(ours, theirs, matrix, whole, {(1, 2)}, "en")
    return {(c.row, c.column): dict(zip(FEATURES, c.features, strict=True)) for c in found}


def test_features_of_each_pair() -> None:
    """Content words, numbers, names, and how the sentences stand to the others."""
    found = features([[0.7, 0.5, 0.4], [0.6, 0.55, 0.2]])

    assert found.keys() == {(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)}  # one cosine is too low
    near = found[0, 0]
    assert (near["agreed number"], near["strange numbers"], near["strange names"]) == (1, 0, 0)
    assert round(near["content"], 2) == 0.4  # 18 and times, of boats, leave, island, 18, times
    assert (near["mutual"], found[0, 1]["mutual"], found[1, 0]["mutual"]) == (1, 0, 0)
    assert (found[0, 1]["repeated"], near["repeated"]) == (1, 0)
    assert found[1, 0]["strange names"] == 1  # Norway
    assert round(found[1, 0]["margin"], 2) == 0.05
    assert round(found[1, 1]["margin"], 2) == -0.05


def test_a_nearest_sentence_with_agreeing_facts_is_more_probable() -> None:
    """Each of these features counts in the direction that one expects."""

    def probability(**changed: float) -> float:
        values = dict.fromkeys(FEATURES, 0.0) | {"cosine": 0.6, "content": 0.4} | changed
        facts = FactComparison(0, (), 0)
        return Candidate(0, 0, 0.6, facts, tuple(values[name] for name in FEATURES)).probability

    usual = probability()
    assert probability(mutual=1.0) > usual
    assert probability(**{"agreed number": 1.0}) > usual
    assert probability(margin=0.2) > usual
    assert probability(**{"strange numbers": 1.0}) < usual
    assert probability(**{"strange names": 2.0}) < usual
    assert probability(repeated=1.0) < usual
