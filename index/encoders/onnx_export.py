"""Export the encoder as an ONNX file, so that a query is encoded without importing torch.

This is done once for each model, from the model as sentence-transformers loads it. The result is
compared with that model on a few sentences and kept in the user's cache folder under the model's
fingerprint. The weights are in a file of their own, which a process maps instead of reading it: of
the half that is the table of words, a question needs a few rows.
"""

import json
import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from index.encoders.cached_folder import FACTS, cache_folder, is_exported, new_cached_folder
from index.encoders.model import Model
from index.encoders.pooling import Float32
from index.encoders.projection import load_projection
from index.errors import ModelRefusedError
from index.store.artifacts import sha256

TOLERANCE = 1e-4
"""Largest difference of a component between the exported encoder and the model."""

_PROBES = (
    "When did the minister visit Korea?",
    "Funding of $5.3 million over four years was announced for the bridge in the harbour.",
    "x",
)


def export(model: Model, torch_model: Any) -> Path:  # noqa: ANN401 - a SentenceTransformer
    """Export a loaded model to the cache; return its folder there.

    Raises:
        ModelRefusedError: When the exported encoder disagrees with the model.
        StorageError: When the cache cannot be written to.
    """
    target = cache_folder(model.spec.fingerprint)
    if is_exported(model.spec.fingerprint):
        return target
    with new_cached_folder(target, FACTS, "encoder") as folder:
        _export(model, torch_model, folder)
    return target


def _export(model: Model, torch_model: Any, folder: Path) -> None:  # noqa: ANN401
    import torch

    from index.encoders.onnx import GRAPH, POOLED, STATES, WEIGHTS

    exported = folder / "exported.onnx"
    network = torch_model[0].auto_model
    takes_types = "token_type_ids" in network.forward.__code__.co_varnames
    attention = network.config._attn_implementation  # noqa: SLF001 - no public setter
    network.set_attn_implementation("eager")
    projection = load_projection(model.folder, model.spec.dimension)
    wrapped = _pooled(network, model.spec.pooling, projection, takes_types=takes_types)
    ids = torch.tensor([[101, 7, 8, 102], [101, 9, 102, 0]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    variable = {0: "batch", 1: "length"}
    try:
        with warnings.catch_warnings(), torch.inference_mode():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                wrapped, (ids, mask), str(exported), dynamo=False, opset_version=17,
                input_names=["input_ids", "attention_mask"], output_names=[POOLED, STATES],
                dynamic_axes={
                    "input_ids": variable, "attention_mask": variable, POOLED: {0: "batch"},
                    STATES: variable,
                },
            )  # fmt: skip
    finally:
        network.set_attn_implementation(attention)
    shutil.copyfile(model.folder / "tokenizer.json", folder / "tokenizer.json")
    _separate_weights(exported, folder / GRAPH)
    exported.unlink()
    facts = {
        "sha256": {name: sha256(folder / name) for name in (GRAPH, WEIGHTS)},
        "max_length": model.spec.max_length,
        "dimension": model.spec.dimension,
        "query_prefix": model.spec.query_prefix,
        "name": model.spec.name,
    }
    (folder / FACTS).write_text(json.dumps(facts, indent=1), encoding="utf-8")
    _compare(folder, model, torch_model)


def _separate_weights(exported: Path, graph: Path) -> None:
    """Write a network again, optimised for any processor, its weights in a file beside it."""
    import onnxruntime

    from index.encoders.onnx import WEIGHTS

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(graph)
    entry = "session.optimized_model_external_initializers_"
    options.add_session_config_entry(f"{entry}file_name", WEIGHTS)
    options.add_session_config_entry(f"{entry}min_size_in_bytes", "1024")
    onnxruntime.InferenceSession(str(exported), options, providers=["CPUExecutionProvider"])


def _pooled(
    network: Any,  # noqa: ANN401 - torch
    pooling: str,
    projection: Float32 | None,
    *,
    takes_types: bool,
) -> Any:  # noqa: ANN401 - torch
    """Return a module that maps token ids to unit vectors of texts and vectors of tokens."""
    import torch

    class Pooled(torch.nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.network = network
            self.projection = None if projection is None else torch.from_numpy(projection.T.copy())

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:  # noqa: ANN401
            extra = {"token_type_ids": torch.zeros_like(input_ids)} if takes_types else {}
            states = self.network(input_ids=input_ids, attention_mask=attention_mask, **extra)[0]
            if self.projection is not None:
                states = states @ self.projection
            if pooling == "mean":
                weights = attention_mask.unsqueeze(-1).to(states.dtype)
                pooled = (states * weights).sum(1) / weights.sum(1)
            else:
                pooled = states[:, 0]
            return torch.nn.functional.normalize(pooled, dim=1), states

    return Pooled().eval()


def _compare(folder: Path, model: Model, torch_model: Any) -> None:  # noqa: ANN401 - torch
    from index.encoders.onnx import OnnxQueryEncoder

    exported = OnnxQueryEncoder(folder).encode(_PROBES)
    prefixed = [model.spec.query_prefix + text for text in _PROBES]
    original = torch_model.encode(prefixed, normalize_embeddings=True, show_progress_bar=False)
    difference = float(np.abs(exported - original).max())
    if difference > TOLERANCE:
        raise ModelRefusedError(
            f"{model.spec.name}: cannot be used: the vectors of its exported encoder differ by "
            f"{difference:.1e}"
        )
