"""The lexical index against a slow implementation of BM25."""

import math
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import CollectionDamagedError
from index.search import lexical
from index.search.lexical import TITLE_WEIGHT, LexicalIndex, build_lexical_index, open_lexical_index
from index.store import artifacts
from index.store.writer import SourceState, StoreWriter
from index.types import Passage, Release

WORDS = ["bridge", "minister", "harbour", "hospital", "road", "grant", "water", "school", "park"]
K1, B = 1.2, 0.75


def _fill(store: StoreWriter, ids: range) -> None:
    """Store releases of random words, one to three passages each."""
    with store.transaction():
        source = store.put_source(SourceState(b"/x", "x", 0, 0, None, "1"))
        for number in ids:
            chance = random.Random(number)
            parts = [
                " ".join(chance.choices(WORDS, k=chance.randint(1, 30)))
                for _ in range(chance.randint(1, 3))
            ]
            text, passages, start = "\n\n".join(parts), [], 0
            for ordinal, part in enumerate(parts):
                span = (start, start + len(part))
                passages.append(Passage(ordinal, "body", span, ((0, len(part)),)))
                start += len(part) + 2
            title = " ".join(chance.choices(WORDS, k=chance.randint(0, 4)))
            release = Release(f"r{number}", title, text, lang="xx")  # no stemmer: words as they are
            store.put_release(source, release, b"", passages)
        store.bump_generation()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreWriter]:
    """A store of 80 releases of random words."""
    store = StoreWriter(tmp_path_factory.mktemp("words"))
    _fill(store, range(80))
    yield store
    store.close()


@pytest.fixture(scope="module")
def index(store: StoreWriter) -> LexicalIndex:
    """Their lexical index, in memory."""
    return LexicalIndex(build_lexical_index(store, None))


def _slowly(store: StoreWriter, words: set[str]) -> dict[int, float]:
    """Score every passage that contains one of the words, by the definition of BM25."""
    sql = (
        "SELECT p.id, substr(r.text, p.start + 1, p.stop - p.start), r.title "
        "FROM passages p JOIN releases r ON r.id = p.release"
    )
    rows = store.rows(sql)
    scores: Counter[int] = Counter()
    for field, weight in ((1, 1.0), (2, TITLE_WEIGHT)):
        documents = {row[0]: row[field].split() for row in rows}
        average = sum(map(len, documents.values())) / len(documents)
        for word in words:
            frequency = sum(word in document for document in documents.values())
            idf = math.log(1 + (len(documents) - frequency + 0.5) / (frequency + 0.5))
            for key, document in documents.items():
                count = document.count(word)
                length = K1 * (1 - B + B * len(document) / average)
                if count:
                    scores[key] += weight * idf * count * (K1 + 1) / (count + length)
    return dict(scores)


@pytest.mark.parametrize("headlines", [False, True])
@pytest.mark.parametrize(
    "words", [[{"bridge"}], [{"bridge"}, {"water", "road"}], [{"park"}, {"nowhere"}], []]
)
def test_all_passages_with_all_words_are_found(
    store: StoreWriter, index: LexicalIndex, words: list[set[str]], *, headlines: bool
) -> None:
    """A passage is found if it, or its headline where that counts, has one term of each word."""
    sql = (
        "SELECT p.id, substr(r.text, p.start + 1, p.stop - p.start), r.title "
        "FROM passages p JOIN releases r ON r.id = p.release"
    )
    expected = {
        key
        for key, text, title in store.rows(sql)
        if words and all({*text.split(), *title.split() * headlines} & terms for terms in words)
    }

    assert expected == index.search_all(words, headlines=headlines).keys()


def _agree(found: list[tuple[int, float]], expected: dict[int, float], limit: int) -> None:
    best = sorted(expected.items(), key=lambda hit: (-hit[1], hit[0]))[:limit]
    assert len(best) == len(found)
    assert [score for _, score in best] == pytest.approx([s for _, s in found], rel=1e-4)
    assert all(expected[key] == pytest.approx(score, rel=1e-4) for key, score in found)
    assert found == sorted(found, key=lambda hit: (-hit[1], hit[0]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from([*WORDS, "absent"]), max_size=6), limit=st.integers(1, 200))
def test_scores_are_bm25(
    words: list[str], limit: int, store: StoreWriter, index: LexicalIndex
) -> None:
    """A score is the BM25 of the passage plus a fraction of that of the headline."""
    _agree(index.search(words, limit), _slowly(store, set(words)), limit)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
    allowed=st.sets(st.integers(1, 170)),
    limit=st.integers(1, 20),
    many=st.sampled_from([0, 2_000]),
)
def test_a_restriction_is_applied_before_the_best_are_taken(
    words: list[str],
    allowed: set[int],
    limit: int,
    many: int,
    store: StoreWriter,
    index: LexicalIndex,
) -> None:
    """The best of the allowed passages are found, with the same scores as without a restriction.

    This holds whether the allowed ones count as many, or are looked up one by one.
    """
    expected = {k: s for k, s in _slowly(store, set(words)).items() if k in allowed}
    with patch.multiple(lexical, _MANY_ALLOWED=many, _LEAST_FETCHED=1):
        found = index.search(words, limit, allowed)

    _agree(found, expected, limit)


