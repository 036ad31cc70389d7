"""A cross-encoder of the user's, which scores passages in place of the reader.

The reader still finds the answer span; the log-odds that the passage answers come from the
cross-encoder. Cross-encoders trained on relevance give logits of about the same scale as the
reader's log-odds, so the fitted weights serve for both. The confidence is calibrated for the
reader only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.encoders.cross_encoder import CrossEncoder
from qa.reader.prediction import Reader, ReaderInput, ReaderPrediction


@dataclass(frozen=True, slots=True)
class RerankerReader:
    """Takes answer spans from `reader` and log-odds from `scorer`."""

    reader: Reader
    scorer: CrossEncoder

    def read(self, question: str, pages: Sequence[ReaderInput]) -> list[ReaderPrediction]:
        """Return one prediction for each input."""
        found = self.reader.read(question, pages)
        scores = self.scorer.score(question, [page.text for page in pages]) if pages else []
        return [replace(r, log_odds=score) for r, score in zip(found, scores, strict=True)]
