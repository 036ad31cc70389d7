"""Which dollars a release means."""

import pytest

from qa.figures.currency import dollars_of


@pytest.mark.parametrize(
    ("issuer", "url", "text", "dollars"),
    [
        ("Government of Saskatchewan", None, "", "CAD"),
        ("Congressman Donald Norcross", None, "", "USD"),
        (None, "https://news.ontario.ca/x", "", "CAD"),
        (None, "https://lee.house.gov/news", "", "USD"),
        (None, None, "Rep. Mike Bost (IL-12) and Senator Hassan (D-NH)", "USD"),
        ("Acme Inc.", None, "All amounts are in U.S. dollars.", "USD"),
        ("Acme Inc.", None, "It costs $5.", None),
        ("Embassy of Canada to the United States", None, "", None),
    ],
)
def test_a_bare_dollar_is_resolved_only_if_it_is_certain(
    issuer: str | None, url: str | None, text: str, dollars: str | None
) -> None:
    """The text, the issuer or the address says the country; two countries say nothing."""
    assert dollars_of(issuer, url, [text]) == dollars
