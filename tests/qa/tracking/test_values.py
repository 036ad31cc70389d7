"""The value that a sentence states, and the words around it."""

import pytest

from qa.figures.extract import ReleaseFacts
from qa.query.question import parse_question
from qa.reader.prediction import FoundSpan
from qa.tracking.values import (
    Statement,
    Value,
    counts_what_is_asked,
    frame_of,
    has_names,
    value_of,
)


def value(question: str, sentence: str, *words: str, issued: str | None = None) -> Value | None:
    """The value of a sentence with words that may answer, the most probable first."""
    spans = tuple(
        FoundSpan((sentence.index(part), sentence.index(part) + len(part)), 0.5**place)
        for place, part in enumerate(words)
    )
    said = Statement(sentence, spans, ReleaseFacts("en", issued))
    return value_of(parse_question(question), said)


@pytest.mark.parametrize(
    ("question", "sentence", "words", "unit", "amount"),
    [
        ("What is the minimum wage?", "It is $15.20 per hour.", "$15.20", "money", 15.2),
        ("How much was spent?", "It cost $2.5 million.", "$2.5 million", "money", 2_500_000),
        ("How much was spent?", "It cost 2,500,000 dollars.", "2,500,000", "money", 2_500_000),
        ("What is the rate?", "It fell to 8.6 per cent.", "8.6", "percent", 8.6),
        ("What is the rate?", "It went from 8.3% to 8.1%.", "8.3% to 8.1%", "percent", 8.1),
        ("What is the rate?", "It fell to 8.1% from 8.3%.", "8.1% from 8.3%", "percent", 8.1),
        ("How many cases are active?", "53 are considered active.", "53", "count", 53),
        ("How many cases are active?", "Sixty-one are active.", "Sixty-one", "count", 61),
        ("How many have recovered?", "Eight of the 11 have.", "Eight of the 11", "count", 8),
    ],
)
def test_a_value_is_normalised(
    question: str, sentence: str, words: str, unit: str, amount: float
) -> None:
    """Of a change it is the later one; a number stands alone where the question asks for one."""
    found = value(question, sentence, words)

    assert found is not None
    assert found.figure is not None
    assert (found.figure.unit, found.figure.value) == (unit, amount)


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("What is the debt?", "The debt has increased a staggering $6 trillion.", "$6 trillion"),
        ("What is the debt?", "It would add another $1.2 trillion to the debt.", "$1.2 trillion"),
        ("What is the debt?", "Nearly $6 trillion has been added to the debt.", "$6 trillion"),
        ("What is the rate?", "The rate was higher than the 4.4% of others.", "4.4%"),
        ("What is the rate?", "It rose 1.2 percentage points.", "1.2 percentage points"),
        ("What is the wage?", "The bill would raise the wage to $15.", "$15"),
        ("How many people are uninsured?", "Too many people are uninsured.", "Too many"),
        ("How many new cases are there?", "One new case brings the total to 806 cases.", "806"),
        ("What is the wage?", "In 2009 the wage was $7.25.", "$7.25"),
        ("What is the wage?", "When Roe took office, the wage was $7.25.", "$7.25"),
        (
            "What is the rate?",
            "The rate is now within 1.2 percentage points of 4%.",
            "1.2 percentage",
        ),
        ("How many people are out?", "14 million are out, including 6 million here.", "6 million"),
        ("How many people are out?", "Of 14 million, 6 million of them are out.", "6 million"),
        ("What is the rate?", "It is 16.2% for Hispanics.", "16.2%"),
        ("What is the rate?", "Young people have a rate of 16.2%.", "16.2%"),
        ("How many people are out?", "It is 14 million, including 9 million women.", "9 million"),
        ("How many people die each year?", "Every day, 33 die here.", "33"),
        ("How many people wait?", "They wait 14 days.", "14 days"),
        ("How many doses were given?", "A total of 142, 817 doses were given.", "817"),
    ],
)
def test_what_is_no_value_of_the_thing_is_left_out(
    question: str, sentence: str, words: str
) -> None:
    """A difference, a comparison, a supposition, a total, or a value of years ago."""
    found = value(question, sentence, words, issued="2022-03-01")

    assert found is None or found.figure is None


def test_a_question_can_ask_for_a_difference() -> None:
    """Then it is the value."""
    found = value("How much did the rate increase?", "It increased by 0.5%.", "0.5%")

    assert found is not None
    assert found.figure is not None


