"""Where this checkout and its data are, and the environment that runs it as a process."""

import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
SUPPORT = ROOT / "tests" / "support"
EVALUATION_SETS = ROOT.parent / "shared"
"""Evaluation sets and real releases; tests that need them are skipped where it is absent."""


def process_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a process that runs this checkout."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", **(extra or {})}
