"""Quotations and their speakers, in English and French."""

import pytest
from structure_texts import LEAD, WORDS, said

from index.structure.analyze import analyze


@pytest.mark.parametrize(
    ("quotation", "speaker", "role"),
    [
        (f"“{WORDS},” said Finance Minister John Roe.", "John Roe", "Finance Minister"),
        (f"“{WORDS},” said John Roe, mayor of Halifax.", "John Roe", "mayor of Halifax"),
        (f"“{WORDS},” John Roe, mayor of Halifax, said.", "John Roe", "mayor of Halifax"),
        (f"“{WORDS},” said Minister of Justice John Roe.", "John Roe", "Minister of Justice"),
        (
            f"“{WORDS},” said Tourism, Heritage and Culture Minister John Roe.",
            "John Roe",
            "Tourism, Heritage and Culture Minister",
        ),
        (f"“{WORDS},” said federation president John Roe.", "John Roe", "federation president"),
        (f"Mayor John Roe said: “{WORDS}.”", "John Roe", "Mayor"),
        (f"According to Mayor John Roe, “{WORDS}.”", "John Roe", "Mayor"),
        (f"“{WORDS}.” John Roe, Minister of Health", "John Roe", "Minister of Health"),
        (f"“{WORDS}.”\n\n— John Roe, Minister of Health", "John Roe", "Minister of Health"),
        (f"“{WORDS}.”\nJohn Roe\nMinister of Health", "John Roe", "Minister of Health"),
        (f"John Roe, mayor of Halifax – “{WORDS}.”", "John Roe", "mayor of Halifax"),
        (
            f"“{WORDS}.” - Chief Public Works Officer, Dr. Ann Poe",
            "Ann Poe",
            "Chief Public Works Officer",
        ),
        (
            f"“{WORDS}.” Minister of Parks and Trade, Ann Poe.",
            "Ann Poe",
            "Minister of Parks and Trade",
        ),
        (
            f"“{WORDS}.” Ann Poe Director, Acme Harbours Inc.",
            "Ann Poe",
            "Director, Acme Harbours Inc",
        ),
        (
            f"“{WORDS}.” Dr. Ann Poe Director, Trades North.",
            "Ann Poe",
            "Director, Trades North",
        ),
        (
            f"A Town Committee met. “{WORDS},” added Committee on Parks, Law Chairman John Roe.",
            "John Roe",
            "Committee on Parks, Law Chairman",
        ),
        (
            f"“{WORDS},” said chair of the Town Board, Ann Poe.",
            "Ann Poe",
            "chair of the Town Board",
        ),
        (f"Says Dr. Ann Poe “{WORDS}.”", "Ann Poe", "Dr."),
        (
            f"Former Trade Secretary, Ann Poe, writes, “{WORDS}.”",
            "Ann Poe",
            "Former Trade Secretary",
        ),
        (f"As a scholar of towns, Ann Poe, noted, “{WORDS}.”", "Ann Poe", None),
        (
            f"Ann Poe, the former CEO of Acme, once said that, “{WORDS}.”",
            "Ann Poe",
            "the former CEO of Acme",
        ),
        (
            f"Ann Poe, chief of the Fire Department said, “{WORDS}.”",
            "Ann Poe",
            "chief of the Fire Department",
        ),
        (f"“{WORDS},” said Doe.", "Jane Q. Doe", "Senator"),
        (f"“{WORDS},” the senator said.", "Jane Q. Doe", "Senator"),
        (f"“{WORDS},” the residents wrote.", "the residents", None),
        (f"« {WORDS} », a déclaré la ministre Marie Roy.", "Marie Roy", "la ministre"),
        (
            f"« {WORDS} », a déclaré le ministre de la Santé, Jean Roy.",
            "Jean Roy",
            "ministre de la Santé",
        ),
        (f"« {WORDS} », affirme Jean Roy, maire de Québec.", "Jean Roy", "maire de Québec"),
        (f"Le maire Jean Roy a ajouté : « {WORDS}. »", "Jean Roy", "Le maire"),
        (f"« {WORDS}. »\n\n– Jean Roy, ministre des Finances", "Jean Roy", "ministre des Finances"),
    ],
)
def test_a_speaker_is_found_on_either_side_of_the_words(
    quotation: str, speaker: str, role: str | None
) -> None:
    """The attribution stands before, after or below; a surname or title stands for a full name."""
    ((_, found, office),) = said(f"{LEAD}\n\n{quotation}")

    assert (speaker, role) == (found, office)


