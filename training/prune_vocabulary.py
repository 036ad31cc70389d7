"""Cut the Unigram vocabulary of an encoder down to what given texts need.

    python training/prune_vocabulary.py /tmp/e5 /tmp/e5-latin TEXTS... --limit 40000

TEXTS are .jsonl or .jsonl.gz files, one record a line, of which the fields "title", "text" and
"question" are read. Every 20th record of a file is held back: it does not count for the choice and
measures what the choice costs.

Kept are the special tokens, every one-character piece of the Latin script (letters, digits,
punctuation, common symbols, combining marks), and then the pieces that the texts use, the most
frequent first. Scores do not change, so text that needed a dropped piece falls apart into smaller
ones by the Unigram model's own rule. The special tokens keep the ids 0 to 3; the others follow by
frequency, and <mask> is the last. Normaliser, pre-tokeniser and decoder stay as they are.

The folder written also holds pruning.json, with the figures that the script prints.
"""

import argparse
import copy
import json
import os
import shutil
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from safetensors.numpy import load_file
from segmentation import count_pieces, count_words, segmentation_changes
from tokenizers import Tokenizer

from index.encoders.e5.encoder_folder import (
    CONFIG,
    SPECIAL_TOKENS,
    TOKENIZER,
    TOKENIZER_CONFIG,
    WEIGHTS,
    Floats,
    write_json,
    write_weights,
)

WORD_EMBEDDINGS = "embeddings.word_embeddings.weight"
MASK = "<mask>"
BLANK = "▁"
FIGURES = "pruning.json"
LATIN_RANGES = ((0x20, 0x24F), (0x300, 0x36F), (0x2000, 0x23FF))
"""Besides letters named LATIN: the Latin blocks, combining marks, and the blocks from general
punctuation through currency, letter-like symbols, arrows and mathematics to technical symbols."""


def is_basic(piece: str) -> bool:
    """Whether a piece is a single character that text in the Latin script is made of."""
    if len(piece) != 1:
        return False
    if piece == BLANK:
        return True
    if unicodedata.category(piece) == "Cc":
        return False
    if unicodedata.name(piece, "").startswith("LATIN "):
        return True
    return any(first <= ord(piece) <= last for first, last in LATIN_RANGES)


def choose(
    pieces: Sequence[str], special: Sequence[int], usage: Mapping[int, int], limit: int
) -> tuple[list[int], int]:
    """Return the pieces to keep.

    Args:
        pieces: The pieces, in the order of their ids.
        special: Ids of the special tokens.
        usage: How often the texts use each id.
        limit: Pieces to keep at most.

    Returns:
        The ids to keep, in the order of their new ids; and how many would be kept without a limit.

    Raises:
        ValueError: The limit is below the number of pieces that are always kept.
    """
    first = [i for i in special if pieces[i] != MASK]
    last = [i for i in special if pieces[i] == MASK]
    basic = {i for i, piece in enumerate(pieces) if is_basic(piece)}
    used = {i for i, times in usage.items() if times} - set(special)

    def order(i: int) -> tuple[int, int]:
        return -usage.get(i, 0), i

    room = limit - len(special) - len(basic)
    if room < 0:
        raise ValueError(f"the limit is below the {len(special) + len(basic)} basic pieces")
    chosen = basic | set(sorted(used - basic, key=order)[:room])
    return first + sorted(chosen, key=order) + last, len(used | basic) + len(special)


def renumbered(tokenizer: Mapping[str, Any], kept: Sequence[int]) -> dict[str, Any]:
    """Return a tokenizer.json's contents with only the kept pieces, in their new order."""
    new_id = {old: new for new, old in enumerate(kept)}
    found = copy.deepcopy(dict(tokenizer))
    model = found["model"]
    model["vocab"] = [model["vocab"][old] for old in kept]
    model["unk_id"] = new_id[model["unk_id"]]
    for token in found["added_tokens"]:
        token["id"] = new_id[token["id"]]
    for token in found["post_processor"]["special_tokens"].values():
        token["ids"] = [new_id[old] for old in token["ids"]]
    return found


