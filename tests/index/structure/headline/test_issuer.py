"""Who issued a release, where its letterhead does not say so plainly."""

import pytest

from index.structure.headline.detect import read_head

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
