"""What all tests share: no network, no settings of whoever runs them, one real collection."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.pop("RELEASEQA_INDEX", None)

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session", autouse=True)
def _exported_encoder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the exported encoder out of the user's cache, unless another place is named."""
    if "RELEASEQA_CACHE" in os.environ:
        yield
        return
    os.environ["RELEASEQA_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield
    del os.environ["RELEASEQA_CACHE"]


@pytest.fixture(scope="session")
def sample_collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of the sample releases, made once with the real encoder; read only."""
    from index.update import update_collection

    folder = tmp_path_factory.mktemp("samples") / ".releaseqa"
    report = update_collection(folder, [SAMPLES / "releases"])
    assert ((), 0) == (report.skipped, report.to_encode)
    return folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of evaluation sets and real releases; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the evaluation sets (../shared) are not here")
    return SHARED
