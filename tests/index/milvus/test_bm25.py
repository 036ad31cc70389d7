"""The scores are those of tantivy, and the sparse vectors have them as their product."""

import random

import pytest
import tantivy

from index.milvus.bm25 import (
    Frequencies,
    Lengths,
    PassageWords,
    document_vector,
    query_vector,
    rounded_length,
    score,
)
from index.search.lexical import LexicalIndex, _schema


def _made(chance: random.Random, longest: int) -> PassageWords:
    words = [f"w{int(chance.paretovariate(0.8)) % 60}" for _ in range(chance.randint(1, longest))]
    return PassageWords.of(words, chance.sample(words, min(len(words), chance.randint(0, 6))))


@pytest.mark.parametrize("longest", [30, 300, 3_000])
def test_scores_are_those_of_tantivy(longest: int) -> None:
    """For short, usual and long passages, whose lengths tantivy rounds ever more."""
    chance = random.Random(longest)
    passages = [_made(chance, longest) for _ in range(120)]
    index = tantivy.Index(_schema())
    writer = index.writer(50_000_000, 1)
    for key, words in enumerate(passages):
        document = tantivy.Document()
        for field, counts in (("body", words.body), ("title", words.title)):
            document.add_text(field, " ".join(t for t, n in counts.items() for _ in range(n)))
        document.add_unsigned("key", key)
        document.add_unsigned("release", key)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    lexical = LexicalIndex(index)
    mean = Lengths(
        sum(sum(p.body.values()) for p in passages) / len(passages),
        sum(sum(p.title.values()) for p in passages) / len(passages),
    )
    for terms in (["w1"], ["w3", "w7", "w7"], [f"w{n}" for n in range(0, 60, 4)], ["none"]):
        frequencies = {
            term: Frequencies(
                sum(term in p.body for p in passages), sum(term in p.title for p in passages)
            )
            for term in terms
        }
        expected = dict(lexical.search(terms, 500))
        weights = query_vector(frequencies, len(passages))
        for key, words in enumerate(passages):
            found = score(words, terms, frequencies, len(passages), mean)
            assert expected.get(key, 0.0) == pytest.approx(found, rel=1e-5, abs=1e-6)
            vector = document_vector(words, mean)
            product = sum(weights[d] * w for d, w in vector.items() if d in weights)
            assert product == pytest.approx(found, rel=1e-9)


def test_lengths_are_rounded_down_ever_more() -> None:
    """Exact to forty, then to steps of 2, 4, 8 and so on."""
    assert list(range(41)) == [rounded_length(n) for n in range(41)]
    assert [40, 42, 54, 56, 56, 60, 88, 88] == [
        rounded_length(n) for n in (41, 42, 55, 56, 59, 60, 88, 95)
    ]
    assert [] == [n for n in range(5_000) if not 8 / 9 * n <= rounded_length(n) <= n]


def test_a_passage_without_words_has_a_vector_that_nothing_finds() -> None:
    """Milvus takes no empty vector."""
    vector = document_vector(PassageWords.of([], []), Lengths(0.0, 0.0))
    assert vector
    assert not vector.keys() & query_vector({"a": Frequencies(1, 1)}, 9).keys()
    assert 0.0 == score(PassageWords.of([], []), ["a"], {}, 0, Lengths(0.0, 0.0))
