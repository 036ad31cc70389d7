"""Commands on a collection in any order, some of them killed, against a dictionary."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import ROOT, SUPPORT, process_environment
from planted_faults import VARIABLE

EXAMPLES = "RELEASEQA_EXAMPLES"
"""Environment variable with the number of examples to draw, other ones in each run."""


def run_machine(*options: str, fault: str = "") -> subprocess.CompletedProcess[str]:
    """Run `collection_machine.py`."""
    return subprocess.run(
        [sys.executable, Path(SUPPORT) / "collection_machine.py", *options],
        capture_output=True, text=True, check=False,
        env=process_environment({
            "PYTHONPATH": f"{ROOT}{os.pathsep}{SUPPORT}", VARIABLE: fault, "OMP_NUM_THREADS": "1",
        }),
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the commands are forked")
def test_a_collection_holds_what_it_must_after_any_commands(exported_encoder: None) -> None:
    """Index, change, withdraw, remove, prune, repair, kill, ask and refresh, as drawn."""
    del exported_encoder
    wanted = os.environ.get(EXAMPLES)
    done = run_machine(*["--random", "--examples", wanted, "--steps", "40"] if wanted else ())

    assert 0 == done.returncode, done.stdout[-3000:] + done.stderr[-5000:]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the commands are forked")
@pytest.mark.parametrize("fault", ["source first", "not reread"])
def test_a_planted_fault_is_found(fault: str) -> None:
    """A source recorded before its releases are stored, and one not read again, are noticed."""
    done = run_machine("--play", fault=fault)

    assert 1 == done.returncode
    assert "AssertionError: held: " in done.stderr, done.stderr[-3000:]
