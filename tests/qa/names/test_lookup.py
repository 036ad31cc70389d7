"""One name looked up, and the whole list beside it."""

import json
from collections.abc import Collection as Keys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.ingest.update import update_collection
from index.search.searcher import Searcher
from index.store.name_decisions import NameDecision, add_name_decision
from qa.collection import Collection
from qa.errors import NameLookupError
from qa.names import lookup
from qa.names.lookup import NameLookup
from qa.names.search import list_names
from qa.names.types import NamedEntity

TEXTS = {
    "one": "Minister Ada Sow opened a bridge. “It is open,” said Sow in Truro, N.S.",
    "two": "Ada Sow, Minister of Finance, thanked the Department of Public Works (DPW) for it.",
    "three": "Ms. Sow wrote to the Department of Public Works about it, as they said today.",
    "four": "Premier Mary Jane Roe met with Mayor Jane Roe in Truro, Iowa.",
    "five": "The mayor, Ms. Roe, was glad. The DPW was glad, too. So were people in Truro.",
    "six": "Mayor Jane Roe thanked J. Randy O’Neil, president of Washington Bridge Association.",
    "seven": "President Randy O'Neil left early. Senator Robert Washington, Jr. stayed there.",
    "eight": "President Ed O’Neil said there: Robert Washington has been a friend of the U.S.",
    "nine": "In the United States, people thanked Premier Wasserman-Poe and Senator Adé Doe.",
    "ten": "The Committee on Health, Education, and Labor of the Sea Agency (SA) thanked Jane Poe.",
    "eleven": "The Solar Agency (SA) is part of Halifax, Nova Scotia. The SA and Dr. Doe are, too.",
    "twelve": "Ms. Doe went to Washington with people from Nova Scotia, who said little there.",
    "thirteen": "Mayor Jane Poe wrote to all of them some days after that, as was said.",
}


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    """A collection whose names are joined in every way, not encoded."""
    source = tmp_path / "releases.jsonl"
    with source.open("w") as file:
        for name, text in TEXTS.items():
            file.write(json.dumps({"id": name, "title": "News", "text": text}) + "\n")
    update_collection(tmp_path / "index", [source])
    return tmp_path / "index"


@pytest.fixture(name="searcher")
def _searcher(folder: Path) -> Iterator[Searcher]:
    """The collection, open."""
    searcher = Searcher(folder)
    yield searcher
    searcher.close()


def differences(searcher: Searcher) -> list[tuple[NamedEntity, object]]:
    """The listed names of which looking one up finds anything else."""
    lookup, found = NameLookup(searcher), []
    for entity in list_names(searcher):
        for name in {entity.name, entity.name.upper()}:
            meant = lookup.find(name)
            if entity not in meant.entities or bool(entity.can_be) != bool(meant.can_be):
                found.append((entity, meant))
        for name in entity.names:  # an acronym, or a surname beside a job title, can be several
            meant = lookup.find(name)
            if entity not in meant.entities and not meant.can_be:
                found.append((entity, meant))
    return found


def test_a_name_is_what_the_list_has(searcher: Searcher) -> None:
    """With the same names, releases and job titles."""
    names = {entity.name for entity in list_names(searcher)}
    assert names >= {
        "Ada Sow", "Department of Public Works", "Truro", "Truro, Iowa", "Jane Roe",
        "Mary Jane Roe", "Robert Washington", "United States", "Sea Agency", "Nova Scotia",
        "Washington",
    }  # fmt: skip

    assert differences(searcher) == []


def test_a_name_of_the_samples_is_what_the_list_has(sample_collection: Path) -> None:
    """All names of all samples."""
    searcher = Searcher(sample_collection)
    try:
        assert len(list_names(searcher)) > 50
        assert differences(searcher) == []
    finally:
        searcher.close()


@pytest.mark.parametrize(
    ("act", "kind", "names"),
    [
        ("merge", "person", ("Jane Poe", "Ada Sow")),
        ("merge", "person", ("Roe", "Mary Jane Roe")),
        ("part", "person", ("Doe", "Adé Doe")),
        ("merge", "organisation", ("Department of Public Works", "Sea Agency")),
        ("part", "organisation", ("DPW", "Department of Public Works")),
        ("merge", "place", ("Truro", "Truro, Iowa")),
    ],
)
def test_what_the_user_said_counts_for_both(
    folder: Path, act: str, kind: str, names: tuple[str, str]
) -> None:
    """Names that share no word with the one looked up are found, too."""
    with_and_without = []
    for said in (None, NameDecision(act, kind, names)):  # type: ignore[arg-type]
        if said is not None:
            add_name_decision(folder, said)
        searcher = Searcher(folder)
        try:
            with_and_without.append([(e.name, e.names) for e in list_names(searcher)])
            assert differences(searcher) == []
        finally:
            searcher.close()
    assert with_and_without[0] != with_and_without[1]


def test_an_interrupted_batch_is_not_continued_with_other_names(folder: Path) -> None:
    """A decision changes what --mentions selects, so it changes the state of the collection."""
    with Collection(folder) as collection:
        before = collection.state
        add_name_decision(folder, NameDecision("part", "person", ("Ms. Roe", "Jane Roe")))
        assert collection.state != before


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Minister Ada Sow", {"one", "two", "three"}),
        ("mr sow", {"one", "two", "three"}),
        ("Doe", {"nine", "eleven", "twelve"}),
        ("DPW", {"two", "three", "five"}),
        ("the Department of Public Works", {"two", "three", "five"}),
        ("Truro, N.S.", {"one"}),
        ("usa", {"nine"}),
        ("Halifax", {"eleven"}),
        ("Randy O'Neil", {"six", "seven"}),
        ("Washington", {"twelve"}),
    ],
)
def test_a_name_is_found_as_users_write_it(
    searcher: Searcher, name: str, expected: set[str]
) -> None:
    """With a title, in other letter case, a surname alone, a town without its state."""
    keys = NameLookup(searcher).releases(name)

    found = searcher.store.releases_by_key(keys).values()
    assert {stored.release.release_id for stored in found} == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Roe", "'Roe' can be Jane Roe, Mary Jane Roe; give one of these names"),
        ("Truro", "'Truro' can be Truro, Iowa, Truro, Nova Scotia; give one of these names"),
        ("Ada Saw", "no release names 'Ada Saw'; did you mean 'Ada Sow'?"),
        ("public works", "no release names 'public works'; did you mean 'Department of Public"),
        ("Zyzzyva Qux", "no release names 'Zyzzyva Qux'; see who is named: releaseqa names"),
        ("?", "no release names '?'; see who is named: releaseqa names"),
    ],
)
def test_a_name_of_nobody_or_of_several_is_refused(
    searcher: Searcher, name: str, expected: str
) -> None:
    """With those who can be meant, or names like it."""
    with pytest.raises(NameLookupError) as error:
        NameLookup(searcher).releases(name)
    assert str(error.value).startswith(expected)


def test_names_are_suggested_without_reading_all_releases(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few passages are read for a name that nobody has, those with words like it first."""
    read: list[int] = []
    whole = NameLookup._read_passages

    def counting(self: NameLookup, keys: Keys[int], *rest: Any) -> None:
        read.append(len(keys))
        whole(self, keys, *rest)

    monkeypatch.setattr(NameLookup, "_read_passages", counting)
    monkeypatch.setattr(lookup, "_MOST_READ", 1)
    with pytest.raises(NameLookupError, match="did you mean 'Ada Sow'"):
        NameLookup(searcher).releases("Ada Saww")
    assert max(read) == 1
