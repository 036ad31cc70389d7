"""Everything that matches, against a slow and obvious search."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.filters import Filters
from index.ingest.update import update_collection
from index.search.searcher import Searcher
from index.search.vector import cosines_of, passage_vectors
from index.text.analyzer import extract_terms
from qa import open_collection
from qa.collection import Collection
from qa.finding.match import TokenizedText
from qa.finding.query import parse_query
from qa.finding.search import LEAST_BELOW_HEADLINE, LEAST_COSINE

QUERIES = [
    "bridge",
    "minister korea",
    '"minimum wage"',
    "minimum wage -yukon",
    'trail -"hiking trails"',
    "e-bikes",
    "orignal",
    "hospital nursing",
    "nothing-of-the-kind",
]


@pytest.fixture(name="collection", scope="module")
def _collection(built_samples: Path) -> Iterator[Collection]:
    with open_collection(built_samples) as collection:
        yield collection


def by_words(collection: Collection, query: str, filters: Filters) -> set[str]:
    """The ids of the passages that meet a query, by reading every passage."""
    parsed = parse_query([query])
    found = set()
    for ref in collection.releases(filters):
        document = collection.document(ref.id)
        for passage in document.passages:
            text = TokenizedText(document.text[slice(*passage.span)], ref.lang)
            if (
                passage.kind != "dateline"
                and (not filters.kinds or passage.kind in filters.kinds)
                and all(text.spans(clause) for clause in parsed.wanted)
                and not any(text.spans(clause) for clause in parsed.excluded)
            ):
                found.add(f"{ref.id}#{passage.ordinal}")
    return found


def ids(collection: Collection, query: str, filters: Filters, *, words_only: bool) -> set[str]:
    """The ids of the passages that `find` finds."""
    findings = collection.find(parse_query([query]), filters, words_only=words_only)
    return {found.passage_id for found in collection.load(findings, findings.matches)}


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize(
    "filters", [Filters(), Filters(since="2021-01-01"), Filters(kinds=("headline", "quote"))]
)
def test_every_passage_with_the_words_is_found(
    collection: Collection, query: str, filters: Filters
) -> None:
    """The words, phrases and exclusions decide, in headlines, too; filters apply before."""
    replaced = {ref.id for ref in collection.releases() if ref.replaced_by}
    expected = {
        name
        for name in by_words(collection, query, filters)
        if name.rpartition("#")[0] not in replaced
    }

    assert expected == ids(collection, query, filters, words_only=True)


@pytest.mark.parametrize(
    "query",
    [
        "rise in pay for workers",
        "bicycles",
        "moose -hunters",
        "canada visit",
        "bridges marion -crews",
    ],
)
def test_meaning_adds_what_is_near_and_nothing_else(
    collection: Collection, built_samples: Path, query: str
) -> None:
    """Found by meaning is what has a cosine over the threshold and none of the excluded words.

    Where the headline has the words that the passage lacks, the lower threshold applies.
    """
    parsed = parse_query(query.split())
    findings = collection.find(parsed)
    with_words = {m.key for m in collection.find(parsed, words_only=True).matches}
    searcher = Searcher(built_samples)
    try:
        (vector,) = searcher.encode_queries([parsed.text])
        assert vector is not None
        rows = searcher.store.rows("SELECT id FROM passages")
        passages = searcher.store.passages(key for (key,) in rows)
        vectors = passage_vectors(searcher.store, sorted(passages))
        cosines = {
            key: cosine
            for key, (cosine, _) in zip(
                vectors, cosines_of(list(vectors.values()), vector), strict=True
            )
        }
    finally:
        searcher.close()
    expected = set()
    for key, passage in passages.items():
        terms = set(extract_terms(f"{passage.title}\n{passage.text}", passage.lang))
        whole = all(set(clause.stems(passage.lang)) <= terms for clause in parsed.wanted)
        least = LEAST_BELOW_HEADLINE if whole else LEAST_COSINE
        text = TokenizedText(passage.text, passage.lang)
        if (
            passage.passage.kind != "dateline"
            and cosines[key] >= least
            and not any(text.has(clause) for clause in parsed.excluded)
        ):
            expected.add(key)

    assert {m.key for m in findings.matches if m.by == "meaning"} == expected - with_words
    assert all(m.dense == pytest.approx(cosines[m.key]) for m in findings.matches if m.dense)


@pytest.mark.parametrize("query", ['"rise in pay" workers', "rise in pay", "2021-01"])
def test_a_phrase_and_figures_are_wanted_as_written(collection: Collection, query: str) -> None:
    """Only words without quotation marks are looked for by meaning."""
    words = parse_query(["rise", "in", "pay"])
    assert any(match.by == "meaning" for match in collection.find(words).matches)

    assert all(match.by == "words" for match in collection.find(parse_query([query])).matches)


def test_copies_of_a_release_count_once_and_are_named(
    tmp_path: Path, exported_encoder: None
) -> None:
    """A passage that copies repeat is found in the first; other releases with it are found, too."""
    del exported_encoder
    story = [
        "The harbour bridge will be closed to all traffic from the first of May.",
        "Crews are going to replace the deck, the railings and the lights along the whole span.",
        "Drivers should take the ring road, which will have two more lanes during the works.",
        "Buses will stop at the ferry terminal instead of the market until the end of September.",
    ]
    other = ["A new school opens in the valley.", "It has room for two hundred children.", story[0]]
    records = [
        {"id": name, "title": title, "text": "\n\n".join(text), "date": "2021-03-03"}
        for name, title, text in (
            ("first", "Harbour works", story),
            ("copy", "Harbour works", story),
            ("other", "School opens", other),
        )
    ]
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(map(json.dumps, records)))
    update_collection(tmp_path / "c", [path])
    with open_collection(tmp_path / "c") as collection:
        findings = collection.find(parse_query(["harbour bridge"]), words_only=True)
        found = collection.load(findings, findings.matches)

        assert [("first", ("copy",)), ("other", ())] == [
            (passage.release.id, passage.match.also_in) for passage in found
        ]
        assert all(collection.check(passage.citation).ok for passage in found)
