"""Keeping the smallest inputs of a corpus; skipped where the fuzzer is not installed."""

import subprocess
import sys
from pathlib import Path

import pytest
from checkout import ROOT

MAIN = ROOT / "tests" / "support" / "fuzzing" / "__main__.py"


def test_the_smallest_inputs_of_a_corpus_are_kept(tmp_path: Path) -> None:
    """Inputs that reach what smaller ones do not are kept, and the others are not."""
    pytest.importorskip("atheris")
    corpus, smallest = tmp_path / "a corpus", tmp_path / "the smallest"
    for folder in (corpus, smallest):
        folder.mkdir()
    for number, data in enumerate((b"k = 7\n", b"k = 7\n#\n" * 100, b"[keys\n", b"k = 'x'\n")):
        (corpus / str(number)).write_bytes(data)

    command = [sys.executable, MAIN, "--merge", "settings_files", corpus, smallest]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)

    kept = [path.read_bytes() for path in smallest.iterdir()]
    assert b"k = 7\n" in kept
    assert b"k = 7\n#\n" * 100 not in kept
