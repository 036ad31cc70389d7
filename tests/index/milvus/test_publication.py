"""Publishing: interrupted, repeated, from another store; and readers at that moment."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import milvus_server
import pytest
from built_collections import copied
from index_parts import put
from naive_search import NaiveSearch
from search_engines import Milvus

from index.errors import CollectionNotFoundError, EngineError, ReleaseIndexError
from index.filters import NO_FILTERS, Filters
from index.milvus.address import MilvusAddress, parse_address
from index.milvus.connection import Connection
from index.milvus.schema import STATE, Names, fact
from index.search.vector import cosines_of, passage_vectors
from index.store.reader import Store
from qa.collection import Collection

POINTS = range(0, 60, 1 if os.environ.get("RELEASEQA_EVERY_POINT") else 4)
"""At which calls to the server an update fails."""

pytestmark = pytest.mark.usefixtures("exported_encoder", "milvus")


@pytest.fixture
def engine(milvus: str, tmp_path: Path) -> Iterator[Milvus]:
    """A collection that is published to a name of its own."""
    made = Milvus(tmp_path / "c", milvus + milvus_server.new_name())
    yield made
    made.drop()


def released(folder: Path, *numbers: int, said: str = "is glad") -> Path:
    """Write releases into a folder."""
    for number in numbers:
        text = f"Town {number} gets a bridge\n\nMayor number{number} {said} about the bridge.\n"
        put(folder / f"r{number:03}.txt", text)
    return folder


def assert_published(engine: Milvus) -> int:
    """Assert that Milvus holds what the store holds; return how many passages that are."""
    from index.milvus.check import find_faults
    from index.milvus.searcher import MilvusSearcher

    with closing(Connection(engine.address)) as connection, Store(engine.folder) as store:
        searcher, naive = MilvusSearcher(connection), NaiveSearch(store)
        assert [] == find_faults(connection, searcher.published)
        assert naive.passages == searcher.lookups.passages(naive.passages)
        terms = sorted({term for words in naive.words.values() for term in words[0]})
        searcher.prefetch_terms(terms)
        assert [naive.frequency(t) for t in terms] == [
            searcher.document_frequency(t) for t in terms
        ]
        found = searcher.search_lexical(["mayor", "bridg"], 500, NO_FILTERS)
        expected = naive.by_words(["mayor", "bridg"], NO_FILTERS)
        assert dict(expected) == pytest.approx(dict(found), abs=2e-4)
        return len(naive.passages)


def test_an_update_that_fails_anywhere_is_finished_by_the_next(
    engine: Milvus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers see the state before until the next update, and then exactly what is stored."""
    from index.milvus import writer

    monkeypatch.setattr(writer, "_RELEASES", 2)
    folder = released(tmp_path / "in", *range(5))
    engine.update([folder])
    before = assert_published(engine)
    calls = 0
    for fails_at in POINTS:
        released(folder, 5 + fails_at)
        released(folder, 1, said=f"changes opinion {fails_at}")
        (folder / f"r{3 + fails_at:03}.txt").unlink(missing_ok=True)
        calls = 0

        def failing(name: str, most: int = fails_at) -> Any:
            real = getattr(Connection, name)

            def call(*values: Any, **named: Any) -> Any:
                nonlocal calls
                calls += 1
                if calls > most:
                    raise EngineError("the server went away")
                return real(*values, **named)

            return call

        with monkeypatch.context() as patch:
            for name in ("upsert", "delete"):
                patch.setattr(Connection, name, failing(name))
            try:
                engine.update([folder], prune=True)
            except EngineError:
                with engine.searching() as backend:
                    if calls <= 3:  # nothing is visible yet
                        assert before == backend.count(NO_FILTERS)
            else:
                break
        engine.update([folder], prune=True)
        before = assert_published(engine)
    assert 5 < calls <= fails_at, "the last update should have succeeded"


def test_another_store_is_not_published_over_it(engine: Milvus, tmp_path: Path) -> None:
    """Two people who index into one name would take out each other's releases."""
    engine.update([released(tmp_path / "in", 1)])
    other = Milvus(tmp_path / "other", engine.place)
    with pytest.raises(EngineError, match="another store"):
        other.update([released(tmp_path / "in2", 2)])
    assert_published(engine)


def test_without_its_journal_everything_is_published_again(engine: Milvus, tmp_path: Path) -> None:
    """As after the store was restored from a backup."""
    folder = released(tmp_path / "in", 1, 2, 3)
    engine.update([folder])
    with engine.searching() as backend:
        first = backend.state
    (engine.folder / "milvus.sqlite3").unlink()
    (folder / "r002.txt").unlink()
    engine.update([folder], prune=True)
    assert_published(engine)
    with engine.searching() as backend:
        assert first != backend.state


def test_nothing_new_is_published_as_nothing(engine: Milvus, tmp_path: Path) -> None:
    """An update without changes leaves the state alone, so that readers need not open it again."""
    folder = released(tmp_path / "in", 1, 2)
    engine.update([folder])
    with engine.searching() as backend:
        first = backend.state
        engine.update([folder])
        assert first == backend.state


def test_everything_is_weighted_anew_when_lengths_change(engine: Milvus, tmp_path: Path) -> None:
    """BM25 depends on the mean length, which the first releases need not have."""
    folder = released(tmp_path / "in", 1, 2, 3)
    engine.update([folder])
    released(folder, *range(4, 12), said="is very glad, " * 12 + "and says so")
    engine.update([folder])
    assert_published(engine)


