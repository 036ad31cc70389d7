"""The soak: a few of its kills, and faults that it has to find.

The kills are at points, not at moments, so that the same happens however busy the machine is.
"""

import os
import subprocess
import sys

import pytest
from checkout import ROOT, process_environment
from planted_faults import VARIABLE
from soak_reader import MemoryRun

_SOAK = ROOT / "benchmarks" / "soak.py"


def soak(*options: str, fault: str = "") -> tuple[int, str]:
    """Kill some commands; return the exit status and what it printed."""
    done = subprocess.run(
        [sys.executable, _SOAK, "--points", "--minutes", "0", "--lanes", "1", *options],
        capture_output=True, text=True, check=False,
        env=process_environment({VARIABLE: fault, "OMP_NUM_THREADS": "1"}),
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the commands are forked")
def test_a_few_kills_do_no_harm() -> None:
    """Nothing is lost, wrong or different, whatever command was killed."""
    commands = ("index --prune", "remove", "verify --repair", "batch", "watch", "conversation")
    only = [word for name in commands for word in ("--only", name)]
    status, out = soak("--kills", "8", *only)

    assert "8 kills: " in out, out
    assert "lost: 0, wrong: 0, different: 0" in out, out
    assert 0 == status


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the commands are forked")
@pytest.mark.parametrize(
    ("fault", "command", "found"),
    [
        ("removed first", "batch", "lost: the output is None"),
        ("turn unsaved", "conversation", "lost: an answer that was shown is not saved"),
    ],
)
def test_a_planted_fault_is_found(fault: str, command: str, found: str) -> None:
    """Commands in which the order of two steps was changed, or one left out, do harm."""
    status, out = soak("--kills", "6", "--only", command, fault=fault)

    assert f"{command}: {found}" in out, out
    assert 1 == status


def test_memory_that_grows_is_told_from_memory_that_is_flat() -> None:
    """By a line through the readings after the warm-up, whatever single readings do."""

    def run(*, slope: float) -> MemoryRun:
        sizes = [400 + min(n, 20) * 5 + slope * n + (n % 7) for n in range(120)]
        return MemoryRun(readings=[(10.0 * n, int(size * 1e6)) for n, size in enumerate(sizes)])

    flat, growing = run(slope=0.0), run(slope=0.5)
    assert (False, True) == (flat.grew, growing.grew)
    assert 0.08 < (growing.growth or 0) < 0.10
    assert MemoryRun(readings=flat.readings[:8]).growth is None
