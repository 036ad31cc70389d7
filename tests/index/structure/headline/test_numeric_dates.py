"""Ambiguous numeric dates: which reading, by the rest of the release."""

import pytest
from structure_texts import BODY

from index.structure.analyze import analyze

US = "WASHINGTON, D.C. – The senator opened a bridge over the harbour, as she said she would."


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        (f"Published 08/07/2020\n{BODY} As of today, July 8, it is open.", "2020-07-08"),
        (f"Published 08/07/2020\n{BODY} As of today, August 7, it is open.", "2020-08-07"),
        (f"03.02.04\n{US}", "2004-03-02"),
        (f"1/4/13\n{US}", "2013-01-04"),
        (f"03/02/2004\n{BODY} It opens on 25/02/2004.", "2004-02-03"),
        (f"03/02/2004\n{BODY} It opens on 02/25/2004.", "2004-03-02"),
        (f"03/02/2004\n{BODY} More at www.harbour.gov.uk", "2004-02-03"),
        (f"{BODY} 02-06-21", "2021-06-02"),
        (f"{US} 02-06-21", "2021-02-06"),
    ],
)
def test_the_release_decides_between_two_readings(text: str, iso: str) -> None:
    """A day named in words, other dates, the country and hyphens decide the order."""
    date = analyze(text, "Town Gets a Bridge").date

    assert date is not None
    assert (iso, "dateline") == (date.iso, date.source)


@pytest.mark.parametrize(
    "text",
    [
        f"Published 08/07/2020\n{BODY}",
        f"Published 08/07/2020\n{BODY} It was closed on July 8 and on August 7.",
        f"Published 08/07/2020\n{BODY} The senator from Ohio and www.harbour.gov.uk say so.",
        f"03/02/2004\n{BODY} It opens on 02/25/2004 or 25/02/2004.",
    ],
)
def test_an_ambiguous_date_stays_unresolved_without_evidence(text: str) -> None:
    """Without evidence, or with contradictory evidence, there is no date."""
    date = analyze(text, "Town Gets a Bridge").date

    assert date is None or date.source == "text"


def test_an_ambiguous_date_line_is_not_a_headline() -> None:
    """Resolved or not, the line is part of the head; the headline is the line below."""
    text = f"08/07/2020\n\nTown Gets a Bridge\n\n{BODY}"
    paragraphs = analyze(text).paragraphs

    assert ["dateline", "headline", "body"] == [p.kind for p in paragraphs]