def test_readers_wait_while_an_update_becomes_visible(
    engine: Milvus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not for ever: an update can be killed at that moment."""
    from index.milvus import searcher, state

    engine.update([released(tmp_path / "in", 1)])
    monkeypatch.setattr(searcher, "_SWITCH_SECONDS", 0.5)
    with closing(Connection(engine.address)) as connection:
        published = state.read_state(connection)
        assert published is not None
        row = fact(STATE, replace(published, switching=True).to_json())
        connection.upsert(Names.of(engine.address).facts, [row])
        started = time.monotonic()
        opened = searcher.MilvusSearcher(connection)
        assert time.monotonic() - started >= 0.5
        assert [
            "an update was interrupted while it became visible; run `index` again"
        ] == opened.notes
    engine.update([tmp_path / "in"])
    assert_published(engine)


def test_an_open_collection_finds_what_was_published_since(engine: Milvus, tmp_path: Path) -> None:
    """Without being opened again, like a folder."""
    folder = released(tmp_path / "in", 1)
    engine.update([folder])
    with Collection(engine.address) as collection:
        before = collection.ask("What does mayor number2 say about the bridge?")
        assert all(p.release.id != "r002" for p in before.passages)
        released(folder, 2)
        engine.update([folder])
        assert collection.refresh()
        after = collection.ask("What does mayor number2 say about the bridge?")
        assert "r002" == after.passages[0].release.id
        assert not collection.refresh()


def test_long_texts_are_stored_in_parts(
    engine: Milvus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long release, and vectors of many sentences, need several rows."""
    from index.milvus import writer

    monkeypatch.setattr(writer, "_LONGEST_PART", 1_500)
    long = "\n\nThis paragraph of the long release tells of the same old bridge again." * 300
    engine.update([put(tmp_path / "a.txt", f"Long\n{long}")])
    with engine.searching() as backend, Store(engine.folder) as store:
        stored = store.release("a").release
        assert len(stored.text) > 16_000
        assert stored.text == backend.lookups.release("a").release.text
        (vector,) = backend.encode_queries(["the old bridge"])
        assert vector is not None
        naive = NaiveSearch(store)
        found = backend.dense_scores(vector, naive.passages)
        own = passage_vectors(store, naive.passages)
        assert dict(zip(own, cosines_of(list(own.values()), vector), strict=True)) == found
        assert max(len(sentences) for _, sentences in found.values()) > 5
    engine.remove(["a"])
    with closing(Connection(engine.address)) as connection:
        left = connection.query(Names.of(engine.address).facts, 'id != ""', ["id"])
        assert ["state"] == [row["id"] for row in left]


def test_nothing_published_is_a_clear_error(milvus: str) -> None:
    """The message names the command that publishes."""
    address = parse_address(milvus + milvus_server.new_name())
    with pytest.raises(CollectionNotFoundError, match=re.escape(f"--index {address} index FOLDER")):
        Collection(address)


def test_a_server_that_is_away_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once or in the middle; the credentials are in no message."""
    from index.milvus import connection

    monkeypatch.setenv("RELEASEQA_MILVUS_TOKEN", "root:Secret1")
    monkeypatch.setattr(connection, "CONNECT_SECONDS", 1.0)
    monkeypatch.setattr(connection, "READ_SECONDS", 1.0)
    with pytest.raises(EngineError, match="does not answer") as away:
        Collection(MilvusAddress("127.0.0.1", 1, "x"))
    assert "Secret1" not in f"{away.value} {away.value.__cause__}"
    if milvus_server.is_cluster():
        pytest.skip("the cluster is not to be stopped")
    with milvus_server.milvus_server(tmp_path / "data") as start:
        engine = Milvus(tmp_path / "c", start + "stopped")
        engine.update([released(tmp_path / "in", 1)])
        collection = Collection(engine.address)
        assert collection.ask("mayor number1").passages
    with pytest.raises(EngineError, match="does not answer") as away:
        collection.ask("mayor number1")
    assert "Secret1" not in str(away.value)
    with milvus_server.milvus_server(tmp_path / "data") as start:  # what was published is kept
        again = Milvus(engine.folder, start + "stopped")
        with again.searching() as backend:
            assert backend.search_lexical(["mayor"], 1, NO_FILTERS)


def test_damage_is_found_by_counting(engine: Milvus, tmp_path: Path) -> None:
    """Rows that somebody deleted, and those of an update that was not finished."""
    from index.milvus.check import find_faults
    from index.milvus.searcher import MilvusSearcher

    engine.update([released(tmp_path / "in", 1, 2)])
    with closing(Connection(engine.address)) as connection:
        published = MilvusSearcher(connection).published
        assert [] == find_faults(connection, published)
        connection.delete(engine.address.name, "ordinal", [1])
        faults = " ".join(find_faults(connection, published))
    assert "passages: " in faults
    assert "term mayor: in 0 passages, recorded 2" in faults


def test_filters_that_milvus_cannot_compare_are_refused(
    milvus: str, built_samples: Path, tmp_path: Path
) -> None:
    """A class of letters in a pattern; nothing else."""
    engine = Milvus(copied(built_samples, tmp_path / "s"), milvus + milvus_server.new_name())
    engine.publish()
    try:
        with (
            engine.searching() as backend,
            pytest.raises(ReleaseIndexError, match="use \\* and \\?"),
        ):
            backend.count(Filters(source="[ab]*"))
    finally:
        engine.drop()
