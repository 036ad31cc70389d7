"""What names stand for."""

import pytest

from qa.conversation.entities import EntityType, entity_type
from qa.conversation.mentions import name_spans
from qa.conversation.noun_phrases import noun_phrases


@pytest.mark.parametrize(
    ("before", "name", "after", "expected"),
    [
        ("did ", "Congresswoman Lee", " say", EntityType("person", "f")),
        ("did ", "Barbara Lee", " say", EntityType("person", "f")),
        ("did ", "Chuck Grassley", " write", EntityType("person", "m")),
        ("per ", "Perlmutter", "?", EntityType("person")),
        ("from the New Hampshire senator, ", "Hassan", "?", EntityType("person")),
        ("did ", "Boyle and Kinzinger", " ask", EntityType("thing", several=True)),
        ("did ", "Chris Dodd and John Larson", " tour", EntityType("person", several=True)),
        ("in ", "Weirton", "?", EntityType("place")),
        ("did ", "Saskatchewan", " report", EntityType("place")),
        ("at ", "Little Doctor Lake", "", EntityType("place")),
        ("the ", "Justice Department", "", EntityType("organisation")),
        ("the ", "VAWA", " reauthorization", EntityType("organisation")),
        ("sign the ", "MINER Act", "?", EntityType("thing")),
        ("a ", "Veterans Day", " resolution", EntityType("thing")),
        ("the new ", "COVID", " case", EntityType("thing")),
    ],
)
def test_names_have_types(before: str, name: str, after: str, expected: EntityType) -> None:
    """Titles, first names, the last word and the words around a name tell its type."""
    assert expected == entity_type(name, before, after)


def test_initials_do_not_end_a_name() -> None:
    """The point of an initial or an abbreviation is no end of a sentence."""
    text = "Was David E. Nahmias confirmed in the U.S. by then?"

    assert ["David E. Nahmias", "U.S."] == [text[slice(*span)] for span in name_spans(text, "en")]


@pytest.mark.parametrize(
    ("question", "phrases"),
    [
        ("What is the new minimum wage in Yukon?", ["the new minimum wage in Yukon"]),
        ("When did his office fail a peer review in March?", ["the peer review"]),
        ("How many cigarettes did Ontario seize?", ["the cigarettes", "Ontario"]),
        ("Which bill passed on Monday?", ["the bill"]),
        ("What burned at Little Doctor Lake?", ["Little Doctor Lake"]),
        ("Who wrote the act that Reid praised?", ["the act", "Reid"]),
    ],
)
def test_questions_have_noun_phrases(question: str, phrases: list[str]) -> None:
    """What stands between function words and verbs; dates and "his office" are left out."""
    assert phrases == [phrase.with_article() for phrase in noun_phrases(question)]