def test_both_parts_of_a_quotation_have_its_speaker() -> None:
    """Words after "said X." are X's as well; a pronoun is the last speaker."""
    text = f"{LEAD}\n\n“{WORDS},” said Doe. “{WORDS} too.”\n\n“{WORDS} again,” she added."

    assert ["Jane Q. Doe"] * 3 == [speaker for _, speaker, _ in said(text)]


@pytest.mark.parametrize(
    ("before", "name", "role"),
    [
        ("Minister Responsible for the Status of Women Ann Poe-Roe opened it.", "Ann Poe-Roe",
         "Minister Responsible for the Status of Women"),
        ("Chairman of the Federal Reserve Board Ann Poe-Roe opened it.", "Ann Poe-Roe",
         "Chairman of the Federal Reserve Board"),
        ("Secretary of Works Ann T. Poe-Roe III opened it.", "Ann T. Poe-Roe III",
         "Secretary of Works"),
        ("Nova Scotia’s Ann Poe-Roe opened it.", "Ann Poe-Roe", None),
        ("It is Ann Poe-Roe’s bridge.", "Ann Poe-Roe", None),
        ("Ed Coe Member of Congress Ann Poe-Roe", "Ann Poe-Roe", None),
        ("Ed Coe, Chief Officer of Acme\n\nAnn Poe-Roe", "Ann Poe-Roe", None),
    ],
)  # fmt: skip
def test_a_full_name_is_told_from_the_words_around_it(
    before: str, name: str, role: str | None
) -> None:
    """The noun of a title, a place and a possessive s are not part of a name."""
    text = f"{LEAD}\n\n{before}\n\n“{WORDS},” Poe-Roe said."

    assert [(name, role)] == [found[1:] for found in said(text)]


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        (f"“{WORDS},” said Doe. “{WORDS} too.\n\n“{WORDS},” said Ann Poe.",
         ["Jane Q. Doe", "Jane Q. Doe", "Ann Poe"]),
        (f"“{WORDS},” said Doe.\n\nMayor Ann Poe warned that it is old. She added: “{WORDS}.”",
         ["Jane Q. Doe", "Ann Poe"]),
        (f"“{WORDS},” said Doe.\n\nAnn Poe said the Town Hall agreed. “{WORDS},” she said.",
         ["Jane Q. Doe", "Ann Poe"]),
        (f"“{WORDS},” said Ann Poe. It is old. And she further noted, “{WORDS}.”",
         ["Ann Poe", "Ann Poe"]),
        (f"“{WORDS},” said Ann Poe.\n\nBridges Poe said that it is old. “{WORDS},” she said.",
         ["Ann Poe", "Ann Poe"]),
    ],
)  # fmt: skip
def test_pronouns_and_missing_marks_keep_the_right_speaker(text: str, speakers: list[str]) -> None:
    """A missing mark ends at another's attribution; a pronoun is the last indirect speaker."""
    assert speakers == [speaker for _, speaker, _ in said(f"{LEAD}\n\n{text}")]


def test_a_quotation_over_several_paragraphs_has_one_speaker() -> None:
    """Each paragraph opens with a mark, the last one closes, and the attribution is for all."""
    text = (
        f"{LEAD}\n\nMayor John Roe made the following statement:\n\n"
        f"“{WORDS}.\n\n“{WORDS} too.\n\n“Thank you.”\n\nThe grant is the first of its kind here."
    )

    assert [
        (f"“{WORDS}.", "John Roe"),
        (f"“{WORDS} too.", "John Roe"),
        ("“Thank you.”", "John Roe"),
    ] == [(words, speaker) for words, speaker, _ in said(text)]


def test_the_words_before_a_new_speaker_are_not_that_speakers() -> None:
    """A complete sentence is not attributed to the person who speaks next."""
    text = f"{LEAD}\n\n“{WORDS}.” Mayor John Roe said, “{WORDS} as well.”"

    assert [None, "John Roe"] == [speaker for _, speaker, _ in said(text)]


