"""The language of `find`: words, phrases, exclusions."""

import pytest

from qa.errors import QuestionError
from qa.finding.query import MAX_LENGTH, Clause, parse_query


def phrase(text: str) -> Clause:
    """Words as written, one after another."""
    return Clause(text, exact=True)


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["coal", "mine"], (Clause("coal"), Clause("mine"))),
        (['"coal mine"'], (phrase("coal mine"),)),
        (["coal mine"], (phrase("coal mine"),)),  # the shell took the quotation marks
        (["“coal mine” closed"], (phrase("coal mine"), Clause("closed"))),
        (['"coal'], (phrase("coal"),)),
        (["coal coal", "coal", "coal"], (phrase("coal coal"), Clause("coal"))),
        (["the", "coal"], (Clause("the"), Clause("coal"))),
        (["coal", "-", "—", '""'], (Clause("coal"),)),
    ],
)
def test_words_and_phrases_are_told_apart(arguments: list[str], wanted: tuple[Clause, ...]) -> None:
    """Quotation marks, of the shell or not, make a phrase; no word is skipped."""
    assert wanted == parse_query(arguments).wanted


@pytest.mark.parametrize(
    ("arguments", "excluded"),
    [
        (["coal", "-mine"], (Clause("mine", excluded=True),)),
        (["coal", '-"coal mine"'], (Clause("coal mine", exact=True, excluded=True),)),
        (["coal", "-coal mine"], (Clause("coal mine", exact=True, excluded=True),)),
        (['coal -"coal mine" -pit'], (
            Clause("coal mine", exact=True, excluded=True), Clause("pit", excluded=True)
        )),
        (["covid-19"], ()),
    ],
)  # fmt: skip
def test_a_minus_before_a_word_or_a_phrase_excludes_it(
    arguments: list[str], excluded: tuple[Clause, ...]
) -> None:
    """A hyphen within a word does not."""
    assert excluded == parse_query(arguments).excluded


def test_a_word_of_several_parts_is_its_parts_one_after_another() -> None:
    """The index has them as two words."""
    (clause,) = parse_query(["COVID-19"]).wanted

    assert (("covid", "19"), False) == (clause.stems("en"), clause.is_word)
    assert Clause("mines").is_word
    assert not phrase("mines").is_word


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-coal"], "besides"),
        (["?!"], "name a word"),
        ([], "name a word"),
        (["a" * (MAX_LENGTH + 1)], "characters"),
    ],
)
def test_a_query_without_words_is_refused(arguments: list[str], message: str) -> None:
    """The message says what is missing."""
    with pytest.raises(QuestionError, match=message):
        parse_query(arguments)
