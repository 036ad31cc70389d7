"""The pages of a passage, from a real PDF to the answer."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fpdf import FPDF

from index.ingest.update import update_collection
from index.store.page_numbers import (
    format_pages,
    page_range,
    page_starts,
    scan_confidence,
)
from qa import open_collection
from qa.answer_json import answer_from_json, answer_to_json
from qa.export.terminal import answer_lines
from qa.finding.query import parse_query

if TYPE_CHECKING:
    from index.reports import Progress

PAGES = (
    "The town of Truro opened a footbridge over its river on Saturday with music and a market.",
    "A ferry terminal with a lookout follows in the spring, and the county pays for the benches.",
)


@pytest.mark.parametrize(
    ("metadata", "starts"),
    [
        ({"page_starts": [0, 100, 250]}, (0, 100, 250)),
        ({"page_starts": [5, 100]}, ()),
        ({"page_starts": [0, 250, 100]}, ()),
        ({"page_starts": [0, "x"]}, ()),
        ({"page_starts": [0, True]}, ()),
        ({"page_starts": "0"}, ()),
        ({}, ()),
    ],
)
def test_what_is_no_list_of_pages_is_none(
    metadata: dict[str, object], starts: tuple[int, ...]
) -> None:
    """A record can have a field of this name: only ascending numbers from 0 are pages."""
    assert starts == page_starts(metadata)


@pytest.mark.parametrize(
    ("value", "found"),
    [(0.876, 0.876), (1, 1.0), (0, 0.0), (1.2, None), (-0.1, None), (True, None), ("1", None)],
)
def test_what_is_no_confidence_is_none(value: object, found: float | None) -> None:
    """A record can have a field of this name, too."""
    assert found == scan_confidence({"scan_confidence": value})
    assert scan_confidence({}) is None


def test_an_answer_from_a_scan_says_so(tmp_path: Path) -> None:
    """The confidence is in the answer, in its JSON and there and back, in a search and as shown."""
    record = {"id": "a", "text": "\n\n".join(PAGES), "page_starts": [0, len(PAGES[0]) + 2],
              "scan_confidence": 0.876}  # fmt: skip
    (tmp_path / "a.jsonl").write_text(json.dumps(record))
    update_collection(tmp_path / "index", [tmp_path / "a.jsonl"])
    with open_collection(tmp_path / "index") as collection:
        answer = collection.ask("Who pays for the benches?")
        findings = collection.find(parse_query(["benches"]), words_only=True)
        (found,) = collection.load(findings, findings.matches)
    written = answer_to_json(answer)
    shown = "\n".join(line.text.plain for line in answer_lines(answer, styled=False))

    assert written["passages"][0]["scan_confidence"] == 0.876
    assert written == answer_to_json(answer_from_json(written))
    assert "page 2 · read from a scan, 87 %" in shown
    assert found.scan_confidence == 0.876


@pytest.mark.parametrize(
    ("span", "pages", "named"),
    [
        ((0, 100), (1, 1), "page 1"),
        ((99, 101), (1, 2), "pages 1–2"),
        ((100, 250), (2, 2), "page 2"),
        ((249, 900), (2, 3), "pages 2–3"),
    ],
)
def test_the_pages_of_a_stretch(span: tuple[int, int], pages: tuple[int, int], named: str) -> None:
    """A page ends where the next one begins; without pages there is no number."""
    assert pages == page_range((0, 100, 250), span)
    assert page_range((), span) is None
    assert named == format_pages(pages)


def test_an_answer_from_a_pdf_names_its_page(tmp_path: Path) -> None:
    """A passage on two pages names both, in the terminal and in JSON."""
    document = FPDF()
    document.set_font("Helvetica", size=12)
    for words in PAGES:
        document.add_page()
        document.multi_cell(0, 8, words)
    document.output(str(tmp_path / "a.pdf"))
    (tmp_path / "b.txt").write_text(
        "Bridge\n\nThe footbridge of Digby has benches by the county.\n"
    )
    seen: list[Progress] = []
    update_collection(
        tmp_path / "c",
        [tmp_path / "a.pdf", tmp_path / "b.txt"],
        progress=seen.append,
        cancelled=lambda: any(step.stage == "meaning" for step in seen),
    )
    with open_collection(tmp_path / "c") as collection:
        answer = collection.ask("Who pays for the benches of the county?", words_only=True)
    found = {passage.release.id: passage for passage in answer.passages}
    written = json.loads(json.dumps(answer_to_json(answer)))

    assert ((1, 2), None) == (found["a"].pages, found["b"].pages)
    assert [[1, 2]] == [p["pages"] for p in written["passages"] if "pages" in p]
    again = answer_from_json(written)
    assert [p.pages for p in answer.passages] == [p.pages for p in again.passages]
    assert "pages 1–2" in "\n".join(line.text.plain for line in answer_lines(answer, styled=True))
