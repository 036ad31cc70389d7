"""A packed encoder made here, unpacked and loaded by the libraries that read it."""

import hashlib
import json
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from transformers import AutoModel

from index.encoders.e5.packed import MEMBER, packed_bytes, parse_packed
from index.encoders.e5.unpack import EMBEDDINGS, LAYER_PARTS, write_encoder

HIDDEN, LAYERS, HEADS, INNER, ROWS, POSITIONS, TYPES = 32, 2, 4, 64, 12, 16, 2
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁the", "▁bridge", "▁", "é", "c", "<mask>"]
SCORES = [0.0, 0.0, 0.0, 0.0, -1.5, -2.5, -3.0, -6.0, -6.5, 0.0]
RULES = {"\u00a0": " ", "Ｃ": "c"}
MATRICES = {
    "q": (HIDDEN, HIDDEN), "k": (HIDDEN, HIDDEN), "v": (HIDDEN, HIDDEN), "ao": (HIDDEN, HIDDEN),
    "fi": (INNER, HIDDEN), "fo": (HIDDEN, INNER),
}  # fmt: skip


@dataclass(frozen=True)
class Packed:
    """A packed file with the weights in it, by their names there."""

    data: bytes
    weights: dict[str, np.ndarray]


def four_bits(draw: np.random.Generator, count: int) -> tuple[bytes, np.ndarray]:
    """Return drawn blocks of 32 weights, and the weights, worked out one by one."""
    stored, weights = b"", []
    for _ in range(count // 32):
        scale = np.float16(draw.uniform(0.01, 0.1))
        pairs = draw.integers(0, 256, 16, dtype=np.uint8)
        stored += scale.tobytes() + pairs.tobytes()
        weights += [float(scale) * (int(pair) % 16 - 8) for pair in pairs]
        weights += [float(scale) * (int(pair) // 16 - 8) for pair in pairs]
    return stored, np.array(weights, np.float32)


def vocabulary() -> bytes:
    """Return the part of the file with the pieces and the rules."""
    blob = "".join(PIECES).encode()
    ends = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)]).astype("<u4")
    rules = b"".join(
        struct.pack(f"<IB{len(to)}I", ord(char), len(to), *map(ord, to))
        for char, to in RULES.items()
    )
    return (
        struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob))
        + ends.tobytes() + np.array(SCORES, "<f4").tobytes() + blob
        + struct.pack("<iI", len(RULES), len(rules)) + rules
    )  # fmt: skip


def tensors() -> dict[str, tuple[int, ...]]:
    """Return the shapes of the file's tensors by their names."""
    shapes: dict[str, tuple[int, ...]] = {
        "emb.word": (ROWS, HIDDEN), "emb.pos": (POSITIONS, HIDDEN), "emb.type": (TYPES, HIDDEN),
        "emb.ln.w": (HIDDEN,), "emb.ln.b": (HIDDEN,),
    }  # fmt: skip
    for layer in range(LAYERS):
        for part in LAYER_PARTS:
            shapes[f"l{layer}.{part}.w"] = MATRICES.get(part, (HIDDEN,))
            shapes[f"l{layer}.{part}.b"] = MATRICES.get(part, (HIDDEN,))[:1]
    return shapes


