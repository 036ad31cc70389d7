"""The analyzer: spans, folding, stemming, scripts without spaces."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.analyzer import MAX_TOKEN_LENGTH, extract_terms, fold, tokenize

LANGUAGES = st.sampled_from([None, "en", "fr", "de", "ja", "zh", "th", "ar", "ru", "xx"])


@given(st.text(), LANGUAGES)
def test_spans_are_in_order_inside_and_of_words(text: str, lang: str | None) -> None:
    """Each token has a term and a span, in order, that begins with a letter or digit."""
    last = 0
    for token in tokenize(text, lang):
        start, end = token.span
        assert last <= start < end <= len(text)
        assert text[start].isalnum()
        assert token.term
        assert " " not in token.term
        last = start


@given(st.text(), LANGUAGES)
def test_every_letter_is_in_a_token_or_folds_to_nothing(text: str, lang: str | None) -> None:
    """Every letter and digit is in a token, unless its word has an empty term."""
    covered = set[int]()
    for token in tokenize(text, lang):
        covered.update(range(*token.span))
    left = {c for i, c in enumerate(text) if c.isalnum() and i not in covered}

    assert all("" == fold(c) or c in "'’" or not extract_terms(c, lang) for c in left)


@given(st.text())
def test_case_does_not_matter(text: str) -> None:
    """A word has the same term in upper and lower case, for letters that have both.

    The iota subscript (U+0345) is left out: it is not a word by itself, but its capital is.
    """
    text = "".join(c for c in text if c.upper().casefold() == c.lower().casefold() == c.casefold())
    text = text.replace("\u0345", "")

    assert extract_terms(text.lower()) == extract_terms(text.upper())


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("The ministers announced bridges", "en", ["the", "minist", "announc", "bridg"]),
        ("Minister’s minister's", "en", ["minist", "minist"]),
        ("l’été d'hiver qu’il", "fr", ["ete", "hiv", "il"]),
        ("$4.2 million, 1,000", "en", ["4.2", "million", "1,000"]),
        ("Montréal MONTREAL", "en", ["montreal", "montreal"]),
        ("東京都", "ja", ["東京", "京都"]),
        ("橋", "ja", ["橋"]),
        ("COVID19感染 x", "ja", ["covid19", "感染", "x"]),
        ("Straße", "de", ["strass"]),
    ],
)
def test_terms_of_words(text: str, lang: str, expected: list[str]) -> None:
    """Words are folded, stemmed by their language, stripped of elisions, or split into pairs."""
    assert expected == extract_terms(text, lang)


@pytest.mark.parametrize("text", ["Montréal", "L’été dernier à l’hôpital", "Ünïcödé e\u0301"])
def test_composed_and_decomposed_accents_are_alike(text: str) -> None:
    """A text with combining accents has the terms of the same text with composed ones."""
    decomposed = unicodedata.normalize("NFD", text)

    assert extract_terms(unicodedata.normalize("NFC", text), "fr") == extract_terms(
        decomposed, "fr"
    )
    assert all(decomposed[slice(*t.span)][-1:] not in "’'" for t in tokenize(decomposed, "fr"))


def test_long_runs_are_cut() -> None:
    """A run beyond the longest token is one token, with a term of its first characters."""
    (token,) = tokenize("a" * 100_000)

    assert (0, 100_000) == token.span
    assert len(token.term) <= MAX_TOKEN_LENGTH
    (marked,) = tokenize("e" + "\u0301" * 10_000)
    assert "e" == marked.term
