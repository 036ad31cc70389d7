"""Whole numbers in English words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.figures.amounts import first_number
from qa.figures.number_words import number_in_words


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Sixty-one", 61),
        ("Two hundred and forty four people", 244),
        ("One-hundred and twenty-six people", 126),
        ("fourteen", 14),
        ("zero", 0),
        ("two million", 2_000_000),
        ("one hundred thousand", 100_000),
        ("Eleven of the 12", 11),
        ("twenty-five hundred", 2_500),
        ("over half", None),
        ("hundred and twenty", None),
        ("", None),
    ],
)
def test_the_first_words_of_a_text_are_a_number(text: str, number: int | None) -> None:
    """What comes after them is not read."""
    assert number_in_words(text) == number


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    """A text has a number in words, or none."""
    number = number_in_words(text)
    assert number is None or number >= 0


@pytest.mark.parametrize(
    ("text", "value", "bound", "lang"),
    [
        ("53 are considered active", 53, "exact", None),
        ("more than 3,800", 3_800, "over", None),
        ("46 million uninsured", 46_000_000, "exact", None),
        ("3 425 cas", 3_425, "exact", "fr"),
        ("$5 and 12", 12, "exact", None),
    ],
)
def test_a_bare_number_is_a_count(text: str, value: int, bound: str, lang: str | None) -> None:
    """Whatever it counts; amounts of money and percentages are none."""
    figure = first_number(text, lang)

    assert figure is not None
    assert (figure.unit, figure.value, figure.bound) == ("count", value, bound)


def test_a_text_without_a_bare_number_has_none() -> None:
    """An amount of money is no count."""
    assert first_number("$5 million") is None
    assert first_number("no number") is None
