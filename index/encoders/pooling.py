"""Compute the vectors of passages and of their sentences from those of their tokens."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.types import Span

Float32 = npt.NDArray[np.float32]
Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class EncodedPassage:
    """A passage's unit vectors.

    Attributes:
        passage: float32, shape (dimension,).
        sentences: float32, shape (number of sentences, dimension).
    """

    passage: Float32
    sentences: Float32


def encoded_passage(
    pooling: str, states: Float32, offsets: Int64, spans: Sequence[Span], whole: Float32
) -> EncodedPassage:
    """Return a passage's vectors.

    Args:
        pooling: `mean` or `cls`; with `cls`, sentences have no vectors of their own.
        states: Vectors of its tokens, shape (tokens, dimension).
        offsets: Span of each token in the passage's text, shape (tokens, 2).
        spans: Spans of its sentences.
        whole: Unit vector of the passage, shape (dimension,).
    """
    if pooling == "mean":
        return EncodedPassage(whole, _sentences(states, offsets, spans, whole))
    return EncodedPassage(whole, np.repeat(whole[None, :], len(spans), axis=0))


def _sentences(states: Float32, offsets: Int64, spans: Sequence[Span], whole: Float32) -> Float32:
    """Return a unit vector for each sentence; one without tokens gets that of the passage."""
    starts = offsets[:, 0]
    real = offsets[:, 1] > starts
    rows = []
    for start, end in spans:
        inside = real & (starts >= start) & (starts < end)
        rows.append(states[inside].mean(axis=0) if inside.any() else whole)
    if not rows:
        return np.zeros((0, states.shape[1]), dtype=np.float32)
    return unit(np.stack(rows))


def unit(vectors: Float32) -> Float32:
    """Return vectors scaled to length 1, shape (n, dimension)."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Float32 = (vectors / np.maximum(norms, 1e-12)).astype(np.float32)
    return scaled
