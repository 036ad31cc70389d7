"""`index` chooses example questions for the chat."""

from pathlib import Path

import pytest
from checkout import SAMPLES
from typer.testing import CliRunner

from index.errors import StorageError
from index.store.examples import ExampleQuestions, save_examples
from qa import open_collection
from qa.cli.app import app

GRANT = """Airport wins

ERIE, June 20, 2006 – The Aviation Board granted $5 million to Erie Airport. The money will pay for
a new runway that the people of the town have wanted for many years.
"""


def index(folder: Path, *arguments: str | Path) -> tuple[int, str]:
    """Run the command; return the exit code and what it printed."""
    words = ["--index", str(folder), "index", *map(str, arguments)]
    result = CliRunner().invoke(app, words)
    return result.exit_code, result.output


def examples(folder: Path) -> list[str]:
    """Return the examples of a collection."""
    with open_collection(folder) as collection:
        return collection.examples()


def test_index_leaves_examples(tmp_path: Path) -> None:
    """After a run the collection has questions that it answers; the report is the same."""
    (tmp_path / "grant.txt").write_text(GRANT)

    code, output = index(tmp_path / "index", tmp_path / "grant.txt")

    assert code == 0
    assert output.startswith("1 added, 0 updated, 0 unchanged, 0 removed, 0 skipped\n")
    assert examples(tmp_path / "index") == [
        "How much did the Aviation Board grant to Erie Airport?"
    ]


def test_a_dry_run_leaves_none(collection_copy: Path) -> None:
    """It changes nothing, so it chooses nothing."""
    save_examples(collection_copy, ExampleQuestions((), "none", 0))
    code, _ = index(collection_copy, SAMPLES / "releases", "--dry-run")

    assert code == 0
    assert examples(collection_copy) == []


def test_a_failure_to_choose_does_not_fail_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The releases are indexed; examples are never needed."""
    (tmp_path / "grant.txt").write_text(GRANT)

    def full(*_: object) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr("qa.renew_examples.save_examples", full)
    code, output = index(tmp_path / "index", tmp_path / "grant.txt")

    assert code == 0
    assert "full" not in output
    assert examples(tmp_path / "index") == []
