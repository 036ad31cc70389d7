"""A chat that is killed: earlier questions and answers are saved."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import ROOT


@pytest.mark.terminal
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_a_kill_loses_at_most_the_running_question(sample_collection: Path) -> None:
    """SIGKILL while the whole program answers, a few times: the file of sessions is whole, every
    question before the last is there, and no answer that was kept has changed.
    """
    script = ROOT / "benchmarks" / "kill_sessions.py"
    done = subprocess.run(
        [sys.executable, str(script), "--kills", "4", "--index", str(sample_collection)],
        capture_output=True, text=True, check=False, timeout=600,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip

    assert "4 kills" in done.stdout, done.stderr
    assert "harm done: 0" in done.stdout, done.stdout
    assert 0 == done.returncode
