"""Copies of a passage are shown once, and only what says the same is taken for a copy."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from made_answers import made_answer

from index.ingest.update import update_collection
from qa import open_collection
from qa.answer_json import answer_from_json, answer_to_json
from qa.export.terminal import answer_lines
from qa.export.trec import ranking
from qa.quotes import quotes
from qa.ranking.deduplicate import PassageShingles, is_near_duplicate
from qa.types import Answer

if TYPE_CHECKING:
    from index.reports import Progress

OPENING = (
    "The province has opened a footbridge across the harbour after two years of work by the crews "
    "of Aldous and Sons, who were paid $4.2 million for it by the city and the port authority."
)
QUOTE = "“People asked for this bridge for twenty long years,” said Minister Anna Leblanc."
REST = "A second stage with a cycling lane begins in 2023 when the ferry terminal has been moved."
QUESTION = "How much was paid for the footbridge across the harbour?"


def _text(opening: str) -> str:
    return f"{opening}\n\n{QUOTE}\n\n{REST}\n"


def _collection(folder: Path, *records: dict[str, object]) -> Path:
    seen: list[Progress] = []
    source = folder / "a.jsonl"
    source.write_text("\n".join(json.dumps({"title": "Bridge opens", **r}) for r in records))
    update_collection(
        folder / "c",
        [source],
        progress=seen.append,
        cancelled=lambda: any(p.stage == "meaning" for p in seen),
    )
    return folder / "c"


def _ask(folder: Path) -> Answer:
    with open_collection(folder) as collection:
        return collection.ask(QUESTION, words_only=True)


@pytest.mark.parametrize(
    ("other", "related", "expected"),
    [
        (OPENING.replace("two years of work", "hard work"), True, True),
        (OPENING.replace("4.2", "5.1"), True, False),
        (OPENING.replace("Aldous", "Brown"), True, True),
        (OPENING.replace("Aldous", "Brown"), False, False),
        (OPENING.replace("opened", "built"), False, True),
        (OPENING.replace("two years of work by the crews of", "toil of"), False, False),
        (OPENING.upper(), False, True),
        (REST, True, False),
    ],
)
def test_what_says_the_same(other: str, related: bool, expected: bool) -> None:
    """Other figures are never the same; other names only within a family of copies."""
    one, two = PassageShingles(OPENING), PassageShingles(other)

    assert expected == is_near_duplicate(one, two, related=related)


def test_a_copy_is_named_beside_the_passage(tmp_path: Path) -> None:
    """Of a release from two places a passage is shown once and says where else it stands."""
    folder = _collection(
        tmp_path,
        {"id": "a", "text": _text(OPENING), "date": "2021-03-03"},
        {"id": "b", "text": _text(OPENING.replace("crews", "people")), "date": "2021-03-03"},
    )
    answer = _ask(folder)
    best = [p for p in answer.passages if "$4.2 million" in p.text]

    assert {"a", "b"} == {best[0].release.id, *best[0].also_in}
    assert best[0].also_in == best[0].release.copies
    assert 1 == len(best)
    with open_collection(folder) as collection:
        assert 1 == len(quotes(collection, k=9))


def test_a_correction_names_what_it_replaces(tmp_path: Path) -> None:
    """The corrected figure is shown, the wrong one is not, and its release is named."""
    folder = _collection(
        tmp_path,
        {"id": "old", "text": _text(OPENING.replace("4.2", "2.4"))},
        {"id": "new", "text": _text(OPENING), "title": "CORRECTION: Bridge opens"},
    )
    answer = _ask(folder)
    found = answer_to_json(answer)

    assert {"new"} == {p.release.id for p in answer.passages}
    assert {("old",)} == {p.release.replaces for p in answer.passages}
    assert ["old"] == found["passages"][0]["release"]["replaces"]
    assert "replaced_by" not in found["passages"][0]["release"]
    assert answer.passages[0].release == answer_from_json(found).passages[0].release
    assert "replaces old" in "\n".join(
        line.text.plain for line in answer_lines(answer, styled=True)
    )
    with open_collection(folder) as collection:
        assert "new" == collection.document("old").ref.replaced_by
        assert {"old": "new", "new": None} == {r.id: r.replaced_by for r in collection.releases()}


def test_a_headline_is_found_when_it_is_asked_for(tmp_path: Path) -> None:
    """Headlines are left out of a search unless the filter names their kind."""
    from index.filters import Filters

    folder = _collection(tmp_path, {"id": "a", "text": f"Bridge opens\n\n{_text(OPENING)}"})
    with open_collection(folder) as collection:
        found = collection.ask(
            "bridge opens", words_only=True, filters=Filters(kinds=("headline",))
        )
    assert ["Bridge opens"] == [p.text for p in found.passages]


def test_a_run_file_lists_every_release_that_carries_a_passage() -> None:
    """Releases of which the passage is folded follow the one shown, each once; passages do not."""
    answer = made_answer()
    best = replace(answer.passages[0], also_in=("copy", "other"))
    answer = replace(answer, passages=(best, *answer.passages[1:]))
    releases = list(ranking(answer, "release"))
    scores = [score for _, score in releases]

    assert [best.release.id, "copy", "other"] == [name for name, _ in releases][:3]
    assert scores == sorted(set(scores), reverse=True)
    assert [p.passage_id for p in answer.passages] == [n for n, _ in ranking(answer, "passage")]
