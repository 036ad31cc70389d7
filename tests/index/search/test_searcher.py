"""Searching a collection: filters before the limit, each text once, the status."""

import gc
import json
import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from checkout import SAMPLES
from index_parts import by_meaning, by_words, index_words, put, searching

from index.filters import NO_FILTERS, Filters
from index.ingest.update import update_collection
from index.search.searcher import Searcher
from index.store.reader import Store
from index.store.stats import collection_status

QUESTIONS = [
    json.loads(line)
    for line in (SAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(scope="module")
def samples(sample_collection: Path) -> Iterator[Searcher]:
    """The samples, open for searching."""
    with searching(sample_collection) as searcher:
        yield searcher


def _releases(hits: list[tuple[str, float]]) -> list[str]:
    return [name.partition("#")[0] for name, _ in hits]


def test_words_and_meaning_find_the_release(samples: Searcher) -> None:
    """Both searches find the release of most sample questions among the first three."""
    asked = [q for q in QUESTIONS if q["answerable"]]
    for search in (by_words, by_meaning):
        right = [q["release"] in _releases(search(samples, q["question"], 3)) for q in asked]
        assert sum(right) >= 0.85 * len(right)


def test_nearest_is_exact(samples: Searcher) -> None:
    """Dense search finds the passages that a comparison with every vector finds."""
    from index.search.vector import passage_vectors, unpack

    (query,) = samples.indexes.encoder.encode(["money for a hospital"])
    keys = [key for key, _ in samples.store.allowed_passages(NO_FILTERS)]
    kinds = {k: p.passage.kind for k, p in samples.store.passages(keys).items()}
    vectors = passage_vectors(samples.store, keys)
    exact = sorted(
        (float(unpack(passage, len(query))[0] @ query) for key, (passage, _) in vectors.items()
         if kinds[key] not in {"headline", "dateline"}), reverse=True,
    )  # fmt: skip
    found = samples.search_dense(query, 12, NO_FILTERS)

    assert exact[:12] == pytest.approx([score for _, score in found], abs=1e-5)


def test_cosines_are_of_passages_and_their_sentences(samples: Searcher) -> None:
    """The cosine of a passage is the one of the search, and each sentence has its own."""
    (query,) = samples.indexes.encoder.encode(["money for a hospital"])
    found = dict(samples.search_dense(query, 5, NO_FILTERS))
    cosines = samples.dense_scores(query, found)
    passages = samples.store.passages(found)

    assert set(found) == set(cosines)
    for key, (cosine, sentences) in cosines.items():
        assert found[key] == pytest.approx(cosine, abs=1e-5)
        assert len(passages[key].passage.sentences) == len(sentences)
        assert all(-1.001 <= s <= 1.001 for s in sentences)


FILTERS = {
    Filters(since="2020-01-01"): lambda r, _: (r.date or "") >= "2020-01-01",
    Filters(until="2010-12-31"): lambda r, _: r.date is not None and r.date <= "2010-12-31",
    Filters(since="2020-08-07", until="2020-08-07"): lambda r, _: r.date == "2020-08-07",
    Filters(lang="fr"): lambda r, _: r.lang == "fr",
    Filters(kinds=("quote", "list")): lambda _, p: p.kind in {"quote", "list"},
    Filters(kinds=("headline",)): lambda _, p: p.kind == "headline",
    Filters(issuer="SENATOR"): lambda r, _: "senator" in (r.issuer or "").casefold(),
    Filters(lang="en", kinds=("body",)): lambda r, p: r.lang == "en" and p.kind == "body",
    Filters(lang="xx"): lambda *_: False,
}


@pytest.mark.parametrize("filters", FILTERS, ids=repr)
def test_a_filter_allows_exactly_what_meets_it(filters: Filters, samples: Searcher) -> None:
    """A filter allows exactly the passages whose release and kind meet it."""
    expected = set()
    for stored in samples.store.releases(NO_FILTERS):
        release = samples.store.release(stored.release.release_id).release
        for passage in samples.store.passages_of(stored.key):
            if FILTERS[filters](release, passage):
                expected.add(f"{release.release_id}#{passage.ordinal}")
    allowed = samples.allowed(filters)

    assert allowed is not None
    keys = sorted(allowed)
    assert expected == {p.passage_id for p in samples.store.passages(keys).values()}
    assert bool(expected) == (filters.lang != "xx")


def test_the_filter_of_sources_is_a_glob(samples: Searcher) -> None:
    """A source filter matches the whole path as users see it; `*` also matches `/`."""
    ids = {s.release.release_id for s in samples.store.releases(Filters(source="*twillingate*"))}

    assert {"twillingate-trails", "twillingate-trails-correction"} == ids
    assert [] == samples.store.releases(Filters(source="twillingate"))


@pytest.mark.parametrize("search", [by_words, by_meaning])
def test_filters_come_before_the_best(search: object, samples: Searcher) -> None:
    """A filtered search returns as many results as asked for."""
    question = "When did the minister announce the bridge and the road?"
    best = search(samples, question, 10)  # type: ignore[operator]
    french = search(samples, "le ministre annonce", 4, Filters(lang="fr"))  # type: ignore[operator]
    old = search(samples, question, 10, Filters(until="2009-01-01"))  # type: ignore[operator]

    assert {"tirage-orignal-2020"} == set(_releases(french))
    assert not set(_releases(french)) & set(_releases(best))
    assert 10 == len(old)
    assert not {name for name, _ in old} & {name for name, _ in best[:3]}


def test_a_filter_reaches_what_is_far_from_the_question(samples: Searcher) -> None:
    """The only allowed release is found, however many others are nearer to the query."""
    question = "When did the minister announce the bridge and the road?"
    ranking = _releases(by_meaning(samples, question, 1_000))
    farthest = max(set(ranking), key=ranking.index)
    (stored,) = (
        stored
        for stored in samples.store.releases(NO_FILTERS)
        if stored.release.release_id == farthest
    )
    only = Filters(since=stored.release.date, until=stored.release.date)
    found = by_meaning(samples, question, 1, only)

    assert ranking.index(farthest) > 64  # more than are fetched to fill a list of one
    assert [farthest] == _releases(found)


@pytest.mark.usefixtures("exported_encoder")
def test_a_paragraph_in_many_releases_is_found_once(tmp_path: Path) -> None:
    """A paragraph in many releases is one result, is encoded once, and names the others."""
    shared = "About Acme: the company builds bridges and tunnels in all provinces of the country."
    texts = {
        f"r{n:02}": f"Town {n} gets a bridge\n\nTown {n} is glad that the old crossing number {n} "
        f"was replaced after so very many years of waiting.\n\n{shared}"
        for n in range(40)
    }
    texts["z"] = (
        "Tunnel\n\nA tunnel is something else, dug for the trains of the country rather than for "
        "its cars, and for freight."
    )
    lines = [json.dumps({"id": name, "text": text}) for name, text in texts.items()]
    report = update_collection(tmp_path / "c", [put(tmp_path / "a.jsonl", "\n".join(lines))])
    with searching(tmp_path / "c") as searcher:
        words = by_words(searcher, "company tunnels country", 3)
        meaning = by_meaning(searcher, "a company that builds tunnels", 3)
        only = by_words(
            searcher,
            "company tunnels",
            3,
            Filters(source="*a.jsonl", kinds=("body", "boilerplate")),
        )
        ((key, _),) = searcher.search_lexical(["compani"], 9, NO_FILTERS)
        others = searcher.lookups.identical_passages([key])[key]
        vectors = searcher.store.value("SELECT count(*) FROM vectors")

    assert 41 == report.added
    for found in (words, meaning):
        assert ["r00", "z"] == sorted(set(_releases(found)) & {"r00", "z"})
        assert 1 == sum(name.endswith("#2") for name, _ in found)
        assert len(found) >= 2
    assert len(only) == 2
    assert [f"r{n:02}" for n in range(1, 40)] == [release for _, release in others]
    assert vectors == report.passages - 39


def test_lexical_scores_are_those_of_the_search(samples: Searcher) -> None:
    """The lexical scores of given passages are those of the search."""
    found = dict(samples.search_lexical(["bridg"], 20, NO_FILTERS))
    without = next(key for key, _ in samples.store.allowed_passages(Filters(lang="fr")))
    scores = samples.lexical_scores(["bridg"], [*found, without])

    assert found == pytest.approx(scores)


def test_the_text_of_a_passage_is_part_of_its_release(samples: Searcher) -> None:
    """The text of a passage is the release's text at its span, in code points."""
    passages = samples.store.passages(
        [key for key, _ in samples.store.allowed_passages(NO_FILTERS)]
    )
    for stored in passages.values():
        release_id, _, ordinal = stored.passage_id.rpartition("#")
        text = samples.store.release(release_id).release.text
        assert stored.text == text[slice(*stored.passage.span)]
        assert int(ordinal) == stored.passage.ordinal
        for sentence in stored.passage.sentences:
            assert stored.text[slice(*sentence)].strip()
    assert len(passages) == collection_status(samples.store).passages


def test_the_collection_in_numbers(samples: Searcher, sample_collection: Path) -> None:
    """The status counts releases, dates, languages and sizes, and names the model."""
    status = collection_status(samples.store)

    assert (22, 0, ()) == (status.releases, status.to_encode, status.notes)
    assert ("all-MiniLM-L6-v2", samples.fingerprint) == (status.model, status.fingerprint)
    assert {"en": 21, "fr": 1} == dict(status.languages)
    assert status.first_date is not None
    assert status.first_date < (status.last_date or "")
    files = [p for p in (sample_collection / "derived").rglob("*") if p.is_file()]
    assert sum(p.stat().st_size for p in files) == status.derived_bytes
    assert (status.updated_at or "").endswith("Z")


def test_a_collection_of_nothing(tmp_path: Path) -> None:
    """A collection without releases can be opened, searched and listed."""
    index_words(tmp_path / "c", [])
    with searching(tmp_path / "c") as searcher:
        assert [] == by_words(searcher, "bridge")
        assert [] == searcher.search_dense(np.ones(384, dtype=np.float32), 5, NO_FILTERS)
        assert [] == by_words(searcher, "bridge", 5, Filters(lang="en"))
        assert 0 == collection_status(searcher.store).releases
        assert [] == searcher.indexes.notes


def test_the_status_says_when_the_lexical_index_is_out_of_date(collection_copy: Path) -> None:
    """The status says when the lexical index is out of date."""
    from index.store.writer import StoreWriter

    writer = StoreWriter(collection_copy)
    with writer.transaction():
        writer.bump_generation()
    writer.close()
    with searching(collection_copy) as searcher:
        assert ("not everything is searchable yet",) == tuple(
            note.partition(";")[0] for note in collection_status(searcher.store).notes
        )


def test_large_limits_are_no_error(samples: Searcher) -> None:
    """A limit above the number of passages returns them all."""
    everything = [key for key, _ in samples.store.allowed_passages(NO_FILTERS)]
    found = by_meaning(samples, "bridge", 100_000)

    assert len(everything) > len(found) > len(everything) / 2


def test_the_store_is_found_like_git_finds_its_own(
    sample_collection: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The collection is the named one, else that of the environment, else the nearest above."""
    from index.errors import CollectionNotFoundError
    from index.store.paths import collection_for_writing, find_collection

    deep = sample_collection.parent / "x" / "y"
    deep.mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(deep)
    assert sample_collection == find_collection() == collection_for_writing()
    monkeypatch.setenv("RELEASEQA_INDEX", str(tmp_path))
    with pytest.raises(CollectionNotFoundError, match="releaseqa --index"):
        find_collection()
    assert tmp_path == collection_for_writing()
    assert sample_collection == find_collection(sample_collection)
    monkeypatch.delenv("RELEASEQA_INDEX")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CollectionNotFoundError, match="releaseqa index"):
        find_collection()
    assert tmp_path / ".releaseqa" == collection_for_writing()
    with pytest.raises(CollectionNotFoundError, match="index FOLDER"):
        Store(tmp_path)


def test_a_closed_searcher_is_freed_at_once(sample_collection: Path) -> None:
    """There is no reference cycle: its indexes do not wait for the garbage collector."""
    gc.disable()
    try:
        searcher = Searcher(sample_collection)
        (query,) = searcher.encode_queries(["Who opened the bridge?"])
        assert query is not None
        for filters in (NO_FILTERS, Filters(lang="en")):
            assert searcher.search_dense(query, 3, filters)
            assert searcher.search_lexical(["bridg"], 3, filters)
        searcher.close()
        parts = [weakref.ref(searcher), *map(weakref.ref, _indexes(searcher))]
        del searcher
        assert [None] * 4 == [part() for part in parts]
    finally:
        gc.enable()


def _indexes(searcher: Searcher) -> list[object]:
    return [searcher.store, searcher.indexes.lexical, searcher.indexes.vectors]
