"""Load the network of an exported reader, to train it further.

Rounding to eight bits changed the weights slightly; a few hundred steps make up for it. Word and
position embeddings are the encoder's own, which training leaves unchanged.
"""

from pathlib import Path

import network as net
import onnx
import torch
from onnx import numpy_helper

from index.encoders.model import default_folder

MATMUL = "MatMulInteger"
PREFIX = "reader."


def from_file(path: Path, folder: Path | None = None) -> net.ReaderNetwork:
    """Return the network of an exported reader or of a checkpoint, with its weights.

    Args:
        path: An ONNX file as `export_reader.py` writes it, or a checkpoint (.pt).
        folder: The encoder a checkpoint was trained from; None for the default one.

    Raises:
        ValueError: The file is not a reader of this shape.
    """
    if path.suffix == ".pt":
        reader = net.from_encoder(folder or default_folder())
        reader.load_state_dict(torch.load(path, weights_only=True)["network"])
        return reader
    graph = onnx.load(str(path)).graph
    arrays = {held.name: numpy_helper.to_array(held) for held in graph.initializer}
    reader = net.from_encoder(default_folder())
    state = reader.state_dict()
    found = set()
    for name, array in arrays.items():
        if name.removeprefix(PREFIX) in state:
            state[name.removeprefix(PREFIX)] = torch.tensor(array)
            found.add(name.removeprefix(PREFIX))
    for node in graph.node:
        if node.op_type == MATMUL:
            held = node.input[1].removesuffix("_quantized")
            weight = arrays[f"{held}_quantized"].astype("float32") * arrays[f"{held}_scale"]
            name = _parameter(node.name)
            state[name] = torch.tensor(weight.T.copy())
            found.add(name)
        elif node.op_type == "MatMul" and node.input[1] in arrays:  # one that was kept whole
            name = _parameter(node.name)
            state[name] = torch.tensor(arrays[node.input[1]].T.copy())
            found.add(name)
    held = "reader.encoder.embeddings.token_type_embeddings.weight"
    zero = arrays[f"{held}_zero_point"].astype("float32")
    types = (arrays[f"{held}_quantized"].astype("float32") - zero) * arrays[f"{held}_scale"]
    state[held.removeprefix(PREFIX)] = torch.tensor(types)
    found.add(held.removeprefix(PREFIX))
    missing = {name for name, of in reader.named_parameters() if of.requires_grad} - found
    if missing:
        raise ValueError(f"{path} lacks {min(missing)}")
    reader.load_state_dict(state)
    return reader


def _parameter(node: str) -> str:
    """Return the parameter that a matrix product of the graph multiplies with."""
    path = node.removesuffix("_quant").removesuffix("/MatMul").strip("/").removeprefix("reader/")
    return path.replace("encoder/encoder/", "encoder.encoder.").replace("/", ".") + ".weight"
