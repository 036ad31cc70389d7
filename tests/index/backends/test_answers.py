"""Answers do not depend on the engine."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from checkout import SAMPLES
from search_engines import Engine

from index.filters import Filters
from qa import open_collection
from qa.conversation.types import NO_CONVERSATION
from qa.finding.counts import in_order
from qa.finding.query import parse_query
from qa.types import Answer, Timing

QUESTIONS = [
    json.loads(line)["question"]
    for line in (SAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]


def told(answer: Answer) -> Any:
    """Return an answer without its times, its scores to four digits."""
    return _rounded(asdict(replace(answer, timing=Timing(0.0, 0.0, 0.0))))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return pytest.approx(value, abs=1e-4)
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list | tuple) else value


def test_questions_have_the_same_answers(samples: Engine, sample_collection: Path) -> None:
    """Every passage, highlight, score, reason and correction is that of the embedded engine."""
    asked: list[tuple[str, dict[str, Any]]] = [(text, {}) for text in QUESTIONS[::6]]
    asked += [
        ("What is the minmum wage in Yukon?", {}),
        ("Who is the media contact?", {}),
        ("What did he say about the bridge?", {"filters": Filters(kinds=("quote",))}),
        ("minimum wage", {"filters": Filters(until="2010")}),
        ("What was announced on July 23, 2021?", {"k": 20}),
        ("minimum wage", {"words_only": True, "filters": Filters(lang="de")}),
    ]
    with open_collection(sample_collection) as own, open_collection(samples.place) as other:
        for question, options in asked:
            expected = own.ask(question, **options)
            assert told(expected) == _plain(other.ask(question, **options)), question


def _plain(answer: Answer) -> Any:
    return json.loads(json.dumps(asdict(replace(answer, timing=Timing(0.0, 0.0, 0.0)))))


def test_a_follow_up_is_understood_the_same_way(samples: Engine, sample_collection: Path) -> None:
    """A conversation searches the releases that it was about."""
    answers = []
    for place in (sample_collection, samples.place):
        with open_collection(place) as collection:
            first = collection.ask("What is the new minimum wage in Yukon?")
            conversation = NO_CONVERSATION.plus(first)
            answers.append(
                collection.ask("And when does it take effect?", conversation=conversation)
            )
    assert told(answers[0]) == _plain(answers[1])
    assert "take effect" in answers[0].asked_as


@pytest.mark.parametrize("words", ["minimum wage", '"minimum wage" -Yukon', "bridge", "zzyzx"])
def test_find_returns_the_same(words: str, samples: Engine, sample_collection: Path) -> None:
    """Every passage that matches, by words and by meaning."""
    found = []
    for place in (sample_collection, samples.place):
        with open_collection(place) as collection:
            findings = collection.find(parse_query(words.split()))
            shown = collection.load(findings, in_order(findings, "date"))
            found.append([(p.passage_id, p.text, p.citation, p.match.by) for p in shown])
    assert found[0] == found[1]
