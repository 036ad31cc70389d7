"""The soak: a few of its kills, and faults that it has to find.

The kills are at steps, not at moments, so that each run is the same.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import ROOT, process_environment
from planted_faults import FAULTS
from soak import Counts, Journal
from soak_reader import MemoryRun

_SOAK = ROOT / "benchmarks" / "soak.py"


def soak(*options: str) -> tuple[int, str]:
    """Kill some commands; return the exit status and what it printed."""
    done = subprocess.run(
        [sys.executable, _SOAK, "--steps", "--minutes", "0", "--lanes", "1", *options],
        capture_output=True, text=True, check=False,
        env=process_environment({"OMP_NUM_THREADS": "1"}),
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
@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_planted_fault_is_noticed(fault: str) -> None:
    """Commands in which the order of two steps was changed, or one left out, do harm."""
    status, out = soak("--kills", "0", "--control", fault)

    assert f"control, {fault} (" in out, out
    assert "): noticed at kill " in out, out
    assert 0 == status, out


def test_an_interrupted_run_goes_on_from_its_journal(tmp_path: Path) -> None:
    """What each step counted is added up; kills, harm and controls are all there."""
    journal = Journal(tmp_path / "journal")
    first, second = Counts(moments=1), Counts(asked=3, controls={"row first": "noticed"})
    first.kills["index"], second.kills["index"], second.ended["watch"] = 2, 1, 4
    second.harm["lost"].append("r1")
    expected = Counts(moments=1, asked=3, controls={"row first": "noticed"})
    expected.kills["index"], expected.ended["watch"] = 3, 4
    expected.harm["lost"].append("r1")

    assert Counts() == journal.read()
    journal.add(first)
    journal.add(second)
    assert expected == journal.read()


def test_memory_that_grows_is_told_from_memory_that_is_flat() -> None:
    """By a line through the readings after the warm-up, whatever single readings do."""

    def run(*, slope: float) -> MemoryRun:
        sizes = [400 + min(n, 20) * 5 + slope * n + (n % 7) for n in range(120)]
        return MemoryRun(readings=[(10.0 * n, int(size * 1e6)) for n, size in enumerate(sizes)])

    flat, growing = run(slope=0.0), run(slope=0.5)
    assert (False, True) == (flat.grew, growing.grew)
    assert 0.08 < (growing.growth or 0) < 0.10
    assert MemoryRun(readings=flat.readings[:8]).growth is None
