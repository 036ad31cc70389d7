"""Many passages to vectors, with sentence-transformers on torch.

One forward pass gives a passage's vector and its sentences' vectors: the token embeddings
are pooled once over all tokens and once over each sentence's. A sentence so encoded has read
its neighbours, and costs nothing extra.

Importing this module imports torch (seconds); it is imported only when there is something
to encode.
"""

import os
from collections.abc import Callable, Iterator, Sequence
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
from index.encoders.tokenizer import load_tokenizer
from index.errors import ModelRefusedError
from index.types import Span

BATCH_TOKENS = 2_048
"""Tokens of a batch, padding included: small batches of like length are fastest on a CPU."""


class BulkEncoder:
    """Encodes passages and their sentences."""

    def __init__(self, model: Model) -> None:
        """Load `model` onto the CPU.

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
        self._bfloat16 = _has_bfloat16()
        network: Any = self._model[0].auto_model
        self._takes_types = "token_type_ids" in network.forward.__code__.co_varnames

    @property
    def torch_model(self) -> SentenceTransformer:
        """The loaded model, for export."""
        return self._model

    def encode(
        self,
        passages: Sequence[tuple[str, Sequence[Span]]],
        *,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> list[EncodedPassage]:
        """Encode passages.

        Args:
            passages: Texts, each with the spans of its sentences.
            cancelled: Asked between batches; when true, encoding stops.

        Returns:
            One result a passage, in order; fewer, from the start, when cancelled.
        """
        prefix = self.spec.passage_prefix
        encodings = self._tokenizer.encode_batch([prefix + text for text, _ in passages])
        lengths = np.array([len(encoding.ids) for encoding in encodings], dtype=np.int64)
        results: list[EncodedPassage | None] = [None] * len(passages)
        for batch in _batches(lengths):
            if cancelled():
                break
            states, pooled = self._forward([encodings[i] for i in batch])
            for row, i in enumerate(batch):
                spans = passages[i][1]
                offsets = np.asarray(encodings[i].offsets, dtype=np.int64) - len(prefix)
                size = int(lengths[i])
                results[i] = encoded_passage(
                    self.spec.pooling, states[row, :size], offsets, spans, pooled[row]
                )
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
        weights = mask.astype(np.float32)[:, :, None]
        if self.spec.pooling == "mean":
            pooled = (states * weights).sum(axis=1) / weights.sum(axis=1)
        else:
            pooled = states[:, 0]
        return states, unit(pooled)


def _batches(lengths: npt.NDArray[np.int64]) -> Iterator[list[int]]:
    """Yield indices of batches, from the longest to the shortest passages."""
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


def _has_bfloat16() -> bool:
    """Whether bfloat16 is computed natively here; elsewhere it would be slower, not faster."""
    supported = getattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", None)
    capability = torch.backends.cpu.get_cpu_capability()
    return bool(supported and supported()) and capability.startswith("AVX512")
