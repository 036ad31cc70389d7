"""An update that is interrupted at any point, and the next one that goes on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import ROOT, SUPPORT, process_environment
from index_parts import contents, index_words, put
from same_collection import content_of, differences

from index.ingest import sync, update
from index.ingest.update import update_collection

EVERY_POINT = "RELEASEQA_EVERY_POINT"
"""Environment variable that makes the test interrupt at every point, not at every fifth."""


def test_after_an_interruption_anywhere_the_next_update_gives_the_same(tmp_path: Path) -> None:
    """Killed or cancelled at any point, then run again: the collection is as if undisturbed.

    It has the same rows in the same order, verifies as whole, and has no files left over.
    """
    every = "1" if os.environ.get(EVERY_POINT) else "5"
    done = subprocess.run(
        [sys.executable, Path(SUPPORT) / "interrupted_updates.py", tmp_path, "--every", every],
        capture_output=True, text=True, check=False,
        env=process_environment({"PYTHONPATH": f"{ROOT}{os.pathsep}{SUPPORT}"}),
    )  # fmt: skip
    assert (0, "") == (done.returncode, done.stderr)
    results = [json.loads(line) for line in done.stdout.splitlines()]

    assert [] == [result for result in results if result["differences"]]
    names = {result["name"] for result in results}
    assert {"before COMMIT", "after COMMIT", "before fsync", "cancelled"} <= names
    assert {"killed_update", "cancelled_update"} == {result["how"] for result in results}


def test_contents_that_differ_are_told_apart(tmp_path: Path) -> None:
    """The comparison of collections names what differs."""
    put(tmp_path / "a.jsonl", json.dumps({"id": "a", "text": "The bridge opens."}))
    put(tmp_path / "b.jsonl", json.dumps({"id": "a", "text": "The bridge closes."}))
    for name in ("a", "b"):
        index_words(tmp_path / f"c{name}", [tmp_path / f"{name}.jsonl"])
    one, other = content_of(tmp_path / "ca"), content_of(tmp_path / "cb")

    assert [] == differences(one, one)
    named = {line.partition(":")[0] for line in differences(one, other)}
    assert {"release a", "passage a#0", "family a"} <= named


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    """A collection of two files with records."""
    for name in ("a", "b"):
        records = [{"id": f"{name}{n}", "text": f"{name} bridge {n}."} for n in range(3)]
        put(tmp_path / "s" / f"{name}.jsonl", "\n".join(map(json.dumps, records)))
    index_words(tmp_path / "c", [tmp_path / "s"])
    return tmp_path / "c"


def test_a_withdrawn_release_goes_although_pruning_was_interrupted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release that left its file is removed by the next run with --prune, too."""
    sources = folder.parent / "s"
    put(sources / "a.jsonl", json.dumps({"id": "a0", "text": "a bridge 0."}), age_s=40)
    with monkeypatch.context() as patched:
        patched.setattr(update, "_remove", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            update_collection(folder, [sources], prune=True)
    assert {"a0", "a1", "a2"} < contents(folder).keys()

    assert 2 == index_words(folder, [sources], prune=True).removed
    assert {"a0", "b0", "b1", "b2"} == contents(folder).keys()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_record_that_moves_and_changes_is_taken_up_in_one_run(folder: Path) -> None:
    """A record that leaves a file and is changed in another is there after one --prune."""
    sources = folder.parent / "s"
    moved = {"id": "b2", "text": "The bridge of b is now a's."}
    lines = (sources / "a.jsonl").read_text(encoding="utf-8").splitlines()
    put(sources / "a.jsonl", "\n".join([*lines, json.dumps(moved), "no record"]), age_s=40)
    lines = (sources / "b.jsonl").read_text(encoding="utf-8").splitlines()
    put(sources / "b.jsonl", "\n".join(lines[:2]), age_s=40)
    report = index_words(folder, [sources], prune=True)

    assert (1, 1) == (report.added, report.removed)
    assert ["s/a.jsonl: line 5"] == [skip.item for skip in report.skipped]
    assert "The bridge of b is now a's." == contents(folder)["b2"][0].text
    assert (0, 6) == (index_words(folder, [sources]).added, len(contents(folder)))


def test_a_release_that_moves_and_changes_is_never_missing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pruning that ends before the other file is read again leaves the release as it was."""
    sources = folder.parent / "s"
    moved = {"id": "b2", "text": "The bridge of b is now a's."}
    lines = (sources / "a.jsonl").read_text(encoding="utf-8").splitlines()
    put(sources / "a.jsonl", "\n".join([*lines, json.dumps(moved)]), age_s=40)
    lines = (sources / "b.jsonl").read_text(encoding="utf-8").splitlines()
    put(sources / "b.jsonl", lines[0], age_s=40)
    with monkeypatch.context() as patched:
        patched.setattr(sync.Sync, "sync_contested", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            update_collection(folder, [sources], prune=True)
    held = contents(folder)
    assert {"a0", "a1", "a2", "b0", "b2"} == held.keys()
    assert "b bridge 2." == held["b2"][0].text

    report = index_words(folder, [sources], prune=True)
    assert (1, 1, 0) == (report.added, report.removed, len(report.skipped))
    assert "The bridge of b is now a's." == contents(folder)["b2"][0].text
    assert 0 == index_words(folder, [sources], prune=True).added


def test_a_release_that_only_another_file_still_has_goes_with_that_file(folder: Path) -> None:
    """A release that left its own file, then the file that also had it, is removed."""
    sources = folder.parent / "s"
    a, b = sources / "a.jsonl", sources / "b.jsonl"
    before = b.read_text(encoding="utf-8")
    put(b, before + "\n" + a.read_text(encoding="utf-8").splitlines()[2], age_s=50)
    put(a, "\n".join(a.read_text(encoding="utf-8").splitlines()[:2]), age_s=50)
    assert 0 == index_words(folder, [sources], prune=True).removed
    assert "a2" in contents(folder)
    put(b, before, age_s=40)

    assert 1 == index_words(folder, [sources], prune=True).removed
    assert "a2" not in contents(folder)
