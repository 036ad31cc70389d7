"""Commands under a power cut at any moment: what was acknowledged is there, and they go on."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from checkout import ROOT, process_environment
from crash_states import Disk
from traced_disk import ROOT as TOP
from traced_disk import Enter, Leave, Move, Operation, Resize, Sync, Write, operations

STATES, SEED = 40, 11
CONTROLS = (
    "syncing of disk", "syncing of disk/c/collection.sqlite3-wal",
    "syncing of disk/c/derived/words-*/meta.json", "renaming to disk/answers.jsonl",
)  # fmt: skip
UNTRACEABLE = 3
"""The exit status where nothing can be traced."""


def cut(*options: str) -> list[dict[str, Any]]:
    """Cut the power of the commands; return what was wrong, and the counts."""
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "power_cuts.py", "--json", "--jobs", "1",
         "--seed", str(SEED), *options],
        capture_output=True, text=True, check=False, env=process_environment(),
    )  # fmt: skip
    if done.returncode == UNTRACEABLE:
        pytest.skip(done.stderr.strip())
    assert done.returncode in (0, 1), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
def test_a_power_cut_at_any_moment_loses_nothing() -> None:
    """A sample of what is left: each opens as it was at a commit, and going on gives the same.

    A program that does not sync its log, its words or the collection's name, or that does not
    rename the output of a batch into place, is caught. `make powercut` opens thousands of states.
    """
    options = [word for control in CONTROLS for word in ("--control", control)]
    *wrong, counts = cut("--states", str(STATES), *options)

    assert [] == [fault for fault in wrong if not fault["left out"]]
    assert STATES <= counts["states"]
    assert 10 == len(counts["of"])
    assert 0 not in counts["of"].values()
    assert (len(CONTROLS), []) == (counts["controls"], counts["missed"])


@pytest.mark.slow
def test_a_program_that_copies_in_place_of_renaming_is_caught() -> None:
    """A store that is copied over another is there in part."""
    found = cut("--states", "200", "--copy", "--only", "restore --force", "--only", "batch -o")

    assert {"restore --force", "batch -o"} == {r["command"] for r in found if "faults" in r}


def after(*done: Operation, folders: frozenset[int] = frozenset({TOP})) -> Disk:
    """A disk after some operations; files have the numbers from 1 on."""
    disk = Disk(folders)
    for number, operation in enumerate(done):
        disk.apply(number, operation)
    return disk


def states(disk: Disk) -> set[tuple[tuple[str, bytes | None], ...]]:
    """Many states of a disk after a power cut."""
    return {tuple(disk.tree(f"drawn {seed}").items()) for seed in range(400)}


def test_what_was_not_synced_can_be_lost_in_any_part() -> None:
    """A name, the data, both or none; of a write whole blocks, with zeros in place of others."""
    data = b"a" * 512 + b"b" * 512
    found = states(after(Enter(TOP, "f", 1), Write(1, 0, data)))
    whole = {b"", data, b"a" * 512, bytes(512) + b"b" * 512}

    assert {(), *((("f", content),) for content in whole)} == found


def test_a_file_keeps_its_synced_content_and_its_name_once_the_folder_is_synced() -> None:
    """Syncing the file alone leaves its name in doubt."""
    named = [Enter(TOP, "f", 1), Write(1, 0, b"x"), Sync(1)]

    assert {(), (("f", b"x"),)} == states(after(*named))
    assert {(("f", b"x"),)} == states(after(*named, Sync(TOP)))
    later = after(*named, Sync(TOP), Resize(1, 0), Write(1, 0, b"yz"))
    assert {b"x", b"", b"yz"} == {content for ((_, content),) in states(later)}


def test_a_renaming_is_done_or_not() -> None:
    """Whatever else is lost, the new name has the old content or the new."""
    before = [Enter(TOP, "f", 1), Write(1, 0, b"old"), Sync(1), Sync(TOP)]
    renamed = [Enter(TOP, "g", 2), Write(2, 0, b"new"), Sync(2), Move(TOP, "g", TOP, "f", 2)]
    found = states(after(*before, *renamed))

    assert {(("f", b"old"),), (("f", b"new"),), (("f", b"old"), ("g", b"new"))} == found
    assert {(("f", b"new"),)} == states(after(*before, *renamed, Sync(TOP)))


def test_each_kind_of_cut_keeps_what_it_says() -> None:
    """All, nothing, one operation or all but one."""
    disk = after(Enter(TOP, "f", 1), Write(1, 0, b"x"), Write(1, 1, b"y"), Leave(TOP, "f"))
    disk.apply(4, Enter(TOP, "g", 1))

    assert {"g": b"xy"} == disk.tree("all")
    assert {} == disk.tree("none")
    assert {"g": b""} == disk.tree("names")
    assert {"f": b"xy", "g": b"xy"} == disk.tree("without 3")
    assert {"f": b""} == disk.tree("only 0")
    assert [0, 1, 2, 3, 4] == disk.pending()


def hexed(text: str) -> str:
    """A text as strace prints it."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in text.encode()) + '"'


def test_a_trace_is_followed_through_threads_and_positions() -> None:
    """Calls that overlap, files in folders that are open, appending, and other folders."""
    lines = f"""
1 mkdir({hexed("/r/d")}, 0777) = 0
1 openat(AT_FDCWD, {hexed("/r/d")}, O_RDONLY|O_DIRECTORY) = 3
1 openat(3, {hexed("f")}, O_WRONLY|O_CREAT, 0666 <unfinished ...>
2 openat(AT_FDCWD, {hexed("/elsewhere")}, O_WRONLY|O_CREAT, 0666) = 5
1 <... openat resumed>) = 4
1 write(4, {hexed("abc")}, 3) = 2
2 write(5, {hexed("no")}, 2) = 2
1 write(4, {hexed("c")}, 1) = 1
1 pwrite64(4, {hexed("X")}, 1, 0) = 1
1 close(4 <unfinished ...>
2 openat(AT_FDCWD, {hexed("/r/d/f")}, O_WRONLY|O_APPEND) = 4
1 <... close resumed>) = 0
2 write(4, {hexed("d")}, 1) = 1
2 fsync(4) = 0
1 rename({hexed("/r/d/f")}, {hexed("/r/g")}) = 0
1 unlink({hexed("/r/none")}) = -1 ENOENT (No such file or directory)
1 fsync(3) = 0
"""
    found = operations(lines.strip().splitlines(), Path("/r"))

    assert (
        Enter(TOP, "d", 1), Enter(1, "f", 2), Write(2, 0, b"ab"), Write(2, 2, b"c"),
        Write(2, 0, b"X"), Write(2, 3, b"d"), Sync(2), Move(1, "f", TOP, "g", 2), Sync(1),
    ) == found.operations  # fmt: skip
    assert {TOP, 1} == found.folders
