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
