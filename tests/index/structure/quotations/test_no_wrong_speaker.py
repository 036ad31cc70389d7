"""Words that are nobody's: rather no speaker and no job title than a wrong one."""

import pytest
from structure_texts import BODY, WORDS

from index.structure.analyze import analyze

HEADLINE = "HARBOR BILL PROTECTS FISHERMEN"


@pytest.mark.parametrize(
    "text",
    [
        f"MAYOR ROE BACKS FUNDS FOR EASTERN HARBOR\n\nSen. Jane Doe spoke. “{WORDS},” said Doe.",
        f"{BODY}\n\nA {HEADLINE} Sen. Jane Doe spoke today. “{WORDS},” said Doe.",
        f"{BODY}\n\nFOR HARBOR Sen. Jane Doe spoke today. “{WORDS},” said Doe.",
    ],
)
def test_a_headline_is_no_part_of_a_job_title(text: str) -> None:
    """A headline in capitals above or before a title does not belong to it."""
    (quotation,) = analyze(text).quotations
    assert (quotation.speaker, quotation.role) == ("Jane Doe", "Sen.")


@pytest.mark.parametrize("title", ["NATO Secretary", "U.S. EPA Administrator", "CEO"])
def test_abbreviations_belong_to_a_job_title(title: str) -> None:
    """A few short words in capitals are part of a title."""
    (quotation,) = analyze(f"{BODY}\n\n“{WORDS},” said {title} Jane Doe.").quotations
    assert (quotation.speaker, quotation.role) == ("Jane Doe", title)


@pytest.mark.parametrize(
    "words",
    [
        f"This is a statement on the Coastal Free Trade Agreement:\n\n“{WORDS}.”",
        f"In the same view when he said: “{WORDS}.”",
        f"Former Secretary of Harbor Roe said: “{WORDS}.”",
    ],
)
def test_no_text_and_no_clause_is_a_speaker(words: str) -> None:
    """An agreement, a clause or the noun of a title says nothing."""
    (quotation,) = analyze(f"{BODY}\n\n{words}").quotations
    assert quotation.speaker is None


def test_the_subject_of_the_next_sentence_is_no_speaker() -> None:
    """What follows a finished sentence is the next one."""
    text = (
        f"{BODY}\n\n“{WORDS},” said Mayor Jane Doe. “{WORDS}.” "
        "The harbor order states that all boats must leave."
    )
    assert {quotation.speaker for quotation in analyze(text).quotations} == {"Jane Doe"}


@pytest.mark.parametrize(
    "beside",
    ["and Rep. Ann Poe", "joined by Mayor Ann Poe", "tonight praised President Poe for his words"],
)
def test_another_person_is_no_job_title(beside: str) -> None:
    """Words after a name that name somebody else are no title of the first."""
    text = f"{BODY}\n\nJane Doe, {beside}, opened the harbor. “{WORDS},” said Jane Doe."
    (quotation,) = analyze(text).quotations
    assert (quotation.speaker, quotation.role) == ("Jane Doe", None)


def test_a_programme_is_not_taken_for_the_first_word_of_a_title() -> None:
    """A title that lists its nouns is read to its end."""
    text = (
        f"{BODY}\n\n“{WORDS},” said Communities, Culture and Heritage Minister Jane Doe. "
        "It is part of the Building Vibrant Communities grants."
    )
    (quotation,) = analyze(text).quotations
    assert quotation.speaker == "Jane Doe"
    assert quotation.role == "Communities, Culture and Heritage Minister"


@pytest.mark.parametrize("announced", ["ISSUES STATEMENT", "STATEMENT", "ISSUES COMMENT"])
def test_a_verb_of_the_headline_is_no_part_of_a_name(announced: str) -> None:
    """The name in "DOE ISSUES" is Doe."""
    text = f"SEN. DOE {announced} ON HARBOR STATEMENT\n\n“{WORDS}. {WORDS}.”"
    (quotation,) = analyze(text).quotations
    assert quotation.speaker == "DOE"


def test_the_noun_of_a_title_is_no_person() -> None:
    """What a minister is responsible for is nobody, "Advanced Harbors"."""
    text = (
        "Minister of Advanced Harbors, Skills and Training Jane Doe has issued the following "
        f"statement on the harbor:\n\n“{WORDS}.”"
    )
    (quotation,) = analyze(text).quotations
    assert quotation.speaker == "Jane Doe"
