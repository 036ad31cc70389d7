"""`releaseqa table` over the sample releases."""

import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.answering.confidence import DEFAULT_READER_THRESHOLD

Run = Callable[..., Any]
QUESTIONS = "What is the new minimum wage in Yukon?\nWho made the announcement?\n"


@pytest.fixture(name="questions")
def _questions(tmp_path: Path) -> Path:
    """A file of two questions without ids."""
    path = tmp_path / "questions.txt"
    path.write_text(QUESTIONS)
    return path


def test_a_row_is_a_release_with_its_answers(run: Run, questions: Path) -> None:
    """The rows are those of `list`, cells are quoted with a citation that `cite` confirms."""
    result = run("table", "--questions", str(questions))
    found = list(csv.DictReader(io.StringIO(result.stdout)))
    listed = [line.split("\t")[0] for line in run("list").stdout.splitlines()]
    first, second = QUESTIONS.splitlines()

    assert 0 == result.exit_code
    assert listed == [row["release_id"] for row in found]
    answers = {row["release_id"]: row[first] for row in found if row[first]}
    assert "$15.20" in answers["yukon-minimum-wage"]
    for row in found:
        assert bool(row[second]) == bool(row[f"{second} (citation)"])
        assert (
            not row[second] or DEFAULT_READER_THRESHOLD <= float(row[f"{second} (confidence)"]) <= 1
        )
    citation = next(row[f"{first} (citation)"] for row in found if row[first])
    assert 0 == run("cite", citation).exit_code
    filled = sum(bool(row[name]) for row in found for name in (first, second))
    assert f"{len(listed)} releases: {filled} of {2 * len(listed)} cells" in result.stderr


def test_the_same_table_in_every_form(run: Run, questions: Path, tmp_path: Path) -> None:
    """CSV, TSV, JSON lines and Parquet hold the same; filters say which releases are rows."""
    words = ("table", "--questions", str(questions), "--since", "2021", "--no-reader")
    outs = {form: tmp_path / f"out.{form}" for form in ("csv", "tsv", "jsonl", "parquet")}
    for out in outs.values():
        assert 0 == run(*words, "-o", str(out)).exit_code
    sheet = list(csv.DictReader(io.StringIO(outs["csv"].read_text("utf-8"))))
    tabs = csv.DictReader(io.StringIO(outs["tsv"].read_text("utf-8")), delimiter="\t")
    records = [json.loads(line) for line in outs["jsonl"].read_text("utf-8").splitlines()]
    name = QUESTIONS.splitlines()[0]

    assert sheet == list(tabs)
    assert [row["release_id"] for row in sheet] == [record["release"]["id"] for record in records]
    assert all(row["date"] >= "2021" for row in sheet)
    assert [row[name] for row in sheet] == [
        (record["answers"][name] or {"text": ""})["text"] for record in records
    ]
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs the extra parquet")
    columns = parquet.read_table(outs["parquet"]).to_pydict()
    assert [row[name] or None for row in sheet] == columns[name]
    assert {"out.csv", "out.tsv", "out.jsonl", "out.parquet", "questions.txt"} == {
        path.name for path in tmp_path.iterdir() if path.is_file()
    }


def test_the_words_alone(run: Run, questions: Path) -> None:
    """With --bare no column stands beside a question's; the same command, the same bytes."""
    words = ("table", "--questions", str(questions), "--bare", "--words-only")
    first, second = run(*words), run(*words)
    header = next(csv.reader(io.StringIO(first.stdout)))

    assert QUESTIONS.splitlines() == header[6:]
    assert first.stdout == second.stdout


def test_a_question_that_cannot_be_asked_keeps_its_column(run: Run) -> None:
    """It is named, its cells are empty, the others are answered, and the exit code is 3."""
    lines = '{"id": "a", "question": ""}\n{"id": "b", "question": "Who spoke?"}\n'
    result = run("table", "--questions", "-", "--bare", "--words-only", stdin=lines)
    found = list(csv.DictReader(io.StringIO(result.stdout)))

    assert 3 == result.exit_code
    assert "a: the question is empty; the column is left empty." in result.stderr
    assert {""} == {row["a"] for row in found}


def test_an_interrupted_table_leaves_the_old_file(
    run: Run, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file is replaced when all rows are there, never before."""
    out = tmp_path / "out.csv"
    out.write_text("old")

    def interrupted(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("qa.answering.per_release.PerReleaseAsker.ask", interrupted)
    result = run("table", "--questions", str(questions), "-o", str(out))

    assert 130 == result.exit_code
    assert "old" == out.read_text()
    assert ["out.csv", "questions.txt"] == sorted(p.name for p in tmp_path.iterdir() if p.is_file())


def test_parquet_without_its_library_names_the_extra(
    run: Run, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line says what to install; to standard output Parquet makes no sense."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    words = ("table", "--questions", str(questions))
    result = run(*words, "-o", str(tmp_path / "out.parquet"))

    assert 1 == result.exit_code
    assert "pip install 'releaseqa[parquet]'" in result.stderr
    assert 2 == run(*words, "--format", "parquet").exit_code
