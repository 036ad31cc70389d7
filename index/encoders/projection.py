"""The matrix by which a model multiplies its vectors, where it has one."""

from pathlib import Path

import numpy as np

from index.encoders.model import projection_file
from index.encoders.pooling import Float32
from index.errors import ModelRefusedError


def load_projection(folder: Path, dimension: int) -> Float32 | None:
    """Return the matrix of a model, shape (dimension, dimension); None without one.

    Raises:
        ModelRefusedError: When it is missing or damaged, or has another shape.
    """
    path = projection_file(folder)
    if path is None:
        return None
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        matrix = load_file(path)["linear.weight"].astype(np.float32)
    except (OSError, KeyError, ValueError, SafetensorError) as error:
        raise ModelRefusedError(f"{path}: cannot be read ({error})") from error
    if matrix.shape != (dimension, dimension):
        raise ModelRefusedError(
            f"{path}: a matrix of {matrix.shape}, not {dimension} x {dimension}"
        )
    return matrix
