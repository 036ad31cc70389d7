"""Amounts of money, percentages and counts in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.figures.amounts import find_amounts
from qa.figures.types import Figure


def only(text: str, lang: str | None = None) -> Figure:
    """The one amount of a text."""
    (figure,) = find_amounts(text, lang)
    return figure


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("$2.5 million", 2_500_000, "$"),
        ("a $2.5-million grant", 2_500_000, "$"),
        ("2,500,000 dollars", 2_500_000, "$"),
        ("C$2.5M", 2_500_000, "CAD"),
        ("2,5 millions de dollars", 2_500_000, "$"),
        ("50 000 dollars", 50_000, "$"),
        ("€3bn", 3_000_000_000, "EUR"),
        ("US$1.2-billion", 1_200_000_000, "USD"),
        ("A $200 million fund", 200_000_000, "$"),
        ("A$200 million", 200_000_000, "AUD"),
        ("$390 billion CAD in trade", 390_000_000_000, "CAD"),
        ("$1 million dollar prize", 1_000_000, "$"),
        ("half a million dollars", 500_000, "$"),
        ("Twenty-nine billion dollars", 29_000_000_000, "$"),
        ("twenty nine million dollars", 29_000_000, "$"),
        ("a million dollars", 1_000_000, "$"),
        ("a hundred million dollars", 100_000_000, "$"),
        ("two hundred and forty-five million dollars", 245_000_000, "$"),
        ("one hundred sixteen million euros", 116_000_000, "EUR"),
        ("vingt-cinq millions d’euros", 25_000_000, "EUR"),
        ("quatre-vingt-dix millions d’euros", 90_000_000, "EUR"),
        ("dix-sept millions d’euros", 17_000_000, "EUR"),
        ("deux cents millions d’euros", 200_000_000, "EUR"),
        ("15 cents", 0.15, "$"),
        ("1.234.567,89 €", 1_234_567.89, "EUR"),
        ("$58\nmillion", 58_000_000, "$"),
        ("12 M$", 12_000_000, "$"),
        ("12 M$ CA", 12_000_000, "CAD"),
        ("3 G€", 3_000_000_000, "EUR"),
        ("3,4 Md€", 3_400_000_000, "EUR"),
        ("500 k€", 500_000, "EUR"),
        ("2,5\u202fmillions d’euros", 2_500_000, "EUR"),
        ("quatre millions d’euros", 4_000_000, "EUR"),
        ("un demi-million de dollars", 500_000, "$"),
        ("10 millions de francs suisses", 10_000_000, "CHF"),
        ("2,3 Mio. €", 2_300_000, "EUR"),
        ("2,3 Mrd. Euro", 2_300_000_000, "EUR"),
    ],
)
def test_money_is_normalised(text: str, value: float, currency: str) -> None:
    """Scales, groups, decimals and currencies of several customs give one value."""
    figure = only(text)

    assert (figure.unit, figure.value, figure.currency) == ("money", value, currency)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("15 per cent", 15),
        ("15%", 15),
        ("57.1 %", 57.1),
        ("one per cent", 1),
        ("seventy-five per cent", 75),
        ("8,5 pour cent", 8.5),
    ],
)
def test_percentages_are_normalised(text: str, value: float) -> None:
    """A percentage is a number, however it is written."""
    assert (only(text).unit, only(text).value) == ("percent", value)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("between $3 and $5 million", 3_000_000, 5_000_000),
        ("$5,000 to $1 million", 5_000, 1_000_000),
        ("10 to 15 per cent", 10, 15),
    ],
)
def test_a_range_has_two_ends(text: str, low: float, high: float) -> None:
    """The scale of the upper end counts for the lower one where it has to."""
    assert (only(text).value, only(text).high) == (low, high)


def test_a_change_is_no_range() -> None:
    """The words "from 14% to 28%" have two figures."""
    assert [figure.value for figure in find_amounts("It rose from 14% to 28%.")] == [14, 28]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("up to $2 million", "up to"),
        ("more than $2 million", "over"),
        ("at least $2 million", "at least"),
        ("less than $2 million", "under"),
        ("nearly $2 million", "about"),
        ("$2 million or more", "at least"),
        ("$2 million", "exact"),
    ],
)
def test_words_beside_an_amount_bound_it(text: str, bound: str) -> None:
    """They are not part of the figure."""
    assert only(text).bound == bound


def test_a_rate_says_for_each_of_what() -> None:
    """It is part of the figure."""
    text = "They earn $15.65 an hour."
    figure = only(text)

    assert (figure.value, figure.per) == (15.65, "hour")
    assert text[slice(*figure.span)] == "$15.65 an hour"


def test_a_count_needs_a_plural() -> None:
    """Ages, dates, bills and the numbers of diseases are no counts."""
    text = "On May 26, 2020, Bill 21 gave 1,200 new homes to people 18 years old with COVID-19."

    assert [text[slice(*figure.span)] for figure in find_amounts(text)] == ["1,200"]


def test_limits_follow_the_words() -> None:
    """The words "more than $1 million" say that it is more than a million."""
    assert only("more than $1 million").is_over(1_000_000)
    assert not only("$1 million").is_over(1_000_000)
    assert only("between $3 and $5 million").is_over(4_000_000)
    assert only("less than $1 million").is_under(1_000_000)


@given(st.text("0123456789.,$€% -kmilonbetwadpruc\n", max_size=80))
def test_every_figure_stands_in_the_text(text: str) -> None:
    """Whatever the text, spans are within it, in order, and values are finite."""
    figures = find_amounts(text)

    ends = [place for figure in figures for place in figure.span]
    assert ends == sorted(ends)
    assert all(0 <= figure.most < 1e40 for figure in figures)


def test_french_counts_are_told_from_numbered_things_and_measures() -> None:
    """The word "nos" is "our" there and no "Nos.", metres are no count, and -aux is a plural."""
    counts = [
        [figure.value for figure in find_amounts(text, "fr")]
        for text in ("pour nos 12 000 cantines", "6 500 mètres carrés", "400 chevaux", "nos 5 ans")
    ]

    assert [[12_000], [], [400], []] == counts


def test_the_end_of_a_number_in_words_is_no_number() -> None:
    """It is not five million."""
    assert find_amounts("It costs two point five million dollars.") == []
