"""Which part of a passage is shown."""

from dataclasses import replace

from made_answers import made_passage

from index.types import Span
from qa.types import Highlight
from tui.widgets.excerpts import CUT, brief

LONG = (
    "The agency published its yearly report about the office today. It has ninety pages and six "
    "parts, and each of them was read by an outside auditor before it was printed. "
    "Two satellites left the station in May and reached their orbit."
)


def term(word: str) -> Highlight:
    """A word of the question where it first stands."""
    start = LONG.index(word)
    return Highlight((start, start + len(word)), "term", 1.0)


def shown(*words: str, evidence: Span | None = None) -> str:
    """The start of what is shown of a passage in which some words are of the question."""
    passage = made_passage(text=LONG, evidence=evidence)
    part = brief(replace(passage, highlights=(*passage.highlights, *map(term, words))))
    return part.before + part.text[part.span[0] :]


def test_a_passage_is_shown_from_its_evidence() -> None:
    """Wherever the words of the question are."""
    start = LONG.index("It has")
    assert shown("satellites", evidence=(start, start + 30)).startswith("It has ninety")


def test_without_evidence_the_words_of_the_question_are_shown() -> None:
    """The beginning is, unless more of the words stand further on."""
    assert shown().startswith("The agency")
    assert shown("agency", "satellites").startswith("The agency")
    assert shown("agency", "satellites", "orbit").startswith(CUT)
    assert "satellites" in shown("agency", "satellites", "orbit")[:130]
