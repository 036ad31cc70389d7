"""Contacts in a table of facts."""

import json
from pathlib import Path

import pytest

from index.filters import NO_FILTERS
from index.ingest.update import update_collection
from qa import open_collection
from qa.batch.fact_contacts import contact_span
from qa.batch.fact_table import columns, rows
from qa.batch.question_file import QuestionRecord

QUESTION = "Who is the contact?"


@pytest.mark.parametrize(
    ("passage", "kind", "answer", "contact"),
    [
        ("Media contact: Rebecca Gass, 306-787-0000", "contact", "Rebecca Gass", "Rebecca Gass"),
        ("Jane Roe, director of news", "contact", "Jane Roe, director of news",
         "Jane Roe, director of news"),
        ("Department of Infrastructure", "contact", "Department of Infrastructure",
         "Department of Infrastructure"),
        ("Health Regina Phone: 306-787-4083", "contact", "Health Regina Phone",
         "Health Regina Phone: 306-787-4083"),
        ("Health Regina Phone", "contact", "Health Regina Phone", "Health Regina"),
        ("Pat Lee pat.lee@town.ca", "contact", "Pat Lee pat", "Pat Lee pat.lee@town.ca"),
        ("联系人：王小明", "contact", "王小明", "王小明"),
        ("Call Jane Roe at 306-787-0000.", "body", "Jane Roe", "Jane Roe"),
        ("Write to news@town.ca.", "body", "news@town.ca", "news@town.ca"),
        ("Jane Roe opened the bridge.", "body", "Jane Roe", None),
        ("Press Contact", "contact", "Press Contact", None),
        ("the President", "contact", "the President", None),
        ("People who have come in close contact", "body", "People who have come", None),
        ("Reach people by phone: 306-787-0000", "body", "people by phone",
         "people by phone: 306-787-0000"),
        ("Staff can reach people by phone or mail.", "body", "people by phone", None),
        ("Votes may be sent by mail.", "contact", "mail", None),
    ],
)  # fmt: skip
def test_an_answer_is_a_contact_or_none(
    passage: str, kind: str, answer: str, contact: str | None
) -> None:
    """A name in a contact or beside a number, a number or an address; others are no contact."""
    start = passage.index(answer)
    span = contact_span(passage, kind, (start, start + len(answer)))

    assert (None if span is None else passage[slice(*span)]) == contact


def test_a_column_of_contacts_has_nothing_else(tmp_path: Path) -> None:
    """A paragraph on people in close contact with others leaves the cell empty."""
    texts = {
        "case": "A new case was confirmed on Monday.\n\nPublic health identifies the people who "
        "may have come in close contact with that person, and asks them to stay at home.",
        "news": "The bridge was opened on Monday by the town.\n\nMedia contact:\n\nRebecca Gass\n"
        "Town of Hill\nPhone: 306-787-0000",
    }
    lines = [json.dumps({"id": name, "title": name, "text": text}) for name, text in texts.items()]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    update_collection(tmp_path / "x", [tmp_path / "in.jsonl"])
    with open_collection(tmp_path / "x") as collection:
        asker = collection.per_release()
        (question,) = asker.prepare([(QUESTION, NO_FILTERS)])
        asked = {
            stored.release.release_id: asker.ask(stored.key, [question])[0]
            for stored in asker.releases(NO_FILTERS)
        }
        wanted = columns([QuestionRecord("1", QUESTION)])
        found = {
            row.release.id: row.cells[0]
            for row in rows(asker, asker.releases(NO_FILTERS), wanted, NO_FILTERS)
        }

    assert asked["case"].answered
    assert found["case"] is None
    cell = found["news"]
    assert cell is not None
    assert cell.text.startswith("Rebecca Gass")
