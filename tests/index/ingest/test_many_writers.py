"""Many processes write to one collection at once."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import SUPPORT, process_environment

WRITERS = 8


@pytest.mark.parametrize("wait", [True, False], ids=["waiting", "trying again"])
def test_many_writers_lose_nothing(wait: bool, tmp_path: Path) -> None:
    """They wait for one another, or are refused in one sentence; the collection is whole.

    They create it, index, remove and repair.
    """
    done = subprocess.run(
        [sys.executable, SUPPORT / "many_writers.py", tmp_path, "--writers", str(WRITERS),
         *["--wait"] * wait],
        capture_output=True, text=True, check=False, env=process_environment(),
    )  # fmt: skip
    assert 0 == done.returncode, done.stderr
    *refused, found = map(json.loads, done.stdout.splitlines())

    sentence = f"another process is writing to {tmp_path / 'c'}; try again later, or use --wait"
    assert 2 * WRITERS + 1 == len(refused)
    assert all(said in ([], [sentence]) for said in refused)
    if wait:
        assert not any(refused)
    assert {
        "releases": [f"r{number}" for number in range(1, WRITERS)], "to encode": 0,
        "findings": [], "strays": [[], []], "files": ["collection.sqlite3", "derived", "lock"],
    } == found  # fmt: skip
