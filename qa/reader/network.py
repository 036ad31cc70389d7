"""The networks that read: their weights, their vocabulary and their word embeddings."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from index.encoders.e5.package import unpacked_folder
from index.encoders.model import MULTILINGUAL_MODEL, default_folder
from index.encoders.tokenizer import load_tokenizer
from index.errors import ModelRefusedError
from qa.reader.weights import reader_bytes

Floats = npt.NDArray[np.float32]

_WEIGHTS = "model.safetensors"
_WORDS = "embeddings.word_embeddings.weight"
_SIZE = 8
_HEADER = 1 << 20
"""Bytes of a header of safetensors at most; those of encoders have about 10,000."""


@dataclass(frozen=True, slots=True)
class ReaderNetwork:
    """A network and how its input is made.

    Attributes:
        weights: An ONNX file.
        tokenizer: Its vocabulary.
        start, separator: The special tokens at the beginning of the input and between its parts.
        embed: Returns the embeddings of tokens, shape (tokens, dimension); None for a network that
            takes the tokens themselves.
    """

    weights: bytes
    tokenizer: Tokenizer
    start: int
    separator: int
    embed: Callable[[Sequence[int]], Floats] | None = None


def packaged_network(file: Path | None = None) -> ReaderNetwork:
    """Return the network that reads English.

    Args:
        file: As training/export_reader.py wrote it; None for the packaged one.

    Raises:
        ModelRefusedError: When it or the packaged encoder is not installed.
    """
    weights = reader_bytes() if file is None else file.read_bytes()
    tokenizer = load_tokenizer(default_folder())
    return ReaderNetwork(weights, tokenizer, *_marks(tokenizer, "[CLS]", "[SEP]"))


def multilingual_network(file: Path | None = None) -> ReaderNetwork:
    """Return the network that reads many languages.

    It was trained from the multilingual encoder and keeps that model's word embeddings, most of its
    numbers. They are mapped from the unpacked encoder: a passage needs a few hundred of 250,000
    rows.

    Args:
        file: As training/export_reader.py wrote it; None for the packaged one.

    Raises:
        ModelRefusedError: When it or the multilingual encoder is not installed.
        StorageError: When the encoder has to be unpacked, and the cache cannot be written to.
    """
    weights = reader_bytes(MULTILINGUAL_MODEL) if file is None else file.read_bytes()
    folder = unpacked_folder()
    tokenizer = load_tokenizer(folder)
    table = _mapped_table(folder / _WEIGHTS, _WORDS)
    marks = _marks(tokenizer, "<s>", "</s>")
    return ReaderNetwork(weights, tokenizer, *marks, embed=lambda ids: table[np.asarray(ids)])


def _marks(tokenizer: Tokenizer, start: str, separator: str) -> tuple[int, int]:
    found = tokenizer.token_to_id(start), tokenizer.token_to_id(separator)
    if found[0] is None or found[1] is None:
        raise ModelRefusedError(f"the reader's vocabulary has no {start} or no {separator}")
    return found[0], found[1]


def _mapped_table(path: Path, name: str) -> Floats:
    """Return a float32 matrix of a safetensors file, mapped.

    Raises:
        ModelRefusedError: When the file is not in that format or lacks the matrix.
    """
    try:
        with path.open("rb") as stream:
            offset, shape = _place_of(stream, name)
        table: Floats = np.memmap(path, "<f4", "r", offset=offset, shape=shape)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelRefusedError(f"{path}: cannot be read ({error})") from error
    return table


def _place_of(stream: BinaryIO, name: str) -> tuple[int, tuple[int, int]]:
    """Return where in a safetensors file a float32 matrix begins, and its shape.

    The file begins with the size of its header in eight bytes, the header as JSON, the numbers.

    Raises:
        ValueError, KeyError, TypeError: There is no such matrix.
    """
    size = int.from_bytes(stream.read(_SIZE), "little")
    if size > _HEADER:
        raise ValueError("its header is too long")
    held = json.loads(stream.read(size))[name]
    if held["dtype"] != "F32":
        raise ValueError(f"its numbers are {held['dtype']}")
    rows, columns = held["shape"]
    return _SIZE + size + held["data_offsets"][0], (rows, columns)
