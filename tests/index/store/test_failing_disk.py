"""Commands on a disk that fails at a write, a syncing, a renaming or a lock."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import SUPPORT, process_environment

EVERY_POINT = "RELEASEQA_EVERY_POINT"
"""Environment variable that makes every call fail once, not one of each kind."""
COMMANDS = {
    "index", "index, new", "remove", "verify --repair", "backup", "batch -o", "ask --session",
    "judge",
}  # fmt: skip


@pytest.fixture(name="shim", scope="module")
def _shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that makes calls fail."""
    compiler = next(filter(shutil.which, ("cc", "gcc", "clang")), None)
    if not sys.platform.startswith("linux") or compiler is None:
        pytest.skip("a disk that fails needs Linux and a C compiler (cc, gcc or clang)")
    path = tmp_path_factory.mktemp("shim") / "failing_disk.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", path, SUPPORT / "failing_disk.c", "-ldl"],
        check=True,
    )
    return path


@pytest.mark.slow
def test_a_disk_that_fails_at_any_call_loses_nothing(shim: Path, tmp_path: Path) -> None:
    """One line says what to do, exit code 1; all that was there is there; the next run completes.

    Also without locks, and on a disk that becomes full in the middle of a write.
    """
    points = "0" if os.environ.get(EVERY_POINT) else "1"
    done = subprocess.run(
        [sys.executable, SUPPORT / "failing_disks.py", tmp_path, "--points", points],
        capture_output=True, text=True, check=False,
        env=process_environment({"LD_PRELOAD": str(shim)}),
    )  # fmt: skip
    assert 0 == done.returncode, done.stderr
    results = [json.loads(line) for line in done.stdout.splitlines()]

    assert [] == [result for result in results if result["faults"]]
    failed = {result["command"] for result in results if result["code"] == 1}
    assert COMMANDS == failed
    kinds = {(result["call"], result["error"]) for result in results if result["code"] == 1}
    assert {
        ("write", "ENOSPC"), ("write", "EIO"), ("sync", "EIO"), ("name", "ENOSPC"),
        ("name", "EIO"), ("lock", "ENOLCK"),
    } == kinds  # fmt: skip
