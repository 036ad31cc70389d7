"""Write the files of an encoder's folder as `transformers` and `tokenizers` read them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

CONFIG = "config.json"
TOKENIZER = "tokenizer.json"
TOKENIZER_CONFIG = "tokenizer_config.json"
SPECIAL_TOKENS = "special_tokens_map.json"
WEIGHTS = "model.safetensors"


def write_json(
    path: Path, value: Mapping[str, Any] | Sequence[Any], *, indent: int | None = 2
) -> None:
    """Write a JSON file; on one line if `indent` is None."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=indent) + "\n", encoding="utf-8")


def write_weights(folder: Path, tensors: Mapping[str, Floats]) -> None:
    """Write tensors by their names in the network."""
    from safetensors.numpy import save_file

    path = folder / WEIGHTS
    save_file(dict(tensors), path, metadata={"format": "pt"})
    path.chmod(0o644)  # safetensors lets only the owner read it
