"""Which words of a question are taken for mistyped, and for which others."""

import json
from collections.abc import Iterator

import pytest
from index_parts import index_words, put, searching

from qa.retrieval.retriever import Retriever

TEXT = """The minister announced loans for small businesses in Twillingate. The government and the
environmental agency support renewable energy. Pharmaceutical companies face higher prices.

Twillingate is a town. Zorblatt was there once. The car industry of Smalltown grows.
Gorpa is a river. The river Gorpa is long."""
OFTEN = "Senator Manchin spoke on coal."


@pytest.fixture(name="retriever", scope="module")
def _retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    """A collection of few words, and one that has a name in many passages."""
    folder = tmp_path_factory.mktemp("words")
    records = [{"id": "a", "text": TEXT}]
    records += [{"id": f"m{n}", "text": f"{OFTEN} It was speech number {n}."} for n in range(30)]
    put(folder / "in.jsonl", "\n".join(map(json.dumps, records)))
    index_words(folder / "c", [folder / "in.jsonl"])
    with searching(folder / "c") as searcher:
        yield Retriever(searcher)


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("smal business loans", "small business loans"),
        ("the goverment and teh enviromental agncy", "the government and teh environmental agency"),
        ("Renewble enrgy?", "Renewable energy?"),
        ("who spoke in twilingate", "who spoke in twillingate"),  # a word of the collection alone
        ("Who is Senator Manchn?", "Who is Senator Manchin?"),
        ("pharmacutical prcies", "pharmaceutical prices"),
        ("a minster in the town", "a minister in the town"),
    ],
)
def test_a_mistyped_word_is_replaced(retriever: Retriever, typed: str, searched: str) -> None:
    """The nearest word that occurs is searched; what is typed in capitals stays so."""
    question, corrections = retriever.parse(typed, exact_words=False)

    assert searched == question.text
    for correction in corrections:
        assert correction.typed == typed[slice(*correction.span)]


@pytest.mark.parametrize(
    "typed",
    [
        "small business loans",
        "automobile industry",  # a word, though only cars occur
        "greenhouses and repossessed smaller homes",  # forms of words
        "stormwater",  # two words
        'the "smal" business and “goverment” loans',
        "a smal3 business, covid19 and tax",  # digits, short words
        "Who is Senator Manhcnu or Zorblat or Twilingate?",  # two slips, or names that are rare
        "Quel est le montant des pretz de la ville?",  # another language
        "deforestation",  # no word with the same beginning
        "a gorp of 1999",  # short, and near to a word that is no common one
        "zorblatz",  # a word that occurs once may itself be mistyped
    ],
)
def test_everything_else_is_searched_as_it_is(retriever: Retriever, typed: str) -> None:
    """Words that occur, words of English, names, quoted words, other languages are left alone."""
    question, corrections = retriever.parse(typed, exact_words=False)

    assert ((), typed) == (corrections, question.text)


def test_exact_words_replaces_none(retriever: Retriever) -> None:
    """The switch leaves everything as it was typed."""
    question, corrections = retriever.parse("smal business", exact_words=True)

    assert ((), "smal business") == (corrections, question.text)
