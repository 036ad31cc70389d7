"""What all tests share: no network, no settings of whoever runs them, one real collection."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from checkout import EVALUATION_SETS, SAMPLES

if TYPE_CHECKING:
    from index.encoders.model import Model
    from index.encoders.sbert import BulkEncoder
    from index.structure.passages import EncoderWindow

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.pop("RELEASEQA_INDEX", None)

# A shell's background job ignores Ctrl+C, and one under nohup hangups; so would every program that
# the tests interrupt or whose terminal they close.
for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, usual)


@pytest.fixture(scope="session", autouse=True)
def _exported_encoder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the exported encoder out of the user's cache, unless another place is named."""
    if "RELEASEQA_CACHE" in os.environ:
        yield
        return
    os.environ["RELEASEQA_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield
    del os.environ["RELEASEQA_CACHE"]


@pytest.fixture(scope="session", autouse=True)
def _own_sessions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what tests ask out of the saved conversations of whoever runs them."""
    before = os.environ.get("RELEASEQA_DATA")
    os.environ["RELEASEQA_DATA"] = str(tmp_path_factory.mktemp("data"))
    yield
    if before is None:
        del os.environ["RELEASEQA_DATA"]
    else:
        os.environ["RELEASEQA_DATA"] = before


@pytest.fixture(scope="session")
def sample_collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of the sample releases, made once with the real encoder; read only."""
    from index.ingest.update import update_collection

    folder = tmp_path_factory.mktemp("samples") / ".releaseqa"
    report = update_collection(folder, [SAMPLES / "releases"])
    assert ((), 0) == (report.skipped, report.to_encode)
    return folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of evaluation sets and real releases; skips where it is absent."""
    if not EVALUATION_SETS.is_dir():
        pytest.skip("the evaluation sets (../shared) are not here")
    return EVALUATION_SETS


@pytest.fixture(scope="session")
def model() -> "Model":
    """The packaged model."""
    from index.encoders.model import load_model

    return load_model()


@pytest.fixture(scope="session")
def window(model: "Model") -> "EncoderWindow":
    """The window of the packaged model."""
    from index.encoders.tokenizer import passage_window

    return passage_window(model.folder, model.spec.max_length, model.spec.passage_prefix)


@pytest.fixture(scope="session")
def bulk_encoder(model: "Model") -> "BulkEncoder":
    """The packaged model as passages are encoded with it, loaded once."""
    from index.encoders.sbert import BulkEncoder

    return BulkEncoder(model)


@pytest.fixture
def collection_copy(sample_collection: Path, tmp_path: Path) -> Path:
    """The collection of the sample releases, to be changed or damaged."""
    return Path(shutil.copytree(sample_collection, tmp_path / "copy" / ".releaseqa"))


@pytest.fixture
def kept_encoder(
    bulk_encoder: "BulkEncoder", model: "Model", monkeypatch: pytest.MonkeyPatch
) -> None:
    """Have updates use the packaged model as it is loaded already: loading it takes a second."""
    from index.encoders import sbert as module

    load = module.BulkEncoder
    monkeypatch.setattr(
        module, "BulkEncoder", lambda wanted: bulk_encoder if wanted == model else load(wanted)
    )
