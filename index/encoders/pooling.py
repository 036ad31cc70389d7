"""Vectors of passages and of their sentences, from those of their tokens."""

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
        pooling: `mean` or `cls`: with the second sentences have no vectors of their own.
        states: Of its tokens, shape (tokens, dimension).
        offsets: Where each token begins and ends in the passage's text, shape (tokens, 2).
        spans: Of its sentences.
        whole: Its own unit vector, shape (dimension,).
    """
    if pooling == "mean":
        return EncodedPassage(whole, _sentences(states, offsets, spans, whole))
    return EncodedPassage(whole, np.repeat(whole[None, :], len(spans), axis=0))


def _sentences(states: Float32, offsets: Int64, spans: Sequence[Span], whole: Float32) -> Float32:
    """Return one unit vector a sentence; a sentence without tokens takes the passage's."""
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
    """Return vectors at length 1, shape (n, dimension)."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Float32 = (vectors / np.maximum(norms, 1e-12)).astype(np.float32)
    return scaled
