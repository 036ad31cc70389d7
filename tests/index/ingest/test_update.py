"""Updating a collection: only what changed is read and encoded, and nothing is lost."""

import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from index_parts import (
    RELEASE,
    Stopper,
    by_meaning,
    by_words,
    contents,
    fingerprint,
    index_words,
    put,
    searching,
)

from index.errors import CollectionNotFoundError, ReleaseNotFoundError, StorageError
from index.ingest import embed, parse
from index.ingest.update import remove_releases, update_collection
from index.readers import gzip_stream
from index.readers.base import Draft
from index.reports import Progress
from index.store.reader import Store
from index.store.stats import collection_status
from index.types import PLACE
from index.verify.verify import verify_collection

THREE = [
    "Ferry to Bell Island is repaired",
    "Grants for forty museums in Yukon",
    "Wild horses counted in Alberta",
]

pytestmark = pytest.mark.usefixtures("exported_encoder")


def _text(title: str, extra: str = "") -> str:
    return (
        f"{title}\n\nMarch 3, 2021 - {title}, the minister said on Wednesday in the old town hall."
        f"\n\nThe work on this took two years and is done, as a report on {title} says.{extra}\n"
    )


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A folder of three releases."""
    for name, title in zip("abc", THREE, strict=True):
        put(tmp_path / "s" / f"{name}.txt", _text(title))
    return tmp_path / "s"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the collection, which does not exist yet."""
    return tmp_path / ".releaseqa"


def test_a_second_update_reads_nothing_and_encodes_nothing(sources: Path, folder: Path) -> None:
    """Files with the same size and time are not opened again, and nothing is encoded again."""
    first = update_collection(folder, [sources])
    for path in sources.iterdir():
        status = path.stat()
        path.write_bytes(b"?" * status.st_size)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    stopper = Stopper()
    second = update_collection(folder, [sources], progress=stopper.progress)

    assert (3, 0, 0, 0) == (first.added, first.unchanged, first.to_encode, len(first.skipped))
    assert first.encoded == first.passages > 3
    assert (0, 0, 3, 0, 0) == (
        second.added, second.updated, second.unchanged, second.encoded, second.vanished,
    )  # fmt: skip
    assert {"read"} == stopper.stages()
    assert all(
        title in c[0].text for title, c in zip(THREE, contents(folder).values(), strict=True)
    )


