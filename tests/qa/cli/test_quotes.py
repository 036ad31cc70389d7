"""`releaseqa quotes` and the filter by speaker."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.ingest.update import update_collection
from qa import open_collection
from qa.errors import QuestionError
from qa.quotes import quotes

Run = Callable[..., Any]

WORDS = "The bridge will be opened to all the people of the town next year"


def records(run: Run, *words: str) -> list[dict[str, Any]]:
    """The quotations of a command, as JSON."""
    result = run("quotes", "--json", *words)
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_quotations_come_newest_first_with_citations_that_hold(run: Run) -> None:
    """Each has the words of its passage, its speaker and a citation that `cite` confirms."""
    found = records(run, "-k", "100")

    dates = [quote["date"] for quote in found if quote["date"]]
    assert len(found) > 5
    assert sorted(dates, reverse=True) == dates
    assert "Mélanie Joly" in {quote["speaker"] for quote in found}
    for quote in found:
        assert quote["score"] is None
        assert run("cite", quote["citation"]).exit_code == 0


@pytest.mark.parametrize("name", ["Joly", "mélanie", "MELANIE JOLY", "anie  jo"])
def test_a_speaker_is_found_without_case_and_accents(run: Run, name: str) -> None:
    """Any part of the name, in any letter case, with accents or without, admits the speaker."""
    found = records(run, "--speaker", name)

    assert {"Mélanie Joly"} == {quote["speaker"] for quote in found}
    assert {"canada-korea-visit"} == {quote["release"]["id"] for quote in found}
    assert {"Canada's Minister of Foreign Affairs"} == {quote["role"] for quote in found}


def test_the_speaker_restricts_answers_and_lists(run: Run) -> None:
    """`ask` searches the speaker's passages alone, `list` lists the releases that have one."""
    answer = json.loads(run("ask", "What about the partner?", "--speaker", "joly", "--json").stdout)
    listed = run("list", "--speaker", "joly").stdout

    assert {"Mélanie Joly"} == {passage["speaker"] for passage in answer["passages"]}
    assert ["canada-korea-visit"] == [line.split("\t")[0] for line in listed.splitlines()]
    assert "" == run("list", "--speaker", "nobody of that name").stdout


def test_a_question_ranks_quotations(run: Run) -> None:
    """`--about` asks the collection: the same passages, in the order of their scores."""
    question = "Is Korea a strong partner?"
    found = records(run, "--about", question, "-k", "3")
    asked = json.loads(run("ask", question, "--kind", "quote", "-k", "3", "--json").stdout)

    assert [p["passage_id"] for p in asked["passages"]] == [q["passage_id"] for q in found]
    assert [p["score"] for p in asked["passages"]] == [q["score"] for q in found]
    assert "Mélanie Joly" == found[0]["speaker"]


def test_a_spreadsheet_gets_no_formulas(run: Run, tmp_path: Path) -> None:
    """A speaker or a source that looks like a formula is neutralised, as are control bytes."""
    text = f"Town gets a bridge\n\nThe town gets a bridge.\n\n“{WORDS}.”\n\n– Jane Doe, =mayor()"
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"id": "=1+1", "text": text, "date": "2021-03-03"}))
    update_collection(tmp_path / "c", [path])
    result = run("--index", str(tmp_path / "c"), "quotes", "--csv")
    (row,) = csv.DictReader(io.StringIO(result.stdout))

    assert ("'=1+1", "Jane Doe", "'=mayor()") == (row["release_id"], row["speaker"], row["role"])
    assert f"“{WORDS}.”" in row["quote"]


def test_a_reader_sees_speaker_date_words_and_citation(run: Run) -> None:
    """Into a pipe: a line of who and when, the words, the citation."""
    lines = run("quotes", "--speaker", "joly").stdout.splitlines()

    assert lines[0].startswith("Mélanie Joly · Canada's Minister of Foreign Affairs · 2023-04-17")
    assert lines[1].startswith("   “Korea is a strong and trusted partner,”")
    assert lines[-1].startswith("   “Canada's foreign minister")
    assert "[releaseqa canada-korea-visit#" in lines[-1]


def test_nothing_found_is_said_and_is_no_failure(run: Run) -> None:
    """Nothing on standard output, a line on standard error, exit 0."""
    result = run("quotes", "--speaker", "nobody of that name")

    assert (result.exit_code, result.stdout) == (0, "")
    assert "No quotation" in result.stderr


@pytest.mark.parametrize("options", [("--json", "--csv"), ("--kind", "body"), ("-k", "0")])
def test_options_that_exclude_each_other_are_refused(run: Run, options: tuple[str, ...]) -> None:
    """What makes no sense is a usage error."""
    assert run("quotes", *options).exit_code == 2


def test_the_library_refuses_what_is_no_number_of_quotations(sample_collection: Path) -> None:
    """At least one must be asked for."""
    with open_collection(sample_collection) as collection, pytest.raises(QuestionError):
        quotes(collection, k=0)
