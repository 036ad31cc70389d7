"""Random keys and sizes, a short run; `monkey.py` does long ones."""

from pathlib import Path

import monkey
import pytest


@pytest.mark.parametrize("seed", [1, 2])
async def test_random_keys_lose_nothing(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is pressed and however the terminal is resized, the chat goes on with its turns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELEASEQA_DATA", str(tmp_path))
    assert await monkey.run(seed, 150, tmp_path) > 0
