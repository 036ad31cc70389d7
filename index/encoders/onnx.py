"""Questions to vectors, with onnxruntime: no torch, a fraction of a second to start."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from index.encoders.tokenizer import load_tokenizer
from index.errors import ModelRefusedError

Float32 = npt.NDArray[np.float32]

POOLED, STATES = "embedding", "states"
"""What an exported encoder gives: the unit vector of a text, and the vectors of its tokens."""
_SIZES = (2, 3, 4, 6, 8, 12, 16)
"""How many questions are computed at once: few shapes, so that few need a proof, and near enough
to one another that little is computed for nothing. More than the last gain nothing."""


class OnnxQueryEncoder:
    """Encodes questions with an encoder exported by `index.encoders.onnx_export`."""

    def __init__(self, folder: Path) -> None:
        """Load the encoder in `folder`.

        Raises:
            ModelRefusedError: When it is missing or its hash differs from the recorded one.
        """
        try:
            facts = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
            weights = (folder / "encoder.onnx").read_bytes()
            expected, length = str(facts["sha256"]), int(facts["max_length"])
            self.dimension = int(facts["dimension"])
            self._prefix = str(facts["query_prefix"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelRefusedError(f"{folder}: no exported encoder ({error})") from error
        if hashlib.sha256(weights).hexdigest() != expected:
            raise ModelRefusedError(f"{folder} is damaged; remove it, it will be made again")
        self._tokenizer = load_tokenizer(folder, length)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # a question is too small to be shared
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._exact: dict[tuple[int, int], bool] = {}
        self._session = onnxruntime.InferenceSession(
            weights, options, providers=["CPUExecutionProvider"]
        )

    def encode(self, questions: Sequence[str]) -> Float32:
        """Return unit vectors, float32 of shape (number of questions, dimension).

        A result does not depend, to the last bit, on what else is asked: questions of the same
        length are computed together, without padding, where this machine gives each of them the
        numbers that it gives it alone (see `_agrees`).
        """
        vectors = np.zeros((len(questions), self.dimension), dtype=np.float32)
        rows: dict[int, list[int]] = {}
        ids = [self._tokenizer.encode(self._prefix + question).ids for question in questions]
        for row, found in enumerate(ids):
            rows.setdefault(len(found), []).append(row)
        for length, places in rows.items():
            for start in range(0, len(places), _SIZES[-1]):
                group = places[start : start + _SIZES[-1]]
                vectors[group] = self._group([ids[row] for row in group], length)
        return vectors

    def tokens(self, text: str) -> tuple[Float32, Float32, list[tuple[int, int]]]:
        """Return a text's unit vector, those of its tokens, and where they stand in the text.

        float32 of shapes (dimension,) and (tokens, dimension); nothing is put before the text.
        """
        encoding = self._tokenizer.encode(text)
        ids = np.asarray([encoding.ids], dtype=np.int64)
        pooled, states = self._session.run([POOLED, STATES], _inputs(ids))
        return pooled[0], states[0], encoding.offsets

    def _group(self, ids: Sequence[list[int]], length: int) -> Float32:
        """Return the vectors of questions of one length."""
        size = next(size for size in _SIZES if size >= len(ids))
        if len(ids) > 1 and self._exact.get((length, size), True):
            found = self._run([*ids, *[ids[-1]] * (size - len(ids))])[: len(ids)]
            if (length, size) not in self._exact:
                self._exact[length, size] = self._agrees(ids, found)
            if self._exact[length, size]:
                return found
        return np.concatenate([self._alone(one) for one in ids])

    def _agrees(self, ids: Sequence[list[int]], found: Float32) -> bool:
        """Whether questions computed together have the numbers of each alone.

        They do where every row of a matrix product is summed in the same order whatever the
        number of rows. That is a property of the machine's kernels for a shape, not of the
        numbers, so that the first and the last of a shape speak for all.
        """
        return all(np.array_equal(self._alone(ids[row])[0], found[row]) for row in (0, -1))

    def _alone(self, ids: list[int]) -> Float32:
        """Return the vector of one question, computed beside itself.

        A batch of one is summed by other kernels than one of two or more.
        """
        return self._run([ids, ids])[:1]

    def _run(self, ids: Sequence[list[int]]) -> Float32:
        found: Float32 = self._session.run([POOLED], _inputs(np.asarray(ids, dtype=np.int64)))[0]
        return found


def _inputs(ids: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.int64]]:
    return {"input_ids": ids, "attention_mask": np.ones_like(ids)}
