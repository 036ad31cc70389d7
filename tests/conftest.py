"""What all tests share: no network, no settings of whoever runs them, one real collection."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import milvus_server
import pytest
from built_collections import build_once, copied
from checkout import EVALUATION_SETS, SAMPLES
from hypothesis import settings
from loaded_models import loaded_once

if TYPE_CHECKING:
    from index.encoders.model import Model
    from index.encoders.sbert import BulkEncoder
    from index.structure.passages import EncoderWindow

os.environ.setdefault("HF_HUB_OFFLINE", "1")
# Workers share the cores: more threads of torch and FAISS would only wait for one another.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.pop("RELEASEQA_INDEX", None)
# How long an example takes depends on what else the machine does.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

# A shell's background job ignores Ctrl+C, and one under nohup hangups; so would every program that
# the tests interrupt or whose terminal they close.
for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, usual)


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all worker processes of this run of the tests share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session", autouse=True)
def _encoder_cache(run_folder: Path) -> Iterator[None]:
    """Keep the exported encoder out of the user's cache, unless another place is named."""
    if "RELEASEQA_CACHE" in os.environ:
        yield
        return
    os.environ["RELEASEQA_CACHE"] = str(run_folder / "cache")
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


@pytest.fixture(scope="session", autouse=True)
def _models_loaded_once() -> Iterator[None]:
    """Have each worker load a model once: a test that only uses one need not load it anew."""
    with loaded_once():
        yield


@pytest.fixture(scope="session")
def built_samples(run_folder: Path) -> Path:
    """The collection of the sample releases that the first worker in need of it makes for all.

    It is made with the real encoder, as the first collection of a user is. The exported encoder
    is made on the way.
    """
    from index.ingest.update import update_collection

    def build(folder: Path) -> None:
        report = update_collection(folder, [SAMPLES / "releases"])
        assert ((), 0) == (report.skipped, report.to_encode)

    return build_once(run_folder / "samples", build)


@pytest.fixture(scope="session")
def exported_encoder(built_samples: Path) -> None:
    """The exported encoder, so that an update of a few passages does not load torch."""
    del built_samples


@pytest.fixture(scope="session")
def sample_collection(built_samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of the sample releases, one for each worker; read only."""
    return copied(built_samples, tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="session")
def milvus() -> Iterator[str]:
    """The start of addresses on a Milvus server; skips where there is none."""
    if reason := milvus_server.missing():
        pytest.skip(reason)
    with milvus_server.milvus_server() as start:
        yield start


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
    return copied(sample_collection, tmp_path / "copy")
