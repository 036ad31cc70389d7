"""Who issued a release, where its letterhead does not say so plainly."""

import pytest

from index.structure.headline.detect import read_head
from index.structure.headline.issuer_names import clean_name, likeness

_TITLE = "Ferry fares to fall in spring"
_LEAD = (
    "Fares on the island ferries will fall by a tenth from the first day of April, and children "
    "under twelve will travel free of charge on every route."
)
_BANK = "El Banco Marino del Norte paga."
_BOARD = "The Ferry Board of Marrow decided it.\n\nFerry Board of Marrow\nCommunications Office"
_SENATORS = "WASHINGTON – U.S. Senators Jane Roe (D-ME) and John Doe (R-AK) said:"


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        (
            f"NOTA DE PRENSA\n\nBanco Marino del Norte\n\n{_TITLE}\n\n{_LEAD} {_BANK}",
            "Banco Marino del Norte",
        ),
        (
            f"From: Department for Ferries and Jane Roe MP\n\n{_TITLE}\n\n{_LEAD}",
            "Department for Ferries",
        ),
        (f"Governor\n\nState Ferry Authority\n\n{_TITLE}\n\n{_LEAD}", "State Ferry Authority"),
        (
            f"PRESS RELEASE\n\n{_TITLE}\n\n{_LEAD} {_BOARD}",
            "Ferry Board of Marrow",
        ),
        (f"{_TITLE}\n\n{_LEAD}\n\nCopyright 2026 Marrow Ferries Inc. All rights reserved.",
         "Marrow Ferries Inc."),
        (
            f"FOR IMMEDIATE RELEASE\n\nROE BILL CUTS FERRY FARES\n\n{_SENATORS} {_LEAD}",
            "Senator Jane Roe",
        ),
        (f"March 3, 2025\n\nMFA cuts ferry fares in spring\n\nMFA has cut the fares. {_LEAD}",
         "MFA"),
    ],
)  # fmt: skip
def test_the_issuer_is_named_in_many_places(text: str, issuer: str) -> None:
    """Beside a label, in a field, a signature or a copyright line, or as who acts in the lead."""
    assert issuer == read_head(text, None).issuer


def test_a_menu_with_kinds_of_papers_is_no_issuer() -> None:
    """The entries of a menu that lost its line ends are no name."""
    text = f"Media Contacts Fact Sheet Photo Gallery\n\n{_TITLE}\n\n{_LEAD}"

    assert read_head(text, None).issuer is None


def test_a_strict_embargo_is_not_the_date_of_issue() -> None:
    """The release's own date stands below the day until which it is embargoed."""
    text = (
        "STRICTLY EMBARGOED UNTIL 6 MARCH 2025\n\nMedia release\nIssued: Tuesday 4 March 2025\n\n"
        f"{_TITLE}\n\n{_LEAD}"
    )

    assert "2025-03-04" == read_head(text, None).date


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        (
            (f"Harbour System of Odal\nBoard of Pilots\n\nPress release\n\n{_TITLE}\n\n"
            f"The Board of Pilots of the Harbour System of Odal decided it. {_LEAD}"),
            "Board of Pilots of the Harbour System of Odal",
        ),
        (
            (f"{_TITLE}\n\nODAL (March 3, 2025) – Fares will fall by a tenth in April, "
            f"Harbour Watch International said today. {_LEAD}"),
            "Harbour Watch International",
        ),
        (
            (f"{_TITLE}\n\n{_LEAD} The Odal Ferry Agency pays.\n\nOdal Hospital Trust agrees.\n\n"
            "For more, write to press@odalferry.example."),
            "Odal Ferry Agency",
        ),
        (
            f"MINISTERIO DE PUERTOS\nGABINETE DE PRENSA\n\nNota de prensa\n\n{_TITLE}\n\n{_LEAD}",
            "MINISTERIO DE PUERTOS",
        ),
        (
            f"{_TITLE}\n\nSen. Jane Roe (R-ME) today thanked the Ferry Board of Marrow. {_LEAD}",
            "Senator Jane Roe",
        ),
        (f"Riders get new rules\n\nRiders of ferries have new rules. {_LEAD} Riders agree.", None),
        (f"{_TITLE}\n\nOdal and the Republic of Mor agree today on fares. {_LEAD}", None),
        (f"{_TITLE}\n\nAs of today, the ferries have one fare. {_LEAD}", None),
    ],
)  # fmt: skip
def test_the_name_with_most_evidence_is_the_issuer(text: str, issuer: str | None) -> None:
    """Two lines of a letterhead, who reports, the domain of a contact, the senator of the lead."""
    assert issuer == read_head(text, None).issuer


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Press Office – City of Marrow", "City of Marrow"),
        ("Marrow Ferries Newsroom", "Marrow Ferries"),
        ("Service Presse - Ville de Montcalm", "Ville de Montcalm"),
        ("Jane Roe, President of Marrow Ferries", "Marrow Ferries"),
        ("Today, the Harbour Board", "Harbour Board"),
        ("The Odal Gazette of", "The Odal Gazette"),
        ("Media Relations", None),
        ("PR Newswire", None),
        ("the Agency", None),
    ],
)
def test_names_are_cleaned(written: str, name: str | None) -> None:
    """Press offices, jobs, days and cut words are no part of a name; portals are no issuers."""
    assert name == clean_name(written)


