"""What one person said, over all releases."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.filters import Filters
from index.ingest.update import update_collection
from qa import open_collection
from qa.collection import Collection
from qa.errors import SpeakerError
from qa.finding.query import parse_query
from qa.statements.types import Statement, Statements

_BRIDGE = (
    "“The new bridge will cost 12 million dollars and will open to all traffic in the spring,” "
    "said {who}. “It replaces a bridge that my grandparents walked across.”"
)
_RELEASES = (
    {
        "id": "first",
        "date": "2020-03-01",
        "title": "A bridge for Salmon Cove",
        "text": "SALMON COVE -- Deputy Premier Ann B. Roe opened talks on a bridge today, and many "
        f"people came.\n\n{_BRIDGE.format(who='Mrs. Roe')}\n\nRoe warned that the coal terminal "
        "beside it is too old. The terminal was built in 1950. Nobody else spoke on that day.\n\n"
        "“We are glad to have it in our town, whatever it may cost us,” said Mayor Ben Poe.",
    },
    {
        "id": "again",
        "date": "2021-03-01",
        "title": "Bridge costs more",
        "text": "SALMON COVE -- The bridge costs more than was planned, as was announced today.\n\n"
        + _BRIDGE.format(who="Ann Roe").replace("12", "15"),
    },
    {
        "id": "undated",
        "title": "A note on the coal terminal",
        "text": "Nobody knows when the coal terminal will be closed.\n\n“The coal terminal has to "
        "close before somebody is hurt by what falls from it,” said Ann Roe.\n\n“And then there "
        "is the harbour, which has to be cleaned after so many years,” said Cy Smith.",
    },
    {
        "id": "long",
        "date": "2021-06-01",
        "title": "Remarks on harbours",
        "text": "SALMON COVE -- The deputy premier spoke about harbours for an hour today.\n\n"
        "“Harbours are the reason why people came to live on this coast at all,” said Ann Roe. "
        "“They fed all of us, and they can feed us again.\n\n“But no harbour mends itself, and "
        "this one has waited for repairs for more than forty years.”\n\n“I do not agree with any "
        "word of that, and neither does my party,” said Dan Smith.",
    },
    {
        "id": "alone",
        "date": "2021-07-01",
        "title": "Smith on roads",
        "text": "SALMON COVE -- The road to the cove will be closed for some days in July.\n\n“The "
        "road has holes in which a small car can be lost for good,” said Mr. Smith.",
    },
    {
        "id": "copied",
        "date": "2021-08-01",
        "title": "Poe on the bridge",
        "text": "The mayor of Salmon Cove spoke of the bridge again.\n\n"
        + _BRIDGE.format(who="Mayor Ben Poe"),
    },
)


@pytest.fixture(name="collection", scope="module")
def _collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    folder = tmp_path_factory.mktemp("said")
    (folder / "r.jsonl").write_text("\n".join(map(json.dumps, _RELEASES)), encoding="utf-8")
    update_collection(folder / "c", [str(folder / "r.jsonl")])
    with open_collection(folder / "c") as collection:
        yield collection


def said(
    collection: Collection, who: str, topic: str = "", filters: Filters | None = None
) -> Statements:
    """What somebody said, by words alone."""
    query = parse_query([topic]) if topic else None
    return collection.said(who, query, filters or Filters(), words_only=True)


def flat(found: Statements) -> list[Statement]:
    """All statements."""
    return [statement for fold in found.folds for statement in fold.statements]


def test_a_person_is_found_under_all_names_by_date(collection: Collection) -> None:
    """The same statements whatever the name; what has no date comes last."""
    found = said(collection, "Ann Roe")

    assert [
        [(found.releases[s.release].id, s.quoted) for s in fold.statements] for fold in found.folds
    ] == [
        [("first", True), ("again", True)],
        [("first", False)],
        [("long", True)],
        [("long", True)],
        [("undated", True)],
    ]
    for who in ("Roe", "Mrs Roe", "Deputy Premier Ann B. Roe", "the Deputy Premier"):
        assert flat(said(collection, who)) == flat(found)


def test_a_statement_is_word_for_word_what_the_release_has(collection: Collection) -> None:
    """A reported statement is the sentence that reports it, a quotation its paragraph."""
    found = said(collection, "Ann Roe")

    for statement in flat(found):
        release = collection.document(found.releases[statement.release].id)
        assert release.text[slice(*statement.span)] == statement.text
        assert collection.check(statement.citation).ok
    assert found.folds[1].statements[0].text == (
        "Roe warned that the coal terminal beside it is too old."
    )


def test_a_quotation_that_goes_on_is_of_its_speaker(collection: Collection) -> None:
    """The second paragraph of a quotation names nobody."""
    texts = [statement.text for statement in flat(said(collection, "Ann Roe", "harbour"))]

    assert [text[:12] for text in texts] == ["“Harbours ar", "“But no harb"]


def test_an_ambiguous_name_is_joined_to_nobody(collection: Collection) -> None:
    """Whoever asks is told who could be meant, and which name was left out."""
    with pytest.raises(
        SpeakerError, match=r"2 people .*'Mr Smith': Cy Smith \(1\), Dan Smith \(1\)"
    ):
        said(collection, "Mr Smith")
    found = said(collection, "Dan Smith")

    assert ["long"] == [found.releases[s.release].id for s in flat(found)]
    assert found.unjoined == ("Smith",)


def test_topic_and_filters_restrict_what_is_shown(collection: Collection) -> None:
    """Both do; a filter by date leaves out what has none."""
    coal = said(collection, "Ann Roe", "coal")
    dated = said(collection, "Ann Roe", "coal", Filters(since="2020-01-01"))

    assert ["first", "undated"] == [coal.releases[s.release].id for s in flat(coal)]
    assert ["first"] == [dated.releases[s.release].id for s in flat(dated)]


def test_who_else_said_it_is_told(collection: Collection) -> None:
    """Another person with nearly the same words, with the date."""
    found = said(collection, "Ann Roe")
    others = [collection.also_said(found, fold) for fold in found.folds]

    assert [[(o.speaker, o.date, o.release) for o in other] for other in others] == [
        [("Ben Poe", "2021-08-01", "copied")], [], [], [], []
    ]  # fmt: skip


def test_nobody_is_said_to_be_nobody(collection: Collection) -> None:
    """A full name may be of somebody who is not quoted; a word is no name."""
    assert not said(collection, "Eve Unknown").folds
    with pytest.raises(SpeakerError, match="nobody is quoted as 'Unknown'"):
        said(collection, "Unknown")
    with pytest.raises(SpeakerError, match="'the minister' can be several people"):
        said(collection, "the minister")


def test_an_office_shows_each_of_its_people_apart(tmp_path: Path) -> None:
    """What two ministers say alike is two statements, each with its own speaker."""
    words = "“Coal has no future in this province, and everybody in this room knows it well,” said"
    releases = [
        {"id": "one", "date": "2020-03-01", "title": "On coal", "text": f"{words} Energy Minister "
         "Ann Roe.\n\nShe spoke at the harbour for an hour, and the hall was full of people."},
        {"id": "two", "date": "2021-03-01", "title": "Coal again", "text": f"{words} Health "
         "Minister Ben Poe.\n\nHe spoke at the hospital for an hour, and nobody left the hall."},
        {"id": "three", "date": "2021-04-01", "title": "The mayor", "text": f"{words} Mayor Cy "
         "Doe.\n\nHe spoke in the street to those who came, and they were not many this time."},
    ]  # fmt: skip
    (tmp_path / "r.jsonl").write_text("\n".join(map(json.dumps, releases)), encoding="utf-8")
    update_collection(tmp_path / "c", [str(tmp_path / "r.jsonl")])
    with open_collection(tmp_path / "c") as collection:
        found = collection.said("the minister", parse_query(["coal"]), Filters())
        others = [collection.also_said(found, fold) for fold in found.folds]

    assert (found.person.name, found.person.people) == ("the minister", 2)
    assert [[s.speaker for s in fold.statements] for fold in found.folds] == [
        ["Ann Roe"], ["Ben Poe"],
    ]  # fmt: skip
    assert {other.speaker for also in others for other in also} <= {"Cy Doe"}
