"""Contacts: several people in a line, run into other text, with and without a heading."""

import pytest
from structure_texts import BODY, kinds

ROE = "Jane Roe Communications 902-555-0142 jane.roe@harbour.example"
POE = "John Poe Press Secretary 902-555-0143 john.poe@town.example"
LONG = "Jane Roe Office of Harbours, Bridges and Ferries Government of the Northern Isles"


def contacts(text: str) -> list[str]:
    """The words of the contacts of a release."""
    return [words for kind, words in kinds(text, "Town Gets a Bridge") if kind == "contact"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{BODY}\n\nContact\n{ROE} {POE} {ROE} {POE} {ROE} {POE}", 2),
        (f"{BODY}\n\nFor media requests, please contact:\n{LONG}\njane.roe@harbour.example", 3),
        (f"{BODY} -30- For more information, contact: Jane Roe Harbours\nTel: 902-555-0142", 2),
        (f"{BODY} For more information contact: {ROE}", 1),
        (f"{BODY} For media requests about the new bridge Contact: {ROE}", 1),
        (f"{BODY}\n\nFacts about the bridge Media contact\nJane Roe\n902-555-0142", 3),
        (f"{BODY}\n\n– 30 – Media contact {ROE}", 1),
        (f"Contact: Jane Roe\n\n902-555-0142\n\n{BODY}", 2),
        (f"Contact Jane Roe: (902) 555-0142\n\n{BODY}", 1),
        (f"Jane Roe, Press Secretary (902) 555-0142\n\n{BODY}", 1),
        (f"{BODY}\n\nJane Roe, (902) 555-0142", 1),
        (f"{BODY}\n\nDocuments\n{ROE} Deputy {POE} Secretary {POE}", 1),
        (f"{BODY} {BODY} {LONG} Ph: 902-555-0142 ext. 11 Email: jane.roe@harbour.example", 1),
        (f"{BODY} Plan of the Bridge Contacts {ROE} {POE}", 1),
    ],
)
def test_a_contact_is_found_with_all_its_details(text: str, found: int) -> None:
    """Heading, names, job titles, numbers and addresses are contact; the body is not."""
    got = contacts(text)

    assert len(got) == found, kinds(text)
    assert not any("bridge over the harbour" in words for words in got)
    assert any("902" in words or "@" in words for words in got)


@pytest.mark.parametrize(
    "text",
    [
        f"FOR IMMEDIATE RELEASEContact: Jane Roe or John Poe (902) 555-0142\n\n{BODY}",
        f"For Immediate Release: May 4, 2020 Contact: Jane Roe, (902) 555-0142 (Halifax) {BODY}",
        f"Contact: Jane Roe or John Poe (902) 555- 0142 HALIFAX {BODY} {BODY}",
        f"Contact: Jane Roe\n(902) 555-0142 HALIFAX {BODY} {BODY}",
    ],
)
def test_a_contact_within_the_head_is_split_off(text: str) -> None:
    """It ends with its last number; the text before and after it is not contact."""
    got = contacts(text)

    assert "Jane Roe" in got[0]
    assert got[0].startswith("Contact:")
    assert got[-1].rstrip().endswith("0142")
    assert any(BODY in words for kind, words in kinds(text) if kind != "contact")


@pytest.mark.parametrize(
    "text",
    [
        f"{BODY} Step 1 - Contact the office that guards your money: Bank: 1-800-555-0142.",
        f"{BODY} You may call the Contact Centre, at 1-877-555-0142, on any day.\n\n{BODY}",
        f"{BODY}\n\nLas Cruces (505) 555-0142\n\nSanta Fe (505) 555-0143\n\n{BODY} {BODY}",
        f"{BODY}\n\nThe town asks all who saw it to call the police at 902-555-0142.",
    ],
)
def test_a_number_alone_makes_no_contact(text: str) -> None:
    """Sentences and lists of places with numbers are body."""
    assert [] == contacts(f"{BODY}\n\n{BODY}\n\n{BODY}\n\n{BODY}\n\n{text}\n\n{BODY}\n\n{BODY}")


@pytest.mark.parametrize(
    "end",
    [
        "It was built by Sen. Jane Roe of the Harbour Board, 902-555-0142.",
        "Ask for the plan. Call the Harbour Board at 902-555-0142.",
        "The mayor will speak. May 4, 2020",
    ],
)
def test_the_last_sentence_of_a_paragraph_is_not_a_contact(end: str) -> None:
    """The full stop of a title ends no sentence, and text with a verb is not a name."""
    assert [] == contacts(f"{BODY} {BODY} {end}")


def test_the_number_of_a_release_is_not_a_phone_number() -> None:
    """It is too short for one, and stands below a line that names it."""
    text = f"{BODY}\nContact\n{ROE}\nNews release #:\n21-154"

    assert ["Contact", ROE] == contacts(text)


PAPERS = [
    ("BACKGROUNDER The Bridge Plan It pays for three bridges.", "BACKGROUNDER"),
    ("Document(s): bridge_plan_-_eng.pdf", "Document(s)"),
    ("Avis public : le pont du port est ouvert à tous depuis le quatre mai dernier", "Avis"),
]


@pytest.mark.parametrize(("papers", "begins"), PAPERS)
def test_text_run_into_the_end_of_a_contact_is_not_contact(papers: str, begins: str) -> None:
    """A backgrounder is news: it must not be ranked down as a contact."""
    found = kinds(f"{BODY}\nMedia contact {ROE} {papers}", "Town Gets a Bridge")

    assert ("contact", f"Media contact {ROE}") in found
    assert any(words.startswith(begins) for kind, words in found if kind != "contact")


def test_documents_are_split_from_an_address_without_a_space() -> None:
    """Copies lose the space before them."""
    text = f"{BODY}\nMedia contact {ROE}Document(s): plan.pdf"

    assert [f"Media contact {ROE}"] == contacts(text)


def test_a_head_in_two_columns_is_split() -> None:
    """Release label and date stand on the left, the contact on the right."""
    text = f"For Immediate Release Contact: Jane Roe\nMay 4, 2020 902-555-0142\n{BODY}\n{BODY}"

    assert ["Contact: Jane Roe", "902-555-0142"] == contacts(text)
    assert ("dateline", "May 4, 2020") in kinds(text, "Town Gets a Bridge")


def test_a_number_may_stand_lines_below_the_heading() -> None:
    """Also at the head, where "Contact" may be an entry of a menu."""
    assert 4 == len(contacts(f"Contact:\nJane Roe\n902-555-0142\nroe@harbour.example\n{BODY}"))
    assert [] == contacts(f"News\nContact\nTown Gets a Bridge\n{BODY}\n{BODY}")


def test_a_headline_repeated_below_a_contact_is_not_contact() -> None:
    """Nor is a link to the next page."""
    text = f"Town Gets a Bridge\nContact: {ROE}\nTown Gets a Bridge\n{BODY}\n{BODY}"

    assert [f"Contact: {ROE}"] == contacts(text)
    assert ["Contact", ROE] == contacts(f"{BODY}\n{BODY}\nContact\n{ROE}\nNext Article")


def test_a_heading_at_the_end_of_a_line_opens_a_contact() -> None:
    """Its details stand below."""
    text = f"{BODY} The survey is online. For all media requests, please contact\n{ROE}"

    assert ["For all media requests, please contact", ROE] == contacts(text)
