"""A network of the reader, run by onnxruntime.

training/README.md says how it was trained, on what data, under which licence, and how good it is.
One window is computed at a time: the scale of 8-bit activations is taken over a batch, so in a
batch a result would depend on the other windows.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

from qa.reader.network import ReaderNetwork, packaged_network
from qa.reader.prediction import ReaderInput, ReaderPrediction, WindowLogits, combine

MAX_LENGTH = 256
MAX_QUESTION = 48
MAX_TITLE = 48
OVERLAP = 64
"""Tokens that neighbouring windows of a long passage share, so that no answer is cut in two."""

_MOST_THREADS = 4


class OnnxReader:
    """Finds the answer span in passages. Thread-safe."""

    def __init__(self, network: ReaderNetwork | None = None) -> None:
        """Load a network; None for the packaged one.

        Raises:
            index.errors.ModelRefusedError: When the packaged one is not installed.
        """
        self._network = network or packaged_network()
        self._tokenizer = self._network.tokenizer
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            self._network.weights, options, providers=["CPUExecutionProvider"]
        )
        self.lanes = max(1, min(_MOST_THREADS, os.cpu_count() or 1))
        self._pool = ThreadPoolExecutor(self.lanes, thread_name_prefix="reader")

    def read(self, question: str, pages: Sequence[ReaderInput]) -> list[ReaderPrediction]:
        """Read passages, several at a time.

        Args:
            question: The question. A long one is cut to the end of its last question, since
                people ask after they have explained.
            pages: What to read.

        Returns:
            One `ReaderPrediction` for each input, independent of the others.
        """
        asked = self._pieces(question)
        if len(asked) > MAX_QUESTION:
            asked = self._pieces(question[: question.rfind("?") + 1] or question)[-MAX_QUESTION:]
        return list(self._pool.map(lambda page: self._one(asked, page), pages))

    def _one(self, asked: list[int], page: ReaderInput) -> ReaderPrediction:
        return combine(list(self._windows(asked, page)), page.text, page.sentences)

    def _windows(self, asked: list[int], page: ReaderInput) -> Iterator[WindowLogits]:
        passage = self._tokenizer.encode(page.text, add_special_tokens=False)
        title = self._pieces(page.title)[:MAX_TITLE]
        separator = self._network.separator
        before = [self._network.start, *asked, separator]
        second = len(before)
        before += [*title, separator] if title else []
        first = len(before)
        room = MAX_LENGTH - first - 1
        start = 0
        while True:
            ids = passage.ids[start : start + room]
            if not ids:
                return
            row = [*before, *ids, separator]
            types = np.zeros((1, len(row)), dtype=np.int64)
            types[0, second:] = 1
            (logits,) = self._session.run(None, {**self._input(row), "types": types})
            own = logits[0, first : first + len(ids)].astype(np.float64)
            yield WindowLogits(
                own[:, 0],
                own[:, 1],
                float(logits[0, 0].sum()),
                passage.offsets[start : start + room],
            )
            if start + room >= len(passage.ids):
                return
            start = min(start + room - OVERLAP, len(passage.ids) - room)

    def _input(self, row: Sequence[int]) -> dict[str, npt.NDArray[Any]]:
        """Return the tokens of a window as the network takes them."""
        if self._network.embed is None:
            return {"ids": np.array([row], dtype=np.int64)}
        return {"embeddings": self._network.embed(row)[None]}

    def _pieces(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)
