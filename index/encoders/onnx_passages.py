"""Encode a few passages with onnxruntime.

After a small change there are perhaps ten passages to encode, and importing torch alone would take
longer than the whole update. The exported query encoder returns token vectors too, and passage and
sentence vectors are computed from them as in `index.encoders.sbert`.
"""

from collections.abc import Callable, Sequence

import numpy as np

from index.encoders.model import Model
from index.encoders.onnx import OnnxQueryEncoder
from index.encoders.onnx_export import cache_folder
from index.encoders.pooling import EncodedPassage, encoded_passage
from index.types import Span


class OnnxPassageEncoder:
    """Encodes passages and their sentences, one at a time."""

    def __init__(self, model: Model) -> None:
        """Load the exported encoder of `model`.

        Raises:
            ModelRefusedError: When it is missing or damaged.
        """
        self._spec = model.spec
        self._encoder = OnnxQueryEncoder(cache_folder(model.spec.fingerprint))

    def encode(
        self,
        passages: Sequence[tuple[str, Sequence[Span]]],
        *,
        cancelled: Callable[[], bool] = lambda: False,
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
        return done