def test_frequencies_are_of_passages(store: StoreWriter, index: LexicalIndex) -> None:
    """A document frequency counts the passages that contain the term."""
    sql = (
        "SELECT substr(r.text, p.start + 1, p.stop - p.start), r.title "
        "FROM passages p JOIN releases r ON r.id = p.release"
    )
    rows = store.rows(sql)

    assert len(rows) == index.passages
    for word in (*WORDS, "absent"):
        assert sum(word in body.split() for body, _ in rows) == index.document_frequency(word)


@pytest.mark.parametrize(("words", "limit"), [([], 5), (["bridge"], 0), (["no such"], 5)])
def test_nothing_asked_is_nothing_found(index: LexicalIndex, words: list[str], limit: int) -> None:
    """No words, a limit of 0 or unknown words give no passages and no error."""
    assert [] == index.search(words, limit)


@pytest.mark.parametrize("removed", [0, 5])
def test_a_continued_index_finds_what_a_new_one_finds(tmp_path: Path, removed: int) -> None:
    """An index continued after changes equals a new one, and the old one is unchanged.

    What was removed counts no more, neither in frequencies nor in scores.
    """
    store = StoreWriter(tmp_path)
    _fill(store, range(40))
    build_lexical_index(store, tmp_path / "first")
    before = artifacts.sha256(tmp_path / "first")
    names = sorted(path.name for path in (tmp_path / "first").iterdir())
    _fill(store, range(40 - 2 * removed, 60))  # ten replaced, or none; twenty new
    with store.transaction():
        first = store.rows("SELECT id FROM releases LIMIT ?", (removed,))
        store.remove_releases([key for (key,) in first])
    build_lexical_index(store, tmp_path / "second", tmp_path / "first")
    continued = open_lexical_index(tmp_path / "second", artifacts.sha256(tmp_path / "second"))
    anew = LexicalIndex(build_lexical_index(store, None))
    rows = dict(store.rows("SELECT id, release FROM passages"))

    assert before == artifacts.sha256(tmp_path / "first")
    assert names == sorted(path.name for path in (tmp_path / "first").iterdir())
    assert rows == continued.documents() == anew.documents()
    assert len(rows) == continued.passages
    for word in WORDS:
        assert anew.document_frequency(word) == continued.document_frequency(word)
        assert anew.search([word, "bridge"], 1_000) == continued.search([word, "bridge"], 1_000)
    continued.close()
    store.close()


def test_opening_writes_nothing_and_refuses_other_bytes(tmp_path: Path) -> None:
    """Opening an index changes nothing in its folder, and its hash is checked."""
    store = StoreWriter(tmp_path)
    _fill(store, range(5))
    build_lexical_index(store, tmp_path / "words")
    digest = artifacts.sha256(tmp_path / "words")
    names = sorted(path.name for path in (tmp_path / "words").iterdir())
    opened = open_lexical_index(tmp_path / "words", digest)

    assert opened.search(["bridge"], 5)
    opened.close()
    assert names == sorted(path.name for path in (tmp_path / "words").iterdir())
    with pytest.raises(CollectionDamagedError):
        open_lexical_index(tmp_path / "words", "0" * 64)
    with pytest.raises(CollectionDamagedError):
        open_lexical_index(tmp_path / "none", digest)
    store.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a mapped file cannot be removed there")
def test_an_open_lexical_index_leaves_no_links(
    store: StoreWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The links are removed while it is open, so that a killed process leaves none."""
    target, scratch = tmp_path / "words", tmp_path / "scratch"
    build_lexical_index(store, target)
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))

    words = open_lexical_index(target, artifacts.sha256(target))

    assert [] == list(scratch.iterdir())
    assert words.search(["bridge"], 5)


def test_a_file_overwritten_while_it_is_mapped_is_reported(
    store: StoreWriter, tmp_path: Path
) -> None:
    """The engine panics when a mapped file changes; the program gets an error that it can show."""
    folder = tmp_path / "words"
    build_lexical_index(store, folder)
    opened = open_lexical_index(folder, artifacts.sha256(folder))
    (postings,) = folder.glob("*.idx")
    postings.write_bytes(b"damaged")

    with pytest.raises(CollectionDamagedError, match="changed by another program"):
        opened.search(WORDS, 5)