def test_dates_are_values() -> None:
    """With the year of the release where they have none."""
    sentence = "The new bridge will open by May 3."
    for words, issued, date in (("May 3", "2022-03-01", "2022-05-03"),):
        found = value("When will the bridge open?", sentence, words, issued=issued)
        assert found is not None
        assert found.figure is not None
        assert (found.figure.unit, found.figure.date) == ("date", date)
    named = value("When did it open?", "It opened in May 2021.", "May 2021")
    assert named is not None
    assert named.figure is not None
    assert named.figure.date == "2021-05"


def test_the_probability_is_that_of_all_spans_with_the_value() -> None:
    """So a value that is marked in several ways is not less sure."""
    sentence = "A total of 648 people have recovered."
    found = value("How many people have recovered?", sentence, "648", "total of 648", "A total")

    assert found is not None
    assert (found.span, found.probability) == ((11, 14), 1.5)


def test_many_words_are_shown_as_their_figure() -> None:
    """So are words with another figure, or half of a pair of brackets."""
    sentence = "It was 8.6 percent from 9.0 percent, or one in ten (10%) of us."
    for words, shown in (("8.6 percent from 9.0 percent", "8.6 percent"), ("ten (10%", "10%")):
        found = value("What is the rate?", sentence, words)
        assert found is not None
        assert sentence[slice(*found.span)] == shown


def test_a_question_for_a_rate_or_a_price_asks_for_a_figure() -> None:
    """Words answer others."""
    assert value("What is the deficit?", "It is a pandemic deficit.", "a pandemic deficit") is None
    assert value("What is the plan?", "It is a better plan.", "a better plan") is not None


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("How many confirmed cases are there?", True),
        ("How many deaths are there?", False),
        ("How many people are ill?", True),
        ("What is the rate?", True),
    ],
)
def test_a_sentence_has_the_noun_that_is_counted(question: str, *, counted: bool) -> None:
    """Not a word for people, of which there are many."""
    parsed = parse_question(question)
    assert counts_what_is_asked(parsed, "Of the cases, 53 are active.", "en") is counted


def test_words_are_the_value_of_other_questions() -> None:
    """They have no figure."""
    found = value("Who is the minister?", "Ann Roe is the minister.", "Ann Roe")

    assert found == Value((0, 7), None, 1.0)


def test_a_frame_has_what_the_value_is_a_value_of() -> None:
    """Not numbers, dates, what is behind a dash, or how a value stands and moves."""
    question = parse_question("What is the unemployment rate?")
    sentence = (
        "In May, the youth unemployment rate in Ohio rose slightly to 9.1% – not 8% as in Iowa."
    )
    place = sentence.index("9.1%")
    frame = frame_of(question, sentence, (place, place + 4), "en")

    assert (set(frame.names), set(frame.terms)) == (
        {"ohio"},
        {"youth", "unemploy", "rate"},
    )


def test_a_total_beside_other_figures_is_marked() -> None:
    """It is of something else than they are."""
    question = parse_question("How many people have recovered?")
    frames = []
    for sentence in ("Since May 1, 16 have recovered, for a total of 1,887.", "A total of 1,887."):
        place = sentence.index("1,887")
        frames.append(frame_of(question, sentence, (place, place + 5), "en"))

    assert frames[0].names != frames[1].names


def test_the_value_of_a_day_is_told_from_a_total() -> None:
    """By a word such as "yesterday", also if the question has it."""
    question = parse_question("How many tests were conducted yesterday?")
    frames = [
        frame_of(question, sentence, (sentence.index("900"), sentence.index("900") + 3), "en")
        for sentence in (
            "Yesterday, 900 tests were conducted.",
            "To date, 900 tests were conducted.",
        )
    ]

    assert frames[0].names != frames[1].names


def test_a_value_is_of_the_issuer_unless_another_is_named() -> None:
    """So the issuer's own name makes no difference."""
    question = parse_question("How many cases are active?")
    sentence = "There are 14 active cases in Nova Scotia."

    assert frame_of(question, sentence, (10, 12), "en", "Province of Nova Scotia").names == set()
    assert frame_of(question, sentence, (10, 12), "en", "Yukon").names == {"nova", "scotia"}


def test_a_release_has_all_names_and_numbers_of_the_question() -> None:
    """In any of its texts."""
    question = parse_question("What is the tax in Nova Scotia under Bill 12?")

    assert has_names(question, ("The tax of Bill 12 is 5%.", "Nova Scotia"), "en")
    assert not has_names(question, ("The tax of Bill 13 is 5%.", "Nova Scotia"), "en")
    assert has_names(parse_question("What is the tax?"), (), "en")
