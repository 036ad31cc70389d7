"""Where the words of a query stand in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.finding.match import TokenizedText, highlights
from qa.finding.query import Clause, parse_query

TEXT = "The Minister’s office: wild\nhorses, Wild-Horse Island. Été 2020; a horse. COVID-19's end."


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ('"wild horses"', ["wild\nhorses"]),
        ("wild-horses", ["wild\nhorses", "Wild-Horse"]),
        ("horses", ["horses", "Horse", "horse"]),
        ('"horse"', ["Horse", "horse"]),
        ('"ete 2020"', ["Été 2020"]),
        ('"minister office"', ["Minister’s office"]),
        ("covid-19", ["COVID-19's"]),
        ('"horses wild"', ["horses, Wild"]),
        ('"wild island"', []),
        ("wild island", ["wild", "Wild", "Island"]),
    ],
)
def test_words_are_found_as_they_stand(words: str, found: list[str]) -> None:
    """A phrase needs its words in order, as written; case, accents and punctuation don't count."""
    spans = highlights(TEXT, "en", parse_query([words] if '"' in words else words.split()).wanted)

    assert found == [TEXT[slice(*span)] for span in spans]


def test_highlights_do_not_overlap() -> None:
    """What two clauses mark together is marked once."""
    spans = highlights("wild horses run", "en", parse_query(['"wild horses" horses run']).wanted)

    assert ((0, 11), (12, 15)) == spans


@given(
    text=st.text(alphabet="ab '’-.,1_É\n", max_size=30),
    words=st.text(alphabet="ab '1É", min_size=1, max_size=5),
    exact=st.booleans(),
)
def test_what_has_words_is_where_they_can_be_shown(text: str, words: str, *, exact: bool) -> None:
    """The quick pattern finds nothing that has no place in the text, and misses nothing."""
    clause = Clause(words, exact=exact)
    tokenized = TokenizedText(text, "en")

    if clause.stems("en"):
        assert bool(tokenized.spans(clause)) == tokenized.has(clause)
