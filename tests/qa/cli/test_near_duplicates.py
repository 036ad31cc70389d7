"""Copies and corrections, as the commands name them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.ingest.update import update_collection

Run = Callable[..., Any]
TEXT = (
    "The province has opened a footbridge across the harbour after two years of work by the crews "
    "of Aldous and Sons, who were paid ${sum} million for it by the city and the port authority."
    "\n\nA second stage with a cycling lane begins when the ferry terminal has been moved north.\n"
)


def _collection(folder: Path) -> Path:
    records = [
        {"id": "old", "title": "Bridge opens", "text": TEXT.format(sum="2.4")},
        {"id": "copy", "title": "Bridge opens", "text": TEXT.format(sum="2.4")},
        {"id": "new", "title": "CORRECTION: Bridge opens", "text": TEXT.format(sum="4.2")},
    ]
    source = folder / "a.jsonl"
    source.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    stages: list[str] = []
    update_collection(
        folder / "c",
        [source],
        progress=lambda step: stages.append(step.stage),
        cancelled=lambda: "meaning" in stages,
    )
    return folder / "c"


def test_show_names_what_belongs_to_a_release(run: Run, tmp_path: Path) -> None:
    """The older names the newer and its copies, the newer what it replaces: one step either way."""
    folder = str(_collection(tmp_path))
    old, new = (run("--index", folder, "show", name).stdout for name in ("old", "new"))

    assert ["replaced by: new", "copies: copy"] == [
        line for line in old.splitlines() if line.startswith(("replace", "copies"))
    ]
    assert ["replaces: copy, old"] == [
        line for line in new.splitlines() if line.startswith(("replace", "copies"))
    ]


def test_the_list_as_json_has_the_links(run: Run, tmp_path: Path) -> None:
    """A release that stands alone has no fields for them; these have what there is."""
    lines = run("--index", str(_collection(tmp_path)), "list", "--json").stdout.splitlines()
    found = {record["id"]: record for record in map(json.loads, lines)}

    assert ("new", ["copy"]) == (found["old"]["replaced_by"], found["old"]["copies"])
    assert ["copy", "old"] == found["new"]["replaces"]
    assert not {"replaced_by", "copies"} & found["new"].keys()


def test_the_older_is_not_shown_as_an_answer(run: Run, tmp_path: Path) -> None:
    """The corrected figure is shown, and which releases it corrects."""
    folder = str(_collection(tmp_path))
    shown = run(
        "--index", folder, "ask", "What was paid for the footbridge?", "--words-only"
    ).stdout

    assert "$4.2 million" in shown
    assert "$2.4 million" not in shown
    assert "replaces copy, old" in shown
