"""What the tests of the command line share: ways to run a command over the samples."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from checkout import process_environment
from typer.testing import CliRunner, Result

from qa.cli.app import app

Run = Callable[..., Result]
Spawn = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    for name in [name for name in os.environ if name.startswith("RELEASEQA_")]:
        if name != "RELEASEQA_CACHE":
            monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("RELEASEQA_DATA", str(tmp_path / "data"))


@pytest.fixture(name="run")
def _run(sample_collection: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process, in the folder of the samples' collection."""
    monkeypatch.chdir(sample_collection.parent)

    def run(*words: str, stdin: bytes | str | None = None) -> Result:
        return CliRunner().invoke(app, list(words), input=stdin)

    return run


@pytest.fixture(name="spawn")
def _spawn(sample_collection: Path) -> Spawn:
    """Run a command as a process of its own, in the folder of the samples' collection."""

    def spawn(
        *words: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [sys.executable, "-m", "qa", *words],
            input=stdin,
            capture_output=True,
            cwd=sample_collection.parent,
            env=process_environment(env),
            timeout=120,
            check=False,
        )

    return spawn