def packed() -> Packed:
    """Return a file with two layers and ten pieces; matrices and word embeddings in four bits."""
    draw = np.random.default_rng(3)
    weights, stored = {}, {}
    for name, shape in tensors().items():
        count = int(np.prod(shape))
        if len(shape) == 2 and name not in ("emb.pos", "emb.type"):
            field, values = four_bits(draw, count)
            stored[name] = (1, count, field)
        else:
            values = draw.normal(size=count).astype("<f4")
            stored[name] = (0, count, values.tobytes())
        weights[name] = values.reshape(shape)
    sizes = (HIDDEN, LAYERS, HEADS, INNER, ROWS, POSITIONS, TYPES)
    head = struct.pack("<4sI7ifi", b"E5S1", 1, *sizes, 1e-12, 32) + vocabulary()
    head += struct.pack("<i", len(stored))
    at = len(head) + sum(2 + len(name) + struct.calcsize("<BIQQ") for name in stored)
    for name, (kind, count, field) in stored.items():
        head += struct.pack("<H", len(name)) + name.encode()
        head += struct.pack("<BIQQ", kind, count, at, len(field))
        at += len(field)
    return Packed(head + b"".join(field for _, _, field in stored.values()), weights)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that the packed file becomes."""
    out = tmp_path_factory.mktemp("unpacked") / "encoder"
    write_encoder(parse_packed(packed().data), out)
    return out


def test_every_weight_reaches_its_place_in_the_network(folder: Path) -> None:
    """The network that transformers loads lacks none and has the numbers of the file."""
    network, report = AutoModel.from_pretrained(
        folder, add_pooling_layer=False, output_loading_info=True
    )

    assert not report["missing_keys"]
    assert not report["unexpected_keys"]
    state = network.state_dict()
    for name, values in packed().weights.items():
        if name in EMBEDDINGS:
            target = EMBEDDINGS[name]
        else:
            layer, part, kind = name.split(".")
            ending = {"w": "weight", "b": "bias"}[kind]
            target = f"encoder.layer.{layer[1:]}.{LAYER_PARTS[part]}.{ending}"
        assert torch.equal(state[target], torch.tensor(values)), name
    assert network.config.num_attention_heads == HEADS


def test_the_tokenizer_splits_by_the_scores_after_the_rules(folder: Path) -> None:
    """Rules of the file and those that compose; special tokens around; offsets into the text."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    found = tokenizer.encode("the\u00a0bridge  Ｃe\u0301")

    assert found.tokens == ["<s>", "▁the", "▁bridge", "▁", "c", "é", "</s>"]
    assert found.ids == [0, 4, 5, 6, 8, 7, 2]
    assert tokenizer.encode("the", "c").tokens == (
        ["<s>", "▁the", "</s>", "</s>", "▁", "c", "</s>"]
    )
    assert tokenizer.encode("the<mask>x", add_special_tokens=False).ids == [4, 9, 6, 3]


def test_the_configuration_has_the_sizes_of_the_file(folder: Path) -> None:
    """Rows of the word embeddings, not pieces, and the ids of the special tokens."""
    config = json.loads((folder / "config.json").read_text("utf-8"))

    names = ("vocab_size", "intermediate_size", "max_position_embeddings", "type_vocab_size")
    assert [config[name] for name in names] == [ROWS, INNER, POSITIONS, TYPES]
    assert [config[f"{name}_token_id"] for name in ("bos", "eos", "pad")] == [0, 2, 1]


def test_the_packed_file_is_taken_from_the_wheel_and_only_if_it_is_the_right_one(
    tmp_path: Path,
) -> None:
    """One byte off, and it is refused."""
    data = packed().data
    digest = hashlib.sha256(data).hexdigest()
    wheel, damaged = tmp_path / "some.whl", tmp_path / "damaged.bin"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(MEMBER, data)
    damaged.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))

    assert packed_bytes(wheel, digest) == data
    with pytest.raises(ValueError, match=f"not {digest}"):
        packed_bytes(damaged, digest)


@pytest.mark.parametrize(
    ("at", "new", "reason"),
    [
        (0, b"E5S2", "not a packed encoder of version 1"),
        (36, struct.pack("<f", 1e-5), "epsilon"),
        (40, struct.pack("<i", 64), "blocks have 64 weights"),
    ],
)
def test_another_layout_is_refused(at: int, new: bytes, reason: str) -> None:
    """A file of another version, another network or other blocks."""
    data = packed().data

    with pytest.raises(ValueError, match=reason):
        parse_packed(data[:at] + new + data[at + len(new) :])


def test_a_file_that_is_cut_off_is_refused() -> None:
    """In the vocabulary, or in the last of the tensors."""
    data = packed().data

    with pytest.raises(ValueError, match="cut off"):
        parse_packed(data[:100])
    with pytest.raises(ValueError, match=r"l1\.oln\.b has 31 weights, not 32"):
        parse_packed(data[:-4])
