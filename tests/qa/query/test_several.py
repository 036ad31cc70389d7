"""Which questions ask for several things, and how many."""

import pytest

from qa.query.several import Several, asks_for_several


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("Which four companies receive funding?", 4),
        ("Which companies receive funding?", None),
        ("Who are the members of the panel?", None),
        ("Who were Ann Lee's 2 deputies?", 2),
        ("What are the three priorities?", 3),
        ("What are Hill County's four fire stations?", 4),
        ("In which states will the money be used?", None),
        ("Which Vermont fire departments will be receiving grants?", None),
        ("What kinds of projects does the program support?", None),
        ("What activities is she involved in?", None),
        ("Which people spoke?", None),
        ("Besides Hagel, which Republicans worked out the compromise?", None),
        ("List the members of the panel.", None),
        ("Name the three priorities", 3),
        ("Quelles municipalités reçoivent des fonds ?", None),
        ("Quels sont les trois objectifs du plan ?", 3),
        ("Qui sont les membres du comité ?", None),
        ("Was sind die drei Ziele?", 3),
        ("¿Cuáles son las dos ciudades?", 2),
    ],
)
def test_a_question_for_several_things(question: str, count: int | None) -> None:
    """The noun is in the plural, or the question word is; a number says how many."""
    assert asks_for_several(question) == Several(count)


@pytest.mark.parametrize(
    "question",
    [
        "Which company makes cars?",
        "Which fire department receives a grant?",
        "Which sports team won?",
        "What party rules in Melbourne?",
        "What causes cancer?",
        "What happens in May?",
        "When did the three companies merge?",
        "How many companies receive funding?",
        "Who provides the lists?",
        "Which Texas city hosts the games?",
        "Which series was the first?",
        "What will the ministers sign?",
        "Name the minister of health",
        "Quelle ville accueille les jeux ?",
        "Was macht das Ministerium?",
        "Three companies receive funding",
        "",
    ],
)
def test_a_question_for_one_thing(question: str) -> None:
    """Plurals elsewhere in it do not count, nor do verbs that end like plurals."""
    assert asks_for_several(question) is None
