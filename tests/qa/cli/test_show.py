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
