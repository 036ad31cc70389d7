"""The kinds of paragraphs: contact, boilerplate, list, links, body."""

import pytest
from structure_texts import LEAD, WORDS, kinds

from index.structure.analyze import analyze


def test_contacts_and_boilerplate_are_not_body() -> None:
    """They are found on lines of their own and run into one line."""
    about = "Acme builds bridges in all provinces, and has done so since the year 1903 or before."
    text = (
        f"Town gets a bridge\n\n{LEAD}\n\nAbout Acme\n\n{about}\n\n- 30 -\n\n"
        "Media contact:\nJohn Roe\n902-555-0199"
    )
    run_in = f"{LEAD} It is the first bridge there. Media Contact John Roe, Halifax, 902-555-0199"

    assert ["headline", "body", "boilerplate", "boilerplate", "contact", "contact", "contact"] == [
        kind for kind, _ in kinds(text)
    ]
    assert [("body", f"{LEAD} It is the first bridge there.")] == kinds(run_in)[:1]
    assert "contact" == kinds(run_in)[1][0]


@pytest.mark.parametrize(
    "words",
    [
        "Contact with the bridge was lost at noon, said the owner of the ferry.",
        "For more information on the bridge, visit the website of the town of Halifax.",
        "About 300 people saw the bridge being opened on that cold and windy day",
        "About the Harbour Renewal Act",
        "Media relations have improved since the ministry took up the habit of answering.",
    ],
)
def test_body_text_is_not_contact_or_boilerplate(words: str) -> None:
    """A paragraph that only begins like one stays body."""
    text = f"Town gets a bridge\n\n{LEAD}\n\n{words}\n\n{LEAD}"

    assert "body" == {w: k for k, w in kinds(text)}[words]


@pytest.mark.parametrize(
    "asking",
    [
        "Media Requests, please contact: Works Communications, 902-555-0199 Ext. 71073",
        "For all COVID-19 Media Requests, Contact: Works Communications works@example.org",
        "For media requests, please contact: Works Communications, 902-555-0199",
    ],
)
def test_a_contact_is_split_from_the_end_of_a_line(asking: str) -> None:
    """A request for media is a contact, on its own line and at the end of another."""
    assert [("body", LEAD), ("contact", asking)] == kinds(f"{LEAD} {asking}")
    assert [("body", LEAD), ("contact", asking)] == kinds(f"{LEAD}\n{asking}")


def test_page_controls_are_not_body() -> None:
    """A line to share or print the page is neither contact nor body; "E-mail:" is contact."""
    text = (
        f"Print\nTweet\n{LEAD}\n\nMedia contact:\nJohn Roe\nE-mail:\nroe@example.org\n"
        "Share this page:Email this page to a friend"
    )

    assert ["links", "links", "body", *["contact"] * 4, "links"] == [k for k, _ in kinds(text)]
    assert "body" == kinds(f"{LEAD}\nShare this page with all who live by the harbour")[1][0]


@pytest.mark.parametrize(
    "about",
    [
        "About the Harbour Alliance Founded in 1990, the Alliance works to mend all the harbours.",
        "About Acme Harbours Acme Harbours has mended piers since 1903, and is known for its care.",
        "About the NHL The National Harbour Line (NHL) is a project of the council of Acme, NS.",
        "À propos de Ports du Nord Ports du Nord est un organisme qui a été créé en 1903 à Gaspé.",
    ],
)
def test_an_about_heading_may_be_in_the_line_of_its_text(about: str) -> None:
    """The text repeats the name or begins in a typical way; each such text is separate."""
    twice = f"{about} About Ed Coe Ed Coe was born in 1877 and has built bridges ever since then."

    assert ["body", "boilerplate"] == [kind for kind, _ in kinds(f"{LEAD}\n\n{about}")]
    assert [("body", LEAD), ("boilerplate", about)] == kinds(f"{LEAD} {twice}")[:2]
    assert ["body", "boilerplate", "boilerplate"] == [k for k, _ in kinds(f"{LEAD} {twice}")]


