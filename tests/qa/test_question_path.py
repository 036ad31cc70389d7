"""The way of a question through the modules: each is entered once, in the order of the stages."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from qa.answering.build_answer import RankedQuestion
from qa.collection import Collection, open_collection
from qa.query.question import ParsedQuestion

STAGES = (
    "qa.retrieval.respelling",
    "qa.retrieval.retriever",
    "qa.ranking.ranker",
    "qa.ranking.features",
    "qa.ranking.term_matching",
    "qa.ranking.query_features",
    "qa.ranking.penalties",
    "qa.answering.rerank",
    "qa.answering.confidence",
    "qa.answering.tense",
    "qa.answering.build_answer",
)
"""Modules that are handed the parsed question; docs/explanation/how-it-works.md lists them, too."""


@pytest.fixture(scope="module")
def collection(sample_collection: Path) -> Iterator[Collection]:
    """The collection of the sample releases."""
    with open_collection(sample_collection) as opened:
        opened.warm()
        yield opened


def entered(collection: Collection, question: str) -> list[str]:
    """Return the modules that are entered with the parsed question, in order."""
    found: list[str] = []

    def watch(frame: FrameType, event: str, _: object) -> None:
        name = str(frame.f_globals.get("__name__", ""))
        if event != "call" or not name.startswith("qa.") or name == ParsedQuestion.__module__:
            return
        caller = frame.f_back
        if caller is not None and caller.f_globals.get("__name__") == name:
            return
        code = frame.f_code
        given = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        # Generated methods of data classes belong to what holds the question.
        if code.co_filename.startswith("<"):
            return
        if any(isinstance(frame.f_locals.get(n), ParsedQuestion | RankedQuestion) for n in given):
            found.append(name)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        collection.ask(question)
    finally:
        sys.setprofile(before)
    return found


@pytest.mark.parametrize(
    ("question", "stages"),
    [
        (
            "When did Minister Joly visit Korea on April 14, 2023?",
            (*STAGES, "qa.answering.alternatives"),
        ),
        ("Who won the world cup of 1998?", (*STAGES, "qa.answering.abstention")),
    ],
)
def test_a_question_enters_each_module_once(
    collection: Collection, question: str, stages: tuple[str, ...]
) -> None:
    """No module works on the question twice, and none is left and entered again."""
    assert list(stages) == entered(collection, question)
