"""A cross-encoder's verdict on a passage in the place of the reader's own.

The reader still finds the words; how likely the passage is to answer comes from a larger model
that the user has. Cross-encoders trained to tell relevant passages from others give logits of the
same kind and size as the reader's log-odds, so the fitted weights serve for both; the confidence
is calibrated for the reader alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.encoders.cross_encoder import CrossEncoder
from qa.reader.onnx_reader import OnnxReader
from qa.reader.prediction import ReaderInput, ReaderPrediction


@dataclass(frozen=True, slots=True)
class RerankerReader:
    """Reads as `reader` does, and weighs as `scorer` does."""

    reader: OnnxReader
    scorer: CrossEncoder

    def read(self, question: str, pages: Sequence[ReaderInput]) -> list[ReaderPrediction]:
        """Return one reading for each page."""
        found = self.reader.read(question, pages)
        scores = self.scorer.score(question, [page.text for page in pages]) if pages else []
        return [replace(r, log_odds=score) for r, score in zip(found, scores, strict=True)]
