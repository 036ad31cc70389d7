"""Encode many passages with sentence-transformers on torch.

One forward pass gives the vector of a passage and those of its sentences: the token vectors are
pooled over all tokens, and over the tokens of each sentence. A sentence vector therefore includes
the context of the sentence, at no extra cost.

Several batches are computed at once, each by few threads, instead of one by all threads. Threads
that share a batch wait for each other after every layer, which takes long while other programs keep
a core busy (docs/decisions/0034-a-batch-for-each-core.md).

Importing this module imports torch, which takes seconds, so it is imported only when there is
something to encode.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import numpy as np
import numpy.typing as npt
import torch
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from index.encoders.model import Model
from index.encoders.pooling import EncodedPassage, Float32, encoded_passage, unit
from index.encoders.projection import load_projection
from index.encoders.tokenizer import load_tokenizer
from index.errors import ModelRefusedError
from index.types import Span

BATCH_TOKENS = 2_048
"""Tokens of a batch, including padding: small batches of similar length are fastest on a CPU."""

MOST_LANES = 4
"""Batches computed at once at most, about 50 MB each."""


class BulkEncoder:
    """Encodes passages and their sentences."""

    def __init__(self, model: Model, *, bfloat16: bool | None = None) -> None:
        """Load `model` on the CPU.

        Args:
            model: The model.
            bfloat16: Whether to compute in bfloat16, otherwise in float32; default: if the CPU
                does so natively.

        Raises:
            ModelRefusedError: When the library cannot load it.
        """
        self.spec = model.spec
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call, unused-ignore]
        transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call, unused-ignore]
        try:
            self._model = SentenceTransformer(
                str(model.folder), device="cpu", local_files_only=True, trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )  # fmt: skip
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise ModelRefusedError(f"{model.folder}: cannot be loaded ({error})") from error
        self._model.eval()
        self._tokenizer = load_tokenizer(model.folder, model.spec.max_length)
        self._bfloat16 = has_bfloat16() if bfloat16 is None else bfloat16
        network: Any = self._model[0].auto_model
        self._takes_types = "token_type_ids" in network.forward.__code__.co_varnames
        self._projection = load_projection(model.folder, model.spec.dimension)
        threads = torch.get_num_threads()
        self._lanes = min(MOST_LANES, threads)
        self._pool = ThreadPoolExecutor(
            self._lanes,
            thread_name_prefix="encoder",
            initializer=torch.set_num_threads,
            initargs=(threads // self._lanes,),
        )

    @property
    def torch_model(self) -> SentenceTransformer:
        """The loaded model, to be exported."""
        return self._model

    @property
    def bfloat16(self) -> bool:
        """Whether it computes in bfloat16."""
        return self._bfloat16

    def encode(
        self,
        passages: Sequence[tuple[str, Sequence[Span]]],
        *,
        cancelled: Callable[[], bool] = lambda: False,
        on_encoded: Callable[[int], object] = lambda _: None,
    ) -> list[EncodedPassage]:
        """Encode passages.

        Args:
            passages: Texts, each with the spans of its sentences.
            cancelled: Asked between batches; when true, no further batch is begun.
            on_encoded: Called after each batch with the number of passages done so far.

        Returns:
            One result for each passage, in order; when cancelled, only for the first ones.
        """
        prefix = self.spec.passage_prefix
        encodings = self._tokenizer.encode_batch([prefix + text for text, _ in passages])
        lengths = np.array([len(encoding.ids) for encoding in encodings], dtype=np.int64)
        results: list[EncodedPassage | None] = [None] * len(passages)
        count = 0

        def encode_batch(batch: list[int]) -> list[int]:
            states, pooled = self._forward([encodings[i] for i in batch])
            for row, i in enumerate(batch):
                spans = passages[i][1]
                offsets = np.asarray(encodings[i].offsets, dtype=np.int64) - len(prefix)
                size = int(lengths[i])
                results[i] = encoded_passage(
                    self.spec.pooling, states[row, :size], offsets, spans, pooled[row]
                )
            return batch

        running: deque[Future[list[int]]] = deque()
        for batch in _batches(lengths):
            if cancelled():
                break
            running.append(self._pool.submit(encode_batch, batch))
            if len(running) > self._lanes:  # one waits, so that no lane does
                count += len(running.popleft().result())
                on_encoded(count)
        for future in running:
            count += len(future.result())
            on_encoded(count)
        done: list[EncodedPassage] = []
        for result in results:
            if result is None:
                break
            done.append(result)
        return done

    def _forward(self, encodings: Sequence[Any]) -> tuple[Float32, Float32]:
        width = max(len(encoding.ids) for encoding in encodings)
        ids = np.zeros((len(encodings), width), dtype=np.int64)
        mask = np.zeros((len(encodings), width), dtype=np.int64)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        features = {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}
        if self._takes_types:
            features["token_type_ids"] = torch.zeros_like(features["input_ids"])
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat16):
            output = self._model[0](features)
        states = output["token_embeddings"].float().numpy()
        if self._projection is not None:  # of the tokens instead of their mean, which is the same
            states = states @ self._projection.T
        weights = mask.astype(np.float32)[:, :, None]
        if self.spec.pooling == "mean":
            pooled = (states * weights).sum(axis=1) / weights.sum(axis=1)
        else:
            pooled = states[:, 0]
        return states, unit(pooled)


def _batches(lengths: npt.NDArray[np.int64]) -> Iterator[list[int]]:
    """Yield batches of indices, from the longest passages to the shortest."""
    batch: list[int] = []
    widest = 0
    for i in np.argsort(-lengths, kind="stable"):
        widest = max(widest, int(lengths[i]))
        if batch and (len(batch) + 1) * widest > BATCH_TOKENS:
            yield batch
            batch, widest = [], int(lengths[i])
        batch.append(int(i))
    if batch:
        yield batch


def has_bfloat16() -> bool:
    """Return whether this CPU computes bfloat16 natively; otherwise it is slower than float32."""
    supported = getattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", None)
    capability = torch.backends.cpu.get_cpu_capability()
    return bool(supported and supported()) and capability.startswith("AVX512")
