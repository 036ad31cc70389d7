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
