"""Write a trained reader as the ONNX file that ships with the program.

    python training/export_reader.py --reader /tmp/reader/reader.pt --out qa/data/reader.onnx

Weights are rounded to seven of eight bits (`reduce_range`), one scale a column. Processors without
VNNI add the products of 8-bit numbers in 16 bits, and full-range weights overflow there silently;
with seven bits old and new processors agree closely. The matrix whose rounding changes the logits
most stays in 32 bits: that recovers half of the loss in exact matches, for 1.8 MB.

A reader trained from another encoder (`--backbone`) takes word embeddings instead of tokens: they
are that encoder's own, which the program has already.
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


class _Embedded(torch.nn.Module):
    """The same, from word embeddings."""

    def __init__(self, reader: net.ReaderNetwork) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, embeddings: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        mask = torch.ones(embeddings.shape[:2], dtype=torch.long)
        found = self.reader.encoder(
            inputs_embeds=embeddings, attention_mask=mask, token_type_ids=types
        )
        return self.reader.head(found.last_hidden_state)


def export(reader: net.ReaderNetwork, out: Path, *, embedded: bool = False) -> None:
    """Write a network.

    Args:
        reader: The network.
        out: The file.
        embedded: Whether it takes word embeddings instead of tokens.
    """
    reader.encoder.set_attn_implementation("eager")
    reader.eval()
    whole = _Embedded(reader) if embedded else _Exported(reader)
    taken = "embeddings" if embedded else "ids"
    example, types = _window(reader, 16, np.random.default_rng(0), embedded=embedded)
    with tempfile.TemporaryDirectory() as folder:
        plain, ready = Path(folder) / "plain.onnx", Path(folder) / "ready.onnx"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                whole, (example, types), str(plain), dynamo=False,
                input_names=[taken, "types"], output_names=["logits"], opset_version=17,
                dynamic_axes={name: {1: "length"} for name in (taken, "types", "logits")},
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
    _compare(whole, out, embedded=embedded)


def _window(
    reader: net.ReaderNetwork, length: int, draw: np.random.Generator, *, embedded: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return a window of random tokens, or their embeddings, and its types."""
    ids = torch.from_numpy(draw.integers(1000, 20000, (1, length)))
    types = torch.from_numpy((np.arange(length)[None] > length // 8).astype(np.int64))
    if not embedded:
        return ids, types
    return reader.encoder.embeddings.word_embeddings(ids).detach(), types


def _compare(whole: torch.nn.Module, out: Path, *, embedded: bool) -> None:
    """Print how far the file's logits are from the network's on random windows."""
    session = onnxruntime.InferenceSession(str(out), providers=["CPUExecutionProvider"])
    draw = np.random.default_rng(1)
    apart = []
    taken = "embeddings" if embedded else "ids"
    for _ in range(PROBES):
        window, types = _window(whole.reader, LENGTH, draw, embedded=embedded)
        (got,) = session.run(None, {taken: window.numpy(), "types": types.numpy()})
        with torch.no_grad():
            want = whole(window, types).numpy()
        apart.append(np.abs(got - want).mean())
    megabytes, digest = out.stat().st_size / 1e6, hashlib.sha256(out.read_bytes()).hexdigest()
    print(f"{out}: {megabytes:.1f} MB, sha256 {digest}, logits {np.mean(apart):.3f} apart")


def load(path: Path, backbone: Path | None = None) -> net.ReaderNetwork:
    """Return a trained reader from a checkpoint; `backbone` is the encoder it was trained from."""
    reader = net.from_encoder(backbone or default_folder())
    reader.load_state_dict(torch.load(path, weights_only=True)["network"])
    return reader


def main() -> None:
    """Export one reader."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reader", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--backbone", type=Path, help="folder of the encoder it was trained from")
    options = parser.parse_args()
    reader = load(options.reader, options.backbone)
    export(reader, options.out, embedded=options.backbone is not None)


if __name__ == "__main__":
    main()
