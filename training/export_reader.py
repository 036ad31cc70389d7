"""Write a trained reader as the 8-bit ONNX file that ships with the program.

    python training/export_reader.py --reader /tmp/reader/reader.pt --out qa/data/reader.onnx

Weights are rounded to seven of eight bits (`reduce_range`), one scale a column. Processors without
VNNI add the products of 8-bit numbers in 16 bits, and full-range weights overflow there silently;
with seven bits old and new processors agree closely. The matrix whose rounding changes the logits
most stays in 32 bits: that recovers half of the loss in exact matches, for 1.8 MB.
"""

import argparse
import hashlib
import tempfile
import warnings
from pathlib import Path

import network as net
import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from index.encoders.model import default_folder

PROBES = 40
LENGTH = 120
KEPT_WHOLE = ["/reader/encoder/encoder/layer.0/output/dense/MatMul"]


class _Exported(torch.nn.Module):
    """One window without padding, so without a mask."""

    def __init__(self, reader: net.ReaderNetwork) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, ids: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        return self.reader(ids, torch.ones_like(ids), types)


def export(reader: net.ReaderNetwork, out: Path) -> None:
    """Write `reader` to `out`."""
    reader.encoder.set_attn_implementation("eager")
    reader.eval()
    whole = _Exported(reader)
    ids = torch.randint(1000, 2000, (1, 16))
    with tempfile.TemporaryDirectory() as folder:
        plain, ready = Path(folder) / "plain.onnx", Path(folder) / "ready.onnx"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                whole, (ids, torch.zeros_like(ids)), str(plain), dynamo=False,
                input_names=["ids", "types"], output_names=["logits"], opset_version=17,
                dynamic_axes={name: {1: "length"} for name in ("ids", "types", "logits")},
            )  # fmt: skip
        quant_pre_process(str(plain), str(ready), skip_symbolic_shape=True)
        quantize_dynamic(
            str(ready),
            str(out),
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            nodes_to_exclude=KEPT_WHOLE,
        )
    _compare(whole, out)


def _compare(whole: _Exported, out: Path) -> None:
    """Print how far the file's logits are from the network's on random windows."""
    session = onnxruntime.InferenceSession(str(out), providers=["CPUExecutionProvider"])
    draw = np.random.default_rng(1)
    apart = []
    for _ in range(PROBES):
        ids = draw.integers(1000, 20000, (1, LENGTH))
        types = (np.arange(LENGTH)[None] > 15).astype(np.int64)
        (got,) = session.run(None, {"ids": ids, "types": types})
        with torch.no_grad():
            want = whole(torch.tensor(ids), torch.tensor(types)).numpy()
        apart.append(np.abs(got - want).mean())
    megabytes, digest = out.stat().st_size / 1e6, hashlib.sha256(out.read_bytes()).hexdigest()
    print(f"{out}: {megabytes:.1f} MB, sha256 {digest}, logits {np.mean(apart):.3f} apart")


def load(path: Path) -> net.ReaderNetwork:
    """Return a trained reader from a checkpoint."""
    reader = net.from_encoder(default_folder())
    reader.load_state_dict(torch.load(path, weights_only=True)["network"])
    return reader


def main() -> None:
    """Export one reader."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reader", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    export(load(options.reader), options.out)


if __name__ == "__main__":
    main()
