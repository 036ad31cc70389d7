"""The table of filters, and what its entries mean to a store."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from index.filters import (
    FILTERS,
    NO_FILTERS,
    Filters,
    FilterSpec,
    day_begins,
    release_filters,
)
from index.ingest.update import update_collection
from index.store.reader import STORE_NAME, Store

RELEASES = (
    {
        "id": "a",
        "text": "Boat\n\n“We sail at noon on Sunday,” said Zoë Lee.",
        "date": "2024-02-01",
        "issuer": "Harbour Line",
        "lang": "en",
    },
    {"id": "b", "text": "Pont\n\nUn pont ouvre en mai.", "date": "2023-05-01", "lang": "fr"},
    {"id": "c", "text": "Undated\n\nNobody says when.", "lang": "en"},
)
MEETS = {
    "since": ("2024", {"a"}),
    "until": ("2023", {"b"}),
    "issuer": ("harbour", {"a"}),
    "lang": ("fr", {"b"}),
    "source": ("*.json*", {"a", "b", "c"}),
    "kind": ("quote,list", {"a"}),
    "speaker": ("zoe  LEE", {"a"}),
    "mentions": ("Lee", {"a", "c"}),
    "indexed_since": ("2024-03-06", {"b", "c"}),
}
"""For each filter a value as users write it, and the releases that meet it."""
MIDNIGHT = "2024-03-06T00:00:00Z"


@pytest.fixture(name="in_utc", autouse=True)
def _in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Days begin when they begin in UTC."""
    yield from _in_zone(monkeypatch, "UTC")


def _in_zone(monkeypatch: pytest.MonkeyPatch, zone: str) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(name="store", scope="module")
def _store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a collection of three releases."""
    here = tmp_path_factory.mktemp("filters")
    (here / "r.jsonl").write_text("\n".join(map(json.dumps, RELEASES)))
    update_collection(here / ".releaseqa", [here / "r.jsonl"])
    with closing(sqlite3.connect(here / ".releaseqa" / STORE_NAME)) as store, store:
        store.execute("UPDATE releases SET updated_at = '2024-03-05T23:59:59Z'")
        store.execute("UPDATE releases SET updated_at = ? WHERE id > 1", (MIDNIGHT,))
    return here / ".releaseqa"


def test_the_table_and_the_values_name_the_same_filters() -> None:
    """Every entry has its field, and every field but the program's own an entry."""
    assert [spec.field or spec.name for spec in FILTERS] == [
        field.name for field in fields(Filters) if field.name not in {"after", "named_in"}
    ]
    assert [spec.name for spec in FILTERS] == list(MEETS)


@pytest.mark.parametrize("spec", FILTERS, ids=lambda spec: spec.name)
def test_a_filter_admits_the_releases_that_meet_it(store: Path, spec: FilterSpec) -> None:
    """The written value becomes a condition; the passages admitted are of those releases."""
    written, expected = MEETS[spec.name]
    filters = Filters(**{spec.field or spec.name: spec.read(written, date(2024, 3, 6))})
    if spec.where is None:  # `qa.names` says which releases, by row number
        filters = replace(filters, named_in=(1, 3, 99))

    with Store(store) as opened:
        listed = {found.release.release_id for found in opened.releases(filters)}
        passages = opened.passages(key for key, _ in opened.allowed_passages(filters)).values()

    assert listed == expected
    assert {passage.passage_id.split("#")[0] for passage in passages} == expected


def test_a_name_is_not_searched_before_somebody_says_where_it_is(store: Path) -> None:
    """A search that ignored the filter would return what the user left out."""
    with Store(store) as opened, pytest.raises(ValueError, match="not known"):
        opened.releases(Filters(mentions="Lee"))
    with Store(store) as opened:
        assert opened.releases(Filters(mentions="Lee", named_in=())) == []


def test_release_filters_leave_out_conditions_about_passages() -> None:
    """Kind and speaker select passages; the rest selects releases."""
    filters = Filters(since="2020-01-01", kinds=("quote",), speaker="Lee", after=3)

    assert release_filters(filters) == Filters(since="2020-01-01", after=3)
    assert release_filters(NO_FILTERS) == NO_FILTERS


def test_a_day_begins_where_the_user_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store has UTC; what is no day is left as it is."""
    for _ in _in_zone(monkeypatch, "America/Halifax"):
        assert day_begins("2024-03-06") == "2024-03-06T04:00:00Z"
    for _ in _in_zone(monkeypatch, "Asia/Seoul"):
        assert day_begins("2024-03-06") == "2024-03-05T15:00:00Z"
        assert day_begins("0001-01-01") == "0001-01-01"
    assert day_begins("soon") == "soon"
