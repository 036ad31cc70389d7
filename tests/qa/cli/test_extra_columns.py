"""Columns of a question file that mean nothing to the program come out as they went in."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
ASKED = "What is the new minimum wage in Yukon?"
ROWS = [
    ["Desk", "question", "answer", "since", "", "note", "id", "Desk", "text"],
    ["north", ASKED, "$15.20", "2019", "x", "two\nlines", "a", "second", "t"],
    ["=1+1", "", "", "", "", "empty question", "b", "", ""],
    ["", ASKED],
]
EXTRA = [
    {"Desk": "north", "answer": "$15.20", "note": "two\nlines", "text": "t"},
    {"Desk": "=1+1", "answer": "", "note": "empty question", "text": ""},
    {"Desk": "", "answer": "", "note": "", "text": ""},
]


def written(path: Path, delimiter: str = ",") -> str:
    """A question file with more columns than are known; a cell of TSV has no line ends."""
    rows = [[cell.replace("\n", " ") for cell in row] for row in ROWS]
    with path.open("w", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows if delimiter == "\t" else ROWS)
    return str(path)


def test_they_are_the_last_columns_of_csv(run: Run, tmp_path: Path) -> None:
    """In their order, under their names; one that the output has itself gets another name."""
    result = run("batch", written(tmp_path / "q.csv"), "--words-only", "--format", "csv")
    header, *rows = csv.reader(io.StringIO(result.stdout))

    assert ["alternatives", "Desk", "answer (given)", "note", "text"] == header[-5:]
    assert len(set(header)) == len(header)
    given = [list(extra.values()) for extra in EXTRA]
    given[1][0] = "'=1+1"  # no cell is a formula
    assert given == [row[-4:] for row in rows]
    assert ["a", "b", "3"] == [row[0] for row in rows]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_they_stand_under_one_key_in_json(run: Run, tmp_path: Path, delimiter: str) -> None:
    """Answers and failures have `extra`, also by way of the journal of an output file."""
    path = written(tmp_path / "q.csv", delimiter)
    result = run("batch", path, "--words-only")
    to_file = run("batch", path, "--words-only", "-o", str(tmp_path / "out.jsonl"))
    found = [json.loads(line) for line in result.stdout.splitlines()]

    assert 3 == result.exit_code == to_file.exit_code
    expected = [{**extra, "note": extra["note"].replace("\n", " ")} for extra in EXTRA]
    assert (expected if delimiter == "\t" else EXTRA) == [record["extra"] for record in found]
    assert "error" in found[1]
    again = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [record["extra"] for record in found] == [record["extra"] for record in again]


def test_a_row_that_cannot_be_read_keeps_the_columns(run: Run, tmp_path: Path) -> None:
    """Even as the first row it does not take the columns of the others away."""
    (tmp_path / "q.csv").write_bytes(b"question,note\n\xff?,broken\nWho?,fine\n")
    result = run("batch", str(tmp_path / "q.csv"), "--words-only", "--format", "csv")
    header, *rows = csv.reader(io.StringIO(result.stdout))

    assert "note" == header[-1]
    assert ["", "fine"] == [row[-1] for row in rows]


def test_other_files_have_none(run: Run, tmp_path: Path) -> None:
    """Nothing is added where there is nothing to carry."""
    (tmp_path / "q.csv").write_text(f"id,question\n1,{ASKED}\n")
    (tmp_path / "q.jsonl").write_text(json.dumps({"question": ASKED, "note": "x"}))
    for name in ("q.csv", "q.jsonl"):
        line = run("batch", str(tmp_path / name), "--words-only").stdout
        assert "extra" not in json.loads(line)
