"""Numbers and names of two sentences."""

import pytest

from qa.tracing.facts import compare_facts, release_facts, sentence_facts
from qa.tracing.numbers import find_numbers
from qa.tracing.types import FactDifference
from qa.tracing.words import match_words, sentence_words


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("It cost $4.5 million, 12 per cent more.", [("money", 4_500_000), ("percent", 12)]),
        ("Nineteen of 42 states", [("number", 19), ("number", 42)]),
        ("Two hundred and fifty-eight people have recovered.", [("number", 258)]),
        ("Twenty-five thousand and two were there.", [("number", 25_002)]),
        ("A million children, one of them here, in 2021", [("number", 10**6), ("number", 2021)]),
        ("between $3 and $5 million", [("money", 3_000_000), ("money", 5_000_000)]),
        ("Nobody knows.", []),
    ],
)
def test_numbers_in_digits_and_words(text: str, values: list[tuple[str, float]]) -> None:
    """Each with its value and what it is an amount of."""
    assert [(number.unit, number.value) for number in find_numbers(text, "en")] == values


@pytest.mark.parametrize(
    ("article", "release", "agree"),
    [
        ("$1.57 billion", "$1,567,824,375", True),
        ("close to 4,000 people", "3,950 people", True),
        ("4,000 people", "3,950 people", False),
        ("nineteen states", "19 states", True),
        ("20 states", "19 states", False),
        ("$2.4 million", "$2.5 million", False),
        ("nearly $16 trillion", "nearly $17 trillion", False),
        ("$32,442,593", "$23,442,593", False),
        ("12 per cent", "12 people", False),
        ("about 4,010 people", "4,123 people", False),
    ],
)
def test_a_number_agrees_with_itself_and_with_what_it_rounds(
    article: str, release: str, agree: bool
) -> None:
    """A rounded number has fewer digits than the other one, and says that it may be rounded."""
    (one,), (two,) = (find_numbers(text, "en") for text in (article, release))
    assert one.agrees(two) is agree


def differences(article: str, release: str, rest: str = "") -> list[FactDifference]:
    """How the facts of two sentences differ."""
    match = match_words(sentence_words(article, "en"), sentence_words(release, "en"), "en")
    facts = [sentence_facts(text, "en") for text in (article, release)]
    whole = release_facts("", f"{release} {rest}", "en")
    return list(compare_facts(*facts, whole, match.gaps, "en").differences)


def test_a_number_at_the_same_place_differs() -> None:
    """Also if the release has that number elsewhere."""
    found = differences("It was signed on May 15, 2007.", "It was signed on May 15, 2008.", "2007")
    assert found == [FactDifference("number", "2007", "2008")]


def test_the_only_other_number_of_the_unit_differs() -> None:
    """Wherever in the sentence it stands."""
    found = differences(
        "The town gets $2.4 million to mend its bridge.",
        "For the repair of a bridge, $2.5 million was granted to the town.",
    )
    assert found == [FactDifference("number", "$2.4 million", "$2.5 million")]


def test_a_number_that_the_release_lacks_is_named() -> None:
    """A number from elsewhere in the release is none, nor is a few in words."""
    article = "The two mayors met 41 people in 2021 at the bridge."
    assert differences(article, "The mayors met people at the bridge.", "In 2021") == [
        FactDifference("number", "41", None)
    ]


def test_a_name_in_the_place_of_another_differs() -> None:
    """A name that the release has elsewhere, or a title, stands for nothing."""
    release = "The road runs from Salmon Cove to Yorkton and was closed by Minister Roe."
    article = "The road runs from Salmon Cove to Melville and was closed by Ms. Roe."
    assert differences(article, release) == [FactDifference("name", "Melville", "Yorkton")]
    assert differences(article, release, "Melville") == []


def test_months_and_days_differ_but_not_their_short_forms() -> None:
    """Feb. is February, and "may" is a month with a capital only."""
    release = "The ferry ran on Monday, February 3, and may stop in April."
    article = "The ferry ran on Tuesday, Feb. 3, and will stop in May."
    assert differences(article, release) == [
        FactDifference("date", "Tuesday", "Monday"),
        FactDifference("date", "May", "April"),
    ]
    assert differences("They met in June again.", "They met to march again.") == []


def test_a_number_differs_from_the_one_at_its_place_whatever_else_the_sentence_has() -> None:
    """The year of a strategy is not the year in which the program began; two can be exchanged."""
    release = "The program began in 2007 to save energy under the strategy of 2009."
    assert differences("The program began in 2009 to save energy.", release) == [
        FactDifference("number", "2009", "2007")
    ]
    assert differences("It rose from 14 to 28 per cent.", "It rose from 28 to 14 per cent.") == [
        FactDifference("number", "14", "28"),
        FactDifference("number", "28 per cent", "14 per cent"),
    ]
    assert differences("Nineteen states have made cuts.", "19 states have made cuts.") == []
