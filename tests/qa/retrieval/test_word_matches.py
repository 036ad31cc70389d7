"""The releases that contain words of a question, compared with reading every release."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.filters import NO_FILTERS, Filters
from index.text.analyzer import extract_terms
from qa import open_collection
from qa.collection import Collection
from qa.query.question import parse_question
from qa.retrieval import word_matches

QUESTIONS = (
    "When did Minister Joly visit Korea?",
    "ferry",
    "What did the minister announce about the hospital?",
    "Combien coûte le permis de chasse à l'orignal?",
    "Who won the zebra race?",
)


@pytest.fixture(scope="module")
def collection(sample_collection: Path) -> Iterator[Collection]:
    """The samples, open for asking."""
    with open_collection(sample_collection) as opened:
        yield opened


def shared_words(collection: Collection, question: str, filters: Filters) -> dict[str, int]:
    """How many words of a question each release contains, found by reading it."""
    parsed = parse_question(question)
    refs = collection.releases(filters)
    languages = {ref.lang for ref in collection.releases() if ref.lang} | {parsed.lang}
    found = {}
    for ref in refs:
        document = collection.document(ref.id)
        terms = set(extract_terms(ref.title, ref.lang))
        for passage in document.passages:
            terms |= set(extract_terms(document.text[slice(*passage.span)], ref.lang))
        found[ref.id] = sum(
            any(parsed.terms(lang)[place] in terms for lang in languages)
            for place in range(len(parsed.words))
        )
    return found


@pytest.mark.parametrize("enough", [1, 3, 10])
@pytest.mark.parametrize("filters", [NO_FILTERS, Filters(since="2021-01-01")], ids=["all", "since"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_release_that_contains_enough_words_is_found(
    collection: Collection,
    question: str,
    filters: Filters,
    enough: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At least half of the words, and as many more as enough releases contain; newest first."""
    monkeypatch.setattr(word_matches, "ENOUGH", enough)
    held = shared_words(collection, question, filters)
    most = len(parse_question(question).words)
    half = (most + 1) // 2
    usable = [n for n in range(half, most + 1) if sum(c >= n for c in held.values()) >= enough]
    needed = max(usable, default=half)

    found = collection.releases_with_words(question, filters)

    assert found.needed == needed
    assert {ref.id for ref in found.releases} == {i for i, count in held.items() if count >= needed}
    order = [ref.id for ref in collection.releases(filters)]
    assert [ref.id for ref in found.releases] == sorted(
        (ref.id for ref in found.releases), key=order.index
    )


def test_the_words_are_those_of_the_question(collection: Collection) -> None:
    """As they were typed, without words like "when" and "the"."""
    found = collection.releases_with_words("When did Minister Joly visit Korea?")
    assert found.words == ("Minister", "Joly", "visit", "Korea")
    assert "canada-korea-visit" in {ref.id for ref in found.releases}
