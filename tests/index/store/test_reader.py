"""Reading the store."""

import json
import sqlite3
from pathlib import Path

import pytest
from index_parts import fingerprint, index_words, put

from index.errors import CollectionDamagedError
from index.filters import Filters
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