def test_a_fresh_file_is_read_again_but_not_stored_again(sources: Path, folder: Path) -> None:
    """A file changed a moment ago may change again within the same time: its bytes decide."""
    path = put(sources / "a.txt", _text(THREE[0]), age_s=0)
    index_words(folder, [sources])
    status = path.stat()
    path.write_text(_text(THREE[0]).replace("Wednesday", "Tuesday--"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    report = index_words(folder, [sources])

    assert (1, 2) == (report.updated, report.unchanged)
    assert "Tuesday--" in contents(folder)["a"][0].text


def test_first_releases_are_searchable_while_others_are_read(tmp_path: Path, folder: Path) -> None:
    """A new collection is searched by words before all is read, and as a whole at the end."""
    records = [
        {"id": f"r{number}", "title": f"Ferry {number}", "text": f"The ferry number{number} sails."}
        for number in range(1_000)
    ]
    put(tmp_path / "all.jsonl", "\n".join(map(json.dumps, records)))
    found: dict[int, list[str]] = {}
    said: dict[int, list[str]] = {}
    stopper = Stopper("meaning")

    def ask(progress: Progress) -> None:
        if progress.stage == "read" and progress.done in {400, 800}:
            with searching(folder) as searcher:
                hits = by_words(searcher, "number7 number900")
                found[progress.done] = [name.partition("#")[0] for name, _ in hits]
                said[progress.done] = searcher.indexes.notes
        stopper.progress(progress)

    update_collection(folder, [tmp_path / "all.jsonl"], progress=ask, cancelled=stopper.cancelled)

    assert found == {400: ["r7"], 800: ["r7"]}
    assert "word index is missing" in said[400][0]  # it was built in memory
    assert "latest changes are not searched by words" in said[800][0]
    with searching(folder) as searcher:
        assert {"r7#0", "r900#0"} == {name for name, _ in by_words(searcher, "number7 number900")}
        assert searcher.indexes.notes == []


def test_a_changed_paragraph_alone_is_encoded_again(sources: Path, folder: Path) -> None:
    """Only the changed paragraph of a release is encoded; the others keep their vectors."""
    update_collection(folder, [sources])
    put(sources / "a.txt", _text(THREE[0], " It cost nine million."), age_s=50)
    report = update_collection(folder, [sources])

    assert (0, 1, 2) == (report.added, report.updated, report.unchanged)
    assert (1, 0) == (report.encoded, report.to_encode)
    with searching(folder) as searcher:
        assert "a" == by_words(searcher, "nine million")[0][0][0]
        assert "a" == by_meaning(searcher, "What was the cost?", 1)[0][0][0]
        assert searcher.store.value("SELECT count(*) FROM vectors") == report.passages
        assert len(searcher.indexes.vectors or ()) == report.passages


def test_a_small_change_is_encoded_without_torch(sources: Path, folder: Path) -> None:
    """One changed paragraph is encoded without loading torch."""
    update_collection(folder, [sources])
    put(sources / "a.txt", _text(THREE[0], " It cost nine million."), age_s=50)
    code = (
        "import sys; from pathlib import Path; from index.ingest.update import update_collection\n"
        f"report = update_collection(Path({str(folder)!r}), [{str(sources)!r}])\n"
        "print(report.encoded, report.to_encode, 'torch' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert ["1", "0", "False"] == result.stdout.split()
    with searching(folder) as searcher:
        assert "a" == by_meaning(searcher, "What was the cost in millions?", 1)[0][0][0]


def test_only_the_changed_records_of_a_file_are_parsed(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unchanged records are not parsed or stored again; changed ones are."""
    records = [{"id": f"r{n}", "text": _text(f"Number {n}")} for n in range(9)]
    path = tmp_path / "s" / "a.jsonl"
    put(path, "\n".join(map(json.dumps, records)))
    index_words(folder, [path])
    worked_out: list[str] = []
    prepare = parse.parse_release

    def counted(draft: Draft, *rest: Any) -> parse.ParsedRelease:
        worked_out.append(str(draft.release_id))
        return prepare(draft, *rest)

    monkeypatch.setattr(parse, "parse_release", counted)
    records[4]["text"] += " It cost nine million."
    put(path, "\n".join(map(json.dumps, reversed(records))), age_s=50)
    report = index_words(folder, [path], prune=True)

    assert (0, 1, 8, 0) == (report.added, report.updated, report.unchanged, report.removed)
    assert ["r4"] == worked_out
    assert "nine million" in contents(folder)["r4"][0].text
    assert 9 == len(contents(folder))


def test_a_record_that_repeats_an_id_is_named_as_before(tmp_path: Path, folder: Path) -> None:
    """Of two records with one id, the first is stored and the other refused."""
    path = tmp_path / "s" / "a.jsonl"
    old, new = ({"id": "r", "text": _text(word)} for word in ("Old", "New"))
    put(path, json.dumps(old))
    index_words(folder, [path])
    put(path, f"{json.dumps(new)}\n{json.dumps(old)}", age_s=50)
    report = index_words(folder, [path])

    assert (1, ["its id occurs twice"]) == (report.updated, [s.reason for s in report.skipped])
    assert "New" in contents(folder)["r"][0].text


def test_a_moved_file_keeps_its_release(sources: Path, folder: Path) -> None:
    """A moved file keeps its id and vectors; its source is the new path."""
    update_collection(folder, [sources])
    with Store(folder) as store:
        before = store.generation
    (sources / "deep").mkdir()
    (sources / "a.txt").rename(sources / "deep" / "z.txt")
    report = update_collection(folder, [sources])

    assert (0, 0, 3, 0, 0) == (
        report.added, report.updated, report.unchanged, report.vanished, report.encoded,
    )  # fmt: skip
    assert "s/deep/z.txt" == contents(folder)["a"][1]
    with Store(folder) as store:
        assert store.generation > before  # an answer names the place


def test_a_copy_is_a_release_of_its_own(sources: Path, folder: Path) -> None:
    """A copy of a file beside the original is a second release."""
    index_words(folder, [sources])
    put(sources / "copy.txt", _text(THREE[0]))
    report = index_words(folder, [sources])

    assert (1, 3) == (report.added, report.unchanged)
    assert {"a", "b", "c", "copy"} == set(contents(folder))


def test_files_of_one_name_are_told_apart_for_good(tmp_path: Path, folder: Path) -> None:
    """Files of the same name in two folders have different ids, and keep them."""
    put(tmp_path / "s" / "x" / "n.txt", _text(THREE[0]))
    put(tmp_path / "s" / "y" / "n.txt", _text(THREE[1]))
    index_words(folder, [tmp_path / "s"])
    (marked,) = set(contents(folder)) - {"n"}
    (tmp_path / "s" / "x" / "n.txt").unlink()
    index_words(folder, [tmp_path / "s"], prune=True)
    put(tmp_path / "s" / "y" / "n.txt", _text(THREE[2]), age_s=50)
    report = index_words(folder, [tmp_path / "s"])

    assert marked.startswith("n-")
    assert (0, 1, 0) == (report.added, report.updated, report.vanished)
    assert {marked} == set(contents(folder))
    assert THREE[2] == contents(folder)[marked][0].title


def test_missing_releases_stay_until_pruned(sources: Path, folder: Path) -> None:
    """A release whose file is missing is counted and kept; with `prune` it is removed."""
    update_collection(folder, [sources])
    (sources / "b.txt").unlink()
    kept = update_collection(folder, [sources])
    assert (1, 0) == (kept.vanished, kept.removed)
    assert 3 == len(contents(folder))
    pruned = update_collection(folder, [sources], prune=True)

    assert (0, 1) == (pruned.vanished, pruned.removed)
    assert {"a", "c"} == set(contents(folder))
    with searching(folder) as searcher:
        assert [] == by_words(searcher, "museums Yukon")
        assert not any(name.startswith("b#") for name, _ in by_meaning(searcher, THREE[1], 9))
        assert len(searcher.indexes.vectors or ()) == pruned.passages


def test_pruning_leaves_what_is_elsewhere_or_could_not_be_read(sources: Path, folder: Path) -> None:
    """What is outside of the sources, or cannot be read now, is not missing."""
    records = sources / "d.jsonl"
    put(records, "\n".join(json.dumps({"id": n, "text": _text(n)}) for n in ("r1", "r2")))
    other = put(sources.parent / "other" / "e.txt", _text("Elsewhere"))
    index_words(folder, [sources, other])
    put(records, json.dumps({"id": "r1", "text": _text("r1")}) + "\n{broken", age_s=50)
    put(sources / "a.txt", b"\x89PNG\x00", age_s=50)
    other.unlink()
    report = index_words(folder, [sources, sources.parent / "other", sources / "none"], prune=True)

    assert {"a", "b", "c", "r1", "r2"} == set(contents(folder))
    assert 1 == report.removed  # the one below a folder that is there


@pytest.mark.parametrize("named", ["s", "s/b.txt"])
def test_a_deleted_source_is_pruned_when_it_is_named(
    sources: Path, folder: Path, named: str
) -> None:
    """A deleted source that the user names is pruned, and not reported as skipped."""
    index_words(folder, [sources])
    shutil.copytree(sources, sources.parent / "copy")
    source = sources.parent / named
    shutil.rmtree(source) if source.is_dir() else source.unlink()
    kept = index_words(folder, [source])
    dry = update_collection(folder, [source], prune=True, dry_run=True)
    pruned = index_words(folder, [source, sources.parent / "none"], prune=True)

    gone = 3 if named == "s" else 1
    assert (0, 0, [str(source)]) == (kept.removed, kept.vanished, [s.item for s in kept.skipped])
    assert (gone, ()) == (dry.removed, dry.skipped)
    assert gone == pruned.removed
    assert [str(sources.parent / "none")] == [skip.item for skip in pruned.skipped]
    assert 3 - gone == len(contents(folder))


def test_releases_on_an_absent_disk_are_not_pruned(tmp_path: Path, folder: Path) -> None:
    """When the folder around a source is empty, as for an absent disk, nothing is removed."""
    source = tmp_path / "disk" / "news" / "2024"
    put(source / "a.txt", _text(THREE[0]))
    index_words(folder, [source])
    shutil.rmtree(tmp_path / "disk" / "news")
    report = index_words(folder, [source], prune=True)

    assert (0, [str(source)]) == (report.removed, [skip.item for skip in report.skipped])
    assert {"a"} == set(contents(folder))


def test_a_record_that_left_its_file_is_missing(sources: Path, folder: Path) -> None:
    """A record that is no longer in its file counts as missing."""
    records = put(sources / "d.jsonl", "\n".join(
        json.dumps({"id": n, "text": _text(n)}) for n in ("r1", "r2")))  # fmt: skip
    index_words(folder, [sources])
    put(records, json.dumps({"id": "r2", "text": _text("r2")}), age_s=50)

    assert 1 == index_words(folder, [sources]).vanished
    assert 1 == index_words(folder, [sources], prune=True).removed
    assert "r2" in contents(folder)


def test_a_dry_run_tells_and_changes_nothing(sources: Path, folder: Path) -> None:
    """A dry run reports what an update would do, and changes no byte."""
    told = update_collection(folder, [sources], dry_run=True)
    assert (3, True) == (told.added, told.dry_run)
    assert not folder.exists()
    index_words(folder, [sources])
    put(sources / "a.txt", _text("Changed"), age_s=50)
    put(sources / "n.txt", _text("New"))
    put(sources / "bad.txt", b"")
    (sources / "b.txt").unlink()
    before = fingerprint(folder)
    told = update_collection(folder, [sources], dry_run=True, prune=True)
    assert before == fingerprint(folder)
    done = index_words(folder, [sources], prune=True)

    for name in ("added", "updated", "unchanged", "removed", "vanished", "skipped"):
        assert getattr(done, name) == getattr(told, name), name
    assert (1, 1, 1, 1) == (told.added, told.updated, told.unchanged, told.removed)


def test_removing_takes_passages_and_vectors_along(collection_copy: Path) -> None:
    """A removed release is not found by either search; others take its place."""
    with searching(collection_copy) as searcher:
        question = "Which Korean minister did Mélanie Joly hold talks with?"
        best = by_meaning(searcher, question, 3)
    gone = best[0][0].partition("#")[0]
    report = remove_releases(collection_copy, [gone, gone])

    assert 1 == report.removed
    assert gone not in contents(collection_copy)
    with searching(collection_copy) as searcher:
        hits = by_meaning(searcher, question, 60) + by_words(searcher, question, 60)
        assert not any(name.startswith(f"{gone}#") for name, _ in hits)
        assert 60 == len(by_meaning(searcher, question, 60))
        assert len(searcher.indexes.vectors or ()) == searcher.store.value(
            "SELECT count(*) FROM vectors"
        )
        assert [] == searcher.indexes.notes


def test_removing_is_all_or_nothing(collection_copy: Path, tmp_path: Path) -> None:
    """With one unknown id nothing is removed; a missing collection is not created."""
    before = contents(collection_copy)

    with pytest.raises(ReleaseNotFoundError, match="'none'"):
        remove_releases(collection_copy, ["killick-1-satellite", "none"])
    assert before == contents(collection_copy)
    with pytest.raises(CollectionNotFoundError):
        remove_releases(tmp_path / "x", ["a"])
    assert not (tmp_path / "x").exists()


def test_a_removal_that_fails_can_be_run_again(collection_copy: Path, tmp_path: Path) -> None:
    """When an index cannot be written, nothing is removed yet, and the same command succeeds."""
    before = contents(collection_copy)
    derived = collection_copy / "derived"
    derived.rename(tmp_path / "elsewhere")
    derived.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError, match="symbolic link"):
        remove_releases(collection_copy, ["killick-1-satellite"])
    assert before == contents(collection_copy)
    derived.unlink()
    (tmp_path / "elsewhere").rename(derived)

    assert 1 == remove_releases(collection_copy, ["killick-1-satellite"]).removed
    assert 21 == len(contents(collection_copy))
    assert [] == list(verify_collection(collection_copy).findings)


def test_words_are_searchable_before_meaning(sources: Path, folder: Path) -> None:
    """An update that stops before encoding is searchable by words; the next one encodes."""
    report = index_words(folder, [sources])
    with searching(folder) as searcher:
        assert report.interrupted
        assert report.to_encode == report.passages > 0
        assert "b" == by_words(searcher, "museums")[0][0][0]
        assert collection_status(searcher.store).to_encode == report.passages
        assert [] == searcher.indexes.notes
    finished = update_collection(folder, [sources])

    assert (3, report.passages, 0) == (finished.unchanged, finished.encoded, finished.to_encode)
    with searching(folder) as searcher:
        assert "b" == by_meaning(searcher, "museums in the north", 1)[0][0][0]


def test_interrupted_encoding_goes_on_with_the_rest(
    sources: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passages encoded before an interruption are searchable and not encoded again."""
    monkeypatch.setattr(embed, "_BATCH", 2)
    stopper = Stopper("meaning", done=2)
    first = update_collection(
        folder, [sources], progress=stopper.progress, cancelled=stopper.cancelled
    )
    with searching(folder) as searcher:
        found = by_meaning(searcher, "the repair of a ferry", 9)
    second = update_collection(folder, [sources])

    assert (2, True) == (first.encoded, first.interrupted)
    assert ["a#1"] == [name for name, _ in found]  # the other is a headline
    assert first.to_encode == second.encoded == second.passages - 2


def test_cancelling_while_reading_keeps_what_was_stored(tmp_path: Path, folder: Path) -> None:
    """An update cancelled in a long file keeps complete batches; the next one reads the rest."""
    lines = [json.dumps({"id": f"r{n}", "text": _text(f"Number {n}")}) for n in range(450)]
    path = put(tmp_path / "s" / "a.jsonl", "\n".join(lines))
    stopper = Stopper("read", done=200)
    first = update_collection(
        folder, [path], progress=stopper.progress, cancelled=stopper.cancelled
    )
    second = index_words(folder, [path])

    assert (200, True, 0) == (first.added, first.interrupted, first.vanished)
    assert (250, 0, 200) == (second.added, second.updated, second.unchanged)
    assert 450 == len(contents(folder))


def test_a_bad_record_is_named_by_every_update(tmp_path: Path, folder: Path) -> None:
    """A line that cannot be read is reported by every update; the others stay unchanged."""
    good = json.dumps({"id": "r", "text": _text("First")})
    path = put(tmp_path / "s" / "a.jsonl", f"{good}\nnot JSON\n")
    reports = [index_words(folder, [path]) for _ in range(3)]

    assert [1, 0, 0] == [report.added for report in reports]
    assert [0, 1, 1] == [report.unchanged for report in reports]
    for report in reports:
        assert ["a.jsonl: line 2"] == [skip.item.rpartition("/")[2] for skip in report.skipped]
    put(path, f"{good}\n", age_s=30)
    assert () == index_words(folder, [path]).skipped


def test_gzip_that_expands_without_end_is_given_up(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """47: A gzip file that expands without end is skipped in bounded time."""
    monkeypatch.setattr(gzip_stream, "FREE_BYTES", 20_000)
    line = json.dumps({"id": "r", "text": "The same words again. " * 400}).encode() + b"\n"
    bomb = put(tmp_path / "s" / "bomb.jsonl.gz", gzip.compress(line * 300))
    lines = [json.dumps({"id": n, "text": _text(hashlib.sha256(n.encode()).hexdigest() * 9)})
             for n in map(str, range(60))]  # fmt: skip
    plain = put(tmp_path / "s" / "plain.jsonl.gz", gzip.compress("\n".join(lines).encode()))

    report = index_words(folder, [bomb, plain])

    (skip,) = report.skipped
    assert skip.item.endswith("bomb.jsonl.gz")
    assert "expands to more than 100 times its size" in skip.reason
    assert set(map(str, range(60))) <= set(contents(folder))


def test_standard_input_need_not_be_rewindable(folder: Path) -> None:
    """Records are read from a pipe, which cannot seek; a second time they are unchanged."""
    lines = "\n".join(json.dumps({"id": n, "text": _text(n) * 300}) for n in THREE).encode()

    def through_a_pipe() -> io.BufferedReader:
        reading, writing = os.pipe()

        def write() -> None:
            with os.fdopen(writing, "wb") as stream:
                stream.write(lines)

        threading.Thread(target=write, daemon=True).start()
        return os.fdopen(reading, "rb")

    for expected in ((3, 0), (0, 3)):
        with through_a_pipe() as stream:
            report = index_words(folder, ["-"], stdin=stream)
        assert expected == (report.added, report.unchanged)
    assert {"standard input"} == {source for _, source, _ in contents(folder).values()}
    assert set(THREE) == set(contents(folder))


def test_an_id_belongs_to_one_source(sources: Path, folder: Path) -> None:
    """A record with the id of another file is skipped while that file exists."""
    one = put(sources / "one.jsonl", json.dumps({"id": "r", "text": _text("First")}))
    two = put(sources / "two.jsonl", json.dumps({"id": "r", "text": _text("Second")}))
    report = index_words(folder, [one, two])
    assert ["its id occurs twice"] == [skip.reason for skip in report.skipped]
    report = index_words(folder, [two])
    assert ["its id belongs to a release of another source"] == [s.reason for s in report.skipped]
    assert "First" in contents(folder)["r"][0].text
    one.unlink()

    assert 1 == index_words(folder, [two]).updated
    assert "Second" in contents(folder)["r"][0].text


@pytest.mark.parametrize(("old", "new"), [("one", "two"), ("two", "one")])
def test_a_release_that_moves_to_another_file_stays(
    old: str, new: str, sources: Path, folder: Path
) -> None:
    """A record that moved unchanged is kept by later runs, until it leaves its new file too."""

    def write(name: str, *ids: str, age_s: int) -> None:
        lines = [json.dumps({"id": n, "text": _text(n)}) for n in ids]
        put(sources / f"{name}.jsonl", "\n".join(lines), age_s=age_s)

    write(old, "r1", "r2", age_s=90)
    write(new, "r3", age_s=90)
    index_words(folder, [sources])
    write(old, "r1", age_s=70)
    write(new, "r3", "r2", age_s=70)

    for _ in range(3):
        report = index_words(folder, [sources], prune=True)
        assert (0, 0, "r2" in contents(folder)) == (report.removed, report.vanished, True)
    write(new, "r3", age_s=50)
    assert 1 == index_words(folder, [sources], prune=True).removed


def test_derived_files_never_change_and_old_ones_go(sources: Path, folder: Path) -> None:
    """An artifact never changes; after an update only the current ones remain."""
    update_collection(folder, [sources])
    before = fingerprint(folder / "derived")
    inodes = {path.stat().st_ino: path.name for path in (folder / "derived").iterdir()}
    put(folder / "derived" / f".words-{0:032x}", b"x")
    put(sources / "n.txt", _text("New"))
    update_collection(folder, [sources])
    after = fingerprint(folder / "derived")

    assert 2 == len(inodes)
    assert 2 == len(list((folder / "derived").iterdir()))
    assert not {name.partition("/")[0] for name in before} & {n.partition("/")[0] for n in after}
    with Store(folder) as store:
        current = {name for (name,) in store.rows("SELECT name FROM derived")}
    assert current == {path.name for path in (folder / "derived").iterdir()}


def test_an_open_searcher_outlives_an_update(sources: Path, folder: Path) -> None:
    """A searcher opened before an update still searches what it opened."""
    update_collection(folder, [sources])
    with searching(folder) as searcher:
        before = by_words(searcher, "museums"), by_meaning(searcher, "museums", 3)
        state = searcher.state
        put(sources / "n.txt", _text("New"))
        update_collection(folder, [sources])
        assert before == (by_words(searcher, "museums"), by_meaning(searcher, "museums", 3))
        assert state != searcher.state


def test_at_rest_a_collection_has_no_side_files(collection_copy: Path) -> None:
    """After an update the folder contains the store, the lock and the artifacts, and no log."""
    assert {"collection.sqlite3", "lock", "derived"} == {p.name for p in collection_copy.iterdir()}


def test_many_new_files_take_even_time(tmp_path: Path, folder: Path) -> None:
    """Finding moved files does not take quadratic time."""
    for number in range(400):
        put(tmp_path / "s" / f"{number}.txt", f"Release {number}\n\nWords of {number}.\n")
    started = time.process_time()
    report = update_collection(folder, [tmp_path / "s"], dry_run=True)

    assert 400 == report.added
    assert time.process_time() - started < 60


def test_what_is_skipped_does_not_stop_the_rest(sources: Path, folder: Path) -> None:
    """Bad files are reported with the reason, and the good ones are stored."""
    put(sources / "empty.txt", b"")
    put(sources / "noise.txt", b"\x00\x01\x02" * 99)
    report = index_words(folder, [sources, sources / "none.txt"])

    assert 3 == report.added
    assert {
        "s/empty.txt": "no text",
        "s/noise.txt": "not text: binary data",
        str(sources / "none.txt"): "no such file or directory",
    } == {skip.item: skip.reason for skip in report.skipped}


def test_the_fields_of_a_source_are_stored_unchanged(folder: Path, tmp_path: Path) -> None:
    """Title, date, issuer, language, address and other fields are stored unchanged."""
    record = {
        "id": "r", "title": "T", "text": RELEASE, "date": "2020-01-02T03:04:05Z", "issuer": "I",
        "lang": "fr-CA", "url": "https://example.org/r", "topic": ["a", {"b": 1}], "n": 1.5,
    }  # fmt: skip
    index_words(folder, [put(tmp_path / "a.jsonl", json.dumps(record))])
    release = contents(folder)["r"][0]

    assert ("T", "2020-01-02", "I", "fr") == (
        release.title, release.date, release.issuer, release.lang,
    )  # fmt: skip
    assert "https://example.org/r" == release.url
    assert {"topic": ["a", {"b": 1}], "n": 1.5, PLACE: "HALIFAX"} == release.metadata
    assert RELEASE.strip("\n") == release.text