@pytest.mark.parametrize(
    ("name", "other", "alike"),
    [
        ("The City of Marrow (COM)", "CITY OF MARROW", True),
        ("U.S. Harbour Office", "United States Harbour Office", True),
        ("Marrow Ferries", "Marrow Ferries, Inc.", True),
        ("World Harbour Organization", "WHO", True),
        ("U.S. Senator Jane Roe", "Senator Roe", True),
        ("City of Marrow", "City of Odal", False),
    ],
)
def test_forms_of_a_name_support_each_other(name: str, other: str, *, alike: bool) -> None:
    """Case, article, legal form, abbreviation and first name make no other name."""
    assert alike == (likeness(name, other) > 0)


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ("Ferry Days, 13-22 September 2025\n\n{title}\n\nIssued 4 March 2025", "2025-03-04"),
        ("Open: 23 March – 1 September 2025\n\n{title}\n\nIssued 4 March 2025", "2025-03-04"),
        ("FOR RELEASE | CONTACT:\n\nMarch 4, 2025\n\n{title}", "2025-03-04"),
        (
            "{title}\n\nOdal, 4 marzo 2025: The board met and cut the fares of all ferries.",
            "2025-03-04",
        ),
        ("Odal, 4 luglio 2025\n\n{title}", "2025-07-04"),
        ("4 de fevereiro de 2025\n\n{title}", "2025-02-04"),
        ("5 mei 2025\n\n{title}", "2025-05-05"),
    ],
)
def test_the_date_of_a_release_is_not_that_of_its_event(head: str, date: str) -> None:
    """The days of an event are passed over; a dateline may end with a colon."""
    assert date == read_head(f"{head.format(title=_TITLE)}\n\n{_LEAD}", None).date


@pytest.mark.parametrize(
    "line",
    [
        "Report  |  Tell us about  |  Apply or register  |  Thanks and complaints",
        '("Marrow Ferries", the "Company" or the "Group")',
        "Judgment of the Court in Case C-611/22 | Marrow Ferries and others",
        "Not for publication or broadcast before 16:00 on the day of the press conference",
    ],
)
def test_head_matter_is_no_headline(line: str) -> None:
    """Menus, defined names, case numbers and embargoes stand above a headline."""
    found = read_head(f"PRESS RELEASE\n\n{line}\n\n{_TITLE}\n\n{_LEAD}", None)

    assert _TITLE == found.headline


_GRANT = (
    "announced today that the Department of Ferries will pay for two boats on the island route."
)
_PAYER = "The Government of Marrow pays. The Government of Marrow is asked."
_BOATS = (
    "Marrow Boat Systems\n* Two boats for the ferries of the island, which are thirty years old."
)
_SENATOR = "United States Senator"
_LINK = "Department of Ferries Twitter: https://twitter.com/marrow"


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        (f"{_TITLE}\n\n{_LEAD} {_PAYER}\n\nMore: https://www.marrow.ca", None),
        (f"{_TITLE}\n\nThe United States Senate has approved a bill on ferries. {_LEAD}", None),
        (f"{_TITLE}\n\nThe Senate Ferries Committee approved a bill today. {_LEAD}", None),
        (f"SEN. ROE ANNOUNCES BOATS\n\nSen. Jane Roe (R-AK) {_GRANT}", "Senator Jane Roe"),
        (f"SEN. ROE WINS BOATS\n\nU.S. Sen. Jane Roe {_GRANT}\n\n{_BOATS}", "Senator Jane Roe"),
        (f"{_TITLE}\n\n{_LEAD}\n\nSincerely,\n\nJane Roe\n\n{_SENATOR} {_SENATOR}", None),
        (f"{_TITLE}\n\n{_LEAD}\n\nAdditional Resources\n\n{_LINK}", None),
    ],
)
def test_another_body_is_no_issuer(text: str, issuer: str | None) -> None:
    """Rather none than a body that is linked to, votes, pays, or is paid."""
    assert issuer == read_head(text, None).issuer


@pytest.mark.parametrize(
    "words",
    ["Ferry Bulletin #12", "Ferry Activities Advisory", "Ferry Site. The Marrow Delegation"],
)
def test_a_paper_or_two_sentences_are_no_name(words: str) -> None:
    """The kind of paper, its number, and the end of a sentence before a name."""
    assert clean_name(words) is None