def _bytes_at_8_bits(tensors: Mapping[str, Floats]) -> int:
    """Return the size with 8-bit matrices, a float32 scale a row, and float32 vectors."""
    return sum(t.size + 4 * t.shape[0] if t.ndim == 2 else 4 * t.size for t in tensors.values())


def _write_network(source: Path, out: Path, kept: Sequence[int]) -> dict[str, Floats]:
    """Write the network with the kept rows of its word embeddings; return its weights."""
    tensors = load_file(source / WEIGHTS)
    tensors[WORD_EMBEDDINGS] = tensors[WORD_EMBEDDINGS][kept]
    write_weights(out, tensors)
    config = json.loads((source / CONFIG).read_text("utf-8"))
    config["vocab_size"] = len(kept)
    write_json(out / CONFIG, config)
    for name in (TOKENIZER_CONFIG, SPECIAL_TOKENS):
        if (source / name).exists():
            shutil.copyfile(source / name, out / name)
    return tensors


def prune(
    source: Path, out: Path, texts: Sequence[Path], *, limit: int, held_back: int
) -> dict[str, Any]:
    """Write an encoder with a smaller vocabulary, and return the figures in its pruning.json.

    Args:
        source: The encoder's folder.
        out: The folder to write.
        texts: Files of records.
        limit: Pieces to keep at most.
        held_back: Of so many records one is held back.

    Raises:
        ValueError: The limit is below the number of pieces that are always kept.
    """
    description = json.loads((source / TOKENIZER).read_text("utf-8"))
    tokenizer = Tokenizer.from_file(str(source / TOKENIZER))
    pieces = [piece for piece, _ in description["model"]["vocab"]]
    special = sorted(token["id"] for token in description["added_tokens"])

    words: Counter[str] = Counter()
    measured = {}
    for path in texts:
        counted, held = count_words(path, held_back)
        words += counted
        measured[f"{path.parent.name}/{path.name.split('.')[0]}"] = held
        print(f"read {path}", flush=True)
    usage = count_pieces(tokenizer, words)
    kept, needed = choose(pieces, special, usage, limit)

    out.mkdir(parents=True, exist_ok=True)
    write_json(out / TOKENIZER, renumbered(description, kept), indent=None)
    tensors = _write_network(source, out, kept)

    total = sum(usage.values())
    changes = segmentation_changes(tokenizer, Tokenizer.from_file(str(out / TOKENIZER)), measured)
    figures = {
        "texts": [str(path) for path in texts],
        "held_back_every": held_back,
        "distinct_words": len(words),
        "tokens": total,
        "pieces_before": len(pieces),
        "pieces_used": len(usage),
        "pieces_needed": needed,
        "pieces_kept": len(kept),
        "tokens_covered_percent": round(100 * sum(usage[i] for i in kept) / total, 4),
        "least_used_kept": min(usage[i] for i in kept if usage[i] and not is_basic(pieces[i])),
        "parameters": sum(t.size for t in tensors.values()),
        "megabytes_at_8_bits": round(_bytes_at_8_bits(tensors) / 1e6, 2),
        "held_back": {name: change.figures() for name, change in changes.items()},
    }
    write_json(out / FIGURES, figures)
    return figures


def main() -> None:
    """Prune one encoder's vocabulary."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path, help="folder of the encoder")
    parser.add_argument("output", type=Path, help="folder to write")
    parser.add_argument("texts", type=Path, nargs="+", help="files of records")
    parser.add_argument("--limit", type=int, default=40_000, help="pieces to keep")
    parser.add_argument("--held-back", type=int, default=20, help="hold back every Nth record")
    options = parser.parse_args()
    os.environ.setdefault("RAYON_NUM_THREADS", "1")  # read by tokenizers at its first batch
    figures = prune(
        options.model, options.output, options.texts,
        limit=options.limit, held_back=options.held_back,
    )  # fmt: skip
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
