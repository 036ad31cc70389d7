"""`releaseqa show --json`: a release for another program."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.ingest.update import update_collection

Run = Callable[..., Any]


def test_a_release_is_whole_in_json(run: Run) -> None:
    """Passages are parts of the text, with numbers, kinds, speakers and citations that hold."""
    found = json.loads(run("show", "canada-korea-visit", "--json").stdout)
    listed = [json.loads(line) for line in run("list", "--json").stdout.splitlines()]

    (ref,) = [release for release in listed if release["id"] == "canada-korea-visit"]
    assert ref == {name: found[name] for name in ref}
    assert list(range(len(found["passages"]))) == [p["ordinal"] for p in found["passages"]]
    for passage in found["passages"]:
        start, end = passage["span"]
        assert passage["text"] == found["text"][start:end]
        assert passage["passage_id"] == f"canada-korea-visit#{passage['ordinal']}"
    quotes = [p for p in found["passages"] if p["speaker"] == "Mélanie Joly"]
    assert quotes
    assert run("cite", quotes[0]["citation"]).exit_code == 0


def test_a_text_from_a_scan_is_said_to_be_one(run: Run, tmp_path: Path) -> None:
    """How sure the recognition was stands beside the source; other releases have no such line."""
    record = {"id": "a", "text": "The bridge is open to all.", "scan_confidence": 0.876}
    (tmp_path / "a.jsonl").write_text(json.dumps(record))
    update_collection(tmp_path / "index", [tmp_path / "a.jsonl"])

    assert (
        "\ntext: read from a scan, 87 %\n"
        in run("--index", str(tmp_path / "index"), "show", "a").stdout
    )
    assert "scan" not in run("show", "canada-korea-visit#2").stdout


def test_one_passage_alone(run: Run) -> None:
    """`RELEASE#N` and `--passage N` give the release with that passage only."""
    one, other = (
        json.loads(run("show", *words, "--json").stdout)
        for words in (("canada-korea-visit#2",), ("canada-korea-visit", "--passage", "2"))
    )

    assert one == other
    assert [2] == [passage["ordinal"] for passage in one["passages"]]


def test_metadata_is_there_and_valid(run: Run, tmp_path: Path, exported_encoder: None) -> None:
    """Fields of a record are kept; a number that JSON lacks becomes null."""
    del exported_encoder
    record = '{"id": "a", "text": "The bridge opens.", "desk": "north", "weight": NaN}'
    (tmp_path / "in.jsonl").write_text(record)
    update_collection(tmp_path / "c", [tmp_path / "in.jsonl"])

    found = json.loads(run("--index", str(tmp_path / "c"), "show", "a", "--json").stdout)

    assert {"desk": "north", "weight": None} == found["metadata"]


def test_a_bibliography_entry_is_printed_of_what_is_cited(run: Run) -> None:
    """Of a citation, a passage or a release; the entry of a passage has its citation."""
    shown = json.loads(run("show", "canada-korea-visit", "--json").stdout)
    citation = shown["passages"][3]["citation"]
    of_citation, of_passage, of_release = (
        run("cite", name, "--format", "ris").stdout for name in (citation, "canada-k#3", "canada-k")
    )
    entry = run("cite", citation, "--format", "bibtex").stdout

    assert of_citation == of_passage
    assert f"N1  - {citation}\n" in of_citation
    assert f"TI  - {shown['title']}\n" in of_citation
    assert of_citation.startswith("TY  - RPRT\n")
    assert of_citation.endswith("ER  - \n")
    assert of_release == of_citation.replace(f"N1  - {citation}\n", "")
    assert entry.startswith("@misc{canada-korea-visit-3,\n")
    assert citation.replace("#", r"\#") in entry


def test_a_wrong_citation_has_no_entry(run: Run) -> None:
    """A citation that does not match, or a passage that is not there, prints nothing."""
    citation = json.loads(run("show", "canada-korea-visit#3", "--json").stdout)["passages"][0][
        "citation"
    ]
    for wrong in (citation.replace("2023", "2022", 1), "canada-k#99", "canada-zzz#1"):
        result = run("cite", wrong, "--format", "bibtex")
        assert (1, "") == (result.exit_code, result.stdout)
        assert 1 == result.stderr.count("\n")
    assert 2 == run("cite", citation, "--format", "ris", "--json").exit_code
