"""The training's own parts: what ships can be trained further."""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from qa.reader.file import FILE

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "qa" / "data" / FILE
sys.path.insert(0, str(ROOT / "training"))

from average_readers import mean  # noqa: E402
from shipped import from_file  # noqa: E402


def test_the_network_of_the_shipped_file_reads_as_the_file_does() -> None:
    """Training goes on from what ships, up to what rounding costs."""
    network = from_file(SHIPPED).eval()
    session = onnxruntime.InferenceSession(str(SHIPPED), providers=["CPUExecutionProvider"])
    draw = np.random.default_rng(1)
    ids = draw.integers(1000, 20000, (1, 90))
    types = (np.arange(90)[None] > 15).astype(np.int64)
    (want,) = session.run(None, {"ids": ids, "types": types})
    with torch.no_grad():
        got = network(torch.tensor(ids), torch.ones((1, 90), dtype=int), torch.tensor(types))

    assert np.corrcoef(want.ravel(), got.numpy().ravel())[0, 1] > 0.99


def test_the_mean_of_a_reader_and_another_lies_between_them(tmp_path: Path) -> None:
    """Every weight counts the same from each."""
    one = from_file(SHIPPED)
    first = {name: value.clone() for name, value in one.state_dict().items()}
    with torch.no_grad():
        for value in one.parameters():
            value.add_(1.0)
    torch.save({"network": one.state_dict()}, tmp_path / "other.pt")

    found = mean([SHIPPED, tmp_path / "other.pt"]).state_dict()

    name = "encoder.encoder.layer.0.output.dense.weight"
    assert torch.allclose(found[name], first[name] + 0.5, atol=1e-6)
    assert torch.allclose(found["head.bias"], first["head.bias"] + 0.5, atol=1e-6)