@pytest.mark.parametrize(
    "text",
    [
        "The report “Great Hopes for the New Harbour of Halifax” is out.",
        "She wrote “The Way through Shallow Waters with Small Boats Act” in May.",
        "They called it “a fine place” and left for the town hall.",
        'The board is 6" wide and 8" long, as the plans of the harbour say it must be.',
    ],
)
def test_titles_and_phrases_in_marks_are_not_quotations(text: str) -> None:
    """A title, a few words or an inch mark is not a quotation."""
    assert [] == said(f"{LEAD}\n\n{text}")


@pytest.mark.parametrize(
    "text",
    [
        'said."We are very glad to be here today," said John Roe, mayor of Halifax."And so on',
        f"“{WORDS} and “the big guys” have no say in it,” said John Roe, mayor.",
    ],
)
def test_marks_without_spaces_and_nested_marks_are_read(text: str) -> None:
    """A mark between letters closes an open quotation; a nested pair does not end it."""
    words, speaker, _ = said(f"{LEAD}\n\n{text}")[0]

    assert (words[0], words[-1], speaker) == (words[0], '"' if '"' in text else "”", "John Roe")
    assert "said John" not in words


@pytest.mark.parametrize(
    ("named", "said_by", "speaker"),
    [
        ("Gov. Ann Ruiz Poe", "Gov. Ruiz Poe", "Ann Ruiz Poe"),
        ("Sen. Ann Q. Van Poe", "Van Poe", "Ann Q. Van Poe"),
        ("the Board of Parks and Wellness Ann Poe", "Minister Ann Poe", "Ann Poe"),
        ("Rep. Mary Ann Poe and Rep. Bob Poe", "Rep. Bob Poe", "Bob Poe"),
    ],
)
def test_a_surname_of_two_words_becomes_the_full_name(
    named: str, said_by: str, speaker: str
) -> None:
    """The full name stands after a title; a noun before a name is not a first name."""
    text = f"The town thanks {named} for the harbour.\n\n“{WORDS},” said {said_by}."

    assert [speaker] == [by for _, by, _ in said(text)]


def test_two_people_of_one_surname_are_kept_apart() -> None:
    """A full name is not replaced by that of another person with the same surname."""
    text = f"{LEAD}\n\n“{WORDS},” said Robert Doe, deputy mayor."

    assert [("Robert Doe", "deputy mayor")] == [found[1:] for found in said(text)]


def test_an_unattributed_quotation_is_the_leads_person() -> None:
    """A paragraph that is only a quotation is by the lead's person, unless it names them."""
    ((_, speaker, _),) = said(f"{LEAD} It is large.\n\n“{WORDS}.”")
    ((_, nobody, _),) = said(f"{LEAD} It is large.\n\n“{WORDS}, as Doe knows.”")
    others = said(f"{LEAD} It is large.\n\n“{WORDS},” said Mayor John Roe.\n\n“{WORDS}.”")

    assert ("Jane Q. Doe", None) == (speaker, nobody)
    assert ["John Roe", None] == [found[1] for found in others]


def test_a_job_title_belongs_to_one_person() -> None:
    """Two people named together have their own titles."""
    text = f"Governor Ann Poe and Premier John Roe met. {LEAD}\n\n“{WORDS},” said Roe."

    assert [("John Roe", "Premier")] == [found[1:] for found in said(text)]


@pytest.mark.parametrize(
    ("headline", "speaker"),
    [
        ("STATEMENT FROM MAYOR JOHN ROE ON THE OPENING OF THE BRIDGE:", "JOHN ROE"),
        ("Mayor John Roe Statement on the Opening of the Bridge", "John Roe"),
        ("Mayor John Roe on the Opening of the Bridge", None),
        ("Statement on the Resignation of Mayor John Roe", None),
    ],
)
def test_a_headline_may_name_the_speaker(headline: str, speaker: str | None) -> None:
    """The name stands before the subject of the statement; a person it is about does not speak."""
    text = f"{headline}\n\n“{WORDS}.”\n\nThe bridge is open to all from now on, day and night."

    assert [speaker] == [q.speaker for q in analyze(text, headline).quotations]
