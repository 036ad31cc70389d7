"""What the reader is given above a passage: date, headline, lead."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from made_candidates import candidate

from index.filters import NO_FILTERS, Filters
from index.ingest.update import update_collection
from index.search.searcher import Searcher
from qa import open_collection
from qa.answering.rerank import reader_inputs
from qa.query.question import parse_question

LEAD = "The mayor opened the new harbour bridge today, after nine years of work on its two piers."
LATER = "It cost $4 million, and the project was paid for by the province."
BEDS = "Three beds are free in the harbour hospital, the health authority said."


def above(question: str, **of: object) -> str:
    """What stands above a later paragraph of the bridge's release."""
    usual = {"title": "A bridge", "release": 7, "date": "2020-11-26"}
    found = candidate(2, LATER, **(usual | of))

    def leads(releases: Iterable[int]) -> Mapping[int, str]:
        return {release: LEAD for release in releases if release == 7}

    (page,) = reader_inputs(parse_question(question), [found], leads)
    assert page.text == LATER
    return page.title


def test_headline_and_lead_stand_above_a_later_paragraph() -> None:
    """It says "the project" of what they name."""
    assert above("What did the bridge cost?") == f"A bridge. {LEAD}"
    assert above("What did the bridge cost?", title="") == LEAD
    assert above("What did the bridge cost?", release=8) == "A bridge"
    assert above("What did the bridge cost?", release=None) == "A bridge"


def test_the_date_stands_there_where_one_is_asked_for() -> None:
    """In the language of the release."""
    asked = "What did the bridge of November 2020 cost?"

    assert above(asked) == f"November 26, 2020: A bridge. {LEAD}"
    assert above(asked, lang="fr").startswith("26 novembre 2020: ")
    assert above(asked, date=None) == f"A bridge. {LEAD}"
    assert above(asked, title="", release=8) == "November 26, 2020"


def test_the_lead_does_not_stand_above_itself() -> None:
    """Nor does a headline that the passage says again."""
    found = candidate(1, LEAD, title="new harbour bridge", release=7)

    (page,) = reader_inputs(parse_question("Who opened it?"), [found], lambda _: {7: LEAD})

    assert page.title == ""


@pytest.fixture(scope="module")
def bulletins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Releases of four days that say the same in the same words, the first one the earliest."""
    folder = tmp_path_factory.mktemp("bulletins")
    days = ["2020-11-05", "2020-11-12", "2020-11-26", "2020-12-20"]
    records = [
        {"id": f"b{n}", "title": f"Bulletin {n}", "date": day,
         "text": f"Bulletin {n}\n\nNumber {n} of the harbour's daily bulletins, of which there are "
         f"many this year.\n\n{BEDS}"}
        for n, day in enumerate(days)
    ]  # fmt: skip
    source = folder / "bulletins.jsonl"
    source.write_text("".join(json.dumps(record) + "\n" for record in records))
    update_collection(folder / "c", [source])
    return folder / "c"


@pytest.mark.parametrize(
    ("asked", "release"),
    [
        ("How many beds were free in the harbour hospital on November 26, 2020?", "b2"),
        ("How many beds were free in the harbour hospital in December 2020?", "b3"),
        ("How many beds are free in the harbour hospital?", "b0"),
    ],
)
def test_of_equal_paragraphs_the_one_of_the_day_is_cited(
    bulletins: Path, asked: str, release: str
) -> None:
    """The others are named beside it."""
    with open_collection(bulletins) as collection:
        answer = collection.ask(asked, explain=True)

    first = answer.passages[0]
    assert BEDS in first.text
    assert release == first.release.id
    assert release not in first.also_in
    shown = dict(first.explanation)
    assert {"date penalty", "boilerplate penalty", "read odds", "read margin"} <= set(shown)
    assert shown["date penalty"] == 0.0


def test_what_filters_leave_out_does_not_stand_for_another(bulletins: Path) -> None:
    """A release that may not be searched is not cited, however near its date."""
    with open_collection(bulletins) as collection:
        answer = collection.ask(
            "How many beds were free in the harbour hospital on November 26, 2020?",
            filters=Filters(until="2020-11-20"),
        )

    assert {p.release.id for p in answer.passages} <= {"b0", "b1"}


def test_the_collection_gives_leads(bulletins: Path) -> None:
    """The first paragraph below the headline, of releases that are there."""
    searcher = Searcher(bulletins)
    try:
        keys = [stored.key for stored in searcher.store.releases(NO_FILTERS)]
        found = searcher.lookups.lead_paragraphs([*keys, 999])
    finally:
        searcher.close()

    assert set(found) == set(keys)
    assert all(lead.startswith("Number ") for lead in found.values())
