"""Questions to vectors, with onnxruntime: no torch, a fraction of a second to start."""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from index.errors import ModelRefusedError
from index.tokenizer import load_tokenizer

Float32 = npt.NDArray[np.float32]

POOLED, STATES = "embedding", "states"
"""What an exported encoder gives: the unit vector of a text, and the vectors of its tokens."""


class QueryEncoder:
    """Encodes questions with an encoder exported by `index.onnx_export`."""

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
        options.intra_op_num_threads = min(4, os.cpu_count() or 1)
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            weights, options, providers=["CPUExecutionProvider"]
        )

    def encode(self, questions: Sequence[str]) -> Float32:
        """Return unit vectors, float32 of shape (number of questions, dimension).

        Each question is computed by itself: a result does not depend on what else is asked.
        """
        vectors = np.zeros((len(questions), self.dimension), dtype=np.float32)
        for row, question in enumerate(questions):
            encoding = self._tokenizer.encode(self._prefix + question)
            ids = np.asarray([encoding.ids], dtype=np.int64)
            (vectors[row],) = self._session.run([POOLED], _inputs(ids))[0]
        return vectors

    def tokens(self, text: str) -> tuple[Float32, Float32, list[tuple[int, int]]]:
        """Return a text's unit vector, those of its tokens, and where they stand in the text.

        float32 of shapes (dimension,) and (tokens, dimension); nothing is put before the text.
        """
        encoding = self._tokenizer.encode(text)
        ids = np.asarray([encoding.ids], dtype=np.int64)
        pooled, states = self._session.run([POOLED, STATES], _inputs(ids))
        return pooled[0], states[0], encoding.offsets


def _inputs(ids: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.int64]]:
    return {"input_ids": ids, "attention_mask": np.ones_like(ids)}
