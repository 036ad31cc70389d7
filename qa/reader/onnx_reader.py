"""The packaged reader, run by onnxruntime.

training/README.md says how it was trained, on what data, under which licence, and how good it is.
One window is computed at a time: the scale of 8-bit activations is taken over a batch, so in a
batch a result would depend on the other windows.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime

from index.encoders.model import default_folder
from index.encoders.tokenizer import load_tokenizer
from qa.reader.prediction import ReaderInput, ReaderPrediction, WindowLogits, combine
from qa.reader.weights import reader_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from tokenizers import Tokenizer

MAX_LENGTH = 256
MAX_QUESTION = 48
MAX_TITLE = 48
OVERLAP = 64
"""Tokens that neighbouring windows of a long passage share, so that no answer is cut in two."""

_CLS, _SEP = "[CLS]", "[SEP]"
_MOST_THREADS = 4


class OnnxReader:
    """Finds the answer span in passages. Thread-safe."""

    def __init__(self, file: "Path | None" = None) -> None:
        """Load a network.

        Args:
            file: As training/export_reader.py wrote it; None for the packaged one.

        Raises:
            index.errors.ModelRefusedError: When it or the packaged encoder is not installed.
        """
        weights = reader_bytes() if file is None else file.read_bytes()
        self._tokenizer: Tokenizer = load_tokenizer(default_folder())
        self._cls, self._sep = (self._tokenizer.token_to_id(token) for token in (_CLS, _SEP))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            weights, options, providers=["CPUExecutionProvider"]
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
        before = [self._cls, *asked, self._sep]
        second = len(before)
        before += [*title, self._sep] if title else []
        first = len(before)
        room = MAX_LENGTH - first - 1
        start = 0
        while True:
            ids = passage.ids[start : start + room]
            if not ids:
                return
            row = np.array([[*before, *ids, self._sep]], dtype=np.int64)
            types = np.zeros_like(row)
            types[0, second:] = 1
            (logits,) = self._session.run(None, {"ids": row, "types": types})
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

    def _pieces(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)