@pytest.mark.parametrize(
    "words",
    [
        "About Harbour Day Parade members spoke at length before they went on to the town hall.",
        "About The Battle of the Harbour the mayor spoke at length before she went to the hall.",
        f"About Ed Coe Ed Coe was born in 1877 and built it. {'It is a long bridge. ' * 80}",
    ],
)
def test_a_sentence_that_begins_with_about_is_body(words: str) -> None:
    """A name alone is not a heading; a very long line contains other text as well."""
    assert ["body", "body"] == [kind for kind, _ in kinds(f"{LEAD}\n\n{words.strip()}")]


def test_facts_and_links_have_kinds_of_their_own() -> None:
    """Text below "Quick facts" is a list, text below "Related links" is links."""
    text = (
        f"Town gets a bridge\n\n{LEAD}\n\nQuick facts\n- It is long.\n- It is wide.\n\n"
        "Related links\nhttps://example.org/bridge\nThe bridge in pictures"
    )

    assert ["headline", "body", *["list"] * 3, *["links"] * 3] == [kind for kind, _ in kinds(text)]


def test_a_long_paragraph_is_split_where_speakers_change() -> None:
    """In text without line ends, each quotation becomes a passage with its speaker."""
    filler = "The harbour is old, and the town has long wanted it to be dredged and widened. " * 5
    first = f"“{WORDS},” said Doe. “{WORDS} too.”"
    second = f"“{WORDS} as well,” said Mayor John Roe. “It is good for all of us, I am sure of it.”"
    text = f"{filler}{first} {filler}{second}"
    found = [(p.kind, p.speaker) for p in analyze(f"{LEAD}\n\n{text}").paragraphs]

    assert [
        ("body", None),
        ("body", None),
        ("quote", "Jane Q. Doe"),
        ("body", None),
        ("quote", "John Roe"),
    ] == found


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        '"' * 100_000,
        "“we go on and on now. " * 20_000,
        "“a b c d e f,” said John Roe " * 10_000,
        "-" * 200_000,
        "=  " * 70_000,
        "Contact: " * 20_000,
        "Contact: 902-555-0142 " * 10_000,
        "Media contact Jane Roe " * 10_000,
        "Document(s): " * 20_000,
        f"May 1{' ' * 100_000}x",
    ],
    ids=lambda text: text[:12],
)
def test_time_stays_bounded(text: str) -> None:
    """Marks without end are read in time linear in the text."""
    assert analyze(text).paragraphs
    assert analyze(f"{LEAD}\n\n{LEAD}\n\n{text}").paragraphs


@pytest.mark.parametrize(
    "sentence",
    [
        "The ferry leaves on 12 June 2021.",
        "On March 1, 2022, the airport will close runway two.",
        "Tickets go on sale June 2, 2021",
        "La piscine ouvre le 4 juin 2021.",
    ],
)
def test_a_short_sentence_with_a_date_is_body(sentence: str) -> None:
    """It is not a date line, alone, first or later, and its date is not the release's."""
    for text in (sentence, f"{sentence}\n\n{LEAD}", f"{LEAD}\n\n{sentence}"):
        found = analyze(text)
        kinds = {text[slice(*p.span)]: p.kind for p in found.paragraphs}
        assert kinds[sentence] in {"body", "headline"}
        assert kinds[sentence] == "body" or text.startswith(sentence)
        assert found.date is None or found.date.source == "text"
    (alone,) = analyze(sentence).paragraphs
    assert alone.kind == "body"


@pytest.mark.parametrize(
    "line",
    [
        "Ottawa, le 3 mai 2021", "WASHINGTON, D.C. — May 3, 2021", "Last updated May 3, 2021",
        "Monday, May 3, 2021 at 3:00 p.m.", "Berlin, den 3. Mai 2021", "Publié le 4 juin 2021",
        "For Immediate Release: May 3, 2021",
    ],
)  # fmt: skip
def test_a_line_about_the_issue_is_a_date_line(line: str) -> None:
    """Places, weekdays, times and words about issuing may stand beside the date."""
    assert analyze(f"{line}\n\n{LEAD}").paragraphs[0].kind == "dateline"


def test_a_headline_alone_becomes_the_body() -> None:
    """Otherwise it would never be found: headlines are not searched."""
    found = analyze("Library closed today\n\nMay 3, 2021", "Library closed today")
    assert ["body", "dateline"] == [p.kind for p in found.paragraphs]
