"""Who and for what a figure is."""

import pytest

from qa.figures.extract import ReleaseFacts, find_figures
from qa.figures.subjects import subject_of


@pytest.mark.parametrize(
    ("sentence", "who", "what"),
    [
        (
            "Today the province announced that it will invest $2 million in rural roads.",
            "the province",
            "rural roads",
        ),
        ("HUD has awarded a $6.3 million grant to the Glick Center.", "HUD", "the Glick Center"),
        ("Total revenue is forecasted to decrease by $36.8 million.", None, "Total revenue"),
        ("$20 million in funding has been allocated to schools.", None, "schools"),
        ("Casey Fire Department: $113,199 in funding.", None, "Casey Fire Department"),
        ("The government increased funding for schools by 5%.", "The government",
         "funding for schools"),
        ("By 2030, Ontario will plant two forests.", "Ontario", "plant two forests"),
        ("It costs $5.", None, None),
        ("They announced $5 million.", None, None),
    ],
)  # fmt: skip
def test_the_sentence_says_who_and_for_what(
    sentence: str, who: str | None, what: str | None
) -> None:
    """What it does not say stays open; a pronoun names nobody."""
    (figure,) = find_figures(sentence, ReleaseFacts("en", "2021-01-01"))
    subject = subject_of(sentence, figure)

    assert (subject.who, subject.what) == (who, what)


def test_a_commitment_is_quoted() -> None:
    """The words that announce the figure stand in the sentence."""
    sentence = "The city is expected to receive $5 million."
    (figure,) = find_figures(sentence, ReleaseFacts())

    assert subject_of(sentence, figure).commitment == "is expected to receive"


@pytest.mark.parametrize(
    ("sentence", "labels"),
    [
        (
            "They get: Porter Creek School - $15,000 Friends of Mt Sima - $20,000 Faro - $25,000",
            ["Porter Creek School", "Friends of Mt Sima", "Faro"],
        ),
        (
            "Ovarian Cancer: $15 million Prostate Cancer: $85 million Breast Cancer: $150 million",
            ["Ovarian Cancer", "Prostate Cancer", "Breast Cancer"],
        ),
        ("Faro: $20,000; Ross River: $30,000.", ["Faro", "Ross River"]),
        ("It has two parts: $5 million for roads; and: $3 million for schools.",
         ["roads", "schools"]),
        ("$20,000 - Town of Faro, $30,000 - Ross River", ["Town of Faro", "Ross River"]),
    ],
)  # fmt: skip
def test_an_amount_of_a_list_is_for_its_own_label(sentence: str, labels: list[str]) -> None:
    """The label stands before the amount; what stands behind it is the label of the next."""
    figures = find_figures(sentence, ReleaseFacts())

    assert labels == [subject_of(sentence, figure).what for figure in figures]


def test_a_noun_that_could_be_a_verb_is_none_before_a_verb() -> None:
    """Here "fines" is what is measured, and "respectively" is for nothing."""
    sentence = (
        "The new maximum fines will be $7,500 for individuals and $100,000 for corporations, "
        "up from $2,000 and $10,000 respectively."
    )
    figures = find_figures(sentence, ReleaseFacts())
    subjects = [subject_of(sentence, figure) for figure in figures]

    assert [None] * 4 == [subject.who for subject in subjects]
    assert ["The new maximum fines", "corporations", None, None] == [
        subject.what for subject in subjects
    ]
