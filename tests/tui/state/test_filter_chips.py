"""Filters as the chat shows them."""

from index.filters import NO_FILTERS, Filters
from qa.filter_syntax import parse_filters
from tui.state.filter_chips import filter_chips


def test_each_filter_is_named_with_its_value() -> None:
    """In the order of the dialog; nothing is shown for what is not set."""
    filters = Filters(issuer="Finance Canada", kinds=("quote", "body"), speaker="Joly", lang="fr")
    assert filter_chips(filters) == (
        "issuer: Finance Canada", "lang: fr", "kind: quote, body", "speaker: Joly",
    )  # fmt: skip
    assert filter_chips(NO_FILTERS) == ()


def test_a_date_is_as_short_as_it_was_written() -> None:
    """A year or a month is not shown as the day that it begins or ends with."""
    for since, until in (("2023", "2024"), ("2023-04", "2024-02"), ("2023-04-17", "2024-02-28")):
        filters = parse_filters({"since": since, "until": until})
        assert filter_chips(filters) == (f"since {since}", f"until {until}")
    assert filter_chips(parse_filters({"until": "2024-02-29"})) == ("until 2024-02",)


def test_what_is_no_date_is_shown_as_it_is() -> None:
    """A saved conversation may hold anything."""
    assert filter_chips(Filters(since="soon\x1b[2J")) == ("since soon␛[2J",)
