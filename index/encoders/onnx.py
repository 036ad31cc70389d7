"""Encode queries and a few passages with onnxruntime, which starts in a fraction of a second.

The encoder was exported by `index.encoders.onnx_export`. After a small change there are perhaps
ten passages to encode, and importing torch alone would take longer than the whole update.
"""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from index.encoders.model import ModelSpec
from index.encoders.pooling import EncodedPassage, encoded_passage
from index.encoders.tokenizer import load_tokenizer
from index.errors import ModelRefusedError
from index.store.artifacts import sha256
from index.types import Span

Float32 = npt.NDArray[np.float32]

GRAPH, WEIGHTS = "encoder.onnx", "encoder.weights"
"""Files of an exported encoder; the graph names the file of its weights, which are mapped."""

POOLED, STATES = "embedding", "states"
"""Outputs of an exported encoder: the unit vector of a text, and the vectors of its tokens."""
_SIZES = (2, 3, 4, 6, 8, 12, 16)
"""Batch sizes: few, because each has to be checked once (see `_agrees`), and close enough that
little padding is computed. Larger batches are not faster."""


class OnnxQueryEncoder:
    """Encodes queries with an exported encoder."""

    def __init__(self, folder: Path) -> None:
        """Load the encoder in `folder`.

        Raises:
            ModelRefusedError: When it is missing, or its hash differs from the recorded one.
        """
        try:
            facts = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
            expected, length = dict(facts["sha256"]), int(facts["max_length"])
            intact = sha256(folder / GRAPH) == expected[GRAPH]
            self.dimension = int(facts["dimension"])
            self._prefix = str(facts["query_prefix"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelRefusedError(f"{folder}: not an exported encoder ({error})") from error
        if not intact:
            raise _damaged(folder)
        self._tokenizer = load_tokenizer(folder, length)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # a query is too short for several threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._exact: dict[tuple[int, int], bool] = {}
        # Mapping the weights and hashing them take the same time, and neither needs Python.
        with ThreadPoolExecutor(max_workers=1) as pool:
            found = pool.submit(sha256, folder / WEIGHTS)
            try:
                self._session = onnxruntime.InferenceSession(
                    str(folder / GRAPH), options, providers=["CPUExecutionProvider"]
                )
                intact = found.result() == expected.get(WEIGHTS)
            except Exception as error:  # the library has an exception for each cause
                raise _damaged(folder) from error
        if not intact:
            raise _damaged(folder)

    def encode(self, queries: Sequence[str]) -> Float32:
        """Return unit vectors, float32 of shape (number of queries, dimension).

        A vector does not depend on the other queries, to the last bit: queries of the same length
        are computed together, without padding, when this machine computes the same numbers for
        each of them as for that query alone (see `_agrees`).
        """
        vectors = np.zeros((len(queries), self.dimension), dtype=np.float32)
        rows_of_length: dict[int, list[int]] = {}
        ids = [self._tokenizer.encode(self._prefix + query).ids for query in queries]
        for row, tokens in enumerate(ids):
            rows_of_length.setdefault(len(tokens), []).append(row)
        for length, rows in rows_of_length.items():
            for start in range(0, len(rows), _SIZES[-1]):
                batch = rows[start : start + _SIZES[-1]]
                vectors[batch] = self._encode_batch([ids[row] for row in batch], length)
        return vectors

    def tokens(self, text: str) -> tuple[Float32, Float32, list[tuple[int, int]]]:
        """Return a text's unit vector, the vectors of its tokens, and the tokens' spans.

        The vectors are float32 of shapes (dimension,) and (tokens, dimension). No prefix is added.
        """
        encoding = self._tokenizer.encode(text)
        ids = np.asarray([encoding.ids], dtype=np.int64)
        pooled, states = self._session.run([POOLED, STATES], _inputs(ids))
        return pooled[0], states[0], encoding.offsets

    def _encode_batch(self, ids: Sequence[list[int]], length: int) -> Float32:
        """Return the vectors of queries of one length."""
        size = next(size for size in _SIZES if size >= len(ids))
        if len(ids) > 1 and self._exact.get((length, size), True):
            found = self._run([*ids, *[ids[-1]] * (size - len(ids))])[: len(ids)]
            if (length, size) not in self._exact:
                self._exact[length, size] = self._agrees(ids, found)
            if self._exact[length, size]:
                return found
        return np.concatenate([self._alone(one) for one in ids])

    def _agrees(self, ids: Sequence[list[int]], found: Float32) -> bool:
        """Return whether queries computed together get the same numbers as each alone.

        That is so when every row of a matrix product is summed in the same order for any number
        of rows. It is a property of the machine's kernels for a shape, not of the numbers, so
        comparing the first and the last query of a batch is enough.
        """
        return all(np.array_equal(self._alone(ids[row])[0], found[row]) for row in (0, -1))

    def _alone(self, ids: list[int]) -> Float32:
        """Return the vector of one query, computed in a batch with a copy of itself.

        A batch of one is summed by other kernels than a batch of two or more.
        """
        return self._run([ids, ids])[:1]

    def _run(self, ids: Sequence[list[int]]) -> Float32:
        found: Float32 = self._session.run([POOLED], _inputs(np.asarray(ids, dtype=np.int64)))[0]
        return found


class OnnxPassageEncoder:
    """Encodes passages and their sentences, one at a time.

    Passage and sentence vectors are computed from the token vectors as in `index.encoders.sbert`.
    """

    def __init__(self, encoder: OnnxQueryEncoder, spec: ModelSpec) -> None:
        """Encode with the exported encoder of a model."""
        self._encoder, self._spec = encoder, spec

    def encode(
        self,
        passages: Sequence[tuple[str, Sequence[Span]]],
        *,
        cancelled: Callable[[], bool] = lambda: False,
        on_encoded: Callable[[int], object] = lambda _: None,
    ) -> list[EncodedPassage]:
        """Encode passages; arguments and result as for `index.encoders.sbert.BulkEncoder`."""
        prefix = self._spec.passage_prefix
        done = []
        for text, spans in passages:
            if cancelled():
                break
            whole, states, offsets = self._encoder.tokens(prefix + text)
            token_spans = np.asarray(offsets, dtype=np.int64) - len(prefix)
            done.append(encoded_passage(self._spec.pooling, states, token_spans, spans, whole))
            on_encoded(len(done))
        return done


def _damaged(folder: Path) -> ModelRefusedError:
    return ModelRefusedError(f"{folder} is damaged; remove it to have it exported again")


def _inputs(ids: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.int64]]:
    return {"input_ids": ids, "attention_mask": np.ones_like(ids)}
