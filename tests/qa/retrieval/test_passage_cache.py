"""What is remembered of passages while a collection is open, and forgotten."""

import json
from pathlib import Path

from index.ingest.update import update_collection
from qa import open_collection
from qa.retrieval.passage_terms import TwoGenerations


def test_a_result_is_found_once() -> None:
    """In its generation and in the next, if it is used."""
    asked: list[str] = []

    def twice(word: str) -> str:
        asked.append(word)
        return word * 2

    cache = TwoGenerations(twice, 8)
    assert [cache("a"), cache("b"), cache("a")] == ["aa", "bb", "aa"]
    cache.age()
    assert cache("a") == "aa"
    cache.age()
    assert [cache("a"), cache("b")] == ["aa", "bb"]

    assert asked == ["a", "b", "b"]


def test_it_keeps_two_generations_at_most() -> None:
    """However many results there are, and however seldom it ages."""
    cache = TwoGenerations(str, 10)
    for number in range(100):
        cache(number)

    assert len(cache) <= 20
    assert cache(99) == "99"


def test_passages_that_are_gone_are_forgotten(tmp_path: Path) -> None:
    """Those of a release that changes again and again do not pile up."""
    source = tmp_path / "a.jsonl"
    held = []
    with_release = {"id": "a", "title": "Halifax gets a bridge"}
    for number in range(6):
        text = f"Halifax gets {number} thousand dollars for its bridge."
        source.write_text(json.dumps({**with_release, "text": text}), encoding="utf-8")
        update_collection(tmp_path / "c", [source])
        if number == 0:
            collection = open_collection(tmp_path / "c")
        collection.refresh()
        collection.ask("How much does Halifax get?", words_only=True)
        held.append(len(collection._cache.terms))
    collection.close()

    assert held == [1, 2, 2, 2, 2, 2]
