"""Check that a machine computes the vectors that this one would, and what it sends back.

Vectors of one collection are compared with each other, so all of them must be computed in the same
way: by the same model, with the same versions of the libraries, in the same precision. The vectors
of a few fixed passages are the proof; they are compared with those that this machine computes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from index.distributed.worker import Packed, Passages

LEAST_COSINE = 0.9999
"""Between a vector of a machine and the same one computed here. Processors of the same kind give
the same bits. Rounding in another order was measured to give .99998 (bfloat16, other batches), and
so was the other precision, which is therefore compared by itself."""

_LONGEST_PROBLEM = 300
_UNIT = 0.01
"""By how much the length of a stored vector may differ from 1."""


def refusal(
    here: Mapping[str, str], probe: Sequence[Packed], there: Mapping[str, Any], dimension: int
) -> str | None:
    """Return why a machine must not encode, None if it may.

    Args:
        here: The versions of the libraries of this machine.
        probe: The vectors of the probe, computed here.
        there: What the machine says of itself, as `EncodingWorker.prepare` returns it.
        dimension: Of the vectors.
    """
    versions = there["versions"]
    different = [
        f"{name} {versions.get(name)}, here {own}"
        for name, own in here.items()
        if versions.get(name) != own
    ]
    if different:
        return f"it has other versions: {'; '.join(different)}"
    if "problem" in there:  # a consequence of other versions, if there are any
        return " ".join(str(there["problem"]).split())[:_LONGEST_PROBLEM]
    cosine = least_cosine(probe, there["probe"], dimension)
    if cosine < LEAST_COSINE:
        return (
            f"it computes other vectors: a cosine of {cosine:.4f} between its vector of a test "
            "passage and the one computed here"
        )
    return None


def least_cosine(expected: Sequence[Packed], found: Sequence[Packed], dimension: int) -> float:
    """Return the smallest cosine between the same vectors of two machines; -1 if any is missing."""
    one, other = _matrix(expected, dimension), _matrix(found, dimension)
    if one is None or other is None or one.shape != other.shape:
        return -1.0
    norms = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    cosines = np.einsum("ij,ij->i", one, other) / np.maximum(norms, 1e-12)
    return float(np.nan_to_num(cosines, nan=-1.0).min())


def fault(passages: Passages, vectors: Sequence[Packed], dimension: int) -> str | None:
    """Return what is wrong with the vectors of passages, None if they can be stored."""
    if len(vectors) != len(passages):
        return f"{len(vectors)} results for {len(passages)} passages"
    size = 2 * dimension
    for (_, spans), (passage, sentences) in zip(passages, vectors, strict=True):
        if len(passage) != size or len(sentences) != size * len(spans):
            return "vectors of another dimension or number"
    matrix = _matrix(vectors, dimension)
    if matrix is None or not bool(
        np.all(np.abs(np.linalg.norm(matrix, axis=1) - 1) < _UNIT)  # false also for NaN
    ):
        return "vectors that are not of length 1"
    return None


def _matrix(vectors: Sequence[Packed], dimension: int) -> npt.NDArray[np.float32] | None:
    """Return all vectors, float32 of shape (n, dimension); None if the bytes are no vectors."""
    packed = b"".join(part for both in vectors for part in both)
    if not packed or len(packed) % (2 * dimension):
        return None
    flat = np.frombuffer(packed, dtype="<f2").astype(np.float32)
    return flat.reshape(-1, dimension)
