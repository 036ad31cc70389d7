"""A store of the first form: it is read as it is, and an update brings it to today's."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from index_parts import put

from index.filters import NO_FILTERS, Filters
from index.ingest.update import update_collection
from index.store.reader import STORE_NAME, Store
from index.store.schema import MIGRATIONS, SCHEMA_VERSION

pytestmark = pytest.mark.usefixtures("kept_encoder")
TEXT = (
    "Town gets a bridge\n\nThe town of Halifax gets a bridge over the harbour, it said.\n\n"
    "“It will be opened to all the people next year,” said Mayor Élise Roy."
)


@pytest.fixture(name="old")
def _old(tmp_path: Path) -> Path:
    """A collection whose store was made by the first migration alone."""
    put(tmp_path / "a.jsonl", json.dumps({"id": "a", "text": TEXT, "date": "2021-03-03"}))
    update_collection(tmp_path / "new", [tmp_path / "a.jsonl"])
    folder = tmp_path / "old"
    shutil.copytree(tmp_path / "new", folder)
    (folder / STORE_NAME).unlink()
    with sqlite3.connect(folder / STORE_NAME) as made:
        made.executescript(MIGRATIONS[0][1])
        made.execute("ATTACH ? AS new", (str(tmp_path / "new" / STORE_NAME),))
        for table in ("meta", "sources", "releases", "passages", "vectors", "derived"):
            names = ", ".join(row[1] for row in made.execute(f"PRAGMA main.table_info({table})"))
            made.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM new.{table}")  # noqa: S608
        made.execute("UPDATE passages SET speaker = NULL")
        made.execute("UPDATE sources SET form = '1/256'")
        made.execute("UPDATE releases SET content_hash = x'00'")  # it holds the form as well
        made.execute("PRAGMA user_version = 1")
    made.close()
    return folder


def test_it_is_read_without_being_changed(old: Path) -> None:
    """Releases and passages are there, without what the first form had no place for."""
    before = (old / STORE_NAME).read_bytes()
    with Store(old) as store:
        (listed,) = store.releases(NO_FILTERS)
        release = store.release("a").release
        passages = store.passages_of(listed.key)
        found = store.passages(store.allowed_passages(NO_FILTERS))

    assert ("2021-03-03", None, None) == (release.date, release.date_source, release.date_guess)
    assert [None] * len(passages) == [p.role for p in passages]
    assert list(passages) == [p.passage for p in found.values()]
    assert before == (old / STORE_NAME).read_bytes()


def test_an_update_brings_it_to_todays_form(old: Path, tmp_path: Path) -> None:
    """The migration is recorded, the source is read again, speakers are there, vectors stay."""
    report = update_collection(old, [tmp_path / "a.jsonl"])
    with Store(old) as store:
        quoted = store.passages(store.allowed_passages(Filters(speaker="elise roy")))
        release = store.release("a").release
        applied = store.rows("SELECT version FROM migrations")

    assert (1, 0) == (report.updated, report.encoded)
    assert [("Élise Roy", "Mayor")] == [
        (p.passage.speaker, p.passage.role) for p in quoted.values()
    ]
    assert "metadata" == release.date_source
    assert (SCHEMA_VERSION,) in applied


def test_a_guessed_date_is_kept_apart_and_never_filters(tmp_path: Path) -> None:
    """A date from running text is no date of the release: no filter admits it by that."""
    text = "Halifax\n\n" + "The town will open its bridge on March 9, 2021. " * 3
    put(tmp_path / "a.jsonl", json.dumps({"id": "a", "text": text, "title": "A bridge"}))
    update_collection(tmp_path / "c", [tmp_path / "a.jsonl"])
    with Store(tmp_path / "c") as store:
        release = store.release("a").release
        since = store.releases(Filters(since="2021-01-01"))
        until = store.allowed_passages(Filters(until="2022-01-01"))

    assert (None, None, "2021-03-09") == (release.date, release.date_source, release.date_guess)
    assert ([], []) == (since, until)
