"""A small encoder cut down to what a few texts need."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from prune_vocabulary import WORD_EMBEDDINGS, choose, is_basic, prune
from safetensors.numpy import load_file, save_file
from segmentation import count_words
from tokenizers import Tokenizer

PIECES = {
    "<s>": 0.0, "<pad>": 0.0, "</s>": 0.0, "<unk>": 0.0,
    "▁the": -2.0, "▁bridge": -3.0, "▁bridges": -4.0, "▁opens": -4.0, "橋": -5.0, "▁": -5.0,
    "b": -7.0, "r": -7.0, "i": -7.0, "d": -7.0, "g": -7.0, "e": -7.0, "s": -7.0, ":": -6.0,
    "query": -4.0, "passage": -4.0, "<mask>": 0.0,
}  # fmt: skip
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
HIDDEN = 3
RECORDS = [
    {"id": "r1", "title": "The", "text": "the bridge the\nbridge"},
    {"id": "r2", "text": "the bridges"},
    {"id": "r3", "text": "the bridge", "question": "bridge 橋"},
    {"id": "r4", "title": None, "text": "the bridges 橋"},
]


def tokenizer() -> dict[str, Any]:
    """Return the contents of a tokenizer.json with these pieces."""
    metaspace = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    ids = {text: i for i, text in enumerate(PIECES)}
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [
            {"id": ids[text], "content": text, "single_word": False, "lstrip": False,
             "rstrip": False, "normalized": False, "special": True}
            for text in SPECIAL
        ],
        "normalizer": {"type": "Lowercase"}, "pre_tokenizer": metaspace, "decoder": metaspace,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
                       {"Sequence": {"id": "A", "type_id": 0}},
                       {"SpecialToken": {"id": "<mask>", "type_id": 0}}],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}},
                     {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {text: {"id": text, "ids": [ids[text]], "tokens": [text]}
                               for text in ("<s>", "<mask>")},
        },
        "model": {"type": "Unigram", "unk_id": ids["<unk>"], "byte_fallback": False,
                  "vocab": [list(pair) for pair in PIECES.items()]},
    }  # fmt: skip


@pytest.fixture
def encoder(tmp_path: Path) -> Path:
    """Return the folder of an encoder; the row of a piece repeats its id."""
    folder = tmp_path / "encoder"
    folder.mkdir()
    rows = np.repeat(np.arange(len(PIECES), dtype=np.float32)[:, None], HIDDEN, 1)
    other = np.ones((2, HIDDEN), np.float32)
    save_file({WORD_EMBEDDINGS: rows, "other": other}, folder / "model.safetensors")
    (folder / "config.json").write_text('{"vocab_size": 21, "hidden_size": 3}', "utf-8")
    (folder / "tokenizer_config.json").write_text('{"model_max_length": 8}', "utf-8")
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer()), "utf-8")
    return folder


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """Return a compressed file of records."""
    path = tmp_path / "set" / "corpus.jsonl.gz"
    path.parent.mkdir()
    lines = "".join(f"{json.dumps(record)}\n" for record in RECORDS)
    path.write_bytes(gzip.compress(lines.encode()))
    return path


def test_the_most_frequent_pieces_are_kept_under_new_ids(encoder: Path, texts: Path) -> None:
    """Special tokens first and last; what is not used, or beyond the limit, is dropped."""
    out = encoder.parent / "small"

    figures = prune(encoder, out, [texts], limit=18, held_back=2)

    smaller = json.loads((out / "tokenizer.json").read_text("utf-8"))
    kept = [piece for piece, _ in smaller["model"]["vocab"]]
    # Used in records 1 and 3: bridge 4 times, the 4, each prefix twice, 橋 once; ":" and "▁" too.
    assert kept[:4] == ["<s>", "<pad>", "</s>", "<unk>"]
    assert kept[4:] == [
        "▁", "▁the", "▁bridge", ":", "query", "passage",
        "b", "r", "i", "d", "g", "e", "s", "<mask>",
    ]  # fmt: skip
    assert dict(smaller["model"]["vocab"]) == {piece: PIECES[piece] for piece in kept}
    assert smaller["model"]["unk_id"] == 3
    assert (figures["pieces_kept"], figures["pieces_needed"]) == (18, 19)
    assert figures == json.loads((out / "pruning.json").read_text("utf-8"))


def test_rows_and_ids_go_with_their_pieces(encoder: Path, texts: Path) -> None:
    """The same text reads the same rows as before; all else in the network is as it was."""
    out = encoder.parent / "small"
    prune(encoder, out, [texts], limit=18, held_back=2)

    before = Tokenizer.from_file(str(encoder / "tokenizer.json")).encode("The bridge")
    after = Tokenizer.from_file(str(out / "tokenizer.json")).encode("The bridge")
    rows = load_file(out / "model.safetensors")

    assert before.ids == [0, 4, 5, 20]
    assert after.ids == [0, 5, 6, 17]
    assert rows[WORD_EMBEDDINGS][after.ids, 0].tolist() == before.ids
    assert rows["other"].tolist() == [[1.0] * HIDDEN] * 2
    config = json.loads((out / "config.json").read_text("utf-8"))
    assert config == {"vocab_size": 18, "hidden_size": 3}
    assert (out / "tokenizer_config.json").read_text("utf-8") == '{"model_max_length": 8}'


def test_the_cost_is_measured_on_the_records_held_back(encoder: Path, texts: Path) -> None:
    """There "bridges" falls into "bridge" and "s", and 橋 is not known."""
    figures = prune(encoder, encoder.parent / "small", [texts], limit=18, held_back=2)

    # Records 2 and 4: the, bridges; the, bridges, "▁", 橋; and three tokens of each prefix.
    assert figures["held_back"]["set/corpus"] == {
        "tokens": 18,
        "changed_percent": round(100 * 3 / 18, 4),
        "longer_percent": round(100 * 2 / 18, 4),
        "unknown_percent": round(100 * 1 / 18, 4),
    }
    assert figures["held_back"]["all"] == figures["held_back"]["set/corpus"]


def test_words_of_held_back_records_are_counted_apart(texts: Path) -> None:
    """Each record counts its fields and the two prefixes."""
    counted, held_back = count_words(texts, 3)

    assert held_back == {"the": 1, "bridge": 2, "橋": 1, "query:": 1, "passage:": 1}
    assert counted == {
        "The": 1, "the": 4, "bridge": 2, "bridges": 2, "橋": 1, "query:": 3, "passage:": 3,
    }  # fmt: skip


def test_ties_go_to_the_lower_id_and_basic_pieces_need_no_use() -> None:
    """Of pieces used as often, those that came first are kept."""
    pieces = ["<s>", "ab", "cd", "ef", "a", "<mask>"]

    assert choose(pieces, [0, 5], {1: 2, 2: 2, 3: 9}, 5) == ([0, 3, 1, 4, 5], 6)


def test_a_limit_below_what_is_always_kept_is_refused() -> None:
    """Special tokens and single characters of the Latin script."""
    with pytest.raises(ValueError, match="below the 4 basic pieces"):
        choose(["<s>", "ab", "a", "é", "<mask>"], [0, 4], {1: 1}, 3)


@pytest.mark.parametrize(
    ("piece", "basic"),
    [("é", True), ("ß", True), ("ﬁ", True), ("7", True), ("€", True), ("▁", True),
     ("\u0301", True), ("ab", False), ("橋", False), ("я", False), ("\x85", False)],
)  # fmt: skip
def test_basic_pieces_are_single_characters_of_latin_text(piece: str, basic: bool) -> None:
    """Letters, digits, symbols, marks and the blank; not other scripts or control characters."""
    assert is_basic(piece) is basic
