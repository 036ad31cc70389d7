"""Which line of the head is the headline."""

import pytest

from index.structure.analyze import analyze

_LEAD = (
    "Fares on the island ferries will fall by a tenth from the first day of April, and children "
    "under twelve will travel free of charge on every route."
)


@pytest.mark.parametrize(
    "title",
    ["New ferry suite open at Marrow Harbour", "Roe speaks on the Senate floor about ferries"],
)
def test_a_suite_or_a_floor_without_a_number_is_no_address(title: str) -> None:
    """A headline may have the words that addresses have."""
    assert analyze(f"{title}\n\n2021-01-29\n\n{_LEAD}").headline == title


def test_half_of_a_date_is_no_headline() -> None:
    """A date broken by a line end does not begin a headline with its day."""
    text = f"Ferry Bulletin #180\n\n2020-09-07\n\nSeptember\n7, 2020 FERRY BULLETIN #180\n\n{_LEAD}"
    assert analyze(text).headline.casefold() == "ferry bulletin #180"
