"""Reading the store."""

import json
import sqlite3
from pathlib import Path

import pytest
from crafted_stores import of_version_5
from index_parts import fingerprint, index_words, put

from index.errors import CollectionDamagedError
from index.filters import Filters
from index.store import writer
from index.store.reader import STORE_NAME, Store
from index.store.schema import OLDEST_READABLE


def test_a_guessed_date_is_kept_apart_and_never_filters(tmp_path: Path) -> None:
    """A date from running text is not the date of the release: no filter matches it."""
    text = "Halifax\n\n" + "The town will open its bridge on March 9, 2021. " * 3
    put(tmp_path / "a.jsonl", json.dumps({"id": "a", "text": text, "title": "A bridge"}))
    index_words(tmp_path / "c", [tmp_path / "a.jsonl"])
    with Store(tmp_path / "c") as store:
        release = store.release("a").release
        since = store.releases(Filters(since="2021-01-01"))
        until = store.allowed_passages(Filters(until="2022-01-01"))

    assert (None, None, "2021-03-09") == (release.date, release.date_source, release.date_guess)
    assert ([], []) == (since, until)


def test_a_store_of_an_older_version_is_refused_with_a_remedy(collection_copy: Path) -> None:
    """Reading commands do not migrate; the message says which command does."""
    with sqlite3.connect(collection_copy / STORE_NAME) as connection:
        connection.execute(f"PRAGMA user_version = {OLDEST_READABLE - 1}")
    connection.close()
    older = fingerprint(collection_copy)

    with pytest.raises(CollectionDamagedError, match=r"older version of releaseqa; .* index "):
        Store(collection_copy)
    assert older == fingerprint(collection_copy)


def test_a_release_keeps_the_time_when_it_first_came_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change has a later time, and does not alter when the release was added."""
    times = iter(["2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", "2024-01-03T00:00:00Z"])
    now = [""]
    monkeypatch.setattr(writer, "_now", lambda: now[0])
    for text in ("It opens in May.", "It opens in June.", "It opens in June."):
        now[0] = next(times)
        put(tmp_path / "a.jsonl", json.dumps({"id": "a", "text": text, "title": "A bridge"}))
        index_words(tmp_path / "c", [tmp_path / "a.jsonl"])

    with Store(tmp_path / "c") as store:
        assert store.stored_at("a") == ("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z")


def test_an_older_store_knows_only_the_last_change(collection_copy: Path) -> None:
    """A store that did not record when releases came in is read all the same."""
    with Store(collection_copy) as store:
        known = store.stored_at("canada-korea-visit")
    of_version_5(collection_copy)

    with Store(collection_copy) as store:
        assert store.stored_at("canada-korea-visit") == (None, known[1])
