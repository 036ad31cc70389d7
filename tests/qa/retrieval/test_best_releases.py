"""The releases whose passages all become candidates."""

import json
from pathlib import Path

from index.ingest.update import update_collection
from qa.collection import open_collection
from qa.retrieval.best_releases import best_releases


def test_a_release_is_as_good_as_its_best_passage() -> None:
    """One passage that both searches return beats two that one of them returns each."""
    lexical, cosines = {1: 9.0, 2: 8.0, 3: 2.0}, {1: 0.8, 4: 0.9, 5: 0.3}

    assert [10, 30, 20] == best_releases(lexical, cosines, {1: 10, 2: 20, 3: 20, 4: 30, 5: 30})


def test_no_more_than_asked_for_and_equals_in_order() -> None:
    """Equal releases come in the order of their numbers, so an answer does not depend on chance."""
    scores = dict.fromkeys(range(6), 1.0)
    releases = {key: 9 - key for key in range(6)}

    assert [4, 5] == best_releases(scores, {}, releases, count=2)
    assert [] == best_releases({}, {}, {})


def test_a_passage_removed_meanwhile_has_no_release() -> None:
    """It counts for none."""
    assert [7] == best_releases({1: 1.0, 2: 5.0}, {}, {1: 7})


def test_a_paragraph_that_shares_nothing_with_the_question_is_a_candidate(tmp_path: Path) -> None:
    """Its release is found by another paragraph."""
    others = [
        {
            "id": f"c{n}",
            "title": f"Notice {n}",
            "text": f"A salmon committee let the public in, {n}.",
        }
        for n in range(120)
    ]
    fair = {
        "id": "fair",
        "title": "Notice 121",
        "text": "The Bellwater salmon fair lets the public in on Sunday. "
        + "It is the town's oldest, held on the quay since the railway came. " * 6
        + "\n\n"
        + "Umbrellas, prams and bicycles stay outside, where stewards look after them. " * 6,
    }
    releases = tmp_path / "releases.jsonl"
    releases.write_text("".join(f"{json.dumps(one)}\n" for one in (*others, fair)))
    update_collection(tmp_path / "c", [releases])

    with open_collection(tmp_path / "c") as collection:
        answer = collection.ask("When does the Bellwater salmon fair let the public in?", k=200)

    assert any("Umbrellas" in passage.text for passage in answer.passages)
