"""The table of filters, and what its entries mean to a store."""

import json
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from index.filters import FILTERS, NO_FILTERS, Filters, FilterSpec, release_filters
from index.ingest.update import update_collection
from index.store.reader import Store

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
}
"""For each filter a value as users write it, and the releases that meet it."""


@pytest.fixture(name="store", scope="module")
def _store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a collection of three releases."""
    here = tmp_path_factory.mktemp("filters")
    (here / "r.jsonl").write_text("\n".join(map(json.dumps, RELEASES)))
    update_collection(here / ".releaseqa", [here / "r.jsonl"])
    return here / ".releaseqa"


def test_the_table_and_the_values_name_the_same_filters() -> None:
    """Every entry has its field, and every field but the program's own an entry."""
    assert [spec.field or spec.name for spec in FILTERS] == [
        field.name for field in fields(Filters) if field.name != "after"
    ]
    assert [spec.name for spec in FILTERS] == list(MEETS)


@pytest.mark.parametrize("spec", FILTERS, ids=lambda spec: spec.name)
def test_a_filter_admits_the_releases_that_meet_it(store: Path, spec: FilterSpec) -> None:
    """The written value becomes a condition; the passages admitted are of those releases."""
    written, expected = MEETS[spec.name]
    filters = Filters(**{spec.field or spec.name: spec.read(written, date(2024, 3, 6))})

    with Store(store) as opened:
        listed = {found.release.release_id for found in opened.releases(filters)}
        passages = opened.passages(opened.allowed_passages(filters)).values()

    assert listed == expected
    assert {passage.passage_id.split("#")[0] for passage in passages} == expected


def test_release_filters_leave_out_conditions_about_passages() -> None:
    """Kind and speaker select passages; the rest selects releases."""
    filters = Filters(since="2020-01-01", kinds=("quote",), speaker="Lee", after=3)

    assert release_filters(filters) == Filters(since="2020-01-01", after=3)
    assert release_filters(NO_FILTERS) == NO_FILTERS
