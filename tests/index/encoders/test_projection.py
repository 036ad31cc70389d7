"""Models that multiply their vectors by a matrix."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from index.encoders.cached_folder import cache_folder
from index.encoders.model import DEFAULT_FINGERPRINT, default_folder, load_model
from index.encoders.onnx import OnnxQueryEncoder
from index.encoders.onnx_export import export
from index.encoders.sbert import BulkEncoder
from index.errors import ModelRefusedError

DIMENSION = 384
IDENTITY = "torch.nn.modules.linear.Identity"
QUESTION = "When did the minister visit Korea?"


@pytest.fixture
def projected(tmp_path: Path) -> Callable[..., Path]:
    """Make a folder of the packaged model, with a matrix that takes out the first number."""

    def make(matrix: np.ndarray | None = None, **changes: object) -> Path:
        folder = tmp_path / "model"
        shutil.copytree(default_folder(), folder)
        modules = json.loads((folder / "modules.json").read_text())
        dense = {
            "idx": 3,
            "name": "projection",
            "path": "2_Dense",
            "type": "sentence_transformers.models.Dense",
        }
        (folder / "modules.json").write_text(json.dumps([*modules[:2], dense, *modules[2:]]))
        (folder / "2_Dense").mkdir(exist_ok=True)
        config = {
            "in_features": DIMENSION, "out_features": DIMENSION, "bias": False,
            "activation_function": IDENTITY, **changes,
        }  # fmt: skip
        (folder / "2_Dense" / "config.json").write_text(json.dumps(config))
        if matrix is None:
            matrix = np.diag([0.0, *[1.0] * (DIMENSION - 1)]).astype(np.float32)
        save_file({"linear.weight": matrix}, folder / "2_Dense" / "model.safetensors")
        return folder

    return make


def test_all_vectors_are_multiplied(projected: Callable[..., Path]) -> None:
    """Of questions, passages and sentences, as sentence-transformers does it."""
    model = load_model(str(projected()))
    assert model.spec.fingerprint != DEFAULT_FINGERPRINT
    encoder = BulkEncoder(model)
    question = OnnxQueryEncoder(export(model, encoder.torch_model)).encode([QUESTION])[0]
    passage = encoder.encode([(QUESTION, ((0, 8), (9, len(QUESTION))))])[0]
    by_library = encoder.torch_model.encode(QUESTION, normalize_embeddings=True)

    for vector in (question, passage.passage, *passage.sentences):
        assert vector[0] == pytest.approx(0.0, abs=1e-7)
        assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)
    assert question @ by_library == pytest.approx(1.0, abs=1e-4)
    assert passage.passage @ by_library > 0.999
    assert cache_folder(model.spec.fingerprint).is_dir()


@pytest.mark.parametrize(
    "changes",
    [
        {"activation_function": "torch.nn.modules.activation.Tanh"},
        {"activation_function": "os.system"},
        {"out_features": 128},
        {"bias": True},
    ],
    ids=str,
)
def test_anything_but_a_square_matrix_is_refused(
    projected: Callable[..., Path], changes: dict[str, object]
) -> None:
    """Above all a function that the library would import by its name."""
    with pytest.raises(ModelRefusedError, match="dense module is not supported"):
        load_model(str(projected(**changes)))


def test_a_matrix_of_another_shape_is_refused(projected: Callable[..., Path]) -> None:
    """Whatever its description says."""
    model = load_model(str(projected(np.eye(12, dtype=np.float32))))
    with pytest.raises(ModelRefusedError):
        BulkEncoder(model)
