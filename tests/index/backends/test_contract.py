"""What every engine does the same way, compared with a search that looks at everything."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from index_parts import put
from naive_search import NaiveSearch
from search_engines import Engine

from index.errors import ReleaseNotFoundError
from index.filters import FILTERS, NO_FILTERS, Filters
from index.search.backend import SearchBackend
from index.store.lookups import StoreLookups
from index.store.reader import Store
from index.text.analyzer import extract_terms

QUESTIONS = (
    "What is the new minimum wage in Yukon?",
    "Who announced money for the hospital?",
    "bridge opened to walkers and cyclists",
    "le ministre annonce les permis de chasse",
)
SETS = (
    NO_FILTERS,
    Filters(since="2020-01-01"),
    Filters(until="2010-12-31"),
    Filters(since="2020-08-07", until="2020-12-31"),
    Filters(lang="fr"),
    Filters(issuer="board"),
    Filters(issuer="BOARD", kinds=("headline", "quote")),
    Filters(issuer="100%_\\"),
    Filters(source="*twillingate*"),
    Filters(source="*.m?"),
    Filters(kinds=("quote",)),
    Filters(speaker="mostyn"),
    Filters(indexed_since="2000-01-01"),
    Filters(indexed_since="2100-01-01"),
    Filters(after=20),
    Filters(named_in=(3, 5, 1 << 40)),
    Filters(named_in=()),
    Filters(until="2021-06-01", source="*twillingate*"),
)


@dataclass
class Compared:
    """A collection open for searching, and the same for the plain search."""

    backend: SearchBackend
    naive: NaiveSearch


@pytest.fixture(scope="module")
def compared(samples: Engine) -> Iterator[Compared]:
    """The samples with both."""
    with samples.searching() as backend, Store(samples.folder) as store:
        yield Compared(backend, NaiveSearch(store))


def terms_of(question: str) -> list[str]:
    """Return the words of a question as they are compared."""
    return extract_terms(question, "en")


def assert_same(
    found: list[tuple[int, float]], expected: list[tuple[int, float]], limit: int
) -> None:
    """Assert equal scores, and equal passages but for those that share the last score."""
    best = expected[:limit]
    assert [score for _, score in best] == pytest.approx([s for _, s in found], abs=2e-4)
    if best:
        sure = {key for key, score in best if score > best[-1][1] + 1e-3}
        assert sure <= {key for key, _ in found}
    known = dict(expected)
    assert {key: known.get(key) for key, _ in found} == pytest.approx(dict(found), abs=2e-4)


@pytest.mark.parametrize("filters", SETS, ids=repr)
def test_filters_are_met_before_the_best_are_taken(filters: Filters, compared: Compared) -> None:
    """Both searches return the best of what meets the filters, as many as there are."""
    vectors = compared.backend.encode_queries(QUESTIONS)
    for question, vector in zip(QUESTIONS, vectors, strict=True):
        assert vector is not None
        for limit in (1, 7):
            by_words = compared.backend.search_lexical(terms_of(question), limit, filters)
            assert_same(by_words, compared.naive.by_words(terms_of(question), filters), limit)
            by_meaning = compared.backend.search_dense(vector, limit, filters)
            assert_same(by_meaning, compared.naive.by_meaning(vector, filters), limit)


@pytest.mark.parametrize("filters", SETS, ids=repr)
def test_what_meets_filters_is_counted(filters: Filters, compared: Compared) -> None:
    """The count, and which of some passages meet the filters."""
    expected = compared.naive.meeting(filters)

    assert len(expected) == compared.backend.count(filters)
    assert expected == compared.backend.meeting(compared.naive.passages, filters)
    assert set() == compared.backend.meeting([1 << 40], filters) or not filters


def test_every_filter_is_known(compared: Compared) -> None:
    """A filter that is added to the table is one that every engine understands."""
    written = {"kind": "quote", "lang": "en", "source": "*x*"}
    for spec in FILTERS:
        text = written.get(spec.name, "2021" if spec.edge else "word")
        value = spec.read(text, date(2024, 1, 1))
        rows = (3, 5) if spec.where is None else None
        filters = Filters(**{spec.field or spec.name: value, "named_in": rows})
        assert len(compared.naive.meeting(filters)) == compared.backend.count(filters)


def test_many_questions_are_searched_like_single_ones(compared: Compared) -> None:
    """Searching together changes no number."""
    vectors = np.stack([v for v in compared.backend.encode_queries(QUESTIONS) if v is not None])
    together = compared.backend.search_dense_many(vectors, 9, NO_FILTERS)

    assert together == [compared.backend.search_dense(v, 9, NO_FILTERS) for v in vectors]


def test_a_limit_above_the_number_of_passages_returns_all(compared: Compared) -> None:
    """All passages are found that can be."""
    (vector,) = compared.backend.encode_queries(["bridge"])
    assert vector is not None
    found = compared.backend.search_dense(vector, 5_000, NO_FILTERS)

    assert_same(found, compared.naive.by_meaning(vector, NO_FILTERS), 5_000)
    assert [] == compared.backend.search_dense(vector, 0, NO_FILTERS)
    assert [] == compared.backend.search_lexical([], 5, NO_FILTERS)
    assert [] == compared.backend.search_lexical(["nosuchword"], 5, NO_FILTERS)


@pytest.mark.parametrize("filters", [NO_FILTERS, Filters(since="2012-01-01")], ids=repr)
def test_everything_near_and_everything_with_some_words_is_found(
    filters: Filters, compared: Compared
) -> None:
    """`find` gets all passages of every kind, also those that a newer release replaces."""
    naive, backend = compared.naive, compared.backend
    (vector,) = backend.encode_queries(["money for a hospital"])
    assert vector is not None
    allowed = naive.meeting(filters)
    near = {k: float(v @ vector) for k, v in naive.vectors.items() if k in allowed}
    found = backend.search_dense_range(vector, 0.3, filters)
    assert {k: c for k, c in near.items() if c >= 0.3} == pytest.approx(found, abs=1e-4)
    assert len(found) > 3

    words: list[set[str]] = [{"hospit", "bridg"}, {"govern", "million"}]
    for headlines, fields in ((False, (0,)), (True, (0, 1))):
        expected = {
            key: naive.bm25(key, {t for w in words for t in w}, title=float(headlines))
            for key in allowed
            if all(any(t in naive.words[key][f] for t in w for f in fields) for w in words)
        }
        got = backend.search_all(words, filters, headlines=headlines)
        assert expected == pytest.approx(got, abs=2e-4)
        assert expected
    assert {} == backend.search_all([], filters)
    assert {} == backend.search_all([{"hospit"}, set()], filters)


def test_document_frequencies_are_those_of_the_whole_collection(compared: Compared) -> None:
    """Words of texts and of headlines are counted, and found by their beginning."""
    backend, naive = compared.backend, compared.naive
    vocabulary = {term for words in naive.words.values() for term in words[0]}
    sample = sorted(vocabulary)[::40]
    backend.prefetch_terms(sample)

    assert len(naive.passages) == backend.passages
    assert {t: naive.frequency(t) for t in sample} == {
        t: backend.document_frequency(t) for t in sample
    }
    assert dict(backend.terms("br")) == {
        t: naive.frequency(t) for t in vocabulary if t.startswith("br")
    }
    assert [] == backend.terms("_%")
    only_titles = {t for words in naive.words.values() for t in words[1]} - vocabulary
    assert all(backend.occurs(term) for term in [*sample, *only_titles])
    assert not backend.occurs("nosuchword")


def test_scores_of_given_passages_are_those_of_the_search(compared: Compared) -> None:
    """Words and meaning, sentence by sentence."""
    backend, naive = compared.backend, compared.naive
    (vector,) = backend.encode_queries([QUESTIONS[0]])
    assert vector is not None
    keys = sorted(naive.passages)[:60]
    terms = terms_of(QUESTIONS[0])
    scores = {key: naive.bm25(key, terms) for key in keys}
    assert {k: s for k, s in scores.items() if s} == pytest.approx(
        backend.lexical_scores(terms, keys), abs=2e-4
    )
    cosines = backend.dense_scores(vector, [*keys, 1 << 40])
    assert keys == sorted(cosines)
    for key, (whole, sentences) in cosines.items():
        assert whole == pytest.approx(float(naive.vectors[key] @ vector), abs=1e-5)
        assert len(naive.passages[key].passage.sentences) == len(sentences)


def test_facts_are_those_of_the_store(compared: Compared) -> None:
    """Every lookup by row number returns what the store has."""
    store, lookups = compared.naive.store, compared.backend.lookups
    own = StoreLookups(store)
    keys = [*compared.naive.passages, 1 << 40]
    releases = sorted({p.release_key for p in compared.naive.passages.values()})

    assert own.passages(keys) == lookups.passages(keys)
    for name, of in (
        ("passage_facts", keys), ("release_frequency", keys), ("identical_passages", keys),
        ("lead_paragraphs", releases), ("duplicate_clusters", releases),
        ("releases_by_key", releases), ("related_releases", releases),
        ("document_pages", releases), ("releases_with_duplicates", releases),
        ("passage_texts", releases),
    ):  # fmt: skip
        assert getattr(own, name)(of) == getattr(lookups, name)(of), name
        assert getattr(own, name)([]) == getattr(lookups, name)([]), name
    for key in releases:
        assert own.duplicates(key, 2) == lookups.duplicates(key, 2)


def test_releases_and_passages_are_found_by_name(compared: Compared) -> None:
    """By their ids; what is no id is found nowhere."""
    store, lookups = compared.naive.store, compared.backend.lookups
    whole, found = store.release("yukon-minimum-wage"), lookups.release("yukon-minimum-wage")

    assert (whole.key, whole.source) == (found.key, found.source)
    assert (whole.release.title, whole.release.text) == (found.release.title, found.release.text)
    for name in (
        "yukon-minimum-wage#1",
        "yukon-minimum-wage#999",
        "no#1",
        "yukon",
        "x#y",
        "\ud800#1",
    ):
        assert StoreLookups(store).passage_key(name) == lookups.passage_key(name), name
    for name in ("no-such-release", "\ud800", 'a" or release > 0 or release_id == "b'):
        with pytest.raises(ReleaseNotFoundError):
            lookups.release(name)


def test_the_passages_of_releases_are_those_that_are_searched(compared: Compared) -> None:
    """Each text once, of the kinds that are searched; none of a release that is replaced."""
    naive, backend = compared.naive, compared.backend
    for filters in (NO_FILTERS, Filters(kinds=("quote",)), Filters(until="2021-06-01")):
        searchable = naive.searchable(filters)
        releases = {p.release_key for p in naive.passages.values()}
        expected = sorted(
            (key, p.release_key, p.passage.ordinal)
            for key, p in naive.passages.items()
            if key in searchable
        )
        assert expected == backend.searchable_passages_of(releases, filters)
    (key,) = [r.key for r in naive.store.releases(Filters(source="*yukon-minimum*"))]
    own = [k for k in naive.searchable(NO_FILTERS) if naive.passages[k].release_key == key]
    assert sorted(own) == backend.release_passages(key, NO_FILTERS)
    text_keys = backend.searchable_text_keys(sorted(naive.passages))
    assert naive.searchable(NO_FILTERS) == text_keys.keys()
    more = backend.searchable_text_keys(sorted(naive.passages), headlines=True)
    kinds = {naive.passages[k].passage.kind for k in more.keys() - text_keys.keys()}
    assert {"headline"} == kinds


CORRECTED = (
    "The city of Brackley opened a footbridge over the harbour on Saturday, after two years of "
    "work by the crews of Aldous and Sons, who were paid ${sum} million for it.\n\n“People asked "
    "for this for twenty years,” said Minister Anna Leblanc. “Now they can walk to the market on "
    "Saturday and be home before the rain, as my own family did last weekend.”\n\nThe bridge is "
    "open from dawn to dusk. A second stage with a cycling lane and a lookout begins in 2023, when "
    "the ferry terminal has been moved to its new place north of the old customs house, and is to "
    "be paid for by the city and by the port authority in equal parts.\n"
)


@pytest.mark.usefixtures("exported_encoder")
def test_a_release_that_a_newer_one_replaces_is_not_searched(
    make_engine: "object", tmp_path: Path
) -> None:
    """It is searched if the filters exclude the newer one; lookups know how both belong."""
    engine: Engine = make_engine(tmp_path / "c")  # type: ignore[operator]
    records = [
        {"id": "old", "title": "Footbridge opens", "date": "2021-03-03", "text": "2.4"},
        {"id": "copy", "title": "Footbridge opens", "date": "2021-03-03", "text": "2.4"},
        {"id": "new", "title": "CORRECTION: Footbridge opens", "date": "2021-03-05", "text": "4.2"},
    ]
    lines = [json.dumps({**r, "text": CORRECTED.format(sum=r["text"])}) for r in records]
    engine.update([put(tmp_path / "a.jsonl", "\n".join(lines))])
    early = Filters(until="2021-03-04")
    with engine.searching() as backend, Store(engine.folder) as store:
        naive, terms = NaiveSearch(store), terms_of("million for the footbridge")
        (vector,) = backend.encode_queries(["Who paid for the footbridge?"])
        assert vector is not None
        keys = {r.release.release_id: r.key for r in store.releases(NO_FILTERS)}
        for filters in (NO_FILTERS, early, Filters(kinds=("body",)), Filters(lang="en")):
            by_words = backend.search_lexical(terms, 9, filters)
            assert_same(by_words, naive.by_words(terms, filters), 9)
            assert_same(
                backend.search_dense(vector, 9, filters), naive.by_meaning(vector, filters), 9
            )
            allowed = {keys["new"]} if filters != early else {keys["old"], keys["copy"]}
            assert {naive.passages[key].release_key for key, _ in by_words} <= allowed
            assert by_words
        own = StoreLookups(store)
        assert own.related_releases(keys.values()) == backend.lookups.related_releases(
            keys.values()
        )
        assert "new" == own.related_releases([keys["old"]])[keys["old"]].replaced_by
        assert own.releases_with_duplicates(keys.values()) == set(keys.values())
        assert set(keys.values()) == backend.lookups.releases_with_duplicates(keys.values())
        assert own.duplicates(keys["new"], 1) == backend.lookups.duplicates(keys["new"], 1)
        assert own.release_frequency(naive.passages) == backend.lookups.release_frequency(
            naive.passages
        )
    engine.remove(["new"])
    with engine.searching() as backend:
        found = backend.search_lexical(terms, 9, NO_FILTERS)
        assert {"old"} == {
            p.passage_id.partition("#")[0]
            for p in backend.lookups.passages([key for key, _ in found]).values()
        }


SHARED = "About Acme: the company builds bridges and tunnels in all provinces of the country."


def release(number: int, said: str, day: int = 1) -> str:
    """Return the text of a release that shares its last paragraph with others."""
    return (
        f"Town {number} gets a bridge\n\nMarch {day}, 2021 – {said} The old crossing number "
        f"{number} was replaced after so very many years of waiting.\n\n{SHARED}"
    )


@pytest.mark.usefixtures("exported_encoder")
def test_releases_that_are_added_changed_and_removed(make_engine: "object", tmp_path: Path) -> None:
    """After each update, what is found and what is counted is what the store holds."""
    engine: Engine = make_engine(tmp_path / "c")  # type: ignore[operator]
    folder = tmp_path / "releases"
    for number in range(12):
        put(folder / f"r{number:02}.txt", release(number, f"Mayor {number} is glad."))
    engine.update([folder])
    state = _assert_as_stored(engine, 12)

    put(folder / "r03.txt", release(3, "Mayor Zorkin promises a swimming pool."))
    put(folder / "new.txt", release(77, "Mayor Quillfeather opens the library.", 5))
    engine.update([folder])
    changed = _assert_as_stored(engine, 13)
    assert state != changed
    with engine.searching() as backend, Store(engine.folder) as store:
        ((key, _),) = backend.search_lexical(["zorkin"], 5, NO_FILTERS)
        assert "r03" == store.passages([key])[key].passage_id.rpartition("#")[0]
        assert 0 == backend.document_frequency("nosuchword")

    (folder / "r05.txt").unlink()
    engine.update([folder], prune=True)
    _assert_as_stored(engine, 12)
    engine.remove(["new"])
    _assert_as_stored(engine, 11)
    with engine.searching() as backend:
        assert [] == backend.search_lexical(["quillfeath"], 5, NO_FILTERS)
        assert not backend.occurs("quillfeath")
        before = backend.checkpoint()
    put(folder / "late.txt", release(88, "Mayor Late speaks."))
    engine.update([folder])
    with engine.searching() as backend:
        # "new" was taken up again from its source, as by every engine
        assert 2 == backend.count_since(before)
        since = backend.filters_since(before)
        assert since is not None
        assert {"late", "new"} == {
            backend.lookups.passages([key])[key].passage_id.rpartition("#")[0]
            for key, _ in backend.search_lexical(["bridg", "replac"], 50, since)
        }


def _assert_as_stored(engine: Engine, releases: int) -> str:
    """Compare all that changes with releases with the plain search; return the state."""
    with engine.searching() as backend, Store(engine.folder) as store:
        naive = NaiveSearch(store)
        assert releases == store.count("releases")
        assert len(naive.passages) == backend.passages == backend.count(NO_FILTERS)
        question = "Which town replaced its old crossing with a bridge?"
        (vector,) = backend.encode_queries([question])
        assert vector is not None
        terms = [*terms_of(question), "compani", "swim", "mayor"]
        assert_same(
            backend.search_lexical(terms, 30, NO_FILTERS), naive.by_words(terms, NO_FILTERS), 30
        )
        assert_same(
            backend.search_dense(vector, 30, NO_FILTERS), naive.by_meaning(vector, NO_FILTERS), 30
        )
        terms = ["mayor", "librari", "town", "glad"]
        assert [naive.frequency(t) for t in terms] == [backend.document_frequency(t) for t in terms]
        own = StoreLookups(store)
        assert own.release_frequency(naive.passages) == backend.lookups.release_frequency(
            naive.passages
        )
        assert own.identical_passages(naive.passages) == backend.lookups.identical_passages(
            naive.passages
        )
        assert backend.state == backend.state
        return backend.state
